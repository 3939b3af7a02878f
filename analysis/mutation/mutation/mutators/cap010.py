# SPDX-License-Identifier: MIT
"""CAP010: exceptions without a reason."""

import re

from . import Fault, mutator, shown_tokens


@mutator("CAP010", "a token is excused without a reason", "CAP010")
def token_excused(source, tree):
    for _, shown in shown_tokens(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end, f'CAP_UNSAFE("", {shown.text})')])


@mutator("CAP010", "a forged token is excused with blanks for a reason", "CAP010")
def forgery_excused(source, tree):
    for _, shown in shown_tokens(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end,
                                   f'CAP_UNSAFE("  ", (CAP({shown.kind})){{}})')])


@mutator("CAP010", "a function that takes a lock is excused without a reason", "CAP010")
def function_excused(source, _):
    for function in source.functions:
        if "aramid/lock.h" in source.text or re.search(r"\b(?:spin|mutex)_lock", function.body):
            head = source.text[function.head:function.open].rstrip()
            if function.is_static and "_LOCK" not in head:
                end = function.head + len(head)
                yield Fault(function.open, [(function.head, end, f'{head};\n{head}'.replace(
                    f"{head};", f'{head} NO_LOCK_ANALYSIS("");', 1))])


@mutator("CAP010", "the reason of an exception is taken away", "CAP010")
def reason_taken_away(source, _):
    for match in re.finditer(r'\b(?:NO_LOCK_ANALYSIS|CAP_UNSAFE)\(("(?:\\.|[^"\\\n])*")', source.text):
        if source.code[match.start():match.start() + 3].strip():
            yield Fault(match.start(), [(match.start(1), match.end(1), '""')])
