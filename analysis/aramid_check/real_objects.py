# SPDX-License-Identifier: MIT
"""The object gate on the objects of a build, all of a target at once."""

import os
import sys
from pathlib import Path

from . import objects
from .findings import format_group, merge
from .policy import Policy
from .unable import Unable, need
from .units import Unit


def source_of(path):
    """The file that an object was compiled from."""
    note = Path(f"{path}.source")
    if note.is_file():
        return note.read_text(encoding="utf-8", errors="surrogateescape").rstrip("\n")
    return os.path.abspath(path).removesuffix(".o").removesuffix(".obj")


def _parse(words):
    policies, paths, stamp = [], [], None
    words = iter(words)
    for word in words:
        if word == "--policy":
            policies.append(next(words, ""))
        elif word == "--stamp":
            stamp = next(words, "")
        elif word.startswith("-"):
            raise Unable(f"no such option: {word}")
        else:
            paths.append(word)
    if not policies or not paths:
        raise Unable("usage: check-objects --policy FILE... [--stamp FILE] OBJECT...")
    return policies, paths, stamp


def main(words):
    """Entry of analysis/check-objects."""
    try:
        policies, paths, stamp = _parse(words)
        need(objects.NM, "llvm-19")
        need(objects.OBJDUMP, "llvm-19")
        units = [Unit(source_of(path), os.getcwd(), []) for path in paths]
        findings = [finding for found in objects.judge_objects(paths, units, Policy(policies))
                    for finding in found]
        if stamp and not findings:
            Path(stamp).write_text("", encoding="utf-8")
    except (Unable, OSError) as reason:
        print(f"check-objects: {reason}", file=sys.stderr)
        return 2
    for group in merge(findings):
        print(format_group(group))
    return 1 if findings else 0
