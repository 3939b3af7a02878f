# SPDX-License-Identifier: MIT
"""The campaign of changes to the proved code, in its short form, and that it can fail.

The long form is frama/mutations/run.
"""
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUN = os.path.join(ROOT, "frama", "mutations", "run")
sys.path.insert(0, os.path.dirname(RUN))

import campaign  # noqa: E402  (the path above comes first)

# Which of the changes: another number tries others.
SEED = os.environ.get("ARAMID_SEED", "1")


def run(*arguments):
    return subprocess.run([RUN, *arguments], capture_output=True, text=True, check=False)


def test_a_sample_of_the_changes_is_not_proved():
    done = run("--quick", "--sample", "12", "--seed", SEED, "--timeout", "3")
    last = done.stdout.splitlines()[-1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.match(r"\d+ changes: \d+ failed \(", last), last
    assert ": failed: " in done.stdout


def test_there_are_sixty_changes_and_each_target_of_them_has_a_control():
    rows = campaign.all_changes()
    targets = {row.target.partition(":")[0] for row in rows if not row.control}
    assert sum(not row.control for row in rows) >= 60
    assert targets - {"eva"} == {row.target.partition(":")[0] for row in rows if row.control}
    assert len({row.name for row in rows}) == len(rows)


@pytest.mark.parametrize("change", campaign.all_changes(), ids=lambda change: change.name)
def test_a_change_has_its_place_in_the_tree(change):
    with open(os.path.join(ROOT, change.file), encoding="utf-8") as file:
        assert change.before in file.read()
    assert change.before != change.after


def test_the_page_has_every_change():
    with open(os.path.join(ROOT, "docs", "proof-mutations.md"), encoding="utf-8") as file:
        page = file.read()
    missing = [row.name for row in campaign.all_changes() if f"| {row.name} |" not in page]
    assert not missing


def outcome(goals, control=False, name="a change"):
    return campaign.Outcome(campaign.Change(name, "t", "f", "a", "b", control), goals, False)


@pytest.mark.parametrize("outcomes, explained, status", [
    ([outcome(["g"])] * 60, {}, 0),
    ([outcome(["g"])] * 60 + [outcome([])], {}, 1),
    ([outcome(["g"])] * 60 + [outcome([])], {"a change": "why"}, 0),
    ([outcome(["g"])] * 18 + [outcome([])], {"a change": "why"}, 1),
    ([outcome(["g"])] * 60 + [outcome([], control=True)], {}, 0),
    ([outcome(["g"])] * 60 + [outcome(["g"], control=True)], {}, 1),
], ids=["all fail", "an unexplained survivor", "an explained one", "too many survivors",
        "a control is proved", "a control is not proved"])
def test_the_sum_of(outcomes, explained, status, capsys):
    assert campaign.sum_up(outcomes, explained) == status
    assert f"{len(outcomes)} changes: " in capsys.readouterr().out or \
        any(one.change.control for one in outcomes)


def test_a_change_that_means_the_same_is_told_as_a_survivor(tmp_path, monkeypatch, capsys):
    same = campaign.Change("the same", "table", "caps/src/sound.c", "return true;", "return 1;")
    monkeypatch.setattr(campaign, "all_changes", lambda: [same])
    monkeypatch.setattr(campaign, "KEPT", str(tmp_path))
    options = campaign.parse_options(["--timeout", "5"])
    assert campaign.run(options) == 1
    assert "table: the same: SURVIVED" in capsys.readouterr().out


def test_an_unknown_change_is_one_line_and_status_2():
    done = run("--only", "nothing")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no change or target 'nothing'" in done.stderr
