# SPDX-License-Identifier: MIT
"""The corpus through ./aramid check and through the build's gate.

Each NAME.bad.c carries, in its trailing comment, the lines and rules that must be flagged;
NAME.good.c differs only in the fault and must pass.
"""

import difflib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parent
ROOT = CORPUS.parents[1]
CHECK = ROOT / "analysis/check"
PROGRAMS = ROOT / "build/analysis"
POLICY = CORPUS / "corpus.policy"

BAD = sorted(CORPUS.glob("*.bad.c"))
GOOD = sorted(CORPUS.glob("*.good.c"))

# For each tool a program that it alone flags.
MUST_FAIL = {
    "sparse": "sparse_user_dereference",
    "warnings": "warnings_no_prototype",
    "roles": "roles_unlocked_call",
    "capflow": "cap002_global",
    "objects": "cap008_hidden_bytes",
    "analyzer": "cap007_revoked_path",
}

_LINE = re.compile(r"^(\S+?):(\d+):\d+: error: (\S+): (.*)$")
_OTHER_WORD = re.compile(r"\[(?:\w+ )?([\w-]+):")


def run(words, **options):
    """A program's result, with its words as text."""
    return subprocess.run([str(word) for word in words], text=True, check=False, timeout=600,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def run_check(*words, **options):
    """./aramid check, in the corpus."""
    return run([CHECK, "--policy", POLICY, *words], **{"cwd": CORPUS, **options})


def expectations(path):
    """The (line, rule) pairs of a program's trailing comment."""
    found = re.findall(r"^ \* check-expect: (.*)$", path.read_text(encoding="utf-8"), re.M)
    assert found, f"{path.name} says nothing of what is expected"
    return {(int(line), rule) for line, rule in
            (word.split() for word in found if word != "nothing")}


def flagged(output):
    """The (line, rule) pairs that were printed, by file; every tool's word counts."""
    pairs = {}
    for line in output.splitlines():
        match = _LINE.match(line)
        if match:
            file, number, rule, text = match.groups()
            for word in [rule, *_OTHER_WORD.findall(text)]:
                pairs.setdefault(file, set()).add((int(number), word))
    return pairs


@pytest.fixture(scope="session", name="misuse_log")
def _misuse_log(tmp_path_factory):
    return tmp_path_factory.mktemp("misuse") / "misuse.sarif"


@pytest.fixture(scope="session", name="misuse")
def _misuse(misuse_log):
    return run_check("--sarif", misuse_log, "--files", *(path.name for path in BAD))


@pytest.fixture(scope="session", name="twins")
def _twins():
    return run_check("--files", *(path.name for path in GOOD))


@pytest.fixture(scope="session", name="programs")
def _programs(twins):
    """capflow and the gate: the check has built them."""
    assert twins.returncode in (0, 1), twins.stderr
    return PROGRAMS


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name[:-len(".bad.c")])
def test_a_misuse_is_flagged_under_its_rule_at_its_line(path, misuse):
    expected = expectations(path)
    found = flagged(misuse.stdout).get(path.name, set())
    assert expected <= found
    elsewhere = {pair for pair in found if pair[0] not in {line for line, _ in expected}}
    assert not elsewhere, "a place without fault was flagged"
    other_rules = {pair for pair in found - expected if re.match("CAP|RES|CTX", pair[1])}
    assert not other_rules, "the fault was flagged under another rule too"


def test_misuse_makes_the_check_exit_with_1(misuse):
    assert misuse.returncode == 1, misuse.stderr


def test_no_clean_twin_is_flagged(twins):
    assert flagged(twins.stdout) == {}
    assert twins.returncode == 0, twins.stdout + twins.stderr


def test_each_program_has_a_twin_that_differs_only_in_the_fault():
    assert [path.name.split(".")[0] for path in BAD] == [path.name.split(".")[0] for path in GOOD]
    for bad, good in zip(BAD, GOOD):
        lines = [[line for line in path.read_text(encoding="utf-8").splitlines()
                  if not line.startswith(" * check-expect:")] for path in (bad, good)]
        changed = [line for line in difflib.ndiff(*lines) if line[0] in "+-"]
        assert 1 <= len(changed) <= 10, f"{bad.name}: {changed}"


def test_the_corpus_has_over_a_hundred_programs_and_all_rules():
    rules = [rule for path in BAD for _, rule in expectations(path)]
    assert sum(path.name.startswith("cap") for path in BAD) >= 100
    assert {f"CAP{number:03}" for number in range(1, 11)} | {"RES001", "CTX001", "CTX002"} <= {*rules}


@pytest.mark.parametrize("tool", MUST_FAIL)
def test_each_tool_alone_flags_its_program_and_passes_the_twin(tool):
    bad = run_check("--only", tool, "--files", f"{MUST_FAIL[tool]}.bad.c")
    good = run_check("--only", tool, "--files", f"{MUST_FAIL[tool]}.good.c")
    assert bad.returncode == 1, bad.stderr
    assert flagged(bad.stdout)[f"{MUST_FAIL[tool]}.bad.c"] & expectations(
        CORPUS / f"{MUST_FAIL[tool]}.bad.c")
    assert good.returncode == 0, good.stdout + good.stderr
    others = run_check(*(word for other in MUST_FAIL if other != tool for word in ("--only", other)),
                       "--files", f"{MUST_FAIL[tool]}.bad.c")
    assert others.returncode == 0, "the program does not show that this tool runs"


def test_words_of_several_tools_on_one_fault_are_one_line(misuse):
    lines = [line for line in misuse.stdout.splitlines()
             if line.startswith("sparse_wrong_kind.bad.c:")]
    assert len(lines) == 1
    assert "error: sparse: " in lines[0] and "[warnings: " in lines[0]


def test_the_policy_of_services_says_what_the_core_offers_them():
    """A row that is added to core_calls.def and not to the object gate's list would be refused."""
    table = (ROOT / "kernel/boundary/core_calls.def").read_text(encoding="utf-8")
    lines = [line.split() for line in
             (ROOT / "analysis/tree.policy").read_text(encoding="utf-8").splitlines()]
    rows = set(re.findall(r"^CORE_CALL\d\([\w *]+, (\w+)", table, re.M))
    privileged = set(re.findall(r"^CORE_PRIVILEGED\d\((\w+), [\w *]+, (\w+)", table, re.M))
    assert len(rows) > 5 and len(privileged) >= 2
    assert {(words[2], words[1]) for words in lines if words[:1] == ["privileged"]} == privileged
    assert {words[1] for words in lines if words[:1] == ["service-call"]
            and words[1].startswith("core_")} == rows | {name for _, name in privileged}


WHOLE = {
    "filled.c": """extern struct link shared;
struct link shared = {.unit = 1};
int frames_take(CAP(page_alloc) cap, int order);
int frames_take(CAP(page_alloc) cap, int order)
{
	(void)cap;
	return order;
}
""",
    "user.c": """extern struct link shared;
int frames_take(int order);
int use(int frame);
int use(int frame)
{
	return frames_take(1) + net_transmit(shared.net, frame);
}
""",
    "filler.c": """extern struct link shared;
void fill(CAP(net_access) net);
void fill(CAP(net_access) net)
{
	shared.net = net;
}
""",
}


def test_what_no_file_shows_by_itself_is_seen_over_all_files(tmp_path):
    for name, text in WHOLE.items():
        (tmp_path / name).write_text(f'#include "{CORPUS}/corpus.h"\n{text}')
    words = ("--policy", POLICY, "--only", "capflow", "--files")
    alone = run_check(*words, "user.c", cwd=tmp_path)
    assert alone.returncode == 0, alone.stdout + alone.stderr
    unfilled = run_check(*words, "filled.c", "user.c", cwd=tmp_path)
    assert flagged(unfilled.stdout) == {"user.c": {(3, "CAP006"), (7, "CAP001")}}
    filled = run_check(*words, *WHOLE, cwd=tmp_path)
    assert flagged(filled.stdout) == {"user.c": {(3, "CAP006")}}


def test_an_object_is_compiled_anew_when_a_header_of_it_changes(tmp_path):
    header, source = tmp_path / "hidden.h", tmp_path / "service.c"
    header.write_text("#define HIDDEN 0x90\n")
    source.write_text('#include "hidden.h"\n#define TEXT(x) #x\n#define BYTE(x) ".byte " TEXT(x)\n'
                      "int run(void)\n{\n\t__asm__ volatile(BYTE(HIDDEN));\n\treturn 0;\n}\n"
                      "int run(void);\n")
    policy = tmp_path / "service.policy"
    policy.write_text("service-file */service.c\n")
    words = ("--policy", policy, "--only", "objects", "--files", source)
    assert run_check(*words).returncode == 0
    header.write_text("#define HIDDEN 0xfa\n")
    done = run_check(*words)
    assert done.returncode == 1 and "service.c:6:1: error: CAP008: " in done.stdout


def test_the_matrix_of_programs_and_tools_is_what_the_check_says(misuse, misuse_log, tmp_path):
    assert misuse.returncode == 1
    done = run([CORPUS / "make-matrix", "--from", misuse_log, tmp_path / "matrix.md"])
    assert done.returncode == 0, done.stderr
    assert ((ROOT / "docs/rules/matrix.md").read_text(encoding="utf-8")
            == (tmp_path / "matrix.md").read_text(encoding="utf-8"))


def test_escape_hatches_are_counted_with_place_and_reason(twins):
    assert re.search(r"^2 escape hatches\n  cap001_excused_without_reason\.good\.c:7: CAP_UNSAFE: "
                     r"the corpus shows a hatch\n  cap010_lock_hatch\.good\.c:4: NO_LOCK_ANALYSIS: "
                     r"runs before the second processor starts$", twins.stdout, re.M)


def path_without(folder, *missing):
    """A PATH of links to all that the check calls, but for what is missing."""
    for name in ("python3", "sh", "cmake", "ninja", "gcc", "make", "flock", "clang-19", "sparse",
                 "as", "ld", "ar", "env", "llvm-nm-19", "llvm-objdump-19",
                 "clang++-19"):
        if name not in missing:
            (folder / name).symlink_to(shutil.which(name))
    return {**os.environ, "PATH": str(folder)}


@pytest.mark.parametrize("program, package, tool", [
    ("sparse", "sparse", "sparse"),
    ("clang-19", "clang-19", "warnings"),
    ("clang-19", "clang-19", "roles"),
    ("cmake", "cmake", "capflow"),
    ("ninja", "ninja-build", "capflow"),
    ("llvm-nm-19", "llvm-19", "objects"),
    ("llvm-objdump-19", "llvm-19", "objects"),
    ("clang++-19", "clang-19", "analyzer"),
])
def test_a_missing_program_is_status_2_with_the_package(tmp_path, program, package, tool):
    done = run_check("--only", tool, "--files", GOOD[0].name, env=path_without(tmp_path, program))
    assert done.returncode == 2
    assert done.stderr.strip() == f"aramid check: {program} is missing: install package {package}"


def test_missing_headers_of_clang_are_status_2_with_the_package(tmp_path):
    environment = path_without(tmp_path, "clang-19")
    clang = tmp_path / "clang-19"
    clang.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo clang version 19.1.7\n'
                     f"echo {tmp_path}/lib/clang/19\n")
    clang.chmod(0o755)
    done = run_check("--only", "analyzer", "--files", GOOD[0].name, env=environment)
    assert done.returncode == 2
    assert done.stderr.strip().endswith("Checker.h is missing: install package libclang-19-dev")


@pytest.mark.parametrize("program, said, package, tool", [
    ("sparse", "0.6.3", "sparse", "sparse"),
    ("clang-19", "clang version 18.1.2", "clang-19", "warnings"),
    ("clang-19", "clang version 190.1.2", "clang-19", "objects"),
])
def test_a_program_of_another_version_is_status_2_with_the_package(tmp_path, program, said, package,
                                                                   tool):
    environment = path_without(tmp_path, program)
    other = tmp_path / program
    other.write_text(f"#!/bin/sh\necho {said}\n")
    other.chmod(0o755)
    done = run_check("--only", tool, "--files", GOOD[0].name, env=environment)
    assert done.returncode == 2
    assert re.fullmatch(rf"aramid check: {other} is version [\d.]+, not [\d.]+: install package "
                        rf"{package} of version [\d.]+\n", done.stderr)


@pytest.mark.parametrize("words, said", [
    (("bogus",), "unrecognized arguments: bogus"),
    (("--only", "lint"), "invalid choice: 'lint'"),
    (("--jobs", "0"), "--jobs wants a number above 0"),
    (("--jobs", "many"), "invalid int value"),
    (("--files",), "expected at least one argument"),
    (("--", ), "no compile command behind --"),
    (("--", "clang-19", "-O2"), "no compiler or no C file behind --"),
    (("--", "clang-19", "-c", "none.c"), "none.c: no such file"),
    (("--project", ".", "--", "clang-19", "-c", "x.c"), "cannot stand with --files"),
    (("--kinds", "none.def"), "none.def: No such file or directory"),
])
def test_wrong_use_is_one_clear_line_and_status_2(words, said):
    done = run_check(*words)
    assert done.returncode == 2
    assert done.stdout == "" and said in done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("aramid check: ")


def test_the_files_of_a_compile_command_are_checked_with_its_flags():
    command = ["--", "clang-19", "-std=gnu17", "-DARAMID_PROFILE=BALANCED", "-I",
               ROOT / "caps/include", "-I", ROOT / "annotations/include", "-o", "program"]
    bad = run_check("--only", "capflow", *command, "cap002_global.bad.c", "cap002_global.good.c")
    assert bad.returncode == 1 and flagged(bad.stdout).keys() == {"cap002_global.bad.c"}
    assert run_check("--only", "capflow", *command, "cap002_global.good.c").returncode == 0


def test_a_file_that_cannot_be_read_is_status_2_and_the_others_are_checked(tmp_path):
    broken = tmp_path / "broken.c"
    broken.write_text("int broken( {\n")
    done = run_check("--only", "capflow", "--files", broken, "cap001_literal_argument.bad.c")
    assert done.returncode == 2
    assert re.search(r"capflow could not check \S*broken\.c: .*broken\.c:1:\d+: error: ", done.stderr)
    assert "cap001_literal_argument.bad.c:7:" in done.stdout


@pytest.mark.parametrize("text, reason", [
    ("kind\n", "wrong number of words"),
    ("kind net_access\npair take give everywhere now\n", "wrong number of words"),
    ("king net\n", "no such fact"),
    ("carrier link\n", "names no kind"),
])
def test_a_policy_that_would_check_nothing_is_refused(programs, tmp_path, text, reason):
    policy = tmp_path / "wrong.policy"
    policy.write_text(text)
    done = run([programs / "capflow", "--policy", policy, GOOD[0]])
    assert done.returncode == 2
    assert reason in done.stderr and "wrong.policy" in done.stderr


def test_a_pair_that_does_not_say_where_it_is_found_is_status_2(tmp_path):
    policy = tmp_path / "wrong.policy"
    policy.write_text("pair buffer_take buffer_give somewhere\n")
    done = run_check("--policy", policy, "--only", "analyzer", "--files", GOOD[0].name)
    assert done.returncode == 2
    assert "pair buffer_take buffer_give somewhere" in done.stderr


def test_a_missing_source_or_database_is_status_2(tmp_path):
    assert run_check("--files", tmp_path / "none.c").returncode == 2
    assert run_check("--compdb", tmp_path / "none.json").returncode == 2
    assert run_check("--project", tmp_path).returncode == 2


def gate(programs, folder, source, **options):
    """Compiles a source through the gate, as Balanced's build does."""
    return run([programs / "aramid-gate", "--capflow", programs / "capflow",
                "--policy", programs / "kinds.policy", "--policy", ROOT / "analysis/kinds.policy",
                "--policy", POLICY, "--", "clang-19", "-std=gnu17", "-O2", "-ffreestanding",
                "-DARAMID_PROFILE=BALANCED", "-I", ROOT / "caps/include",
                "-I", ROOT / "annotations/include", "-o", folder / "out.o", "-c", source],
               **options)


def test_a_forged_token_fails_the_gated_compile_and_leaves_no_object(programs, tmp_path):
    done = gate(programs, tmp_path, CORPUS / "cap001_literal_argument.bad.c")
    assert done.returncode == 1
    assert re.search(r"cap001_literal_argument\.bad\.c:7:\d+: error: CAP001: ", done.stderr)
    assert not (tmp_path / "out.o").exists()


def test_sparse_findings_fail_the_gated_compile(programs, tmp_path):
    done = gate(programs, tmp_path, CORPUS / "sparse_user_dereference.bad.c")
    assert done.returncode == 1
    assert "dereference of noderef expression" in done.stderr


def test_a_clean_file_passes_the_gate_without_a_word(programs, tmp_path):
    done = gate(programs, tmp_path, CORPUS / "cap001_literal_argument.good.c")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out.o").exists()


def test_the_gate_does_not_pass_a_file_that_it_could_not_check(programs, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    done = gate(programs, tmp_path, CORPUS / "cap001_literal_argument.good.c",
                env=path_without(folder, "sparse"))
    assert done.returncode == 2
    assert "install package sparse" in done.stderr
    assert not (tmp_path / "out.o").exists()


def test_a_cmake_target_behind_the_gate_builds_only_without_forgery(tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(f"""
cmake_minimum_required(VERSION 3.25)
project(Gated LANGUAGES C ASM)
add_subdirectory({ROOT}/analysis analysis)
add_library(gated STATIC program.c entry.S)
target_compile_options(gated PRIVATE -std=gnu17)
target_include_directories(gated PRIVATE
    {ROOT}/caps/include {ROOT}/annotations/include {CORPUS})
aramid_tree_policy(policy)
aramid_gate(gated POLICY ${{policy}} {POLICY})
""")
    (tmp_path / "entry.S").write_text("nop\n")
    source = tmp_path / "program.c"
    shutil.copy(CORPUS / "cap001_zeroed_carrier.bad.c", source)
    configured = run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", "-G", "Ninja",
                      "-DCMAKE_C_COMPILER=clang-19"])
    assert configured.returncode == 0, configured.stderr
    forged = run(["ninja", "-C", tmp_path / "build"])
    assert forged.returncode != 0
    assert re.search(r"program\.c:9:\d+: error: CAP001: ", forged.stdout)
    shutil.copy(CORPUS / "cap001_zeroed_carrier.good.c", source)
    genuine = run(["ninja", "-C", tmp_path / "build"])
    assert genuine.returncode == 0, genuine.stdout


@pytest.mark.parametrize("rule", [f"CAP{number:03}" for number in range(1, 11)])
def test_each_rule_has_a_page_with_a_bad_and_a_good_example(rule):
    page = (ROOT / f"docs/rules/{rule}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule}: ")
    for heading in ("## Why", "## Bad", "## Good", "## Who checks it"):
        assert heading in page
    assert page.count("```c") >= 2
