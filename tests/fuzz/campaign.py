# SPDX-License-Identifier: MIT
"""Runs of the system-call fuzzer (main.c) in a guest, and what is wrong with one."""

import re
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import guest  # noqa: E402  (the path above comes first)

PROGRAM = "/usr/lib/aramid/tests/fuzz"
# Calls of one boot: few, so that a failure is soon there again.
BOOT_CALLS = 20_000
# What is allocated once and kept is no leak: it is there after these.
FIRST_CALLS = 3_000
CRASHED, TIMED_OUT = 251, 252


@dataclass
class Run:
    """One boot of a campaign."""
    seed: int
    calls: int = 0
    made: int = 0
    succeeded: int = 0
    never: list = field(default_factory=list)   # calls that never succeeded
    wrong: list = field(default_factory=list)   # what must not be, one line each
    said: str = ""                              # by the machine, when something is wrong


def commands(profile, seed, count):
    """Ludicrous takes user addresses as they are: a program that gives it the kernel's is at fault."""
    mode = "unchecked" if profile == "ludicrous" else "checked"
    return f"""
{PROGRAM} {seed} {FIRST_CALLS} {mode} >/dev/null
echo == before; {guest.AUDIT}
echo == fuzz; {PROGRAM} {seed} {count} {mode}; echo status $?
echo == after; {guest.AUDIT}
echo == services; cat /proc/services
"""


def usual(text):
    """What most of the readings that guest.AUDIT printed say: one may meet a process that ends."""
    readings = [guest.audit(reading) for reading in text.strip().split("\n\n")]
    return {name: statistics.mode(one[name] for one in readings) for name in guest.AUDITED}


def leaks(before, after):
    """Spinlocks are left out: the scheduler asserts at each switch that its CPU holds none, and where
    instructions are counted each reading may meet the other CPU in the middle of the same thing."""
    return [f"{name} was {before[name]} and is {after[name]}" for name in guest.AUDITED
            if before[name] != after[name] and name != "spinlocks_held"]


def falls(table):
    """The services that fell: no call may bring one down."""
    return [f"service {service.name} fell {service.contained} times"
            for service in table.values() if service.contained or service.state == "quarantined"]


def judge(seed, done):
    """The Run of a guest.Result."""
    run = Run(seed)
    if done.status:
        ending = {CRASHED: "kernel panic", TIMED_OUT: "hang: the machine's time was up"}
        run.wrong.append(ending.get(done.status, f"the machine ended with status {done.status}"))
    parts = guest.sections(done.out)
    said = parts.get("fuzz", "")
    counts = re.search(r"^calls (\d+), of \d+ kinds (\d+) made and (\d+) succeeded$", said,
                       re.MULTILINE)
    if counts:
        run.calls, run.made, run.succeeded = map(int, counts.groups())
        run.never = re.search(r"^never succeeded:(.*)$", said, re.MULTILINE).group(1).split()
    run.wrong += re.findall(r"^(?:wrong|hang|fuzz): .*$", said, re.MULTILINE)
    if not done.status:
        if not re.search(r"^status 0$", said, re.MULTILINE) and not run.wrong:
            run.wrong.append("the fuzzer did not end well")
        run.wrong += leaks(usual(parts["before"]), usual(parts["after"]))
        run.wrong += falls(guest.services(parts["services"]))
    if run.wrong:
        run.said = done.out + done.err + done.log
    return run


def run(profile, seed, count=BOOT_CALLS, parallel=False, timeout=300, more=()):
    """One boot. Counting instructions, the machine does the same for the same seed; in parallel its
    CPUs are threads of the host, and run as they come."""
    how = () if parallel else ("--icount",)
    return judge(seed, guest.boot(profile, commands(profile, seed, count), smp=2, timeout=timeout,
                                  more=(*how, *more)))
