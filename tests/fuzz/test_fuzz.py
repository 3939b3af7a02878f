# SPDX-License-Identifier: MIT
"""The system-call fuzzer in its short form, and that its judge can say no. The long form is
`./aramid fuzz`.
"""

import json
import subprocess
from pathlib import Path

import guest
import pytest

import campaign

ROOT = Path(__file__).resolve().parents[2]
# Of the table's kinds of call, how many succeed in any run of 20,000: what is refused at its first
# look at the arguments was hardly tried.
SUCCEED_LEAST = 150
# Those that not every profile may have (campaign.py, arguments.c).
NOT_EVERYWHERE = 1


@pytest.fixture(scope="module")
def kinds():
    """How many system calls the table has."""
    table = (ROOT / "kernel/syscall/syscalls.def").read_text(encoding="utf-8")
    return sum(line.startswith("SYSCALL") for line in table.splitlines())


@pytest.mark.parametrize("profile", guest.PROFILES)
def test_20000_calls_leave_no_fault_hang_or_leak(profile, kinds):
    run = campaign.run(profile, seed=1)
    assert run.wrong == [], run.said
    assert run.calls >= campaign.BOOT_CALLS
    assert run.made >= kinds - NOT_EVERYWHERE
    assert run.succeeded >= SUCCEED_LEAST, run.never


def test_the_same_seed_makes_the_same_calls():
    runs = [campaign.run("balanced", seed, count=2000) for seed in (7, 7, 8)]
    assert runs[0] == runs[1] != runs[2]


def test_the_command_writes_its_figures(tmp_path):
    path = tmp_path / "figures.json"
    done = subprocess.run([ROOT / "aramid", "fuzz", "--profile", "performance", "--seed", "3",
                           "--count", "2000", "--parallel", "--json", path], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(path.read_text())
    assert (figures["profile"], figures["boots"], figures["failures"]) == ("performance", 1, [])
    assert 2000 <= figures["calls"] < 4000
    assert done.stdout.startswith(f"{figures['calls']} calls, 0 failures; performance, 1 boots")


AUDIT = "".join(f"{name} 5\n" for name in (*guest.SUMMED, *guest.AUDITED[1:]))
SERVICES = "== services\n" + " ".join(guest.COLUMNS) + "\ntmpfs running roll-back 0 0 1 1 keys - -\n"
USUAL = (f"== before\n{AUDIT}== fuzz\ncalls 9, of 3 kinds 2 made and 1 succeeded\n"
         f"never succeeded: read\nstatus 0\n== after\n{AUDIT}{SERVICES}")


@pytest.mark.parametrize("status, out, wrong", [
    (0, USUAL, []),
    (251, "", ["kernel panic"]),
    (252, "", ["hang: the machine's time was up"]),
    (254, "", ["the machine ended with status 254"]),
    (0, USUAL.replace("status 0", "status 139"), ["the fuzzer did not end well"]),
    (0, USUAL.replace("status 0", "wrong: read(0x1) = -512\nstatus 1"), ["wrong: read(0x1) = -512"]),
    (0, USUAL.replace("status 0", "hang: process 9 does not end\nstatus 3"),
     ["hang: process 9 does not end"]),
    (0, USUAL.replace(f"after\n{AUDIT}", "after\n" + AUDIT.replace("vnodes 5", "vnodes 6")),
     ["vnodes was 5 and is 6"]),
    (0, USUAL.replace(f"after\n{AUDIT}", "after\n" + AUDIT.replace("pages_free 5", "pages_free 3")),
     ["pages_free_or_in_heaps was 15 and is 13"]),
    (0, USUAL.replace("roll-back 0", "roll-back 2"), ["service tmpfs fell 2 times"])])
def test_the_judge_says(status, out, wrong):
    run = campaign.judge(1, guest.Result(status, out, "", ""))
    assert run.wrong == wrong
    assert bool(run.said) == bool(wrong and out)
