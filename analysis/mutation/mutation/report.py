# SPDX-License-Identifier: MIT
"""Misses that are explained, the table of the campaign, and its last lines."""

from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

from . import mutators

MISSES = Path(__file__).resolve().parents[1] / "misses.list"

HEAD = """# Planted faults

analysis/mutation/run plants each fault in a copy of a real file (of the kernel, the services, arch/, the
token library, the consumer's honest program) and asks ./aramid check about it, with the rest of the tree
as it is. Each changed file compiles as Balanced builds it, warnings being errors, except where the
compiler's refusal is the gate's word for the fault. A fault counts as flagged when a word for it (its rule,
or what the tool says of such faults) stands at its place: the changed lines and those next to them, the
function and what that calls in its file, or wherever the text names what is wrong. The places are chosen by
a seed and spread over files, functions and ways. A tool's column counts each fault that it flagged.

Written by `analysis/mutation/run --report docs/rules/mutations.md`.

"""


class Excuses:
    """misses.list: MUTATOR FILE-GLOB REASON, one a line."""

    def __init__(self):
        self._rows = []
        for line in MISSES.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                self._rows.append(line.split(None, 2))

    def reason(self, mutant):
        """Why a mutant is missed, or ''."""
        return next((reason for name, glob, reason in self._rows if name == mutant.mutator.name
                     and fnmatchcase(mutant.path, glob)), "")


def print_miss(outcome, file, unable):
    """One line for a miss."""
    mutant = outcome.mutant
    print(f"missed: {mutant.mutator.name} at {mutant.path}:{mutant.line} (build/mutation/{file}): "
          f"{outcome.explained or 'not explained'}")
    for word in outcome.other:
        print(f"  said instead: {word.line}: {word.tool} {word.rule}: {word.text}")
    if unable:
        print(f"  could not be checked: {unable}")


def make_page(outcomes):
    """docs/rules/mutations.md."""
    lines = [HEAD.rstrip(), "",
             "| mutator | rule | what it does | planted | flagged | by |", "|---|---|---|---|---|---|"]
    rows = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.mutant.mutator.name].append(outcome)
    for name, row in mutators.MUTATORS.items():
        if name in rows:
            tools = Counter(tool for outcome in rows[name] for tool in outcome.tools)
            by = ", ".join(f"{tool} {count}" for tool, count in sorted(tools.items()))
            flagged = sum(bool(outcome.tools) for outcome in rows[name])
            lines.append(f"| {name} | {row.rule} | {row.sentence} | {len(rows[name])} | {flagged} | {by} |")
    flagged = sum(bool(outcome.tools) for outcome in outcomes)
    lines.append(f"| {len(rows)} mutators | | | {len(outcomes)} | {flagged} | |")
    places = {outcome.mutant.place for outcome in outcomes}
    files = {outcome.mutant.path for outcome in outcomes}
    lines += ["", f"{len(outcomes)} faults at {len(places)} places of {len(files)} files; "
              f"{100 * flagged / max(len(outcomes), 1):.1f} % flagged.", "", "## What is missed", ""]
    missed = [outcome for outcome in outcomes if not outcome.tools]
    lines += [f"- {outcome.mutant.mutator.name} at {outcome.mutant.path}:{outcome.mutant.line}: "
              f"{outcome.explained or 'not explained'}" for outcome in missed] or ["Nothing."]
    return "\n".join(lines) + "\n"


def sum_up(outcomes, stillborn, accused, lowest):
    """The last lines, and the exit status."""
    flagged = sum(bool(outcome.tools) for outcome in outcomes)
    unexplained = sum(not outcome.tools and not outcome.explained for outcome in outcomes)
    rules = Counter(outcome.mutant.mutator.rule for outcome in outcomes)
    hits = Counter(outcome.mutant.mutator.rule for outcome in outcomes if outcome.tools)
    print(", ".join(f"{rule} {hits[rule]}/{count}" for rule, count in sorted(rules.items())))
    places = {outcome.mutant.place for outcome in outcomes}
    files = {outcome.mutant.path for outcome in outcomes}
    rate = 100 * flagged / max(len(outcomes), 1)
    print(f"{len(outcomes)} faults at {len(places)} places of {len(files)} files: {flagged} flagged "
          f"({rate:.1f} %), {len(outcomes) - flagged - unexplained} misses explained, "
          f"{unexplained} not; {len(stillborn)} did not compile")
    return 1 if unexplained or accused or rate < lowest or not outcomes else 0
