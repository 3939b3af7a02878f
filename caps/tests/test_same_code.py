# SPDX-License-Identifier: MIT
"""Code that passes tokens compiles to what it would be without them, where they are erased."""
import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RECORD = os.path.join(ROOT, "docs", "token-cost.md")
SAMPLE = os.path.join(HERE, "samples", "token_code.c")
LEVELS = ("-O1", "-O2", "-O3", "-Os")


def strip_tokens(compiler, level, profile="BALANCED", *, options=(), source=SAMPLE):
    return subprocess.run(
        [os.path.join(HERE, "strip_tokens"), *options, source, "--", compiler, "-std=gnu17", level,
         f"-DARAMID_PROFILE={profile}", f"-I{ROOT}/annotations/include", f"-I{ROOT}/caps/include"],
        capture_output=True, text=True, check=False)


def test_the_stripped_sample_has_no_token_left():
    done = strip_tokens("clang-19", "-O2", options=("--print",))
    sample = done.stdout[done.stdout.index("struct packet"):]
    assert done.returncode == 0
    assert not re.search(r"\bCAP\b|\bcap_", sample)
    assert "uint32_t cap ;" in sample and "packet . cap = 2 * packet . cap" in sample
    assert not re.search(r"device (->|\.) cap\b|[(,] cap [,)]", sample)
    assert "int send_queued ( const struct packet * packet , unsigned int queue )" in sample


@pytest.mark.parametrize("profile", ["BALANCED", "PERFORMANCE", "LUDICROUS"])
@pytest.mark.parametrize("level", LEVELS)
def test_clang_makes_the_same_instructions_with_and_without_tokens(level, profile):
    done = strip_tokens("clang-19", level, profile)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_comparison_sees_a_token_that_costs_instructions():
    done = strip_tokens("clang-19", "-O2", "FORTRESS")
    assert done.returncode == 1
    assert "functions differ" in done.stdout


@pytest.mark.parametrize("level", LEVELS)
def test_what_gcc_makes_different_is_no_more_than_recorded(level):
    with open(RECORD, encoding="utf-8") as file:
        recorded = int(re.search(rf"^\| {level} \| (\d+) \|", file.read(), re.M)[1])
    done = strip_tokens("gcc", level)
    assert done.returncode in (0, 1), done.stderr
    different = re.search(r"(\d+) of \d+ functions differ", done.stdout)
    assert (int(different[1]) if different else 0) <= recorded, done.stdout


def test_a_source_that_does_not_compile_is_reported(tmp_path):
    broken = tmp_path / "broken.c"
    broken.write_text("int f( {\n")
    done = strip_tokens("clang-19", "-O2", source=str(broken))
    assert done.returncode == 2
    assert "broken.c" in done.stderr
