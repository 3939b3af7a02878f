# SPDX-License-Identifier: MIT
"""The table of mutators: one row a way to break a rule, filled by the modules beside this file."""

from typing import NamedTuple


class Fault(NamedTuple):
    """A fault at one place of a file: (start, end, text) edits, and where a finding may stand.

    A finding counts on a planted line or next to one, in FUNCTION and what that calls in its file,
    or where its text says a name. BESIDE: files that the changed one expands, whose lines a finding
    may have; they are copied too.
    """
    at: int
    edits: list
    function: object = None
    names: tuple = ()
    beside: tuple = ()


class Mutator(NamedTuple):
    """A way to break a rule. EXPECT: rules, tools or -W flags that are a word for the fault."""
    name: str
    rule: str
    sentence: str
    expect: tuple
    refused: bool
    whole: bool
    find: object


MUTATORS = {}


def mutator(rule, sentence, *expect, refused=False, whole=False):
    """Adds the row of a function that yields the faults of a source.

    REFUSED: the compiler itself may refuse the fault, and that is the gate's word. WHOLE: what is
    missing in one file another could have: checked by itself, in the real file's place in the tree.
    """
    def add(find):
        name = find.__name__
        assert name not in MUTATORS and expect
        MUTATORS[name] = Mutator(name, rule, sentence, expect, refused, whole, find)
        return find
    return add


def before_statement(function, offset, text):
    """The edit that puts a statement before the one round OFFSET, or None."""
    start = function.statement_of(offset)
    return None if start is None else (start, start, f"{text}\n\t")


def at_start(function, text):
    """The edit that puts a statement behind a function's first declarations."""
    return (function.first_statement, function.first_statement, f"\n\t{text}")


def declared(function, text):
    """The edit that declares a local object first in a function."""
    return (function.open + 1, function.open + 1, f"\n\t{text}")


def above(function, text):
    """The edit that puts a declaration of the file before a function."""
    return (function.head, function.head, f"{text}\n\n")


def including(source, header):
    """The edits that include a header which a file lacks."""
    if f"<{header}>" in source.text:
        return []
    at = source.text.index("#include")
    return [(at, at, f"#include <{header}>\n")]


def shown_tokens(source, tree, validations=False):
    """(function, shown token) of each token that is an argument in a file."""
    for function in source.functions:
        for shown in source.shown(function, tree.carriers):
            if validations or not shown.call.name.startswith("cap_"):
                yield function, shown


def load():
    """The filled table."""
    from . import (cap001, cap002, cap003, cap004, cap005, cap006,  # pylint: disable=unused-import
                   cap007, cap008, cap009, cap010, roles, user)
    return MUTATORS
