# SPDX-License-Identifier: MIT
"""ext2 on disks: what programs write is there, e2fsck finds every image sound, services fall in the
middle and nothing is lost, and what cannot be done is said in words.
"""

import re

import e2fs
import guest
import pytest
from e2fs import problems, run

# name: size, what mke2fs is told
VARIANTS = {
    "1k": ("8M", "-t ext2 -b 1024"),
    "2k-128": ("16M", "-t ext2 -b 2048 -I 128"),
    "4k": ("16M", "-t ext2 -b 4096"),
    "journal": ("24M", "-t ext3 -b 4096"),
}


def make(path, variant):
    return e2fs.make(path, *VARIANTS[variant])


def boot(profile, command, *disks, more=(), **how):
    words = [word for path in disks for word in ("--disk", str(path))]
    return guest.boot(profile, command, more=(*words, *more), **how)


# Files of several shapes, read again after the cache is gone. The sums are of what was meant.
WORK = """
mkdir -p /mnt && mount -t ext2 /dev/vda /mnt && cd /mnt || exit 1
mkdir -p one/two/three && cd one || exit 1
dd if=/bin/busybox of=large bs=1M 2>/dev/null; cmp large /bin/busybox || echo large differs
dd if=/bin/busybox of=pieces bs=777 count=300 2>/dev/null
dd if=/bin/busybox of=sparse bs=512 count=1 seek=5000 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo content $i >two/file$i; done
rm two/file3 two/file7; mv two/file1 two/three/moved; ln two/file2 hard; ln -s two/file2 soft; ln -s $(printf %0300d 7) long
mkfifo pipe; mknod null c 1 3; chmod 640 hard; chown 7:8 two/file4; truncate -s 100 pieces; truncate -s 70000 pieces
touch -d '2001-02-03 04:05:06' two/file5; echo more >>two/file6; printf X | dd of=large bs=1 seek=5000 conv=notrunc 2>/dev/null
cd / && sums() { (cd /mnt/one && find . -type f | sort | xargs sha256sum; ls -lRn --full-time . | grep -v '^total' | sed 's/.*[+-]0000//'; ls -ln two/file4 hard | sed 's/  */ /g' | cut -d' ' -f1-4) | sha256sum; }
sums >/tmp/before; umount /mnt || echo not unmounted
mount -t ext2 -o ro /dev/vda /mnt; sums >/tmp/after; cmp /tmp/before /tmp/after && echo same
(echo x >/mnt/new) 2>&1 | grep -o 'Read-only file system'
cat /mnt/one/soft; readlink /mnt/one/soft; readlink /mnt/one/long | wc -c; stat -c '%h %a' /mnt/one/hard; stat -c '%u %g' /mnt/one/two/file4; stat -c %Y /mnt/one/two/file5
stat -c "%s %b" /mnt/one/sparse | { read size blocks; echo $size $((blocks < 40)); }
umount /mnt || echo not unmounted
"""
SAID = ["same", "Read-only file system", "content 2", "two/file2", "301", "2 640", "7 8", "981173106",
        "2560512 1"]


@pytest.mark.parametrize("profile, machine, variant", [
    ("balanced", "microvm", "4k"), ("balanced", "q35", "journal"), ("balanced", "microvm", "1k"),
    ("fortress", "microvm", "2k-128"), ("fortress", "q35", "journal"),
    ("performance", "microvm", "1k"), ("ludicrous", "q35", "4k")])
def test_what_programs_write_is_there_after_the_next_mount(profile, machine, variant, tmp_path):
    image = make(tmp_path / "image", variant)
    done = boot(profile, WORK, image, machine=machine, smp=2 if machine == "q35" else 1)
    assert done.status == 0, done.err + done.log
    assert done.out.splitlines() == SAID, done.out + done.err + done.log
    assert problems(image) == ""
    assert run("debugfs", "-R", "cat /one/two/three/moved", image).endswith("content 1\n")
    large = tmp_path / "large"
    run("debugfs", "-R", f"dump /one/large {large}", image)
    assert large.read_bytes()[5000:5001] == b"X" and large.stat().st_size > 1 << 20


def test_what_linux_made_is_read(tmp_path):
    tree = tmp_path / "tree"
    (tree / "deep" / "er").mkdir(parents=True)
    (tree / "deep" / "er" / "text").write_text("from Linux\n", encoding="ascii")
    (tree / "big").write_bytes(bytes(range(256)) * 4000)
    (tree / "link").symlink_to("deep/er/text")
    image = tmp_path / "image"
    run("mke2fs", "-q", "-F", "-t", "ext2", "-d", tree, image, "8M")
    done = boot("balanced", "mkdir /m; mount /dev/vda /m; cat /m/link; sha256sum </m/big; "
                "find /m | wc -l; umount /m", image)
    expected = run("sha256sum", tree / "big").split()[0]
    assert done.out.splitlines() == ["from Linux", expected + "  -", "7"], done.out + done.err + done.log


@pytest.mark.parametrize("service", ["ext2.create/5", "ext2.extend/7", "ext2.unlink/3", "ext2.sync/2",
                                     "ext2.lookup/9", "ext2.map/9", "virtio_blk.submit/9"])
def test_services_fall_again_and_again_and_nothing_is_lost(service, tmp_path):
    """A program is told EIO of a change that did not happen, and makes it once more."""
    image = make(tmp_path / "image", "journal")
    command = """
    mkdir -p /mnt; mount -t ext2 /dev/vda /mnt || exit 1
    retry() { for try in 1 2 3 4 5 6; do "$@" 2>/dev/null && return 0; done; echo failed: "$@"; }
    put() { echo content $1 >/mnt/file$1; }
    copy() { cp /bin/busybox /mnt/copy$1; }
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do retry put $i; done
    for i in 1 2 3; do retry copy $i; done
    for i in 2 4 6 8 10 12 14 16; do [ -e /mnt/file$i ] && retry rm -f /mnt/file$i; sync; done
    for i in 1 3 5 7 9 11 13 15; do [ "$(cat /mnt/file$i)" = "content $i" ] || echo bad $i; done
    for i in 1 2 3; do cmp /mnt/copy$i /bin/busybox || echo bad copy $i; done
    retry umount /mnt
    grep -o '^ext2 .*\\|^virtio_blk .*' /proc/services
    """
    done = boot("fortress" if "create" in service else "balanced", command, image,
                append=f"inject={service} no-quarantine", smp=2)
    assert done.status == 0, done.err + done.log
    assert not re.search("^(failed|bad) |differ", done.out, re.MULTILINE), done.out + done.log
    rows = guest.services(" ".join(guest.COLUMNS) + "\n" + done.out)
    name = service.split(".")[0]
    assert set(rows) == {"ext2", "virtio_blk"}, done.out + done.log
    assert rows[name].state == "running" and rows[name].causes["panic"] >= 3, done.out
    assert problems(image) == "", done.log


def test_memory_that_is_mapped_reaches_the_disk(tmp_path):
    """A shared mapping is written to, past a hole too, and the file looked at with debugfs."""
    image = make(tmp_path / "image", "1k")
    done = boot("balanced", "mkdir /mnt; mount -t ext2 /dev/vda /mnt; truncate -s 9000 /mnt/file; "
                "/usr/lib/aramid/tests/map_write /mnt/file 4000 hello && "
                "/usr/lib/aramid/tests/map_write /mnt/file 8995 there && umount /mnt && echo gone", image)
    assert done.out == "gone\n", done.err + done.log
    out = tmp_path / "file"
    run("debugfs", "-R", f"dump /file {out}", image)
    expected = bytearray(9000)
    expected[4000:4005], expected[8995:9000] = b"hello", b"there"
    assert out.read_bytes() == bytes(expected)
    assert problems(image) == ""


def test_who_watches_is_told_of_the_end_and_mounts_say_what_they_are(tmp_path):
    image = make(tmp_path / "image", "1k")
    command = """
    mkdir '/a b'; mount -t ext2 -o ro /dev/vda '/a b'; grep vda /proc/mounts; grep -o '[0-9]*:[0-9]* / /a.*' /proc/self/mountinfo
    /usr/lib/aramid/tests/watch_end '/a b' && ls -A '/a b' && grep vda /proc/mounts || echo gone
    """
    done = boot("balanced", command, image)
    assert done.out.splitlines() == [
        r"/dev/vda /a\040b ext2 ro,relatime 0 0",
        r"254:0 / /a\040b ro,relatime - ext2 /dev/vda ro", "gone"], done.out + done.err + done.log


def test_a_full_disk_is_an_error_and_room_comes_back(tmp_path):
    image = tmp_path / "image"
    run("mke2fs", "-q", "-F", "-t", "ext2", "-b", "1024", "-m", "0", image, "1M")
    command = """
    mkdir /mnt; mount -t ext2 /dev/vda /mnt
    dd if=/dev/zero of=/mnt/all bs=1024 2>&1 | grep -o 'No space left on device'
    (echo more >/mnt/more) 2>&1 | grep -o "No space left on device"
    rm /mnt/all; head -c 200000 /bin/busybox >/mnt/again && head -c 200000 /bin/busybox | cmp - /mnt/again && echo fits
    umount /mnt && echo gone
    """
    done = boot("balanced", command, image)
    assert done.out.splitlines()[:2] == ["No space left on device"] * 2, done.out + done.err + done.log
    assert done.out.splitlines()[-2:] == ["fits", "gone"], done.out + done.err + done.log
    assert problems(image) == ""


def test_mounts_are_refused_with_a_reason(tmp_path):
    four = tmp_path / "four"
    run("mke2fs", "-q", "-F", "-t", "ext4", four, "8M")
    dirty = make(tmp_path / "dirty", "1k")
    run("debugfs", "-w", "-R", "ssv state 0", dirty)
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(range(256)) * 8192)
    good = make(tmp_path / "good", "1k")
    command = """
    mkdir /m /n; for d in a b c; do mount -t ext2 /dev/vd$d /m 2>&1 | sed 's/.*failed: //'; done
    mount -t ext2 -o ro /dev/vdb /m && ls /m && umount /m
    mount -t ext2 /dev/vdd /m; mount -t ext2 /dev/vdd /n 2>&1 | sed 's/.*failed: //'
    (echo x >/dev/vdd) 2>&1 | sed 's/.*: //'; cd /m; umount /m 2>&1 | sed 's/.*: //'; cd /; umount /m && echo gone
    mount -t ext7 /dev/vdd /m 2>&1 | sed 's/.*failed: //'; mount -t ext2 /dev/null /m 2>&1 | sed 's/.*failed: //'
    mount -t ext2 /dev/vdd /m; echo 1 >/m/f; mount -o remount,ro /dev/vdd /m; (echo 2 >/m/f) 2>&1 | sed 's/.*: //'
    mount -o remount,rw /dev/vdd /m && echo 3 >/m/f; cat /m/f; stat -f -c %t /m; umount /m
    """
    done = boot("balanced", command, four, dirty, noise, good)
    assert done.out.splitlines() == [
        "Operation not supported", "Structure needs cleaning", "Invalid argument", "lost+found",
        "Device or resource busy", "Device or resource busy", "Device or resource busy", "gone",
        "No such device", "Block device required", "Read-only file system", "3", "ef53"
    ], done.out + done.err + done.log
    assert problems(good) == ""


# What ext2 cannot do: an exchange of names, as on Linux' ext2, and files without one.
UNLIKE_TMPFS = {
    "directories_that_may_not_be_changed_do_not_move", "exchange_is_refused",
    "exchange_is_told_to_who_watches", "exchange_of_directories", "exchange_of_files",
    "nameless_files", "nameless_files_get_a_name",
}


def test_files_on_it_do_what_files_on_tmpfs_do(tmp_path):
    """The cases of tests/contract, which are compared with Linux there, with both under them."""
    image = make(tmp_path / "image", "journal")
    command = "cd {} && /usr/lib/aramid/tests/contract"
    on_tmpfs = boot("balanced", command.format("/tmp"), smp=2, timeout=120)
    on_disk = boot("balanced", "mkdir /mnt; mount -t ext2 /dev/vda /mnt && (" + command.format("/mnt") +
                   "); umount /mnt || echo not unmounted", image, smp=2, timeout=120)
    assert on_tmpfs.status == on_disk.status == 0, on_disk.err + on_disk.log
    wanted, said = guest.sections(on_tmpfs.out), guest.sections(on_disk.out)
    assert len(wanted) > 300
    assert {case for case in wanted if said.get(case) != wanted[case]} == UNLIKE_TMPFS
    assert problems(image) == ""
