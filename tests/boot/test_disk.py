# SPDX-License-Identifier: MIT
"""Disks behind their driver: what is written is there, on every machine and in every profile; the
driver falls and nothing is lost; devices that fail or say nothing cost an error and no more.
"""

import hashlib
import os
import random
import re

import guest
import pytest

SIZE = 2 << 20
MACHINES = ("microvm", "q35")


@pytest.fixture
def disk(tmp_path):
    """A disk's file of random bytes."""
    path = tmp_path / "disk.img"
    path.write_bytes(random.Random(7).randbytes(SIZE))
    return path


def boot(profile, command, *disks, more=(), **how):
    words = [word for path in disks for word in ("--disk", str(path))]
    return guest.boot(profile, command, more=(*words, *more), **how)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Writes pieces of several sizes all over the disk, and reads each back. Ends with the sum of it all.
REWRITE = """
n=0
for size in 512 4096 65536 1000 131072; do
    for place in 0 3 7; do
        dd if=/dev/urandom of=/tmp/piece bs=$size count=1 2>/dev/null
        dd if=/tmp/piece of=/dev/vda bs=$size seek=$place conv=notrunc 2>/dev/null || echo not written
        dd if=/dev/vda bs=$size skip=$place count=1 2>/dev/null | cmp - /tmp/piece || echo differs
        n=$((n+1))
    done
done
sync
echo $n pieces
sha256sum </dev/vda
"""


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_what_is_written_is_read_back_and_is_in_the_file(profile, machine, disk):
    before = digest(disk)
    done = boot(profile, "sha256sum </dev/vda; " + REWRITE, disk, machine=machine,
                smp=2 if machine == "q35" else 1)
    assert done.status == 0, done.err + done.log
    assert done.out.split() == [before, "-", "15", "pieces", digest(disk), "-"]
    assert digest(disk) != before


def test_disks_keep_apart_and_two_programs_share_one(disk, tmp_path):
    other = tmp_path / "other.img"
    other.write_bytes(random.Random(8).randbytes(SIZE // 2))
    command = """
    dd if=/dev/vda of=/dev/vdb bs=64k count=4 conv=notrunc 2>/dev/null &
    for i in 1 2 3 4; do sha256sum </dev/vda & done; wait
    ls -1 /dev/vd*; sha256sum </dev/vdb; dd if=/dev/vdc of=/tmp/x count=1 2>&1 | tail -1
    """
    done = boot("balanced", command, disk, other, smp=2)
    assert done.status == 0, done.err + done.log
    lines = done.out.splitlines()
    assert lines[:4] == [digest(disk) + "  -"] * 4
    assert lines[4:6] == ["/dev/vda", "/dev/vdb"]
    assert lines[6] == digest(other) + "  -"
    assert other.read_bytes()[:256 << 10] == disk.read_bytes()[:256 << 10]
    assert "No such file" in lines[7]


def test_places_and_sizes_are_exact(disk):
    """Bytes in the middle of a sector, the end, and behind it."""
    before = disk.read_bytes()
    command = f"""
    printf abcdef | dd of=/dev/vda bs=1 seek=1021 conv=notrunc 2>/dev/null
    printf xyz | dd of=/dev/vda bs=1 seek={SIZE - 3} conv=notrunc 2>/dev/null
    tail -c 3 /dev/vda; echo
    printf over | dd of=/dev/vda bs=1 seek={SIZE - 2} conv=notrunc 2>&1 | grep -o 'No space.*'
    dd if=/dev/vda bs=1 skip={SIZE} count=1 2>/dev/null | wc -c
    blockdev --getsize64 /dev/vda; blockdev --getro /dev/vda; blockdev --flushbufs /dev/vda && echo flushed
    """
    done = boot("balanced", command, disk)
    assert done.status == 0, done.err + done.log
    assert done.out.splitlines() == ["xyz", "No space left on device", "0", str(SIZE), "0",
                                     "flushed"]
    expected = before[:1021] + b"abcdef" + before[1027:SIZE - 3] + b"xov"
    assert disk.read_bytes() == expected


@pytest.mark.parametrize("operation", ["submit/3", "collect/4"])
@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_the_driver_falls_again_and_again_and_no_byte_is_lost(profile, operation, disk):
    done = boot(profile, REWRITE + "grep virtio_blk /proc/services", disk,
                append=f"inject=virtio_blk.{operation} no-quarantine",
                machine="q35" if profile == "balanced" else "microvm", smp=2)
    assert done.status == 0, done.err + done.log
    lines = done.out.splitlines()
    assert lines[:2] == ["15 pieces", digest(disk) + "  -"]
    fallen = guest.services(" ".join(guest.COLUMNS) + "\n" + lines[2])["virtio_blk"]
    assert fallen.state == "running" and fallen.causes["panic"] >= 10
    assert fallen.restarts == fallen.contained


def test_a_driver_out_of_service_is_an_error_until_it_is_released(disk):
    command = """
    for i in 1 2 3; do sha256sum </dev/vda 2>/dev/null || echo refused; done; grep -o 'virtio_blk [a-z]*' /proc/services; ls / >/dev/null && echo alive
    echo release virtio_blk >/dev/supervisor; grep -o 'virtio_blk [a-z]*' /proc/services
    """
    done = boot("balanced", command, disk, append="inject=virtio_blk.submit/1")
    assert done.out.splitlines() == ["refused"] * 3 + [
        "virtio_blk quarantined", "alive", "virtio_blk running"], done.out + done.log
    assert "quarantined after 11 falls" in done.log and "released from quarantine" in done.log


def test_a_restart_in_the_middle_is_not_noticed(disk):
    command = """
    (for i in 1 2 3 4 5 6 7 8; do echo restart virtio_blk >/dev/supervisor; done) &
    for i in 1 2 3 4 5 6; do sha256sum </dev/vda; done; wait
    grep -o 'virtio_blk [a-z]* [a-z]* [0-9]* [0-9]*' /proc/services
    """
    done = boot("fortress", command, disk, smp=2)
    assert done.status == 0, done.err + done.log
    assert done.out.splitlines() == [digest(disk) + "  -"] * 6 + ["virtio_blk running restart 0 8"]


def test_a_disk_that_cannot_be_written_to_says_so(disk):
    before = digest(disk)
    done = boot("balanced", "(echo x >/dev/vda) 2>&1 | grep -o 'Read-only.*'; sha256sum </dev/vda; blockdev --getro /dev/vda",
                f"ro:{disk}")
    assert done.out.splitlines() == ["Read-only file system", before + "  -", "1"], done.out
    assert digest(disk) == before


def test_a_bad_sector_is_an_error_for_who_reads_it_alone(disk, tmp_path):
    rules = tmp_path / "rules"
    rules.write_text('[inject-error]\nevent = "read_aio"\niotype = "read"\nsector = "100"\nerrno = "5"\n',
                     encoding="ascii")
    qemu = (f"-drive file=blkdebug:{rules}:{disk},format=raw,if=none,id=bad "
            "-device virtio-blk-device,drive=bad")
    command = """
    dd if=/dev/vda bs=512 skip=100 count=1 2>&1 | grep -o 'Input/output error'
    dd if=/dev/vda bs=512 skip=101 count=8 2>/dev/null | sha256sum; grep -o 'virtio_blk [a-z]* [a-z]* [0-9]*' /proc/services
    """
    done = boot("balanced", command, more=("--qemu", qemu))
    expected = hashlib.sha256(disk.read_bytes()[101 * 512:109 * 512]).hexdigest()
    assert done.out.splitlines() == ["Input/output error", expected + "  -",
                                     "virtio_blk running restart 0"], done.out + done.err + done.log


def test_a_device_that_does_not_answer_is_given_up_after_its_time(disk):
    """QEMU lets half a kilobyte a second through: one read comes, the next ones wait."""
    qemu = (f"-drive file={disk},format=raw,if=none,id=slow,throttling.bps-total=512 "
            "-device virtio-blk-device,drive=slow")
    command = """
    dd if=/dev/vda of=/dev/null bs=64k count=1 2>&1 | grep -o 'Input/output error'
    dd if=/dev/vda of=/dev/null bs=64k count=1 2>&1 | grep -o 'Input/output error'
    ls / >/dev/null && echo alive
    """
    done = boot("fortress", command, more=("--qemu", qemu), append="disk-patience=2")
    assert "Input/output error" in done.out and done.out.endswith("alive\n"), done.out + done.log
    assert "disk 0: no answer from the device" in done.log


@pytest.mark.parametrize("word, said", [
    ("/nonexistent/disk", "'/nonexistent/disk' is not a file"),
    ("{odd}", "does not consist of sectors of 512 bytes")])
def test_what_is_no_disk_is_refused_at_once(word, said, tmp_path):
    odd = tmp_path / "odd"
    odd.write_bytes(b"x" * 513)
    done = boot("balanced", "true", word.format(odd=odd))
    assert done.status == 255
    assert said in done.err


def test_a_machine_without_disks_has_none():
    done = guest.boot("fortress", "ls /dev/vd* 2>/dev/null; grep -o 'virtio_blk [a-z]*' /proc/services")
    assert done.out == "virtio_blk running\n"
    assert not re.search(r"^log: disk", done.log, re.MULTILINE)


@pytest.mark.parametrize("profile, machine", [("balanced", "microvm"), ("fortress", "q35")])
def test_what_is_discarded_leaves_the_file(profile, machine, disk):
    """Its room is the host's again, what lies round it is as it was, and bad ranges are refused."""
    before, room = disk.read_bytes(), os.stat(disk).st_blocks
    command = """
    blkdiscard -o 524288 -l 1048576 /dev/vda && echo discarded
    blkdiscard -o 100 -l 512 /dev/vda 2>&1 | grep -o 'Invalid argument'
    blkdiscard -o 1048576 -l 4194304 /dev/vda 2>&1 | grep -o 'Invalid argument'
    """
    done = boot(profile, command, disk, machine=machine, timeout=120)
    assert done.out.splitlines() == ["discarded", "Invalid argument", "Invalid argument"], done.err + done.log
    after = disk.read_bytes()
    assert after == before[:512 << 10] + bytes(1 << 20) + before[1536 << 10:]
    assert os.stat(disk).st_blocks < room


def test_a_device_that_cannot_discard_says_so(disk):
    before = digest(disk)
    done = boot("balanced", "blkdiscard -l 4096 /dev/vda 2>&1 | grep -o 'Operation not supported'", disk,
                more=("--qemu", "-global virtio-blk-device.discard=off"))
    assert done.out == "Operation not supported\n", done.err + done.log
    assert digest(disk) == before
