# SPDX-License-Identifier: MIT
"""CAP001: tokens out of nothing."""

import re

from . import Fault, above, before_statement, declared, mutator, shown_tokens


def _carrier_for(tree, kind):
    """A carrier's (tag, field) for a kind; those of one token come first."""
    rows = sorted(tree.carriers, key=lambda row: ("rights" not in row[0], row))
    return next((row for row in rows if tree.carriers[row] == kind), None)


def _knows(source, tree, tag):
    """Whether a struct is surely complete in a file: its header, or one of its objects, is named."""
    headers = [path for path in tree.headers if f"struct {tag} {{" in tree.source(path).text]
    return f"struct {tag} {{" in source.text or any(
        path.rpartition("include/")[2] in source.text for path in headers) or \
        f"{tag}." in source.code


@mutator("CAP001", "a literal in the place of a token that was given", "CAP001")
def literal_shown(source, tree):
    for _, shown in shown_tokens(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end, f"(CAP({shown.kind})){{}}")])


@mutator("CAP001", "a local token that nobody filled in the place of the one that was given", "CAP001")
def uninitialised_shown(source, tree):
    for function, shown in shown_tokens(source, tree):
        yield Fault(shown.start, [declared(function, f"CAP({shown.kind}) fresh;"),
                                  (shown.start, shown.end, "fresh")], function)


@mutator("CAP001", "the field of a zeroed carrier in the place of a token", "CAP001")
def zeroed_carrier_shown(source, tree):
    for function, shown in shown_tokens(source, tree):
        row = _carrier_for(tree, shown.kind)
        if row and _knows(source, tree, row[0]):
            yield Fault(shown.start, [declared(function, f"struct {row[0]} empty = {{}};"),
                                      (shown.start, shown.end, f"empty.{row[1]}")], function)


@mutator("CAP001", "a static carrier that nobody fills in the place of the one that was given",
         "CAP001")
def static_carrier_shown(source, tree):
    for function, shown in shown_tokens(source, tree):
        row = _carrier_for(tree, shown.kind)
        if row and _knows(source, tree, row[0]):
            yield Fault(shown.start, [above(function, f"static struct {row[0]} spare;"),
                                      (shown.start, shown.end, f"spare.{row[1]}")], names=("spare",))


@mutator("CAP001", "a token is assigned on one path only", "CAP001")
def assigned_on_one_path(source, tree):
    for function, shown in shown_tokens(source, tree):
        test = before_statement(function, shown.start,
                                f"CAP({shown.kind}) chosen;\n\tif (__builtin_return_address(0))\n"
                                f"\t\tchosen = {shown.text};")
        if test:
            yield Fault(shown.start, [test, (shown.start, shown.end, "chosen")], function)


@mutator("CAP001", "an assembler statement writes a token", "CAP001")
def written_by_assembler(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start,
                                f"CAP({shown.kind}) odd = {shown.text};\n\t"
                                '__asm__ volatile("" : "+m"(odd));')
        if edit:
            yield Fault(shown.start, [edit, (shown.start, shown.end, "odd")], function)


@mutator("CAP001", "a carrier is filled with a literal", "CAP001")
def carrier_filled_with_literal(source, tree):
    for start, end, kind in carrier_fills(source, tree):
        yield Fault(start, [(start, end, f"(CAP({kind})){{}}")])


@mutator("CAP001", "a carrier is not filled any more", "CAP001", whole=True)
def carrier_not_filled(source, tree):
    for start, end, _ in carrier_fills(source, tree):
        first = max(source.code.rfind(sign, 0, start) for sign in ";{}") + 1
        first += len(source.code[first:start]) - len(source.code[first:start].lstrip())
        carrier = re.match(r"\w+", source.code[first:])[0]
        yield Fault(start, [(first, end + 1, "")], names=(carrier,))


def carrier_fills(source, tree):
    """(start, end, kind) of each right side that fills a carrier's field."""
    for match in re.finditer(r"(\w+)(?:\[\d+\])?(?:->|\.)(\w+) = ([^;]+);", source.code):
        for (tag, field), kind in tree.carriers.items():
            if match[2] == field and (tag == match[1] or re.search(
                    rf"struct {tag} \*?{match[1]}\b", source.code)):
                yield match.start(3), match.end(3), kind
                break
