# SPDX-License-Identifier: MIT
"""The command line of the campaign: plant, check, judge, and say what was missed."""

import argparse
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from aramid_check.unable import Unable

from . import mutators, plant, report
from .judge import judge, read_words
from .tree import ROOT, Tree, consumer_policy

FOLDER = ROOT / "build" / "mutation"
LOWEST_RATE = 98

# The one that puts together what several files say.
WHOLE_PROGRAM_TOOL = "capflow"


class Outcome(NamedTuple):
    """What became of one mutant: the tools that flagged it, the reason when none did."""
    mutant: object
    tools: list
    explained: str
    other: list


def parse(words):
    """The options."""
    parser = argparse.ArgumentParser(
        prog="analysis/mutation/run", description="Plants faults of each rule in copies of the "
        "real sources and shows which ./aramid check flags. Exit 0: at least 98 %% are flagged "
        "(not asked with --each) and each miss is explained, 1: not so, 2: could not run.")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which places (default 1)")
    parser.add_argument("--count", type=int, default=320, metavar="N",
                        help="how many faults (default 320)")
    parser.add_argument("--each", type=int, metavar="N", help="N faults of each mutator instead")
    parser.add_argument("--only", action="append", metavar="MUTATOR", help="a mutator's name or a "
                        "rule; may be repeated")
    parser.add_argument("--tool", action="append", metavar="TOOL",
                        help="check with this tool only; may be repeated")
    parser.add_argument("--report", metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--list", action="store_true", help="name the mutators and their places")
    return parser.parse_args(words)


def chosen_mutators(names):
    """The rows that --only names."""
    table = mutators.load()
    unknown = [name for name in names or () if name not in table and
               name not in {row.rule for row in table.values()}]
    if unknown:
        raise Unable(f"no mutator or rule '{unknown[0]}' (see --list)")
    return [row for row in table.values() if not names or row.name in names or row.rule in names]


def run_check(rows, policy, tools, jobs):
    """What ./aramid check says of the rows of a compile database."""
    database = FOLDER / "compile_commands.json"
    plant.write_database(rows, database)
    words = [ROOT / "analysis/check", "--compdb", database, "--policy", policy,
             "--jobs", str(jobs)]
    for tool in tools:
        words += ["--only", tool]
    unable, said = {}, ""
    with open(FOLDER / "findings", "w+", encoding="utf-8") as findings, subprocess.Popen(
            words, cwd=FOLDER, text=True, stdout=findings, stderr=subprocess.PIPE) as check:
        for said in check.stderr:
            could_not = re.match(r"aramid check: \w+ could not check ([^:]+): (.*)$", said)
            if could_not:
                unable[could_not[1]] = could_not[2]
            elif re.match(r"aramid check: \d+ of \d+ files$", said):
                print(said, end="", file=sys.stderr, flush=True)
        check.wait()
        findings.seek(0)
        output = findings.read()
    if "checked " not in output:
        raise Unable(said.strip() or f"the check ended with status {check.returncode}")
    return read_words(output), unable


def real_rows(tree, without=None):
    """The tree's files that have to do with tokens, perhaps without one that a changed one stands
    for: what the whole program tells of a file depends on no others."""
    return [{"directory": unit.folder, "file": unit.file, "arguments": unit.command}
            for path, unit in tree.units.items()
            if path != without and tree.concerns_tokens(path)]


def write_controls(planted, tree):
    """A copy of an unchanged file of each room: the overlay itself must not be flagged."""
    rooms = {mutant.path.split("/")[0]: mutant.path for mutant in planted}
    return [plant.write_overlay(plant.unchanged(tree.source(path)), tree, FOLDER / "unchanged")
            for path in sorted(rooms.values())]


def check_all(planted, rows, tree, options):
    """{file: words} of all that was checked, and {file: reason} of what could not be.

    Unchanged files are checked with the changed ones: they are the program that these belong to.
    """
    policy = consumer_policy(FOLDER / "consumer.policy")
    together = [row for index, row in rows.items() if not planted[index].mutator.whole]
    words, unable = run_check(together + write_controls(planted, tree) + real_rows(tree), policy,
                              options.tool or (), options.jobs)
    for index, row in rows.items():
        mutant = planted[index]
        if mutant.mutator.whole and WHOLE_PROGRAM_TOOL in (options.tool or [WHOLE_PROGRAM_TOOL]):
            print(f"mutation: {mutant.mutator.name} in the whole tree", file=sys.stderr, flush=True)
            found, failed = run_check([row, *real_rows(tree, mutant.path)], policy,
                                      [WHOLE_PROGRAM_TOOL], options.jobs)
            for file in found:
                # What is said of an unchanged reader is said of the fault.
                words[file if file[0].isdigit() else f"{index:03}/readers"] += found[file]
            unable |= failed
    return words, unable


def campaign(options):
    """Runs it; returns the exit status."""
    tree = Tree()
    rows = chosen_mutators(options.only)
    if options.list:
        for row in rows:
            print(f"{row.rule} {row.name}: {row.sentence} "
                  f"({sum(1 for _ in plant.candidates(row, tree))} places)")
        return 0
    planted = plant.choose(rows, tree, None if options.each else options.count, options.seed,
                           options.each or plant.FIRST_TURNS)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    database = [plant.write_overlay(mutant, tree, FOLDER / f"{index:03}")
                for index, mutant in enumerate(planted)]
    stillborn = {index: error for index, error in
                 enumerate(plant.compile_errors(database, options.jobs))
                 if error and not planted[index].mutator.refused}
    living = {index: row for index, row in enumerate(database) if index not in stillborn}
    words, unable = check_all(planted, living, tree, options)
    # In real headers, from where a changed file is named.
    elsewhere = [word for name in words if not name[0].isdigit() for word in words[name]]
    excuses = report.Excuses()
    outcomes = []
    for index, mutant in enumerate(planted):
        if index in stillborn:
            continue
        file = f"{index:03}/{mutant.path}"
        beside = [word for name in mutant.fault.beside for word in words[f"{index:03}/{name}"]]
        beside += words[f"{index:03}/readers"]
        named = [word for word in elsewhere if file in word.text]
        tools, other = judge(mutant, words[file], beside + named, file)
        outcomes.append(Outcome(mutant, tools, "" if tools else excuses.reason(mutant), other))
        if not tools:
            report.print_miss(outcomes[-1], file, unable.get(file))
    for index, error in stillborn.items():
        print(f"does not compile: {planted[index].mutator.name} at {planted[index].path}:"
              f"{planted[index].line}: {error}")
    accused = [(name, word) for name in sorted(words) if not name[0].isdigit()
               for word in words[name] if not re.search(r"\b\d{3}/", word.text)]
    for name, word in accused:
        print(f"flagged though unchanged: {name}:{word.line}: {word.rule}: {word.text}")
    if options.report:
        Path(options.report).write_text(report.make_page(outcomes), encoding="utf-8")
    return report.sum_up(outcomes, stillborn, accused,
                         0 if options.each else LOWEST_RATE)


def main(words):
    """Entry of analysis/mutation/run."""
    try:
        options = parse(words)
        lock = ROOT / "build" / "mutation.lock"
        lock.parent.mkdir(exist_ok=True)
        with open(lock, "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            return campaign(options)
    except Unable as reason:
        print(f"mutation: {reason}", file=sys.stderr)
        return 2
