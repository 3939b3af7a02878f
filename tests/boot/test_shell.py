# SPDX-License-Identifier: MIT
"""One script, on the host's BusyBox and in the guest over the same root tree: same outputs."""

import os
import re
import subprocess
import tempfile

import guest
import newc
import pytest

SCRIPT = os.path.join(guest.ROOT, "tests", "boot", "shell_script.sh")
ARCHIVE = os.path.join(guest.ROOT, "build", "userland", "root.cpio")
INSIDE = "/usr/lib/aramid/tests/shell_script.sh"
# `time` and `ps` show what passes; their lines are compared by these patterns.
TIME = re.compile(r"real\t0m 0\.[2-4]\ds\nuser\t0m 0\.\d\ds\nsys\t0m 0\.\d\ds\n")
PS_HEADER = re.compile(r"PID +USER +(VSZ +|TIME +)*(STAT +)?COMMAND")
PS_LINE = re.compile(r" *\d+ +\S+ +(\S+ +){0,3}\S.*")
SECTIONS = re.findall(r'^section "(.*)"$', open(SCRIPT, encoding="utf-8").read(), re.MULTILINE)
BY_PATTERN = {"ps", "time"}


@pytest.fixture(scope="session")
def on_host():
    """The script's sections as the host's kernel gives them, in a chroot of the root tree."""
    subprocess.run([os.path.join(guest.ROOT, "userland", "build")], check=True)
    with tempfile.TemporaryDirectory(prefix="aramid-root.") as folder:
        with open(ARCHIVE, "rb") as stream:
            newc.write_tree(newc.members(stream.read()), folder)
        # A shell's background jobs read /dev/null: an empty file serves.
        os.makedirs(os.path.join(folder, "dev"), exist_ok=True)
        for name in ("null", "zero"):
            open(os.path.join(folder, "dev", name), "wb").close()
        with open(os.path.join(folder, "dev", "zero"), "wb") as zeros:
            zeros.truncate(200000)
        shell = ["chroot", folder] if os.geteuid() == 0 else ["unshare", "-r", "-R", folder]
        done = subprocess.run([*shell, "/bin/sh", INSIDE], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              env={"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "HOME": "/root"})
        return guest.sections(done.stdout.decode())


@pytest.fixture(scope="session", params=guest.PROFILES)
def in_guest(request):
    done = guest.boot(request.param, f"sh {INSIDE} >/tmp/output 2>&1; cat /tmp/output", smp=2)
    assert done.status == 0, done.err
    return guest.sections(done.out)


def normal(name, text):
    """Leaves out what file systems may differ in: link counts and sizes of folders."""
    if name == "ls -l of the root":
        text = re.sub(r"^total \d+$", "total", text, flags=re.MULTILINE)
        text = re.sub(r"^(d\S+) +\d+ (\S+ +\S+) +\d+ ", r"\1 \2 ", text, flags=re.MULTILINE)
        # Mount points and the folders that the script writes to have the time of the boot.
        text = re.sub(r"^(d\S+ \S+ +\S+) +.{12} (dev|proc|chaos|tmp)$", r"\1 \2", text,
                      flags=re.MULTILINE)
        text = re.sub(r" +", " ", re.sub(r"^dr\S+ (.*) proc$", r"proc", text, flags=re.MULTILINE))
    return text


@pytest.mark.parametrize("name", [name for name in SECTIONS if name not in BY_PATTERN])
def test_shell_script_prints_what_it_prints_on_linux(name, on_host, in_guest):
    assert normal(name, in_guest.get(name, "(no output)")) == normal(name, on_host[name])


def test_time_measures_a_sleep(in_guest):
    assert TIME.fullmatch(in_guest["time"]), in_guest["time"]


def test_ps_lists_init_the_shell_and_the_running_program(in_guest):
    lines = in_guest["ps"].splitlines()
    assert PS_HEADER.match(lines[0].strip()), lines[0]
    assert all(PS_LINE.fullmatch(line) for line in lines[1:]), lines
    assert re.match(r" *1 +(root|0) .*init", lines[1]), lines[1]
    assert any(line.endswith("sleep 5") for line in lines)
    # BusyBox's shell may run ps in its own copy, which then names itself {ps}.
    assert any(re.search(r" ps$|\{ps\}", line) for line in lines)
    numbers = [int(line.split()[0]) for line in lines[1:]]
    assert len(set(numbers)) == len(numbers)
