# SPDX-License-Identifier: MIT
"""Excerpts of C sources: the lines around a place, comments, strings and keywords set apart."""

import re
from functools import lru_cache
from pathlib import Path

from .markup import append, element

LINES_AROUND = 3
LONGEST_LINE = 400  # characters; what generated code has beyond is cut

_KEYWORDS = frozenset("""auto break case char const continue default do double else enum extern
    float for goto if inline int long register restrict return short signed sizeof static struct
    switch typedef union unsigned void volatile while bool true false NULL _Bool
    _Noreturn _Static_assert""".split())
_TOKEN = re.compile(r"(?P<comment>/\*.*?(?:\*/|\Z)|//[^\n]*)"
                    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
                    r"|(?P<macro>^[ \t]*#[ \t]*\w+)|(?P<word>[A-Za-z_]\w*)",
                    re.DOTALL | re.MULTILINE)


def paint(text):
    """The lines of a C text, each a list of text and elements."""
    rows, end = [[]], 0

    def add(piece, name):
        for number, part in enumerate(piece.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append(element("span", part, class_=name) if name else part)

    for match in _TOKEN.finditer(text):
        name = match.lastgroup
        if name == "word":
            if match[0] not in _KEYWORDS:
                continue
            name = "keyword"
        add(text[end:match.start()], "")
        add(match[0], name)
        end = match.end()
    add(text[end:], "")
    return rows


@lru_cache(maxsize=64)
def _read(file):
    try:
        # Form feeds and the like are no line ends here: they are none to a compiler.
        text = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    lines = [line[:LONGEST_LINE] for line in text.split("\n")]
    return lines, paint("\n".join(lines))


def line_text(file, number):
    """One line without its indentation; empty when there is none."""
    read = _read(file)
    return read[0][number - 1].strip() if read and 0 < number <= len(read[0]) else ""


def excerpt(file, number):
    """The lines around a place, the line itself marked; None when the file cannot be read."""
    read = _read(file)
    if not read or not 0 < number <= len(read[0]):
        return None
    code = element("code")
    last = min(len(read[0]) - (not read[0][-1]), number + LINES_AROUND)
    for at in range(max(1, number - LINES_AROUND), last + 1):
        hit = at == number
        row = element("mark" if hit else "span", class_="line")
        row.append(element("span", str(at), class_="number"))
        for part in read[1][at - 1]:
            append(row, _copy(part))
        append(row, "\n")
        code.append(row)
    return element("pre", code, class_="source", tabindex=0,
                   aria_label=f"{file}, line {number} and the lines around it")


def _copy(part):
    # A part that stands in two excerpts is two elements: each has its own tail.
    return part if isinstance(part, str) else element(part.tag, part.text, class_=part.get("class"))
