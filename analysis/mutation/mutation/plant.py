# SPDX-License-Identifier: MIT
"""Which faults are planted, and the overlay that holds a changed copy of each file.

The tree itself is not touched. A mutant is one changed file in a folder of its own, compiled with
the real file's command and with that folder before the real ones on the include path.
"""

import itertools
import json
import random
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .mutators import Fault, Mutator
from .tree import ROOT


# Of each mutator, before the number of places counts for more than the number of ways.
FIRST_TURNS = 3


class Mutant(NamedTuple):
    """One planted fault."""
    mutator: Mutator
    path: str
    fault: Fault
    line: int
    text: str
    lines: frozenset
    spans: tuple

    @property
    def place(self):
        """File and line of the real source."""
        return self.path, self.line


def helpers(source, function):
    """A function and those of its file that it calls, which a tool's path goes through."""
    known = {other.name: other for other in source.functions}
    found, waiting = [], [function] if function else []
    while waiting:
        found.append(waiting.pop())
        waiting += [known[call.name] for call in source.calls(found[-1]) if call.name in known and
                    known[call.name] not in found + waiting]
    return found


def make_mutant(mutator, source, fault):
    """The changed text, its planted lines, and (first, last) lines of where its path goes."""
    text, position, lines = [], 0, set()
    moved = []
    for start, end, new in sorted(fault.edits, key=lambda edit: edit[:2]):
        text += [source.text[position:start], new]
        position = end
        written = "".join(text)
        last = written.count("\n") + 1
        lines |= set(range(last - new.count("\n"), last + 1))
        moved.append((start, new.count("\n") - source.text.count("\n", start, end)))
    text.append(source.text[position:])

    def moved_line(offset):
        return source.line(offset) + sum(by for start, by in moved if start < offset)

    spans = tuple((moved_line(function.head), moved_line(function.close))
                  for function in helpers(source, fault.function))
    return Mutant(mutator, source.path, fault, source.line(fault.at), "".join(text),
                  frozenset(lines), spans)


def unchanged(source):
    """A file as it stands: the control of what is found in its mutants."""
    return Mutant(None, source.path, None, 0, source.text, frozenset(), ())


def candidates(mutator, tree):
    """All faults of a mutator in the tree, in the order of the files."""
    for path in sorted(tree.units):
        source = tree.source(path)
        for fault in mutator.find(source, tree):
            yield source, fault


def choose(mutators, tree, count, seed, turns=FIRST_TURNS):
    """COUNT mutants, or all there are; without COUNT as many of each mutator as it has TURNS.

    Each takes the place that was used least, in the file that it used least, and among those a
    random one. After their first turns only those go on that know places which nobody used.
    """
    chance = random.Random(seed)
    left, used, chosen = {}, Counter(), []
    for mutator in mutators:
        left[mutator.name] = list(candidates(mutator, tree))
        chance.shuffle(left[mutator.name])
    for turn in itertools.count():
        if not any(left.values()) or (count is None and turn == turns):
            return chosen
        fresh = turn >= turns and any(not used[_place(row)] for rows in left.values() for row in rows)
        for mutator in mutators:
            def worn(row, name=mutator.name):
                return used[name, row[0].path], used[_place(row)], used[row[0].path]

            rows = [row for row in left[mutator.name] if not fresh or not used[_place(row)]]
            if not rows:
                continue
            source, fault = row = min(rows, key=worn)
            left[mutator.name].remove(row)
            used.update([(mutator.name, source.path), _place(row), source.path])
            chosen.append(make_mutant(mutator, source, fault))
            if len(chosen) == count:
                return chosen


def _place(row):
    source, fault = row
    return source.path, source.line(fault.at)


def overlaid(unit, path, folder):
    """The unit's compile command with FOLDER, which holds PATH, before the real tree."""
    words, include = [], []
    for word in unit.command[:-1]:
        if word.startswith("-I") and Path(word[2:]).resolve().is_relative_to(ROOT):
            inside = Path(word[2:]).resolve().relative_to(ROOT)
            include.append(f"-I{folder / inside}")
        words.append(word)
    # A header beside the real file is found from the copy too.
    if re.search('^#include "', (ROOT / path).read_text(encoding="utf-8"), re.M):
        words.insert(-1, f"-I{(ROOT / path).parent}")
    return [words[0], *include, *words[1:], str(folder / path)]


def write_overlay(mutant, tree, folder):
    """Writes the changed file; returns its row of a compile database."""
    file = folder / mutant.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(mutant.text, encoding="utf-8")
    for path in mutant.fault.beside if mutant.fault else ():
        copy = folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(tree.source(path).text, encoding="utf-8")
    unit = tree.units[mutant.path]
    return {"directory": unit.folder, "file": str(file),
            "arguments": overlaid(unit, mutant.path, folder)}


# Roles are a tool of the check; what a fault leaves unused its author would have taken away.
NOT_THE_FAULT = ("-Wno-thread-safety", "-Wno-unused")


def compile_error(row):
    """The compiler's first word against a row, as the build calls it, or ''."""
    words, skip = [], False
    for word in row["arguments"]:
        if skip or word == "-o":
            skip = not skip
        elif word != "-c":
            words.append(word)
    done = subprocess.run([*words, "-fsyntax-only", *NOT_THE_FAULT], cwd=row["directory"],
                          text=True, check=False, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    return next((line for line in done.stderr.splitlines() if "error:" in line), "error") \
        if done.returncode else ""


def compile_errors(rows, jobs):
    """compile_error of each row."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(compile_error, rows))


def write_database(rows, path):
    """The compile database that ./aramid check reads."""
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
