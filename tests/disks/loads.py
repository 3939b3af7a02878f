# SPDX-License-Identifier: MIT
"""Campaigns in which the guest's program does many at a time: operations against a model, and file
systems that are broken.
"""

import re
import shutil
import tempfile
from pathlib import Path

import e2fs
import guest
from cuts import LOAD

# Operations, and broken images, of one boot.
BOOT_OPERATIONS, BOOT_IMAGES = 20_000, 200
SEEDS_APART = 1_000_000  # of one campaign and the next, whose images have numbers of their own
OPERATED = (("24M", "-t ext3 -b 4096"), ("16M", "-t ext2 -b 1024"), ("16M", "-t ext2 -b 2048 -I 128"),
            ("3M", "-t ext2 -b 1024 -m 0"))  # the last one is full now and then
SPOILED = (("1M", "-t ext2 -b 1024 -N 256"), ("2M", "-t ext2 -b 4096 -N 256"),
           ("4M", "-t ext3 -b 1024 -J size=1 -N 256"), ("1M", "-t ext2 -b 1024 -I 128 -N 128"))
CRASHED, TIMED_OUT = 251, 252
# What a program's end, or a file system's, may leave to be freed later; nothing else may differ.
PAGES_OFF = 8


def ending(done):
    """What is wrong with how the machine ended."""
    if done.status == 0:
        return []
    what = {CRASHED: "kernel panic", TIMED_OUT: "hang: the machine's time was up"}
    return [what.get(done.status, f"the machine ended with status {done.status}") +
            f":\n{(done.out + done.err + done.log)[-3000:]}"]


def falls(text):
    return [f"service {one.name} fell {one.contained} times, the last time in {one.last_fall}"
            for one in guest.services(text).values() if one.contained or one.state == "quarantined"]


def leaks(before, after):
    off = {"pages_free_or_in_heaps": PAGES_OFF}
    return [f"{name} was {before[name]} and is {after[name]}" for name in guest.AUDITED
            if abs(before[name] - after[name]) > off.get(name, 0)]


def machine(number):
    return {"machine": ("microvm", "q35")[number % 2], "smp": 1 + number // 2 % 2}


def boot(options, number, command, *disks):
    """One boot: (what the load said, what is wrong)."""
    script = f"""
    mkdir /mnt /spoiled; mount -t ext2 /dev/vda /mnt && umount /mnt
    echo == before; {guest.AUDIT}
    echo == load; {command}
    echo == after; {guest.AUDIT}
    echo == services; cat /proc/services
    """
    words = [word for disk in disks for word in ("--disk", disk)]
    done = guest.boot(options.profile, script, timeout=options.timeout, **machine(number),
                      more=(*words, *options.boot_words))
    parts, wrong = guest.sections(done.out), ending(done)
    said = parts.get("load", "")
    wrong += re.findall(r"^wrong: .*$", said, re.MULTILINE)
    if not wrong:
        wrong += falls(parts["services"])
        wrong += leaks(guest.least_used(parts["before"]), guest.least_used(parts["after"]))
    return said, wrong


def counted(said, pattern, names):
    """The figures of the load's last line."""
    found = re.search(pattern, said, re.MULTILINE)
    return dict(zip(names, map(int, found.groups()))) if found else {}


def operate(options, number):
    """Operations against a model; e2fsck looks at what they leave."""
    count = min(BOOT_OPERATIONS, options.count - number * BOOT_OPERATIONS)
    with tempfile.TemporaryDirectory(prefix="aramid-disk.") as folder:
        image = e2fs.make(Path(folder) / "image", *OPERATED[number % len(OPERATED)])
        said, wrong = boot(options, number, f"mount -t ext2 /dev/vda /mnt && {LOAD} operate "
                           f"/mnt {options.seed * SEEDS_APART + number} {count}; umount /mnt", str(image))
        wrong += [f"e2fsck: {line}" for line in e2fs.problems(image).splitlines()]
    figures = counted(said, r"^(\d+) operations, (\d+) without room$", ("operations", "without room"))
    if not figures and not wrong:
        wrong.append(f"the load did not end:\n{said[-2000:]}")
    return {"figures": figures, "wrong": wrong}


def original(folder, number):
    """A file system in which a little of everything is."""
    tree = Path(folder) / "tree"
    (tree / "deep" / "er" / "still").mkdir(parents=True)
    for i in range(30):
        (tree / ("deep" if i % 2 else ".") / f"file-{i}").write_bytes(bytes([i]) * (i * i * 40))
    (tree / "deep" / "er" / "short").symlink_to("../file-1")
    (tree / "deep" / "er" / "long").symlink_to("../../" * 20 + "deep/er")
    (tree / "another name").hardlink_to(tree / "file-4")
    size, how = SPOILED[number % len(SPOILED)]
    return e2fs.make(Path(folder) / "original", size, f"{how} -d {tree}")


def spoil(options, number):
    """Broken images: they may answer errors, and nothing falls."""
    first, count = number * BOOT_IMAGES, min(BOOT_IMAGES, options.count - number * BOOT_IMAGES)
    with tempfile.TemporaryDirectory(prefix="aramid-disk.") as folder:
        good = original(folder, number)
        spoiled = shutil.copy(good, Path(folder) / "spoiled")
        said, wrong = boot(options, number, f"{LOAD} spoil /dev/vda /dev/vdb "
                           f"{options.seed * SEEDS_APART + first} {count}", str(spoiled), f"ro:{good}")
    figures = counted(said, r"^(\d+) images, (\d+) mounted, (\d+) errors$", ("images", "mounted", "errors"))
    if not figures and not wrong:
        wrong.append(f"the load did not end:\n{said[-2000:]}")
    return {"figures": figures, "wrong": wrong}
