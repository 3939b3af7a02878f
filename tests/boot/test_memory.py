# SPDX-License-Identifier: MIT
"""Little memory: what runs in it, and who ends when there is none left."""

import re

import guest
import pytest

TESTS = "/usr/lib/aramid/tests"
EATERS = ("pages", "shared", "reading", "tables", "pipes", "files", "regions", "processes")
# Those whose way of taking memory cannot be answered with an error.
KILLED = ("pages", "shared", "reading", "tables", "pipes")


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_who_takes_all_memory_ends_and_nobody_else(profile):
    done = guest.boot(profile, f"{TESTS}/eaters; echo status $?; echo alive | cat", smp=2,
                      mem="24M", timeout=110)
    assert done.out.endswith("status 0\nalive\n"), done.out + done.err
    for way in EATERS:
        assert re.search(rf"^{way}: status [0-9a-f]+ after", done.out, re.MULTILINE), done.out
    told = re.findall(r"out of memory: process \d+ \((\w+)\) is killed, which holds (\d+) KiB",
                      done.log)
    assert len(told) >= len(KILLED), done.log
    assert {name for name, _ in told} == {"eaters"}, done.log


def test_balanced_with_a_shell_runs_in_16_mib():
    terminal = guest.Terminal("balanced", mem="16M")
    assert terminal.run("echo $((6 * 7)) | cat") == "42\n"
    total, free = (int(re.search(rf"{name}: +(\d+) kB", terminal.run("cat /proc/meminfo"))[1])
                   for name in ("MemTotal", "MemFree"))
    assert total < 16 << 10
    # docs/memory.md says 8.7 MiB; a quarter stays for what the shell starts.
    assert free > 4 << 10, f"{free} KiB of {total} are free"
    assert terminal.end("exit") == 0
