# SPDX-License-Identifier: MIT
"""prove proves the tree, and fails on each of a table of bugs seeded into a copy of it."""
import os
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

CHECK, MINT, REVOKE = "caps/src/check.c", "caps/src/mint.c", "caps/src/revoke.c"
RANGE = "kernel/mm/user_range.h"

# The bug, the target, the file, what stands there, and what the bug makes of it.
BUGS = {
    "kind is not compared": ("validation", CHECK, " | of_kind", ""),
    "owner is not compared": ("validation", CHECK, " | of_owner", ""),
    "slot bound is off by one":
        ("validation", CHECK, "token.slot < CAP_TABLE_SLOTS", "token.slot <= CAP_TABLE_SLOTS"),
    "wrong slot is read": ("validation", CHECK, "&cap_table[token.slot]", "&cap_table[token.slot / 2]"),
    "zeroed token is accepted": ("validation", CHECK, " | zeroed", ""),
    "wrong nonce is let through":
        ("validation", CHECK, "if (why != CAP_ACCEPTED)",
         "if (why != CAP_ACCEPTED && why != CAP_REFUSED_NONCE)"),
    "live slot is given out again":
        ("minting", MINT, "cap_load_relaxed(&cap_table[slot].live) == 0 &&", "1 &&"),
    "generation does not advance": ("minting", MINT, "entry->last + 1", "entry->last"),
    "delegation binds to the giver":
        ("minting", MINT, "cap_current_owner(), new_owner)", "cap_current_owner(), 0)"),
    "revocation misses the first slot":
        ("revocation", REVOKE, "for (slot = 0; slot", "for (slot = 1; slot"),
    "range check overflows":
        ("access_ok", RANGE, "size <= USER_LIMIT && addr <= USER_LIMIT - size",
         "addr + size <= USER_LIMIT"),
    "range end is off by one":
        ("access_ok", RANGE, "addr <= USER_LIMIT - size", "addr <= USER_LIMIT - size + 1"),
    "array product overflows": ("access_ok", RANGE, "count <= USER_LIMIT / size && ", ""),
}


def prove(*arguments, environment=None):
    return subprocess.run([os.path.join(ROOT, "frama", "prove"), *arguments],
                          capture_output=True, text=True, env=environment, check=False)


def copy_tree(to):
    for folder in ("annotations", "caps/include", "caps/src", "frama"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)
    (to / RANGE).parent.mkdir(parents=True)
    shutil.copy(os.path.join(ROOT, RANGE), to / RANGE)


def test_every_goal_of_the_tree_is_proved():
    done = prove()
    last = done.stdout.splitlines()[-1].split()
    assert done.returncode == 0, done.stdout + done.stderr
    assert last[0] == "proved" and last[1] == last[3] and int(last[1]) > 100


@pytest.mark.parametrize("bug", BUGS)
def test_a_seeded_bug_is_not_proved(bug, tmp_path):
    target, file, before, after = BUGS[bug]
    copy_tree(tmp_path)
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1))
    done = prove(target, "--root", str(tmp_path), "--timeout", "2")
    last = done.stdout.splitlines()[-1].split()
    assert done.returncode == 1
    assert ": error: " in done.stdout, done.stderr
    assert 0 < int(last[1]) < int(last[3])


def test_a_fact_believed_beyond_the_table_is_an_error(tmp_path):
    copy_tree(tmp_path)
    header = tmp_path / RANGE
    header.write_text(header.read_text() + "/*@ axiomatic wrong { axiom a: 0 == 1; } */\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "believed, but targets.list does not allow it" in done.stdout


def test_source_that_frama_c_cannot_read_is_not_proved(tmp_path):
    copy_tree(tmp_path)
    (tmp_path / RANGE).write_text("int broken( {\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "proved 0 of 1 goals"


def test_the_report_has_each_property_with_its_status(tmp_path):
    done = prove("access_ok", "--report", str(tmp_path / "report"))
    assert done.returncode == 0
    assert "user_range_ok" in (tmp_path / "report" / "access_ok.csv").read_text()
    assert "Proved goals" in (tmp_path / "report" / "access_ok.log").read_text()


def test_an_unknown_target_is_one_line_and_status_2():
    done = prove("nothing")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no target 'nothing'" in done.stderr


def test_a_missing_prover_is_named_with_its_package(tmp_path):
    for tool in ("frama-c", "why3", "cvc4", "gcc", "python3", "env"):
        os.symlink(shutil.which(tool), tmp_path / tool)
    done = prove("access_ok", environment=dict(os.environ, PATH=str(tmp_path)))
    assert done.returncode == 2
    assert done.stderr == "prove: z3 missing: install z3\n"
