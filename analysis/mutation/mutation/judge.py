# SPDX-License-Identifier: MIT
"""Whether what ./aramid check printed is a word for a planted fault."""

import re
from collections import defaultdict
from typing import NamedTuple

TOOLS = "capflow|hatches|objects|analyzer|roles|sparse|warnings"
_LINE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: error: (?P<rule>[^\s:]+): (?P<text>.*)$")
_WORD = re.compile(rf" \[({TOOLS})(?: ([\w+.=-]+))?(?::|\])")

# A finding one line off is the same place: a call's argument may begin on the next line.
NEAR = 1


class Word(NamedTuple):
    """What one tool said."""
    line: int
    tool: str
    rule: str
    text: str


def read_words(output):
    """{file: words} of the printed findings; each tool of a merged finding has its own."""
    words = defaultdict(list)
    for printed in output.splitlines():
        match = _LINE.match(printed)
        if not match:
            continue
        line, rule, text = int(match["line"]), match["rule"], match["text"]
        parts = [(found.start(), found.end(), found[1], found[2]) for found in _WORD.finditer(text)]
        heads = [part for part in parts if text[part[1] - 1] == "]"]
        others = [part for part in parts if text[part[1] - 1] == ":"]
        tool = heads[0][2] if heads and (not others or heads[0][0] < others[0][0]) else rule
        first = parts[0][0] if parts else len(text)
        words[match["file"]].append(Word(line, tool, rule, text[:first]))
        for index, (_, end, name, own) in enumerate(others):
            stop = others[index + 1][0] if index + 1 < len(others) else len(text)
            words[match["file"]].append(Word(line, name, own or name, text[end:stop].strip(" ]")))
    return words


def _is_word_for(word, mutant):
    for wanted in mutant.mutator.expect:
        if wanted in (word.tool, word.rule) and wanted != "warnings":
            return True
        if wanted == "compiler" and word.tool == word.rule == "warnings":
            return True
        if wanted.startswith("-W") and word.rule.startswith(wanted):
            return True
    return False


def _is_named(word, mutant, file):
    return file in word.text or any(re.search(rf"(?:\b|_){re.escape(name)}", word.text)
                                    for name in mutant.fault.names)


def _is_there(word, mutant):
    if any(abs(word.line - line) <= NEAR for line in mutant.lines):
        return True
    return any(first <= word.line <= last for first, last in mutant.spans)


def judge(mutant, words, elsewhere, file):
    """(tools whose word counts, what else was said).

    WORDS are about FILE, the changed one; those about others count where they name what is wrong.
    """
    counted = [word for word in words if _is_word_for(word, mutant) and
               (_is_there(word, mutant) or _is_named(word, mutant, file))]
    counted += [word for word in elsewhere if _is_word_for(word, mutant) and
                _is_named(word, mutant, file)]
    return sorted({word.tool for word in counted}), [word for word in words if word not in counted]
