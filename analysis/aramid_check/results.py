# SPDX-License-Identifier: MIT
"""What the tools said about a unit, kept until something that made them say it changes.

An entry is found by the tool, the programs behind it, the policy, the unit and its command; it
counts while each file that was read then holds what it held, and no header has come before one
of them in the include path. Findings are kept as well as silence; a failure to check is not.
Each entry is a file that is renamed into place, so that runs side by side or cut short do no
harm, and the least recently used go when the folder is full.
"""

import hashlib
import json
import os
import shlex
import tempfile
import threading
import time
from pathlib import Path

from .findings import Finding, Step, short_path

MOST_BYTES = 32 * 1024 * 1024
# A file this young may be written again without a new date: the clock of dates is coarse.
CLOCK_NS = 20_000_000
OLD_PARTIAL_SECONDS = 3600

# Where compilers look for headers beyond what the command says.
_ENVIRONMENT = ("CPATH", "C_INCLUDE_PATH")
_INCLUDE_FLAGS = ("-I", "-isystem", "-iquote", "-idirafter")


class Result:
    """What a tool said about a unit; `unable` is a reason, or empty."""

    def __init__(self, findings, unable="", reads=(), facts=()):
        self.findings = findings
        self.unable = unable
        self.facts = facts  # rows of words and numbers
        self.reads = reads  # the files that it rests on


def digest_of(parts):
    """One name for a list of texts and bytes."""
    total = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        total.update(f"{len(part)}:".encode() + part)
    return total.hexdigest()


def identity_of(program):
    """What changes when an installed program does: its text, and the date of Clang's libraries."""
    real = Path(program).resolve()
    libraries = [file for name in ("libclang-cpp", "libLLVM", "LLVM-")
                 for file in sorted((real.parent.parent / "lib").glob(f"{name}*.so*"))]
    stats = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in libraries]
    return digest_of([real.read_bytes(), *stats])


def read_rule(path):
    """The files in a make rule, as compilers write it."""
    text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    return shlex.split(text.replace("\\\n", " ").partition(":")[2])


def include_folders(unit):
    """Where the unit's compiler looks for headers, as absolute paths."""
    folders, words = [os.path.dirname(unit.file)], iter(unit.command)
    for word in words:
        for flag in _INCLUDE_FLAGS:
            if word.startswith(flag):
                folders.append(word[len(flag):] or next(words, ""))
                break
    return tuple(os.path.normpath(os.path.join(unit.folder, folder)) for folder in folders)


class Results:
    """The kept results, and what this run knows of the files that they rest on."""

    def __init__(self, folder, most_bytes=MOST_BYTES):
        self.folder = Path(folder)
        self.hits = self.misses = 0
        self._most_bytes = most_bytes
        self._environment = [os.environ.get(name, "") for name in _ENVIRONMENT]
        self._digests, self._others = {}, {}
        self._lock = threading.Lock()

    def recall(self, identity, unit, run, counted=True):
        """The kept result, or that of run(reads): it leaves in READS a make rule of what it read."""
        return self.recall_all(identity, [unit], lambda _, reads: [run(*reads)], counted)[0]

    def recall_all(self, identity, units, run, counted=True, since=None):
        """For each unit its kept result. Those of the others come of run(others, reads), which
        leaves in READS, one a unit, make rules of what it read. SINCE (time.time_ns) is when the
        first file was read, if that was before."""
        entries = [self._entry(identity, unit) for unit in units]
        found = [self._load(entry, unit) for entry, unit in zip(entries, units)]
        others = [index for index, kept in enumerate(found) if kept is None]
        with self._lock:
            self.hits += counted * (len(units) - len(others))
            self.misses += counted * len(others)
        if not others:
            return found
        started = since or time.time_ns()
        with tempfile.TemporaryDirectory(prefix="aramid-check.") as scratch:
            reads = [Path(scratch) / str(index) for index in others]
            results = run([units[index] for index in others], reads)
            for index, rule, result in zip(others, reads, results):
                if rule.exists():
                    result.reads = read_rule(rule)
                found[index] = result
        for index in others:
            if not found[index].unable and found[index].reads:
                self._store(entries[index], units[index], found[index], started)
        return found

    def _entry(self, identity, unit):
        """The file of a unit's result."""
        key = digest_of([*identity, os.getcwd(), unit.folder, unit.file, *unit.command,
                         *self._environment])
        return self.folder / key[:2] / key[2:40]

    def _digest(self, path):
        """Of a file's content, looked at once a run; None when it cannot be read."""
        if path not in self._digests:
            try:
                with open(path, "rb") as file:
                    self._digests[path] = hashlib.sha256(file.read()).hexdigest()[:32]
            except OSError:
                self._digests[path] = None
        return self._digests[path]

    def _shadows(self, folders, reads):
        """Files that were not read and bear the name, in an include folder, of one that was."""
        found = set()
        for path in reads:
            if (folders, path) not in self._others:
                names = [path[len(folder) + 1:] for folder in folders
                         if path.startswith(folder + "/")] or [path.rpartition("/include/")[2]]
                self._others[folders, path] = [
                    other for folder in folders for name in names
                    if (other := f"{folder}/{name}") != path and os.path.exists(other)]
            found.update(self._others[folders, path])
        return sorted(found - set(reads))

    def _load(self, entry, unit):
        try:
            kept = json.loads(entry.read_bytes())
            reads = kept["reads"]
            if unit.file not in reads or any(self._digest(path) != digest
                                             for path, digest in reads.items()):
                return None
            if kept["shadows"] != self._shadows(include_folders(unit), reads):
                return None
            findings = [_restore(fields) for fields in kept["findings"]]
            facts = kept["facts"]
            os.utime(entry)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return Result(findings, reads=list(reads), facts=facts)

    def _store(self, entry, unit, result, started):
        reads = {}
        for name in result.reads:
            path = os.path.normpath(os.path.join(unit.folder, name))
            try:
                about = os.stat(path)
            except OSError:
                return
            # Written while it was read: nobody knows which content the tool saw.
            if max(about.st_mtime_ns, about.st_ctime_ns) > started - CLOCK_NS:
                return
            reads[path] = self._digest(path)
        if unit.file not in reads:
            return
        text = json.dumps({"reads": reads, "shadows": self._shadows(include_folders(unit), reads),
                           "facts": list(result.facts),
                           "findings": [_flatten(finding) for finding in result.findings]})
        try:
            entry.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=entry.parent, prefix="partial.",
                                             delete=False) as file:
                file.write(text)
            os.replace(file.name, entry)
        except OSError:
            return  # A full or read-only disk makes the next run slower, not this one wrong.

    def trim(self):
        """Removes what was used least recently, down to three quarters of the room."""
        rows, now = [], time.time()
        for path in self.folder.glob("*/*"):
            try:
                about = path.stat()
            except OSError:
                continue
            left = path.name.startswith("partial.")
            if left and now - about.st_mtime < OLD_PARTIAL_SECONDS:
                continue
            rows.append((0 if left else about.st_mtime_ns, about.st_size, path))
        total = sum(size for _, size, _ in rows)
        goal = self._most_bytes * 3 // 4 if total > self._most_bytes else total
        for date, size, path in sorted(rows):
            if date and total <= goal:
                break
            total -= size
            path.unlink(missing_ok=True)


def _flatten(finding):
    fields = finding._asdict()
    fields["file"] = os.path.abspath(finding.file)
    fields["steps"] = [{**step._asdict(), "file": os.path.abspath(step.file)}
                       for step in finding.steps]
    return fields


def _restore(fields):
    steps = tuple(Step(**{**step, "file": short_path(step["file"], ".")})
                  for step in fields["steps"])
    return Finding(**{**fields, "file": short_path(fields["file"], "."), "steps": steps})
