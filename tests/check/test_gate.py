# SPDX-License-Identifier: MIT
"""The gate in the build: what it adds to the compile of a file, and the objects that come of it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests/corpus"
PROGRAMS = ROOT / "build/analysis"
ROLES = (ROOT / "analysis/gate/roles.flags").read_text(encoding="utf-8").split()
COMPILERS = {"clang-19": [], "gcc": ["--clang", "clang-19"]}

# A mint that the compiler sees and Sparse does not: in the object it leaves a mark, with Clang.
HIDDEN = """
#include <aramid/cap.h>
CAP(page_alloc) take(CAP(page_alloc) given);
CAP(page_alloc) take(CAP(page_alloc) given)
{
#ifndef __CHECKER__
\tgiven = cap_mint(page_alloc, 7);
#endif
\treturn given;
}
"""


def run(words, **options):
    """A program's result, with its words as text."""
    return subprocess.run([str(word) for word in words], text=True, check=False, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.fixture(scope="module", name="policies")
def _policies():
    """The words for the corpus's policy; the check builds the programs."""
    built = run([ROOT / "analysis/check", "--policy", CORPUS / "corpus.policy",
                 "--only", "capflow", "--files", CORPUS / "cap001_literal_argument.good.c"])
    assert built.returncode == 0, built.stderr
    files = (PROGRAMS / "kinds.policy", ROOT / "analysis/kinds.policy", CORPUS / "corpus.policy")
    return [word for file in files for word in ("--policy", file)]


def compile_gated(policies, folder, source, compiler="clang-19", *more):
    """Compiles to out.o in the folder, through the gate."""
    return run([PROGRAMS / "aramid-gate", "--capflow", PROGRAMS / "capflow", *policies,
                *(word for flag in ROLES for word in ("--role", flag)), *COMPILERS[compiler], "--",
                compiler, "-std=gnu17", "-O2", "-ffreestanding", "-DARAMID_PROFILE=BALANCED",
                "-I", ROOT / "caps/include", "-I", ROOT / "annotations/include", *more,
                "-o", folder / "out.o", "-c", source])


def check_objects(policies, *objects):
    """The object gate."""
    return run([ROOT / "analysis/check-objects", *policies, *objects])


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("program", ["roles_unlocked_call", "roles_missing_right"])
def test_a_missing_right_or_lock_fails_the_gated_compile(policies, tmp_path, compiler, program):
    bad = compile_gated(policies, tmp_path, CORPUS / f"{program}.bad.c", compiler)
    assert bad.returncode == 1
    assert re.search(r"error: .*\[-Wthread-safety", bad.stderr.replace("-Werror,", ""))
    assert not (tmp_path / "out.o").exists()
    good = compile_gated(policies, tmp_path, CORPUS / f"{program}.good.c", compiler)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    assert (tmp_path / "out.o").exists()


def test_roles_that_cannot_be_checked_do_not_pass(policies, tmp_path):
    program = PROGRAMS / "aramid-gate"
    done = run([program, "--capflow", PROGRAMS / "capflow", *policies, "--role", ROLES[0],
                "--clang", "clang-of-another-world", "--", "gcc", "-o", tmp_path / "out.o",
                "-I", ROOT / "caps/include", "-I", ROOT / "annotations/include",
                "-DARAMID_PROFILE=BALANCED", "-c", CORPUS / "roles_unlocked_call.good.c"])
    assert done.returncode == 2
    assert "clang-of-another-world: " in done.stderr and "install package clang-19" in done.stderr
    assert not (tmp_path / "out.o").exists()


@pytest.mark.parametrize("debug", ["-g0", "-g"])
def test_a_mint_that_is_hidden_from_sparse_is_seen_in_the_object(policies, tmp_path, debug):
    source = tmp_path / "hidden.c"
    source.write_text(HIDDEN)
    compiled = compile_gated(policies, tmp_path, source, "clang-19", debug)
    assert compiled.returncode == 0, "the sources' checkers see it: another program is needed here"
    done = check_objects(policies, tmp_path / "out.o")
    assert done.returncode == 1
    assert re.search(r"hidden\.c:7:\d+: error: CAP003: object code may not reference the mint "
                     r"'cap_mint_page_alloc' here", done.stdout)
    core = tmp_path / "core.policy"
    core.write_text("core-file hidden.c\n")
    assert check_objects([*policies, "--policy", core], tmp_path / "out.o").returncode == 0


@pytest.mark.parametrize("profile", ["BALANCED", "FORTRESS"])
@pytest.mark.parametrize("debug", ["-g0", "-g"])
def test_attenuating_and_delegating_is_no_mint(policies, tmp_path, profile, debug):
    source = tmp_path / "user.c"
    source.write_text("#include <aramid/cap.h>\nCAP(page_alloc) pass(CAP(page_alloc) given);\n"
                      "CAP(page_alloc) pass(CAP(page_alloc) given)\n{\n"
                      "\treturn cap_delegate(page_alloc, given, 7);\n}\n")
    done = compile_gated(policies, tmp_path, source, "clang-19", debug, "-UARAMID_PROFILE",
                         f"-DARAMID_PROFILE={profile}")
    assert done.returncode == 0, done.stderr
    done = check_objects(policies, tmp_path / "out.o")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_an_unentitled_object_and_a_raw_instruction_are_seen(policies, tmp_path, compiler):
    source = tmp_path / "service.c"
    source.write_text("int core_store_reserve(void);\nint run(void);\nint run(void)\n{\n"
                      "\t__asm__ volatile(\".byte 0xfa\");\n\treturn core_store_reserve();\n}\n")
    own = tmp_path / "own.policy"
    own.write_text("service-file service.c\nprivileged core_store_reserve page_alloc\n")
    assert compile_gated(policies, tmp_path, source, compiler, "-g").returncode == 0
    done = check_objects([*policies, "--policy", own], tmp_path / "out.o")
    assert done.returncode == 1
    assert "service.c:6:1: error: CAP006: " in done.stdout
    assert "service.c:5:1: error: CAP008: " in done.stdout
    with open(own, "a", encoding="utf-8") as file:
        file.write("entitled page_alloc service.c\n")
    assert "CAP006" not in check_objects([*policies, "--policy", own], tmp_path / "out.o").stdout


def test_objects_that_name_nothing_are_not_passed(policies, tmp_path):
    source = tmp_path / "service.c"
    source.write_text("int run(void);\nint run(void)\n{\n\treturn 1;\n}\n")
    own = tmp_path / "own.policy"
    own.write_text("service-file service.c\n")
    for compiler, flag, word in (("gcc", "-flto", "-ffat-lto-objects"),
                                 ("clang-19", "-flto", "without -flto")):
        assert compile_gated(policies, tmp_path, source, compiler, flag).returncode == 0
        done = check_objects([*policies, "--policy", own], tmp_path / "out.o")
        assert done.returncode == 2 and word in done.stderr, done.stdout
    (tmp_path / "out.o").write_text("no object")
    assert check_objects(policies, tmp_path / "out.o").returncode == 2
    assert check_objects(policies, tmp_path / "none.o").returncode == 2
    assert check_objects([], tmp_path / "out.o").returncode == 2


def test_a_stamp_is_written_only_for_clean_objects(policies, tmp_path):
    source = tmp_path / "hidden.c"
    source.write_text(HIDDEN)
    compile_gated(policies, tmp_path, source)
    stamp = tmp_path / "stamp"
    assert check_objects([*policies, "--stamp", stamp], tmp_path / "out.o").returncode == 1
    assert not stamp.exists()
    source.write_text("int run(void);\n")
    compile_gated(policies, tmp_path, source)
    assert check_objects([*policies, "--stamp", stamp], tmp_path / "out.o").returncode == 0
    assert stamp.exists()


def test_no_test_adds_to_the_policy_of_the_tree():
    """A row in a test's file would let the kernel do what only the test's program may."""
    rooms = ("analysis", "annotations", "arch", "caps", "kernel", "services")
    assert not [path for room in rooms for path in (ROOT / room).rglob("*.policy")
                if "tests" in path.parts]
