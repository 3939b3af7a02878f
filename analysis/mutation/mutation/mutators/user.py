# SPDX-License-Identifier: MIT
"""User pointers that become kernel pointers."""

import re

from . import Fault, including, mutator


@mutator("user", "a parameter is no user pointer any more", "sparse")
def user_mark_dropped(source, _):
    for function in source.functions:
        head = source.code[function.head:function.open]
        for match in re.finditer(r" __user(?= \*)", head):
            start = function.head + match.start()
            name = re.match(r" __user \*(\w+)", head[match.start():])
            yield Fault(start, [(start, start + len(match[0]), "")], function,
                        names=(function.name, name[1]) if name else (function.name,))


def _copies(source, name):
    for function in source.functions:
        for call in source.calls(function):
            if call.name == name and len(call.arguments) == 3 and function.name != name:
                yield function, call, [source.text[first:last] for first, last in call.arguments]


@mutator("user", "user memory is read without the copy function", "sparse")
def read_directly(source, _):
    for function, call, (to, start, size) in _copies(source, "copy_from_user"):
        yield Fault(call.start, [*including(source, "kernel/lib/string.h"),
                                 (call.start, call.end, f"(memcpy({to}, {start}, {size}), 0)")], function)


@mutator("user", "user memory is written without the copy function", "sparse")
def written_directly(source, _):
    for function, call, (to, start, size) in _copies(source, "copy_to_user"):
        yield Fault(call.start, [*including(source, "kernel/lib/string.h"),
                                 (call.start, call.end, f"(memcpy({to}, {start}, {size}), 0)")], function)


@mutator("user", "a user pointer is dereferenced", "sparse")
def dereferenced(source, _):
    for function in source.functions:
        for match in re.finditer(r"\bvoid __user \*(\w+)(?=[,)])",
                                 source.code[function.head:function.open]):
            yield Fault(function.open, [(function.first_statement, function.first_statement,
                                         f"\n\t(void)*(const volatile char __user *){match[1]};")],
                        function)


@mutator("user", "a cast makes a kernel pointer of a user pointer", "sparse")
def cast_away(source, _):
    for function, call, (to, start, size) in _copies(source, "copy_from_user"):
        if re.fullmatch(r"\w+", start):
            yield Fault(call.start, [*including(source, "kernel/lib/string.h"), (
                call.start, call.end, f"(memcpy({to}, (const void *){start}, {size}), 0)")], function)
