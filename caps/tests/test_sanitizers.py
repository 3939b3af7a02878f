# SPDX-License-Identifier: MIT
"""The hosted tests are clean under the sanitizers, and validation has no locked instruction."""
import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
CAPS = os.path.dirname(HERE)
SANITIZERS = {"thread": "thread", "address": "address,undefined"}


def run(*command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env=dict(os.environ, **environment))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def build(folder, flags):
    run("cmake", "-S", CAPS, "-B", folder, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
        "-DARAMID_CHECKERS=OFF",
        "-DCMAKE_BUILD_TYPE=RelWithDebInfo", f"-DCMAKE_C_FLAGS={flags}")
    run("cmake", "--build", folder)


@pytest.mark.parametrize("sanitizer", SANITIZERS)
def test_every_hosted_test_is_clean_under(sanitizer, tmp_path):
    build(str(tmp_path), f"-fsanitize={SANITIZERS[sanitizer]} -fno-sanitize-recover=all")
    run("ctest", "--test-dir", str(tmp_path), "--no-tests=error", "--output-on-failure",
        TSAN_OPTIONS="halt_on_error=1", ASAN_OPTIONS="detect_leaks=1")


VALID_PATH = ("cap_token_validate", "cap_token_is_valid", "cap_token_check", "cap_current_owner",
              "cap_count_validation", "cap_begin_operation", "cap_end_operation")


@pytest.mark.parametrize("compiler", ["clang-19", "gcc"])
def test_validating_a_token_executes_no_locked_instruction(compiler, tmp_path):
    run("cmake", "-S", CAPS, "-B", str(tmp_path), "-G", "Ninja", f"-DCMAKE_C_COMPILER={compiler}",
        "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_TESTING=OFF", "-DARAMID_CHECKERS=OFF")
    run("cmake", "--build", str(tmp_path), "--target", "aramid_caps_fortress")
    listing = run("objdump", "-d", "--no-show-raw-insn",
                  str(tmp_path / "libaramid_caps_fortress.a"))
    bodies = dict(re.findall(r"<(\w+)>:\n(.*?)\n\n", listing + "\n\n", re.S))
    for name in VALID_PATH:
        assert not re.search(r"\block\b|\bxchg\b.*\(|\b[lms]fence\b", bodies[name]), bodies[name]
