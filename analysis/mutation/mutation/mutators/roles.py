# SPDX-License-Identifier: MIT
"""Roles: locks that are not taken, not given back, or taken twice."""

import re

from . import Fault, mutator

_TAKE = re.compile(r"^[\t ]*((?:\w[\w ]* )?(?:\w+ = )?"
                   r"(?:spin_lock|spin_lock_irq|mutex_lock|lock_table|cap_lock_table)\([^;]*\);)$", re.M)
_GIVE = re.compile(r"^[\t ]*((?:spin_unlock|spin_unlock_irq|mutex_unlock|cap_unlock_table)\([^;]*\);)$",
                   re.M)


def _lines(source, pattern, change):
    """The statements of functions whose locks are analysed."""
    excused = set(re.findall(r"\b(\w+)\([^;{]*\)\s*NO_LOCK_ANALYSIS", source.code))
    for function in source.functions:
        if function.name in excused:
            continue
        for match in pattern.finditer(function.body):
            start, end = function.open + match.start(1), function.open + match.end(1)
            # Under an if or a loop without braces an empty statement keeps the rest as it was.
            yield Fault(start, [(start, end, change(match[1]))], function)


@mutator("roles", "a lock is not taken", "roles")
def acquire_removed(source, _):
    def without(text):
        name = re.match(r"(.*?)\b(\w+) = ", text)
        return f"{name[1]}{name[2]} = 0;" if name else ";"
    yield from _lines(source, _TAKE, without)


@mutator("roles", "a lock is not given back", "roles")
def release_removed(source, _):
    def without(text):
        flags = re.match(r"spin_unlock_irq\(.*, (\w+)\);", text)
        return f"(void){flags[1]};" if flags else ";"
    yield from _lines(source, _GIVE, without)


@mutator("roles", "a lock is taken twice", "roles")
def acquire_doubled(source, _):
    def doubled(text):
        return f"{text} {re.sub(r'^.* = ', '', text)}"
    yield from _lines(source, _TAKE, doubled)


@mutator("roles", "a lock is given back twice", "roles")
def release_doubled(source, _):
    yield from _lines(source, _GIVE, lambda text: f"{text} {text}")


@mutator("roles", "a function returns with its lock held", "roles")
def returned_with_lock(source, _):
    def left(text):
        return f"{text}\n\tif (!__builtin_return_address(0))\n\t\treturn;"
    for fault in _lines(source, _TAKE, left):
        if fault.function.result.split()[-1:] == ["void"]:
            yield fault
