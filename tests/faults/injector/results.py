# SPDX-License-Identifier: MIT
"""The figures of a campaign: its journal, its JSON, shards put together, intervals.

The journal is a file of lines: what the campaign is, then a line a trial, so that a campaign
that was ended goes on where it was.
"""

import json
import math
from pathlib import Path

from .judge import OUTCOMES
from .unable import Unable

# The base of each rate.
RATES = {"activated": "injected", "detected": "activated", "silent": "activated",
         "no_effect": "activated", "contained": "detected", "restored": "detected",
         "data_intact": "detected", "whole": "detected", "off_crashed": "detected"}
_NORMAL_95 = 1.959964  # two-sided


def wilson(hits, number):
    """The 95 % interval of Wilson (1927) of a rate."""
    if not number:
        return 0.0, 1.0
    rate, square = hits / number, _NORMAL_95 ** 2
    middle = rate + square / (2 * number)
    half = _NORMAL_95 * math.sqrt(rate * (1 - rate) / number + square / (4 * number ** 2))
    return (max(0.0, (middle - half) / (1 + square / number)),
            min(1.0, (middle + half) / (1 + square / number)))


def count(trials):
    """The figures of some trials, with the rates that go with them."""
    figures = {"injected": len(trials)}
    for name in OUTCOMES:
        figures[name] = sum(name in trial["outcomes"] for trial in trials)
    figures["whole"] = sum("detected" in trial["outcomes"] and not trial["failed"]
                           for trial in trials)
    figures["rates"] = {}
    for name, base in RATES.items():
        low, high = wilson(figures[name], figures[base])
        rate = figures[name] / figures[base] if figures[base] else None
        figures["rates"][name] = {"of": base, "rate": rate, "low": low, "high": high}
    return figures


def summary(identity, trials):
    """What the JSON file holds."""
    trials = sorted(trials, key=lambda trial: trial["number"])
    return {
        "campaign": identity,
        "totals": count(trials),
        "by_service": {name: count([each for each in trials if each["service"] == name])
                       for name in sorted({each["service"] for each in trials})},
        "by_kind": {name: count([each for each in trials if each["kind"] == name])
                    for name in sorted({each["kind"] for each in trials})},
        "failures": [each for each in trials if each["failed"]],
        "trials": trials,
    }


def write(path, results):
    """Writes the JSON file whole or not at all."""
    part = Path(f"{path}.part")
    try:
        part.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error


def read(path):
    """A JSON file that a campaign wrote."""
    try:
        results = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise Unable(f"{path} is no JSON: {error}") from error
    if not isinstance(results, dict) or not {"campaign", "trials"} <= set(results):
        raise Unable(f"{path} is not the result of a campaign")
    return results


def merge(paths):
    """Shards of one campaign as one."""
    parts = [read(path) for path in paths]
    whole, trials = parts[0]["campaign"], {}
    for path, part in zip(paths, parts):
        if part["campaign"] != whole:
            raise Unable(f"{path} belongs to another campaign than {paths[0]}")
        for trial in part["trials"]:
            known = trials.setdefault(trial["number"], trial)
            if known != trial:
                raise Unable(f"trial {trial['seed']} differs between shards")
    return summary(whole, list(trials.values()))


class Journal:
    """What has been done of a campaign; open while it goes on."""

    def __init__(self, path, identity):
        self._path = Path(path)
        self.trials = []
        if self._path.exists():
            self._read(identity)
        try:
            self._file = open(self._path, "a", encoding="utf-8")
        except OSError as error:
            raise Unable(f"{self._path}: {error.strerror}") from error
        if not self._path.stat().st_size:
            self._write(identity)

    def _read(self, identity):
        # A line that was being written when the campaign was ended has no end: it goes.
        text = self._path.read_text(encoding="utf-8")
        whole = text[:text.rfind("\n") + 1]
        if whole != text:
            self._path.write_text(whole, encoding="utf-8")
        lines = whole.splitlines()
        if not lines:
            return
        try:
            known, *self.trials = map(json.loads, lines)
        except ValueError as error:
            raise Unable(f"{self._path} is no journal: {error}") from error
        if known != identity:
            different = sorted(name for name in identity
                               if not isinstance(known, dict) or known.get(name) != identity[name])
            raise Unable(f"{self._path} is of another campaign ({', '.join(different)} differ): "
                         "remove it, or name another --json file")

    def _write(self, row):
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()

    def add(self, trial):
        """A trial that has been done."""
        self.trials.append(trial)
        self._write(trial)

    def close(self):
        """Until the next call."""
        self._file.close()
