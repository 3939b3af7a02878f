# SPDX-License-Identifier: MIT
"""The disks' campaigns in their short form, and that their judges can say no. The long form is
`./aramid disks`.
"""

import json
import os
import sqlite3
import subprocess

import cuts
import guest
import loads
import pytest

DISKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "disks")
SEED, SYNCED = 77, 31


def campaign(path, *words):
    """(exit status, figures, what was said) of a campaign."""
    done = subprocess.run([DISKS, *map(str, words), "--json", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=600)
    return done.returncode, json.loads(path.read_text()) if path.exists() else None, done.stdout


@pytest.mark.parametrize("kind, profile, count, figure, least", [
    ("cuts", "balanced", 1, "rounds synced", 5), ("databases", "fortress", 1, "rounds synced", 5),
    ("images", "balanced", 40, "mounted", 10), ("operations", "fortress", 1500, "operations", 1500)])
def test_a_short_campaign_finds_nothing(kind, profile, count, figure, least, tmp_path):
    status, result, said = campaign(tmp_path / "json", kind, "--profile", profile, "--count", count)
    assert status == 0 and result["failures"] == [], said
    assert result["figures"][figure] >= least, said


def test_an_ended_campaign_goes_on_where_it_was_and_another_is_refused(tmp_path):
    path = tmp_path / "json"
    words = ["operations", "--count", "10", "--no-build"]
    assert campaign(path, *words)[0] == 0
    journal = tmp_path / "json.journal"
    identity, row = map(json.loads, journal.read_text().splitlines())
    row["figures"]["operations"] = 11
    journal.write_text(f"{json.dumps(identity)}\n{json.dumps(row)}\n")
    # Nothing is left to be done: the figures are the journal's.
    status, result, said = campaign(path, *words)
    assert (status, result["figures"]["operations"]) == (0, 11), said
    status, _, said = campaign(path, *words, "--seed", "2")
    assert status == 2 and "of another campaign (seed differ)" in said


@pytest.fixture
def left(tmp_path):
    """What `disk_load write` leaves when it was ended after a round."""
    log = b"".join(cuts.struct.pack("<2Q", 2 + r * 29 % 510, r) + cuts.words(SEED, r, 2 + r * 29 % 510)[16:]
                   for r in range(1, SYNCED + 1, 3))
    pages = bytearray(cuts.PAGES * cuts.PAGE)
    for r in range(2, SYNCED + 1, 3):
        at = r * 7 % cuts.PAGES * cuts.PAGE
        pages[at:at + cuts.PAGE] = cuts.words(SEED, r, cuts.PAGE // 8)
    (tmp_path / "log").write_bytes(log)
    (tmp_path / "pages").write_bytes(pages)
    for r in range(3, SYNCED + 1, 3):
        (tmp_path / f"replace-{r // 3 % cuts.REPLACED}").write_bytes(cuts.words(SEED, r, 1 + r * 37 % 8192))
    return tmp_path


def test_what_was_synced_and_the_round_after_it_are_no_failure(left):
    assert cuts.wrong_files(left, SEED, SYNCED) == []
    # Round 32 writes page 0 over; some of its sectors are there.
    pages = bytearray((left / "pages").read_bytes())
    pages[512:1024] = cuts.words(SEED, SYNCED + 1, cuts.PAGE // 8)[512:1024]
    (left / "pages").write_bytes(pages)
    assert cuts.wrong_files(left, SEED, SYNCED) == []
    assert cuts.wrong_files(left, SEED, SYNCED + 1) != []
    assert cuts.wrong_files(left, SEED + 1, SYNCED) != []


@pytest.mark.parametrize("name, change, told", [
    ("log", lambda text: text[:-1], "log: the record of round 31"),
    ("log", lambda text: b"\0" + text[1:], "log: the record of round 1"),
    ("pages", lambda text: text[:14 * 4096] + bytes(4096) + text[15 * 4096:], "pages: page 14"),
    ("pages", lambda text: text[:-4096], "pages: 61440 bytes"),
    ("replace-0", lambda text: text[:-8], "replace-0"),
    ("replace-0", lambda text: cuts.words(SEED, 15, 1 + 15 * 37 % 8192), "replace-0"),
    ("replace-4", None, "replace-4"),
])
def test_what_is_lost_after_a_cut_is_told(left, name, change, told):
    path = left / name
    if change:
        path.write_bytes(change(path.read_bytes()))
    else:
        path.unlink()
    wrong = cuts.wrong_files(left, SEED, SYNCED)
    assert len(wrong) == 1 and wrong[0].startswith(told), wrong


def test_a_database_that_lost_a_commit_or_is_broken_is_told(tmp_path):
    path = tmp_path / "data"
    data = sqlite3.connect(path)
    data.execute("create table t(k integer primary key, v text)")
    data.executemany("insert into t values(?, ?)", [(k, "x" * 900) for k in range(1, 51)])
    data.commit()
    data.close()
    assert cuts.wrong_database(path, 50) == cuts.wrong_database(path, 49) == []
    assert cuts.wrong_database(path, 51) == ["database: 50 rows, 51 were committed"]
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(4096) + whole[12288:])
    assert cuts.wrong_database(path, 50) != []


def test_a_fall_a_leak_and_a_crash_are_told():
    before = dict.fromkeys(guest.AUDITED, 100)
    assert loads.leaks(before, before) == []
    assert loads.leaks(before, {**before, "vnodes": 101}) == ["vnodes was 100 and is 101"]
    table = " ".join(guest.COLUMNS) + "\next2 running restart 1 1 2 0 none wild=1 wild@create:ext2_create+2"
    assert loads.falls(table) == ["service ext2 fell 1 times, the last time in wild@create:ext2_create+2"]
    assert loads.falls(table.replace(" 1 1 2 0 none wild=1", " 0 0 2 0 none -")) == []
    crash = loads.ending(guest.Result(251, "", "dump", ""))
    assert len(crash) == 1 and crash[0].startswith("kernel panic")
