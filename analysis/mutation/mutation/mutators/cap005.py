# SPDX-License-Identifier: MIT
"""CAP005: tokens that leave their owner."""

from ..tree import SERVICES
from . import Fault, before_statement, including, mutator
from .cap001 import carrier_fills
from .cap004 import carriers_shown


@mutator("CAP005", "a carrier is an argument of a function with variable arguments", "CAP005")
def carrier_logged(source, tree):
    for function, shown, pointer, _ in carriers_shown(source, tree):
        header, call = "kernel/log/log.h", f'log_line("rights at %p", (const void *){pointer});'
        if source.path.startswith("tests/"):
            header, call = "stdio.h", f'printf("%p", (const void *){pointer});'
        elif source.path.startswith(SERVICES):
            call = (f'if (!__builtin_return_address(0))\n\t\t'
                    f'panic("rights at %p", (const void *){pointer});')
        edit = before_statement(function, shown.start, call)
        if edit:
            yield Fault(shown.start, [*including(source, header), edit], function)


def _sent_out(source, header, carrier):
    for function in source.functions:
        for call in source.calls(function):
            if call.name in ("copy_to_user", "copy_to_user_partial") and len(call.arguments) == 3 \
                    and function.name != call.name:
                (start, end), (first, last) = call.arguments[1:]
                yield Fault(call.start, [*including(source, header), (start, end, f"&{carrier}"),
                                         (first, last, f"sizeof({carrier})")], function)


@mutator("CAP005", "a carrier's bytes are copied to user memory", "CAP005")
def carrier_copied_to_user(source, _):
    yield from _sent_out(source, "kernel/mm/page_alloc.h", "core_rights")


@mutator("CAP005", "a struct that embeds a carrier is copied to user memory", "CAP005")
def descriptor_copied_to_user(source, _):
    yield from _sent_out(source, "kernel/boundary/service.h", "services[0]")


@mutator("CAP005", "another owner's carrier gets a token that was not delegated to it", "CAP005")
def handed_on_without_delegation(source, tree):
    for start, end, kind in carrier_fills(source, tree):
        if source.text[start:end].startswith("cap_mint(") and "CAP_OWNER_CORE" not in source.text[start:end] \
                and source.path.startswith("kernel/") and kind == "page_alloc":
            yield Fault(start, [(start, end, "core_rights.pages")])
