# SPDX-License-Identifier: MIT
"""Every header works under every compiler and tool, and refuses what it says it refuses."""
import os
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SAMPLE = os.path.join(HERE, "samples", "every_header.c")
INCLUDES = [f"-I{ROOT}/annotations/include", f"-I{ROOT}/caps/include"]
PROFILES = ("FORTRESS", "BALANCED", "PERFORMANCE", "LUDICROUS")
STRICT = ["-std=c17", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-o", "/dev/null"]
CLANG = ["clang-19", *STRICT, "-Wthread-safety", "-Wthread-safety-beta"]
GCC = ["gcc", *STRICT]
SPARSE = ["sparse", "-Wsparse-error", "-fmax-warnings=unlimited"]
ANALYZER = ["clang-19", "--analyze", "--analyzer-output", "text", "-Werror", "-o", "/dev/null"]


def run(command, *, profile="BALANCED", cwd=None):
    return subprocess.run([*command, *INCLUDES, f"-DARAMID_PROFILE={profile}"],
                          capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("tool", [CLANG, GCC, SPARSE, ANALYZER], ids=lambda tool: tool[0])
def test_the_headers_are_clean_under(tool, profile):
    done = run([*tool, SAMPLE], profile=profile)
    assert done.returncode == 0 and not done.stderr, done.stderr


@pytest.mark.parametrize("profile", PROFILES)
def test_the_headers_are_clean_under_frama_c(profile):
    done = subprocess.run(
        ["frama-c", "-machdep", "gcc_x86_64", "-kernel-warn-key", "*=error", SAMPLE,
         f"-cpp-extra-args={' '.join(INCLUDES)} -DARAMID_PROFILE={profile}"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("fault, tool, words", [
    ("UNLOCKED", CLANG, "requires holding"),
    ("LOCK_ORDER", CLANG, "must be acquired before"),
    ("EXCLUDED", CLANG, "while test lock 'pair->second' is held"),
    ("UNLOCKED_POINTEE", CLANG, "reading the value pointed to"),
    ("NO_RIGHT", CLANG, "requires holding right 'right_net_access'"),
    ("IGNORED", CLANG, "warn_unused_result"),
    ("IGNORED", GCC, "warn_unused_result"),
    ("USER_POINTER", SPARSE, "dereference of noderef expression"),
    ("WRONG_KIND", CLANG, "incompatible type"),
    ("WRONG_KIND", GCC, "incompatible type"),
    ("WRONG_KIND", SPARSE, "incorrect type"),
    ("WRONG_EDGE", CLANG, "cap_attenuate_net_access_from_block_access"),
    ("WRONG_EDGE", GCC, "cap_attenuate_net_access_from_block_access"),
])
def test_a_fault_is_refused(fault, tool, words):
    done = run([*tool, f"-DFAULT_{fault}", SAMPLE])
    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.parametrize("tool", [CLANG, GCC], ids=lambda tool: tool[0])
def test_a_service_that_calls_a_core_function_does_not_compile(tool):
    done = run([*tool, "-DARAMID_RING=2", SAMPLE])
    assert done.returncode != 0
    assert "only the core may call this function" in done.stderr


def test_an_escape_hatch_without_a_reason_does_not_compile(tmp_path):
    source = tmp_path / "hatch.c"
    source.write_text("#include <aramid/unsafe.h>\nint f(int x);\n"
                      "int f(int x) { return CAP_UNSAFE(because, x); }\n")
    for tool in (CLANG, GCC, SPARSE):
        assert run([*tool, str(source)]).returncode != 0


def test_the_headers_refuse_cpp(tmp_path):
    source = tmp_path / "token.cc"
    source.write_text("#include <aramid/cap.h>\n")
    done = run(["clang-19", "-fsyntax-only", str(source)])
    assert done.returncode != 0
    assert "aramid tokens are C" in done.stderr


@pytest.mark.parametrize("compiler", ["clang-19", "gcc"])
@pytest.mark.parametrize("linker", ["lld", "bfd"])
def test_objects_of_different_profiles_do_not_link(compiler, linker, tmp_path):
    (tmp_path / "user.c").write_text("#include <aramid/cap.h>\nint main(void) { return 0; }\n")
    for profile in PROFILES:
        for name, source in (("user", "user.c"), ("lib", f"{ROOT}/caps/src/profile.c")):
            done = run([compiler, "-c", source, "-o", f"{name}_{profile}.o"], profile=profile,
                       cwd=tmp_path)
            assert done.returncode == 0, done.stderr
    # gcc looks for ld.lld by that very name, Debian's package lld-19 has it with its version.
    (tmp_path / "ld.lld").symlink_to(shutil.which("ld.lld-19"))
    for user in PROFILES:
        for library in PROFILES:
            done = run([compiler, f"-B{tmp_path}", f"-fuse-ld={linker}", f"user_{user}.o", f"lib_{library}.o",
                        "-o", "program"], cwd=tmp_path)
            assert (done.returncode == 0) == (user == library)
            assert user == library or f"aramid_is_built_as_{user}" in done.stderr
