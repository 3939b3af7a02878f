# SPDX-License-Identifier: MIT
"""Calls into other units, for the analyzer: which unit defines a function, and its syntax tree.

The trees are written to a folder that goes with the index. Each is of the unit's own command, run
in its own folder, so that relative include folders mean there what they mean in the analysis.
"""

import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import analyzer
from .unable import need_version

MAPPER, PACKAGE = "clang-extdef-mapping-19", "clang-tools-19"
INDEX = "externalDefMap.txt"

# As --analyze defines it: the analysed unit's tokens have a layout of their own.
_FLAGS = ("-D__clang_analyzer__=1", "-Wno-everything", "-Wno-error")


def need_mapper():
    """Unable when the program that lists a unit's functions is missing."""
    need_version(MAPPER, PACKAGE, "19")


class CrossUnit:
    """The index of a set of units, gone when this is."""

    def __init__(self, chosen, jobs):
        self._folder = tempfile.TemporaryDirectory(prefix="aramid-check.")
        self._reasons = {}
        folder = Path(self._folder.name)
        sources = [unit for unit in chosen if not unit.file.endswith(".S")]
        with ThreadPoolExecutor(jobs) as pool:
            rows = [line.rpartition(" ")[::2] for lines in pool.map(
                self._read_unit, sources,
                (folder / f"{number}.ast" for number in range(len(sources)))) for line in lines]
        # Which of two programs' functions of one name is called, nobody has said.
        times = Counter(name for name, _ in rows)
        (folder / INDEX).write_text("".join(
            f"{name} {tree}\n" for name, tree in rows if times[name] == 1), encoding="utf-8")

    def _read_unit(self, unit, tree):
        """The lines of the unit's functions: LENGTH:NAME TREE."""
        for words in ([analyzer.COMPILER, *analyzer.unit_flags(unit), *_FLAGS, "-emit-ast",
                       "-o", str(tree)], [MAPPER, str(tree), "--"]):
            try:
                done = subprocess.run(words, cwd=unit.folder, text=True, errors="replace",
                                      check=False, timeout=analyzer.SECONDS_A_FILE,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            except subprocess.TimeoutExpired:
                self._reasons[unit.file] = f"no end of {words[0]} after {analyzer.SECONDS_A_FILE} s"
                return []
            if done.returncode:
                errors = [line for line in done.stderr.splitlines() if "error:" in line]
                self._reasons[unit.file] = (errors or [
                    f"{words[0]} ended with status {done.returncode}"])[0]
                return []
        return done.stdout.splitlines()

    def check_paths(self, unit, programs, policy):
        """As analyzer.check_paths. What it says rests on other units too, so nobody keeps it."""
        configured = ("experimental-enable-naive-ctu-analysis=true",
                      f"ctu-dir={self._folder.name}", f"ctu-index-name={INDEX}")
        findings, reason = analyzer.check_paths(unit, programs, policy, configured=configured)
        return findings, reason or self._reasons.get(unit.file, "")
