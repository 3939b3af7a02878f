# SPDX-License-Identifier: MIT
"""Escape hatches: each is listed with its reason, and one without a reason is CAP010."""

import re
from pathlib import Path
from typing import NamedTuple

from .findings import Finding

# Macros of annotations/ that switch a check off; the first argument is the reason.
MACROS = ("CAP_UNSAFE", "LEFT_UNINITIALIZED", "NO_LOCK_ANALYSIS")

_TOKEN = re.compile(r"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<string> "(?:\\.|[^"\\\n])*" )
  | (?P<char> '(?:\\.|[^'\\\n])*' )
  | (?P<define> ^[ \t]*\#[ \t]*define\b(?:\\\n|[^\n])* )
  | (?P<word> [A-Za-z_]\w* )
  | (?P<other> \S )
""", re.VERBOSE | re.DOTALL | re.MULTILINE)


class Hatch(NamedTuple):
    """One use of an escape hatch."""
    file: str
    line: int
    column: int
    macro: str
    reason: str


def find_hatches(path):
    """The hatches in a file, in order."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    # Most files have none, and some are of megabytes.
    if not any(macro in text for macro in MACROS):
        return []
    tokens = [match for match in _TOKEN.finditer(text)
              if match.lastgroup not in ("comment", "define")]
    found = []
    for index, token in enumerate(tokens):
        if token.lastgroup != "word" or token[0] not in MACROS:
            continue
        rest = tokens[index + 1:index + 12]
        if not rest or rest[0][0] != "(":
            continue
        reason = ""
        for part in rest[1:]:
            if part.lastgroup != "string":
                break
            reason += part[0][1:-1]
        line = text.count("\n", 0, token.start()) + 1
        column = token.start() - text.rfind("\n", 0, token.start())
        found.append(Hatch(str(path), line, column, token[0], reason.strip()))
    return found


def judge_hatches(hatches):
    """The findings among the hatches."""
    return [Finding(hatch.file, hatch.line, hatch.column, "hatches", "CAP010",
                    f"{hatch.macro} gives no reason")
            for hatch in hatches if not hatch.reason]
