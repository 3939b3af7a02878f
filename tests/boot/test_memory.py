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


# A static program of Debian's (glibc) and, from the larger root, dynamic ones.
@pytest.mark.parametrize("root, command", [
    ("small", "busybox date +%s; busybox date"),
    ("debian", "/usr/bin/date +%s; python3 -c 'import time; time.time(), time.monotonic()'"),
])
def test_programs_ask_for_the_time_without_a_system_call(root, command):
    done = guest.boot("balanced", f"{command}; echo status $?", append="trace-syscalls", root=root,
                      mem="512M" if root == "debian" else None, timeout=90)
    assert done.out.endswith("status 0\n"), done.out + done.err
    called = set(re.findall(r"\b(\w+)\(", done.log))
    assert {"execve", "brk", "exit_group"} <= called
    assert not called & {"clock_gettime", "gettimeofday", "time"}


ADDRESSES = f"for i in 1 2 3 4 5 6 7 8; do {TESTS}/addresses; done"
PLACES = ("stack", "mmap", "heap", "vdso")


def places(done):
    """{place: the addresses that eight runs of the program printed}"""
    found = {name: re.findall(rf"^{name} ([0-9a-f]+)$", done.out, re.MULTILINE) for name in PLACES}
    assert all(len(addresses) == 8 for addresses in found.values()), done.out + done.err
    return found


def test_each_program_lies_elsewhere():
    found = places(guest.boot("balanced", ADDRESSES))
    for name, addresses in found.items():
        # The break has 8192 places, so that two may meet.
        assert len(set(addresses)) >= (6 if name == "heap" else 8), (name, addresses)
    # What one tells of itself tells nothing of another.
    for one, other in (("stack", "vdso"), ("vdso", "mmap"), ("stack", "mmap"), ("heap", "mmap")):
        apart = {int(a, 16) - int(b, 16) for a, b in zip(found[one], found[other])}
        assert len(apart) == 8, (one, other)


def test_without_randomness_each_program_lies_where_it_always_does():
    found = places(guest.boot("balanced", ADDRESSES, append="norandmaps"))
    for name, addresses in found.items():
        assert len(set(addresses)) == 1, (name, addresses)


def test_a_dynamic_program_and_its_linker_lie_elsewhere_each_time():
    done = guest.boot("balanced", "for i in 1 2 3 4; do LD_SHOW_AUXV=1 /usr/bin/bash -c :; done",
                      root="debian", mem="512M")
    for name in ("AT_PHDR", "AT_ENTRY", "AT_BASE", "AT_RANDOM", "AT_SYSINFO_EHDR"):
        found = re.findall(rf"^{name}: +(0x[0-9a-f]+)$", done.out, re.MULTILINE)
        assert len(found) == len(set(found)) == 4, done.out + done.err


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_nothing_that_programs_read_shows_a_kernel_address(profile):
    command = ("{ find /proc -type f | grep -v /kmsg | while read -r file; do echo \"= $file\";"
               " head -c 65536 \"$file\"; done; dmesg; ls -l /proc/self/fd; } 2>&1; echo; echo == end")
    done = guest.boot(profile, command)
    assert "== end" in done.out and "= /proc/meminfo" in done.out, done.err
    # The direct map, the stacks and the image lie above 0xffff800000000000.
    assert not re.findall(r"^.*\bf{4}[89a-f][0-9a-f]{11}\b.*$", done.out, re.MULTILINE)
