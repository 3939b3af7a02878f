# SPDX-License-Identifier: MIT
"""CAP009: privileged functions that validate late, in part, or not at all."""

import re

from . import Fault, above, including, mutator

# Here they stand in the macros that make the gates.
GATES = "kernel/boundary/gate.c"
ROWS = "kernel/boundary/core_calls.def"

_VALIDATION = re.compile(r"\bcap_validate\((\w+), ([^;]+)\);")


def _validations(source):
    """(function or None, match) of each validation; those in macros have no function."""
    for match in _VALIDATION.finditer(source.text):
        function = next((function for function in source.functions
                         if function.open < match.start() < function.close), None)
        if function is None and source.path != GATES:
            continue
        # A function that does nothing more has nothing to guard.
        following = source.code[match.end():function.close] if function else "="
        if re.search(r"=|\w\(", following):
            yield function, match


def _changed(source, text):
    for function, match in _validations(source):
        new = text.format(call=match[0], kind=match[1], token=match[2])
        if function:
            yield Fault(match.start(), [(match.start(), match.end(), new)], function)
        else:
            yield Fault(match.start(), [(match.start(), match.end(), new.replace("\n", "\\\n"))],
                        names=("core_store", "core_device", "core_queue"), beside=(ROWS,))


@mutator("CAP009", "a validation is left out", "CAP009", "roles")
def validation_removed(source, _):
    yield from _changed(source, "(void){token};")


@mutator("CAP009", "the answer of a validation is not looked at", "CAP009", "roles")
def answer_ignored(source, _):
    yield from _changed(source, "(void)cap_is_valid({kind}, {token});")


@mutator("CAP009", "a validation is made on one path only", "CAP009", "roles")
def validated_on_one_path(source, _):
    yield from _changed(source, "if (__builtin_return_address(0))\n\t\t{call}")


@mutator("CAP009", "a word for the analysis is in the place of a validation", "CAP009")
def wielded_only(source, _):
    yield from _changed(source, "cap_wield({kind}, {token});")


@mutator("CAP009", "a validation is moved behind the first effect", "CAP009", "roles")
def validated_late(source, _):
    for function, match in _validations(source):
        end = source.code.find(";", match.end()) + 1
        following = source.text[match.end():end]
        if function and end < function.close and "if (" not in following and "return" not in following:
            yield Fault(match.start(), [(match.start(), end, f"{following.strip()}\n\t{match[0]}")],
                        function)


@mutator("CAP009", "something is counted before the validation", "CAP009")
def counted_first(source, _):
    for function, match in _validations(source):
        if function:
            yield Fault(match.start(), [above(function, "static unsigned long asked;"),
                                        (match.start(), match.start(), "asked++;\n\t")], function)


@mutator("CAP009", "a function of another file is called before the validation", "CAP009")
def called_first(source, _):
    for function, match in _validations(source):
        if function:
            hosted = source.path.startswith("tests/")
            call = 'puts("asked");' if hosted else 'log_line("asked");'
            yield Fault(match.start(), [*including(source, "stdio.h" if hosted else "kernel/log/log.h"),
                                        (match.start(), match.start(), f"{call}\n\t")], function)
