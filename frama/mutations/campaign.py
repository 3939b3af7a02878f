# SPDX-License-Identifier: MIT
"""Makes each change of the tables in a copy of the tree and shows whether its proof fails.

  run [--only NAME]… [--quick] [--shard I/N] [--sample N] [--seed S] [--timeout S] [--jobs N]
      [--kept] [--report FILE]
  run --list

The tables are frama/mutations/code_changes.py (the proved code), frama/tests/test_flow.py (the
flow of tokens) and frama/mutations/controls.py: changes that mean the same, whose proof must still
be found, so that a proof that fails says something. --only takes a change's name or a target,
--quick the targets of the proved code that take seconds, --shard each Nth of the rows from the Ith
on, --sample some of them, chosen by the seed. --timeout is prove's (default 10). The outcome of a
change whose target has not changed since is kept in build/proof-mutations, so that shards add up;
--kept runs nothing and takes only those. --jobs is the number of changes tried at once (default:
one a CPU). --report writes Markdown of all rows, and wants all.

The last line is 'C changes: F failed (P %), S survived, E of them explained; K of L controls
proved', and with --kept how many were not run. Exit status: 0 when at least 95 % failed, each
survivor is explained in frama/mutations/survivors.list and each control was proved, 1 when not,
or when some were not run, 2 when it could not run.
"""
import argparse
import dataclasses
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import code_changes
import controls
import page
import test_flow

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROVE = os.path.join(ROOT, "frama", "prove")
KEPT = os.path.join(ROOT, "build", "proof-mutations")
LOWEST_RATE = 95

# What prove reads of a tree.
FOLDERS = ("annotations", "arch", "caps/include", "caps/src", "frama", "kernel", "services")
FILES = ("analysis/tree.policy",)
# Where what all files of the flow share stands.
DECLARED = ("annotations", "arch", "caps/include", "frama/eva", "frama/flow", "kernel", "services")


class Unable(Exception):
    """The campaign cannot run: why, in a line."""


@dataclasses.dataclass
class Change:
    """One row: what is changed, and the target that must see it."""
    name: str
    target: str
    file: str
    before: str
    after: str
    control: bool = False


@dataclasses.dataclass
class Outcome:
    """What prove made of a change: the goals that failed, none if all were proved."""
    change: Change
    goals: list
    refused: bool  # Frama-C does not read it as a program

    def first(self):
        """The goal that says most: one that fails by itself, in the changed file."""
        return min(self.goals, default="", key=lambda goal: (
            goal.endswith("partially proven"), not goal.startswith(self.change.file)))


def shard(text):
    """The option's two numbers."""
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise argparse.ArgumentTypeError("I/N with I from 1 to N is wanted")
    return int(match[1]), int(match[2])


def parse_options(words):
    """The options."""
    parser = argparse.ArgumentParser(
        prog="frama/mutations/run", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--shard", metavar="I/N", type=shard, default=(1, 1))
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--timeout", type=int, default=10, metavar="S")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--report", metavar="FILE")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args(words)


def all_changes():
    """The rows of the tables."""
    rows = [Change(name, *row) for name, row in code_changes.CHANGES.items()]
    rows += [Change(name, f"flow:{file}", file, before, after)
             for name, (file, before, after) in test_flow.BUGS.items()]
    rows += [Change(name, "eva:tmpfs", test_flow.INIT, test_flow.FILL, test_flow.FILL + more)
             for name, more in test_flow.BYTES.items()]
    rows += [Change(name, "eva:ext2", *row) for name, row in test_flow.BYTES_OF_DISKS.items()]
    rows += [Change(name, *row, control=True) for name, row in controls.CHANGES.items()]
    return rows


def chosen(options):
    """The rows that the options ask for."""
    rows = all_changes()
    if options.only:
        known = {word for row in rows for word in (row.name, row.target)}
        unknown = [word for word in options.only if word not in known]
        if unknown:
            raise Unable(f"no change or target '{unknown[0]}' (see --list)")
        rows = [row for row in rows if row.name in options.only or row.target in options.only]
    if options.quick:
        rows = [row for row in rows
                if ":" not in row.target and row.target not in code_changes.SLOW_TARGETS]
    if options.sample:
        rows = random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    first, step = options.shard
    return rows[first - 1::step]


def survivors():
    """{name: reason} of frama/mutations/survivors.list."""
    with open(os.path.join(HERE, "survivors.list"), encoding="utf-8") as file:
        rows = [line.split("|", 1) for line in file if line.strip() and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in rows}


def copy_tree(to):
    """What prove reads, as it is now."""
    for folder in FOLDERS:
        shutil.copytree(os.path.join(ROOT, folder), os.path.join(to, folder))
    for file in FILES:
        os.makedirs(os.path.dirname(os.path.join(to, file)), exist_ok=True)
        shutil.copy(os.path.join(ROOT, file), os.path.join(to, file))


def load_prove():
    """frama/prove as a module: it is a program without .py."""
    sys.path.insert(0, os.path.dirname(PROVE))
    loader = importlib.machinery.SourceFileLoader("prove", PROVE)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("prove", loader))
    loader.exec_module(module)
    sys.path.pop(0)
    return module


class Digests:
    """A number for all that a change's outcome depends on but the change itself."""

    def __init__(self):
        self.prove = load_prove()
        self.targets = {target.name: target for target in self.prove.read_targets(ROOT)}
        self.shared = self.of_files(
            os.path.join(where, name) for folder in DECLARED
            for where, _, names in os.walk(os.path.join(ROOT, folder)) for name in names
            if name.endswith((".h", ".def", ".policy", ".list", ".ml")) or where.endswith("eva"))

    @staticmethod
    def of_files(paths):
        """The contents of files, as a number."""
        digest = hashlib.sha256()
        for path in sorted(paths):
            with open(path, "rb") as file:
                digest.update(path.encode() + hashlib.sha256(file.read()).digest())
        return digest.hexdigest()

    def of(self, change):
        """A proof of code depends on what its files include; one of flow on all declarations, and
        on the file, or the service's files."""
        kind, _, what = change.target.partition(":")
        if not what:
            return self.prove.fingerprint(self.targets[kind], ROOT, "")
        folder = os.path.join(ROOT, "services", what)
        own = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".c")] \
            if kind == "eva" else [os.path.join(ROOT, what)]
        tools = [PROVE, os.path.join(ROOT, "frama", "token_flow.py")]
        return self.shared + self.of_files([*own, *tools])


def make(change, to):
    """Changes the copy."""
    path = os.path.join(to, change.file)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(change.before) < 1:
        raise Unable(f"'{change.name}': {change.file} has no {change.before!r}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(change.before, change.after, 1))


def failed_goals(said, target):
    """What prove names: the goals that were not proved, or that there is no program."""
    goals = [line.replace(": error: ", ": ", 1) for line in said.splitlines()
             if ": error: " in line]
    refused = "Frama-C proved nothing" in said
    return (goals or [f"{target}: Frama-C does not read it"] if refused else goals), refused


def judge(change, options):
    """Proves the changed tree."""
    with tempfile.TemporaryDirectory(prefix="aramid-mutation.") as folder:
        copy_tree(folder)
        make(change, folder)
        done = subprocess.run([PROVE, change.target, "--root", folder, "--timeout",
                               str(options.timeout)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise Unable(f"'{change.name}': prove ended with {done.returncode}: {done.stderr.strip()}")
    goals, refused = failed_goals(done.stdout + done.stderr, change.target)
    if (done.returncode == 1) != bool(goals):
        raise Unable(f"'{change.name}': prove ended with {done.returncode} and names "
                     f"{len(goals)} goals")
    return Outcome(change, goals, refused)


def outcome_of(change, options, digests):
    """The outcome, kept from an earlier run if nothing has changed; None if it is not to be run."""
    words = [digests.of(change), str(options.timeout), *map(str, dataclasses.astuple(change))]
    name = hashlib.sha256("\0".join(words).encode()).hexdigest() + ".json"
    path = os.path.join(KEPT, name)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        return Outcome(change, kept["goals"], kept["refused"])
    if options.kept:
        return None
    outcome = judge(change, options)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"goals": outcome.goals, "refused": outcome.refused}, file)
    return outcome


def describe(outcome):
    """A line of progress."""
    change = outcome.change
    if change.control:
        word = "control NOT proved" if outcome.goals else "control proved"
    else:
        word = "failed" if outcome.goals else "SURVIVED"
    first = f": {outcome.first()}" if outcome.goals else ""
    more = f" (and {len(outcome.goals) - 1} more)" if len(outcome.goals) > 1 else ""
    return f"{change.target}: {change.name}: {word}{first}{more}"


def sum_up(outcomes, explained):
    """The last line and the exit status."""
    changes = [outcome for outcome in outcomes if not outcome.change.control]
    controls_proved = [not outcome.goals for outcome in outcomes if outcome.change.control]
    survived = [outcome for outcome in changes if not outcome.goals]
    known = [outcome for outcome in survived if outcome.change.name in explained]
    failed = len(changes) - len(survived)
    rate = 100 * failed / len(changes) if changes else 100
    print(f"{len(changes)} changes: {failed} failed ({rate:.1f} %), {len(survived)} survived, "
          f"{len(known)} of them explained; {sum(controls_proved)} of {len(controls_proved)} "
          "controls proved")
    fine = rate >= LOWEST_RATE and len(known) == len(survived) and all(controls_proved)
    return 0 if fine else 1


def run(options):
    """Runs it; returns the exit status."""
    if options.list:
        for change in all_changes():
            print(f"{change.target}: {change.name}")
        return 0
    if options.report and (options.only or options.quick or options.sample or
                           options.shard != (1, 1)):
        raise Unable("--report wants all rows")
    os.makedirs(KEPT, exist_ok=True)
    explained, digests = survivors(), Digests()
    outcomes = []
    not_run = []
    changes = chosen(options)
    with ThreadPoolExecutor(options.jobs) as pool:
        tried = pool.map(lambda change: outcome_of(change, options, digests), changes)
        for change, outcome in zip(changes, tried):
            if outcome:
                outcomes.append(outcome)
                print(describe(outcome), flush=True)
            else:
                not_run.append(change)
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            file.write(page.make_page(outcomes, explained, not_run))
    status = sum_up(outcomes, explained)
    if not_run:
        print(f"{len(not_run)} were not run")
    return 1 if not_run else status
