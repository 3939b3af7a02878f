# SPDX-License-Identifier: MIT
"""The stress mix in its form of a minute. The long form is `./aramid stress`."""

import sys
from pathlib import Path

import guest
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import mix  # noqa: E402  (the path above comes first)

SECONDS = 60


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_a_minute_of_everything_leaves_no_leak_or_hang(profile):
    done = mix.run(profile, SECONDS)
    assert done.wrong == [], done.said


AUDIT = "".join(f"{name} 5\n" for name in (*guest.SUMMED, *guest.AUDITED[1:]))
SERVICES = ("== services\n" + " ".join(guest.COLUMNS) + "\n" +
            "tmpfs running roll-back 2 2 1 1 keys panic=2 -\n"
            "chaos running restart 9 9 1 1 keys panic=9 -\n")
ROUNDS = "".join(f"{name} rounds 3\n" for name in sorted(mix.ACTORS))
USUAL = f"== before\n{AUDIT}== mix\n{ROUNDS}status 0\n== after\n{AUDIT}{SERVICES}"


@pytest.mark.parametrize("status, out, wrong", [
    (0, USUAL, []),
    (251, "", ["the machine ended with status 251"]),
    (0, USUAL.replace("fork_storm rounds 3\n", "hang: fork_storm does not end\n"),
     ["hang: fork_storm does not end", "fork_storm did nothing"]),
    (0, USUAL.replace("status 0", "wrong: a.c:1: x"), ["wrong: a.c:1: x"]),
    (0, USUAL.replace("2 2 1", "2 1 1"), ["service tmpfs is running, 2 falls and 1 repairs"]),
    (0, USUAL.replace("9 9 1", "0 0 1"), ["chaos never fell"]),
    (0, USUAL.replace(f"after\n{AUDIT}", "after\n" + AUDIT.replace("vnodes 5", "vnodes 6")),
     ["vnodes was 5 and is 6"])])
def test_the_judge_says(status, out, wrong):
    assert mix.judge(guest.Result(status, out, "", "")).wrong == wrong
