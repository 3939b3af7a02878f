# SPDX-License-Identifier: MIT
"""docs/syscalls.md tells of the calls that the kernel's table has."""
import os
import re
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MAKE_SYSCALLS = os.path.join(ROOT, "kernel/syscall/make-syscalls")


def run(*options):
    return subprocess.run([MAKE_SYSCALLS, *options], capture_output=True, text=True, check=False)


def test_the_page_is_current():
    done = run("--check")
    assert done.returncode == 0, done.stderr


def test_each_row_is_a_call_of_the_page():
    with open(os.path.join(ROOT, "kernel/syscall/syscalls.def"), encoding="utf-8") as table:
        rows = re.findall(r"^SYSCALL\d\((\w+)", table.read(), re.MULTILINE)
    with open(os.path.join(ROOT, "docs/syscalls.md"), encoding="utf-8") as page:
        told = re.findall(r"^\| `(\w+)` \|", page.read(), re.MULTILINE)
    assert len(rows) >= 160 and sorted(told) == sorted(rows)


def test_an_unknown_option_is_refused():
    assert run("--wrong").returncode == 2
