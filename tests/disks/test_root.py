# SPDX-License-Identifier: MIT
"""A root file system on a disk: Debian's programs work on it, it is left clean, and what is no root
is said in words.
"""

import os
import subprocess

import guest
import pexpect
import pytest
from e2fs import make, problems, run

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "programs.sh"), encoding="utf-8") as stream:
    PROGRAMS = stream.read()
DATABASES = ["delete", "truncate", "persist", "memory", "wal", "off"]


def boot(profile, command, disk, **how):
    return guest.boot(profile, command, root="/dev/vda", more=("--disk", str(disk)), **how)


@pytest.mark.parametrize("profile, machine, smp", [("balanced", "microvm", 1), ("fortress", "q35", 2)])
def test_programs_of_debian_work_on_a_root_that_lies_on_a_disk(profile, machine, smp, root_disk):
    command = "bash -c '" + PROGRAMS.replace("'", "'\\''") + "'"
    done = boot(profile, command, root_disk, machine=machine, smp=smp, timeout=150)
    assert done.status == 0, done.err + done.log
    assert [line.rstrip() for line in done.out.splitlines()] == [
        *(f"{mode} ok 343|3220|68629" for mode in DATABASES),
        "the tree is the same", "sorted", "/dev/vda       /"], done.out + done.log
    assert problems(root_disk) == ""
    out = root_disk.with_name("copied.db")
    run("debugfs", "-R", f"dump /root/wal.db {out}", root_disk)
    assert out.read_bytes().startswith(b"SQLite format 3")


def small_root(path):
    """A root without any init: BusyBox and its shell alone."""
    tree = path.with_name("tree")
    for name in ("bin", "dev", "proc", "run"):
        (tree / name).mkdir(parents=True)
    subprocess.run(["cp", "/bin/busybox", tree / "bin" / "busybox"], check=True)
    for name in ("sh", "cat", "touch", "ls"):
        (tree / "bin" / name).symlink_to("busybox")
    run("mke2fs", "-q", "-F", "-t", "ext2", "-d", tree, path, "8M")
    return path


def test_a_command_runs_on_a_root_without_init_and_one_that_is_read_only_is_one(tmp_path):
    disk = small_root(tmp_path / "disk")
    done = boot("balanced", "touch /new; ls /new /run/aramid; cat /proc/mounts", disk)
    assert done.out.splitlines()[:4] == ["/new", "", "/run/aramid:", "exec  init"], done.out + done.err + done.log
    assert problems(disk) == ""
    before, other = disk.read_bytes(), tmp_path / "other"
    other.write_bytes(bytes(1 << 20))
    done = guest.boot("balanced", "touch /more; ls /; cat /proc/mounts", root="/dev/vdb",
                      more=("--disk", str(other), "--disk", f"ro:{disk}"))
    assert "new" in done.out.split() and "more" not in done.out.split(), done.err + done.log
    assert "/dev/vdb / ext2 ro,relatime 0 0" in done.out.splitlines()
    assert disk.read_bytes() == before


def test_a_shell_on_the_disk_is_process_1_where_there_is_nothing_else(tmp_path):
    """And the disk is clean though nobody unmounts it: /bin/sh ends by itself."""
    disk = small_root(tmp_path / "disk")
    command = guest.options("balanced", root="/dev/vda", more=("--disk", str(disk)))
    child = pexpect.spawn(command[0], command[1:], timeout=60)
    child.expect("/ # ")
    child.sendline("touch /kept; exit 5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5, child.before
    assert problems(disk) == ""
    assert "kept" in run("debugfs", "-R", "ls /", disk)


@pytest.mark.parametrize("words, message", [
    (["--root", "/dev/vda"], "there is no such disk: it wants 1 times --disk FILE"),
    (["--root", "/dev/vdb", "--disk", "DISK"], "it wants 2 times --disk FILE"),
    (["--root", "/dev/sda", "--disk", "DISK"], "'/dev/sda' is none of auto, small, debian and /dev/vda"),
    (["--root", "/dev/vda", "--disk", "DISK"], "holds no file system of ext2: ./aramid image makes one"),
    (["--root", "/dev/vda", "--disk", "DISK", "--initrd", "DISK"], "exclude each other"),
])
def test_what_cannot_be_a_root_is_refused_before_the_boot(words, message, tmp_path):
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(1 << 20))
    done = subprocess.run([guest.BOOT, "balanced", *(word.replace("DISK", str(disk)) for word in words)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 255 and message in done.stderr, done.stderr


@pytest.mark.parametrize("word, message", [
    ("root=/dev/vda", "cannot mount the root /dev/vda: it holds no file system that is known (error 22)"),
    ("root=/dev/vdb", "cannot mount the root /dev/vdb: it was not unmounted: run e2fsck -p on it"),
    ("root=/dev/vdc", "cannot mount the root /dev/vdc: there is no such disk"),
    ("root=/dev/hda", "root=/dev/hda: one of /dev/vda to /dev/vdp is wanted"),
    ("init=/bin/no", "cannot run /bin/no as process 1: error 2"),
])
def test_the_kernel_says_why_it_has_no_root_or_no_init(word, message, tmp_path):
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(1 << 20))
    dirty = make(tmp_path / "dirty", "4M", "-t ext2 -b 1024")
    run("debugfs", "-w", "-R", "ssv state 0", dirty)
    done = guest.boot("balanced", "true", append=word,
                      more=("--disk", str(noise), "--disk", str(dirty)))
    assert done.status == 251 and message in done.err, done.err + done.log
