# SPDX-License-Identifier: MIT
"""Tokens cost nothing where they have no size: the kernel's own objects, with and without."""

import os
import re
import subprocess

import guest

STRIP = os.path.join(guest.ROOT, "caps", "tests", "strip_tokens")
RECORD = os.path.join(guest.ROOT, "docs", "token-cost.md")


def compare(preset, folder):
    """(sources the same, sources that differ, output) for one kernel build."""
    subprocess.run(["cmake", "--preset", preset], cwd=guest.ROOT, check=True, capture_output=True)
    database = os.path.join(guest.ROOT, "build", folder, "compile_commands.json")
    done = subprocess.run([STRIP, "--compdb", database], cwd=guest.ROOT, capture_output=True,
                          text=True)
    assert done.returncode in (0, 1), done.stderr
    same, different = re.search(r"(\d+) sources the same, (\d+) different", done.stdout).groups()
    return int(same), int(different), done.stdout


def test_clang_makes_the_same_instructions_with_and_without_tokens():
    same, different, output = compare("balanced", "balanced-clang")
    assert different == 0, output
    assert same > 50


def test_what_gcc_makes_different_is_no_more_than_recorded():
    _, different, output = compare("balanced-gcc", "balanced-gcc")
    with open(RECORD, encoding="utf-8") as file:
        recorded = int(re.search(r"^GCC 12: \d+ sources the same, (\d+) different", file.read(),
                                 re.MULTILINE).group(1))
    print(output)
    assert different <= recorded, output
