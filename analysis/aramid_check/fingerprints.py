# SPDX-License-Identifier: MIT
"""What makes a finding the same one in a later run, though lines above it came or went."""

import hashlib
import json
from collections import Counter
from pathlib import Path

from .unable import Unable

# The name under which SARIF carries it; another way to compute it is another version.
KEY = "aramidFinding/v1"


def _line_text(file, number, texts):
    if file not in texts:
        try:
            texts[file] = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            texts[file] = []
    lines = texts[file]
    return " ".join(lines[number - 1].split()) if 0 < number <= len(lines) else ""


def fingerprint_groups(groups):
    """A fingerprint for each group: its rule, file and line of text, and which of its like it is."""
    texts, seen, prints = {}, Counter(), []
    for group in groups:
        first = group[0]
        same = (first.rule, first.file, _line_text(first.file, first.line, texts))
        text = "\0".join([*same, str(seen[same])])
        seen[same] += 1
        prints.append(hashlib.sha256(text.encode()).hexdigest()[:32])
    return prints


def read_baseline(path):
    """The fingerprints in a SARIF file that an earlier run wrote."""
    try:
        log = json.loads(Path(path).read_text(encoding="utf-8"))
        return {result["partialFingerprints"][KEY]
                for run in log["runs"] for result in run["results"]}
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unable(f"{path} is not a SARIF file of aramid check: write one with --sarif") from error
