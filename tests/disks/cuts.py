# SPDX-License-Identifier: MIT
"""Power cuts: a machine is ended in the middle of writing, and what its programs were told to be on the disk
is looked for. QEMU is ended, not the host: what the guest's device has answered is in the image.
"""

import random
import re
import sqlite3
import struct
import tempfile
from pathlib import Path

import e2fs
import guest

LOAD = "/usr/lib/aramid/tests/disk_load"
MASK = (1 << 64) - 1
REPLACED, PAGES, PAGE, SECTOR = 5, 16, 4096, 512  # as write_and_sync.c has them
LOG_FIRST = 1
# With a journal, which is what e2fsck -p needs (docs/decisions/0019).
SIZE, OPTIONS = "24M", "-t ext3 -b 4096"
# In a database's journal in memory, or without one, a cut may break it: sqlite's documentation says so.
MODES = ("delete", "truncate", "persist", "wal")

# Two programs that sync and one that does not share the disk.
FILES = f"""
mkdir /mnt; mount -t ext2 /dev/vda /mnt && mkdir /mnt/a /mnt/b /mnt/c && sync || exit 1
{LOAD} write /mnt/a SEED_A & {LOAD} write /mnt/b SEED_B &
cd /mnt/c; i=0
while :; do
    i=$((i+1)); mkdir -p d$((i%5)); head -c $((i*977)) /bin/busybox >big$((i%7)); echo $i >d$((i%5))/f$i
    rm -f d*/f$((i-9)); [ $((i%6)) = 0 ] && mv d$((i%5)) d$((i%3))/in$i 2>/dev/null
done
"""

# "extra" syncs the directory too when a journal's end is that its name goes.
DATABASE = """
mkdir /mnt; mount -t ext2 /dev/vda /mnt && sync || exit 1
(echo "pragma journal_mode=MODE; pragma synchronous=extra; create table t(k integer primary key, v text);"
 i=0; while [ $i -lt 3000 ]; do
    i=$((i+1)); echo "insert into t values($i, printf('%.*c', 40+$i*37%3000, 'x')); select 'synced /mnt $i';"
    [ $((i%9)) = 0 ] && echo "update t set v = v || 'y' where k % 5 = 0;"
 done) | sqlite3 /mnt/data
"""


def words(seed, round_, count):
    first = (seed << 48) + (round_ << 16)
    return struct.pack(f"<{count}Q", *((first + i) & MASK for i in range(count)))


def is_mixed(page, new, old):
    """Whether each sector is one of the two's: what a write that was never answered leaves."""
    return all(page[at:at + SECTOR] in (new[at:at + SECTOR], old[at:at + SECTOR])
               for at in range(0, PAGE, SECTOR))


def wrong_log(text, seed, synced):
    """Records are there in their order, all that were synced, and of the next one perhaps a part."""
    at, round_ = 0, LOG_FIRST
    while at < len(text):
        count = 2 + round_ * 29 % 510
        record = struct.pack("<2Q", count, round_) + words(seed, round_, count)[16:]
        if text[at:at + len(record)] != record:
            break
        at, round_ = at + len(record), round_ + 3
    if round_ <= synced:
        return [f"log: the record of round {round_} is not what was synced"]
    if at < len(text) and round_ > synced + 1:
        return [f"log: {len(text) - at} bytes behind round {round_ - 3} that nobody wrote"]
    return []


def wrong_pages(text, seed, synced):
    if len(text) != PAGES * PAGE:
        return [f"pages: {len(text)} bytes"]
    wrong = []
    for place in range(PAGES):
        page = text[place * PAGE:(place + 1) * PAGE]
        rounds = [r for r in range(2, synced + 1, 3) if r * 7 % PAGES == place]
        old = words(seed, rounds[-1], PAGE // 8) if rounds else bytes(PAGE)
        next_ = synced + 1
        under_way = next_ % 3 == 2 and next_ * 7 % PAGES == place
        if page != old and not (under_way and is_mixed(page, words(seed, next_, PAGE // 8), old)):
            wrong.append(f"pages: page {place} is not what was synced")
    return wrong


def wrong_replaced(folder, seed, synced):
    wrong = []
    for number in range(REPLACED):
        rounds = [r for r in range(3, synced + 2, 3) if r // 3 % REPLACED == number]
        last = [r for r in rounds if r <= synced][-1:]
        path = folder / f"replace-{number}"
        # The last one that was synced, or the one that was under way.
        allowed = [words(seed, r, 1 + r * 37 % 8192) for r in (last + [r for r in rounds if r > synced])]
        there = path.read_bytes() if path.exists() else None
        if there not in allowed and (last or there is not None):
            wrong.append(f"{path.name}: is not what was synced")
    return wrong


def wrong_files(folder, seed, synced):
    """What is wrong with what `disk_load write` has left, when it said so many rounds."""
    if synced is None:
        return []
    return (wrong_log((folder / "log").read_bytes(), seed, synced) +
            wrong_pages((folder / "pages").read_bytes(), seed, synced) +
            wrong_replaced(folder, seed, synced))


def wrong_database(path, synced):
    if synced is None:
        return []
    data = sqlite3.connect(path)
    try:
        checked = [row[0] for row in data.execute("pragma integrity_check")]
        keys = [row[0] for row in data.execute("select k from t order by k")]
    except sqlite3.Error as error:
        return [f"database: {error}"]
    finally:
        data.close()
    wrong = [] if checked == ["ok"] else [f"database: {line}" for line in checked]
    # The next one may have been committed, and not yet said.
    if keys not in (list(range(1, synced + 1)), list(range(1, synced + 2))):
        wrong.append(f"database: {len(keys)} rows, {synced} were committed")
    return wrong


def last_synced(said, directory):
    rounds = re.findall(rf"^synced {directory} (\d+)$", said, re.MULTILINE)
    return int(rounds[-1]) if rounds else None


def preen(image):
    """e2fsck -p mends it by itself: what it says when it does not."""
    try:
        e2fs.run("e2fsck", "-p", image, statuses=(0, 1))
        return [f"after e2fsck -p: {line}" for line in e2fs.problems(image).splitlines()]
    except AssertionError as error:
        return [f"e2fsck -p: {line}" for line in str(error).splitlines()[-4:]]


def run(options, number, database=False):
    """One cut."""
    chance = random.Random(f"{options.seed} {number}")
    seed, mode = chance.randrange(1, 1 << 15), MODES[number % len(MODES)]
    lines, delay = chance.randrange(1, 120), chance.random() * 0.1
    command = DATABASE.replace("MODE", mode) if database else FILES.replace(
        "SEED_A", str(seed)).replace("SEED_B", str(seed + 1))
    with tempfile.TemporaryDirectory(prefix="aramid-cut.") as name:
        folder = Path(name)
        image = e2fs.make(folder / "image", SIZE, OPTIONS)
        said = guest.cut(options.profile, command, after=lines, delay=delay, timeout=options.timeout,
                         machine=("microvm", "q35")[number % 2], smp=1 + number // 2 % 2,
                         root="debian" if database else "small",
                         more=("--disk", str(image), *options.boot_words))
        wrong = preen(image)
        rounds = said.count("synced ")
        if rounds < lines // 2:
            wrong.append(f"the machine was gone after {rounds} rounds:\n{said[-2000:]}")
        if not wrong:
            e2fs.run("debugfs", "-R", f"rdump / {folder}", image)
            if database:
                wrong = wrong_database(folder / "data", last_synced(said, "/mnt"))
            else:
                for one, its_seed in (("a", seed), ("b", seed + 1)):
                    wrong += [f"{one}/{line}" for line in wrong_files(
                        folder / one, its_seed, last_synced(said, f"/mnt/{one}"))]
    return {"figures": {"cuts": 1, "rounds synced": rounds}, "wrong": wrong}


def run_database(options, number):
    return run(options, number, database=True)
