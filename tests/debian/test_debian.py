# SPDX-License-Identifier: MIT
"""Debian's programs over the root of its packages: the same outputs as on the host's kernel.

The host runs the same scripts over the same tree in a mount namespace of its own; so the programs
and versions are the same, and only the kernel is another. each.sh has a few commands of each program
and runs in all four profiles, on one CPU and on two; programs.sh has them at length and runs in
Fortress on two CPUs, with --all-profiles wherever the other does.
"""

import os
import re
import subprocess
import tempfile

import guest
import newc
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(HERE, "programs.sh")
EACH = os.path.join(HERE, "each.sh")
MACHINE = os.path.join(HERE, "machine.sh")
SMALL = os.path.join(guest.ROOT, "build", "userland", "root.cpio")
ROOT_ARCHIVE = os.path.join(guest.ROOT, "build", "debian-root", "root.cpio")
# As userland/init.c gives it.
ENVIRONMENT = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "HOME": "/root", "TERM": "linux"}
# /proc and /dev of the host, and what the programs call root.
AS_ROOT = ("mount --rbind /dev $0/dev && mount --rbind /proc $0/proc && "
           "exec chroot $0 bash -c \"$1\"")


def text(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def names_in(script):
    return re.findall(r'^section "(.*)"$', text(script), re.MULTILINE)


@pytest.fixture(scope="session")
def on_host():
    """{script: its sections as the host's kernel gives them}."""
    subprocess.run([os.path.join(guest.ROOT, "userland", "build")], check=True)
    subprocess.run([os.path.join(guest.ROOT, "tools", "debian-root"), SMALL], check=True)
    with tempfile.TemporaryDirectory(prefix="aramid-root.") as folder:
        with open(ROOT_ARCHIVE, "rb") as stream:
            newc.write_tree(newc.members(stream.read()), folder)
        share = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
        return {script: guest.sections(subprocess.run(
            [*share, "sh", "-c", AS_ROOT, folder, text(script)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, env=ENVIRONMENT,
            check=False).stdout.decode()) for script in (SCRIPT, EACH)}


@pytest.fixture(scope="session")
def in_guest(machine_form):
    """The sections of the long script and the machine's as the guest gives them."""
    return sections_of(machine_form, f"{to_file(SCRIPT)}; bash -c {quoted(text(MACHINE))} 2>&1")


@pytest.fixture(scope="session")
def each_in_guest(any_form):
    return sections_of(any_form, to_file(EACH))


def sections_of(form, command):
    profile, cpus = form
    done = guest.boot(profile, command, smp=cpus, root="debian", timeout=400)
    assert done.status == 0, done.err
    return guest.sections(done.out)


def to_file(script):
    """A shell's text: the script's output goes to a file, as on the host it goes to a pipe."""
    return f"bash -c {quoted(text(script))} >/tmp/output 2>&1; cat /tmp/output"


def quoted(script):
    return "'" + script.replace("'", "'\\''") + "'"


@pytest.mark.parametrize("name", names_in(EACH))
def test_each_program_runs_in_every_profile_on_one_cpu_and_on_two(name, on_host, each_in_guest):
    assert each_in_guest.get(name, "(no output)") == on_host[EACH][name]


@pytest.mark.parametrize("name", names_in(SCRIPT))
def test_programs_print_what_they_print_on_linux(name, on_host, in_guest):
    assert in_guest.get(name, "(no output)") == on_host[SCRIPT][name]


def table(said):
    return [line.split() for line in said.splitlines() if line.strip()]


def test_ps_and_pgrep_find_the_process(in_guest):
    sleep = in_guest["sleep"].strip()
    processes = {row[0]: row for row in table(in_guest["ps"])}
    assert processes["1"][1:] == ["0", processes["1"][2], "init"]
    assert processes[sleep][3] == "sleep" and processes[sleep][2].startswith("S")
    assert any(row[3] == "ps" and row[2].startswith("R") for row in processes.values())
    assert in_guest["pgrep"].strip() == sleep
    assert any(row[:1] == ["root"] and row[1] == sleep for row in table(in_guest["ps of a user"]))
    assert in_guest["pkill"].strip() == "143"


def test_top_and_free_agree_on_the_memory(in_guest):
    total = int(re.search(r"^Mem: +(\d+)", in_guest["free"], re.MULTILINE).group(1))
    shown = float(re.search(r"MiB Mem : +([\d.]+) total", in_guest["top"]).group(1))
    assert 480 * 1024 < total < 512 * 1024 and abs(shown - total / 1024) < 0.1
    assert re.search(r"^Tasks: +\d+ total, +\d+ running", in_guest["top"], re.MULTILINE)
    assert any(row[-1] == "top" for row in table(in_guest["top"]))


def test_vmstat_uptime_df_and_sysctl_read_what_they_need(in_guest):
    assert all(int(number) >= 0 for number in table(in_guest["vmstat"])[-1])
    assert re.search(r"load average: [\d.]+, [\d.]+, [\d.]+", in_guest["uptime"])
    name, size, used, free, _, place = table(in_guest["df"])[1]
    assert (name, place) == ("tmpfs", "/") and int(used) + int(free) == int(size)
    assert in_guest["sysctl"] == "kernel.ostype = Linux\nkernel.pid_max = 4194304\n"
    assert table(in_guest["mounts"])[0][4] == "/"


def test_pwdx_pmap_and_readlink_look_into_another_process(in_guest):
    assert in_guest["pwdx"].split()[1] == "/usr/bin"
    mapped = {row[-1]: row for row in table(in_guest["pmap"])}
    assert mapped["sleep"][2].startswith("r") and "libc.so.6" in mapped
    assert any(row[-2:] == ["stack", "]"] for row in table(in_guest["pmap"]))
    assert dict(row for row in table(in_guest["descriptors"]))["9"] == "/etc/passwd"
    assert "TOLD=yes" in in_guest["environment"].splitlines()


def test_there_are_as_many_pseudo_terminals_as_the_core_has(in_guest):
    assert in_guest["pseudo-terminals"] == "64 64 No space left on device\n0\n"


def test_ps_shows_threads_and_nice_values(in_guest):
    threads = table(in_guest["threads"])
    assert len({row[0] for row in threads}) == 3
    assert all(row[1:] == ["3", "python3"] for row in threads)
    # ps counts priorities from the other end: 19 is that of nice 0.
    assert table(in_guest["nice"]) == [["7", "12"]]


def test_logger_reaches_syslogd_through_its_socket(in_guest):
    line, sockets = in_guest["syslog"].splitlines()
    assert line.endswith("user.notice probe: a line") and sockets == "1"


def test_less_and_bash_work_on_the_terminal():
    terminal = guest.Terminal("balanced", root="debian", append="quiet")
    assert "5.2.15" in terminal.run("echo $BASH_VERSION")
    terminal.child.sendline("seq 100 | less")
    terminal.child.expect(r"\n23\r+\n:")
    terminal.child.send("/77\n")
    # What was searched for stands out, and a screen of 23 lines follows it.
    terminal.child.expect(r"\x1b\[7m77\x1b\[27m\r+\n78\r+\n")
    terminal.child.expect(r"\n99\r+\n:")
    terminal.child.send("q")
    terminal.until_prompt()
    assert terminal.end("exit 3") == 3
