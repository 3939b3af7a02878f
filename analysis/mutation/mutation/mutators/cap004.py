# SPDX-License-Identifier: MIT
"""CAP004: bytes that become tokens."""

import re

from . import Fault, before_statement, including, mutator, shown_tokens


def carriers_shown(source, tree):
    """(function, shown token, the carrier's pointer, its tag) where a carrier's token is shown."""
    for function, shown in shown_tokens(source, tree):
        field = re.fullmatch(r"(\w+)(->|\.)(\w+)", shown.text)
        if not field:
            continue
        tag = re.search(rf"\bstruct (\w+) \*?{field[1]}\b",
                        source.code[function.head:function.close])
        pointer = field[1] if field[2] == "->" else f"&{field[1]}"
        yield function, shown, pointer, tag[1] if tag else field[1]


def string_header(source):
    """The header that declares memcpy for a file."""
    return "string.h" if source.path.startswith("tests/") else "kernel/lib/string.h"


@mutator("CAP004", "bytes are copied into a carrier", "CAP004", "CAP001")
def bytes_copied_into_carrier(source, tree):
    for function, shown, pointer, tag in carriers_shown(source, tree):
        edit = before_statement(function, shown.start, "char bytes[64] = {1};\n\t"
                                f"memcpy((struct {tag} *){pointer}, bytes, sizeof(struct {tag}));")
        if edit:
            yield Fault(shown.start, [*including(source, string_header(source)), edit], function)


@mutator("CAP004", "a byte of a carrier is written", "CAP004", "CAP001")
def byte_of_carrier_written(source, tree):
    for function, shown, pointer, _ in carriers_shown(source, tree):
        edit = before_statement(function, shown.start, f"((char *){pointer})[0] = 1;")
        if edit:
            yield Fault(shown.start, [edit], function)


@mutator("CAP004", "any memory is read as a carrier through a pointer to void", "CAP004", "CAP001")
def carrier_through_void(source, tree):
    for function, shown, _, tag in carriers_shown(source, tree):
        edit = before_statement(function, shown.start,
                                "char bytes[64] = {1};\n\tvoid *anywhere = bytes;")
        if edit:
            field = re.split(r"->|\.", shown.text)[1]
            yield Fault(shown.start, [edit, (shown.start, shown.end,
                                             f"((struct {tag} *)anywhere)->{field}")], function)


@mutator("CAP004", "memory at a number is read as a carrier", "CAP004", "CAP001")
def carrier_from_number(source, tree):
    for function, shown, _, tag in carriers_shown(source, tree):
        field = re.split(r"->|\.", shown.text)[1]
        yield Fault(shown.start, [(shown.start, shown.end,
                                   f"((struct {tag} *)0xffff800000001000UL)->{field}")],
                    function)


@mutator("CAP004", "a function takes a token of another kind than its callers show and its callees ask",
         "CAP004", "sparse", "compiler", refused=True)
def kind_swapped(source, _):
    for function in source.functions:
        for name, kind in function.tokens.items():
            other = "net_access" if kind != "net_access" else "block_access"
            head = source.code[function.head:function.open]
            at = function.head + re.search(rf"CAP\({kind}\) {name}\b", head).start()
            yield Fault(at, [(at, at + len(f"CAP({kind})"), f"CAP({other})")], function,
                        names=(function.name,))


@mutator("CAP004", "a token is read as one of another kind", "CAP002", "CAP004")
def kind_turned_by_cast(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start,
                                f"CAP(net_access) other = *(const CAP(net_access) *)&{shown.text};")
        if edit and shown.kind != "net_access":
            yield Fault(shown.start, [edit, (shown.start, shown.end,
                                             f"*(const CAP({shown.kind}) *)&other")], function)


@mutator("CAP004", "a token is copied byte by byte", "CAP002", "CAP004")
def token_copied_as_bytes(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, f"CAP({shown.kind}) moved;\n\t"
                                f"memcpy(&moved, &{shown.text}, sizeof(moved));")
        if edit:
            yield Fault(shown.start, [*including(source, string_header(source)), edit,
                                      (shown.start, shown.end, "moved")], function)
