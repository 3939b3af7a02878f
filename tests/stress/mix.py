# SPDX-License-Identifier: MIT
"""The stress mix (main.c) in a guest, and what must hold after it."""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import guest  # noqa: E402  (the path above comes first)

PROGRAM = "/usr/lib/aramid/tests/stress"
# Each 50th append to a file of tmpfs falls in the middle; chaos falls at each reading.
OPTIONS = "chaos no-quarantine inject=tmpfs.extend/50"
ACTORS = {"fork_storm", "map_churn", "signal_storm", "pipe_stream", "thread_storm", "file_churn",
          "fall_often"}
# What is allocated once and kept is no leak: it is there after these.
FIRST_SECONDS = 3
# To boot, for an actor's last round, and for a host that has more to do.
GRACE_SECONDS = 240


@dataclass
class Mix:
    wrong: list = field(default_factory=list)   # what must not be, one line each
    rounds: dict = field(default_factory=dict)  # of each kind of actor
    falls: dict = field(default_factory=dict)   # of each service
    said: str = ""                              # by the machine, when something is wrong


def commands(seconds):
    return f"""
{PROGRAM} {FIRST_SECONDS} >/dev/null
echo == before; {guest.AUDIT}
echo == mix; {PROGRAM} {seconds}; echo status $?
echo == after; {guest.AUDIT}
echo == services; cat /proc/services
"""


def _leaks(parts):
    before, after = (guest.least_used(parts[when]) for when in ("before", "after"))
    return [f"{name} was {before[name]} and is {after[name]}" for name in guest.AUDITED
            if before[name] != after[name]]


def _unrepaired(table):
    return [f"service {service.name} is {service.state}, {service.contained} falls and "
            f"{service.restarts} repairs" for service in table.values()
            if service.state != "running" or service.contained != service.restarts]


def judge(done):
    """The Mix of a guest.Result."""
    mix = Mix()
    parts = guest.sections(done.out)
    said = parts.get("mix", "")
    if done.status:
        mix.wrong.append(f"the machine ended with status {done.status}")
    mix.wrong += re.findall(r"^(?:wrong|hang): .*$", said, re.MULTILINE)
    for name, rounds in re.findall(r"^(\w+) rounds (\d+)$", said, re.MULTILINE):
        mix.rounds[name] = mix.rounds.get(name, 0) + int(rounds)
    if not done.status:
        mix.wrong += [f"{name} did nothing" for name in sorted(ACTORS) if not mix.rounds.get(name)]
        table = guest.services(parts["services"])
        mix.falls = {service.name: service.contained for service in table.values()}
        mix.wrong += [f"{name} never fell" for name in ("chaos", "tmpfs") if not mix.falls[name]]
        mix.wrong += _leaks(parts) + _unrepaired(table)
    if mix.wrong:
        mix.said = done.out + done.err + done.log[-4000:]
    return mix


def run(profile, seconds, more=()):
    return judge(guest.boot(profile, commands(seconds), smp=2, append=OPTIONS, more=more,
                            timeout=seconds + GRACE_SECONDS))
