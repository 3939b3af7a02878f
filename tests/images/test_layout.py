# SPDX-License-Identifier: MIT
"""The tree reads as one hand's: every C file is laid out by .clang-format."""

import subprocess

import guest


def test_every_c_file_of_the_kernel_is_laid_out_by_clang_format():
    rooms = ("arch", "kernel", "services", "userland", "tests/userland", "tests/bench")
    files = subprocess.run(["git", "ls-files", *(f"{room}/*.[ch]" for room in rooms)],
                           cwd=guest.ROOT, check=True, capture_output=True, text=True).stdout.split()
    assert len(files) > 150
    done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *files], cwd=guest.ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:4000]
