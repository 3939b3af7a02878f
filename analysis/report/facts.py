# SPDX-License-Identifier: MIT
"""What the checked code itself says about tokens, one unit at a time, as capflow reads it."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aramid_check.findings import short_path
from aramid_check.results import Result, digest_of, identity_of

SECONDS_A_FILE = 120  # a hang detector, not a performance target


class Fact(NamedTuple):
    """One line of capflow --facts (analysis/capflow/facts.c), and the unit that it is from."""
    verb: str
    subject: str
    object: str
    kind: str
    origin: str
    line: int
    file: str
    unit: str


def read_facts(output, unit):
    """The facts in capflow's output."""
    found = []
    for row in output.split("\n"):
        # The rest of a file's name that has a line's end in it.
        if row.count("\t") < 6:
            continue
        *words, line, file = row.split("\t", 6)
        found.append(Fact(*words, int(line), short_path(file, unit.folder),
                          short_path(unit.file, ".")))
    return found


def _facts_of(unit, programs, policies, reads):
    words = [str(programs / "capflow"), "--facts"]
    for policy in policies:
        words += ["--policy", str(policy)]
    words += ["--reads", str(reads)] if reads else []
    try:
        done = subprocess.run([*words, "--", *unit.command], cwd=unit.folder, text=True,
                              errors="replace", check=False, timeout=SECONDS_A_FILE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return Result([], f"no end after {SECONDS_A_FILE} s")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return Result([], lines[-1].rpartition(" could not be checked: ")[2])
    return Result([], facts=read_facts(done.stdout, unit))


def collect_facts(chosen, programs, policies, jobs, results=None):
    """(the facts of all units, each once; (file, tool, reason) of those that could not be read).
    RESULTS has those of earlier runs."""
    sources = [unit for unit in chosen if unit.file.endswith(".c")]
    identity = ["facts", Path(__file__).read_bytes(), identity_of(programs / "capflow"),
                *(Path(policy).read_bytes() for policy in policies)] if results else []
    identity = [digest_of(identity)]

    def collect(unit):
        if not results:
            return _facts_of(unit, programs, policies, None)
        return results.recall(identity, unit, counted=False, run=lambda reads: _facts_of(
            unit, programs, policies, reads))

    with ThreadPoolExecutor(jobs) as pool:
        found = list(pool.map(collect, sources))
    facts = sorted({Fact(*fact) for result in found for fact in result.facts})
    return facts, [(short_path(unit.file, "."), "graph", result.unable)
                   for unit, result in zip(sources, found) if result.unable]
