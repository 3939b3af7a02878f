# SPDX-License-Identifier: MIT
"""What users and broken files hand to the kernel: errors and clear messages, never a panic."""

import os
import subprocess

import guest
import newc
import pytest

ARCHIVE = os.path.join(guest.ROOT, "build", "userland", "root.cpio")
TESTS = "/usr/lib/aramid/tests"


@pytest.fixture
def archive():
    with open(ARCHIVE, "rb") as stream:
        return bytearray(stream.read())


def boot_archive(tmp_path, content):
    path = tmp_path / "broken.cpio"
    path.write_bytes(content)
    log = tmp_path / "log"
    done = subprocess.run(
        [*guest.options("balanced", timeout=30, append="quiet"), "--initrd", str(path), "--log",
         str(log)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, log.read_text(errors="replace")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.999])
def test_a_truncated_root_archive_is_a_clear_message(tmp_path, archive, kept):
    status, log = boot_archive(tmp_path, archive[:int(len(archive) * kept)])
    assert status == 251
    assert "initramfs" in log


@pytest.mark.parametrize("offset, garbage", [
    (0, b"GARBAGE"),
    (6 + 6 * 8, b"ZZZZZZZZ"),
    (6 + 6 * 8, b"FFFFFFFF"),
    (6 + 11 * 8, b"FFFFFFFF"),
    (6 + 11 * 8, b"00000000"),
])
def test_a_corrupt_header_in_the_root_archive_is_a_clear_message(tmp_path, archive, offset,
                                                                 garbage):
    archive[offset:offset + len(garbage)] = garbage
    status, log = boot_archive(tmp_path, archive)
    assert status == 251
    assert "initramfs" in log


def test_an_archive_without_init_is_a_clear_message(tmp_path):
    empty = newc.Archive()
    empty.directory("etc")
    status, log = boot_archive(tmp_path, empty.bytes())
    assert status == 251
    assert "init" in log


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_a_program_that_eats_all_memory_gets_enomem_or_is_killed(profile):
    done = guest.boot(profile, f"{TESTS}/out_of_memory; echo ended; echo alive | cat",
                      mem="64M", timeout=90)
    assert done.status == 0, done.err
    assert done.out.endswith("ended\nalive\n")


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_a_fork_bomb_ends_in_eagain_or_enomem(profile):
    done = guest.boot(profile, f"{TESTS}/fork_bomb; echo ended $?", smp=2, mem="64M", timeout=90)
    assert done.out.endswith("ended 0\n"), done.out + done.err


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_filling_the_root_ends_in_enospc_and_space_comes_back(profile):
    command = ("dd if=/dev/zero of=/tmp/fill bs=65536 2>&1 | grep -o 'No space left on device';"
               "rm /tmp/fill; echo again >/tmp/small; cat /tmp/small")
    done = guest.boot(profile, command, mem="64M", timeout=90)
    assert done.out == "No space left on device\nagain\n", done.err


@pytest.mark.parametrize("wrong", ["nobody.read/3", "tmpfs.extend", "tmpfs.extend/0", "tmpfs"])
def test_an_injection_that_names_nothing_is_a_clear_message(wrong):
    done = guest.boot("balanced", "echo ran", append=f"inject={wrong}")
    assert (done.status, done.out) == (251, "")
    assert "SERVICE.OPERATION/N is wanted" in done.err
