#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A storm of panics and faults of one service, from two CPUs at once, and what it leaves behind.

  tests/boot/panic_storm.py --profile PROFILE [--count N] [--timeout S]

Each way to fail at once is taken by two loops of reading programs, N times in all (1,000,000).
Afterwards memory, locks, references and tokens must be as they were, each fall counted and
repaired, and files elsewhere unharmed. The last line is 'N containments, C checks, W wrong'.
Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.
"""

import argparse
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import guest  # noqa: E402  (the path above comes first)

# Every way to fail at once: the file in /chaos.
IMMEDIATE = ("panic", "null", "illegal", "divide", "wild_jump", "overflow")
# Each of these takes the watchdog's time.
LOOPS = 20
READ_OFTEN = "/usr/lib/aramid/tests/read_often"


def _commands(each):
    """Two loops at once, so that two CPUs fall at the same time. The first reading of each file
    comes before the first audit: what a fall allocates once and keeps is no leak."""
    pair = """{read} /chaos/{kind} {first} & first=$!
{read} /chaos/{kind} {second} & second=$!
wait $first || exit 2
wait $second || exit 3
"""
    times = {**dict.fromkeys(IMMEDIATE, each), "loop": LOOPS}
    storm = "".join(pair.format(read=READ_OFTEN, kind=kind, first=count - count // 2 - 1,
                                second=count // 2) for kind, count in times.items())
    return f"""
for kind in {" ".join(times)}; do {READ_OFTEN} /chaos/$kind 1 || exit 1; done
echo kept >/tmp/kept; mkdir /tmp/folder; echo deep >/tmp/folder/deep
echo == before; {guest.AUDIT}
{storm}
echo == after; {guest.AUDIT}
echo == services; cat /proc/services
echo == files; cat /tmp/kept /tmp/folder/deep
"""


class Storm:
    """What was left of one: each way to fail was taken `each` times."""

    def __init__(self, profile, each, timeout):
        self.profile, self.each = profile, each
        self.total = each * len(IMMEDIATE) + LOOPS
        self.done = guest.boot(profile, _commands(each), smp=2, append="chaos no-quarantine",
                               timeout=timeout)
        if self.done.status:
            return
        sections = guest.sections(self.done.out)
        self.services = guest.services(sections["services"])
        self.before, self.after = (guest.least_used(sections[when]) for when in ("before", "after"))
        self.last_audit = guest.audit(sections["after"].strip().split("\n\n")[-1])
        self.files = sections["files"]


def _ended_well(storm):
    assert storm.done.status == 0, storm.done.out + storm.done.err


def _each_fall_is_counted_by_its_cause(storm):
    assert storm.services["chaos"].causes == {**dict.fromkeys(IMMEDIATE, storm.each), "loop": LOOPS}


def _each_fall_was_one_restart(storm):
    chaos = storm.services["chaos"]
    assert (chaos.contained, chaos.restarts) == (storm.total, storm.total)
    assert chaos.state == "running"


def _nothing_else_fell(storm):
    others = {name: service for name, service in storm.services.items() if name != "chaos"}
    assert set(others) == {"tmpfs", "devfs", "procfs", "ext2", "virtio_blk",
                           "virtio_net", "inet"}
    assert all((service.contained, service.state) == (0, "running") for service in others.values())


def _no_page_lock_reference_or_token_leaked(storm):
    assert storm.after == storm.before


def _fortress_evaluated_each_invariant_after_each_fall(storm):
    held = storm.last_audit["invariants_held"]
    if storm.profile == "fortress":
        # Two tables after boot and after each repair, and a ledger at each landing.
        assert held >= 2 + 3 * storm.total
    else:
        assert held == 0


def _files_elsewhere_keep_their_contents(storm):
    assert storm.files == "kept\ndeep\n"


# What must hold after a storm; each raises AssertionError.
CHECKS = (_ended_well, _each_fall_is_counted_by_its_cause, _each_fall_was_one_restart,
          _nothing_else_fell, _no_page_lock_reference_or_token_leaked,
          _fortress_evaluated_each_invariant_after_each_fall, _files_elsewhere_keep_their_contents)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", choices=guest.CONTAINING, required=True)
    parser.add_argument("--count", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--timeout", type=int, default=4 * 3600, metavar="S")
    options = parser.parse_args()
    each = (options.count - LOOPS) // len(IMMEDIATE)
    if each < 2:
        parser.error(f"--count is at least {2 * len(IMMEDIATE) + LOOPS}")
    started = time.monotonic()
    storm = Storm(options.profile, each, options.timeout)
    wrong = 0
    for check in CHECKS if storm.done.status == 0 else CHECKS[:1]:
        try:
            check(storm)
        except AssertionError as error:
            wrong += 1
            line = traceback.extract_tb(error.__traceback__)[-1].line
            print(f"{check.__name__.strip('_')}: not so: {line} {str(error)[-2000:]}")
    print(f"{storm.total} containments, {len(CHECKS)} checks, {wrong} wrong; "
          f"{time.monotonic() - started:.0f} s in {options.profile}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
