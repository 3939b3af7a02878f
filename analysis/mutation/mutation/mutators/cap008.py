# SPDX-License-Identifier: MIT
"""CAP008: raw operations in services."""

from ..tree import SERVICES
from . import Fault, at_start, including, mutator


def _executed(source, text, *more):
    if source.path.startswith(SERVICES):
        for function in source.functions:
            yield Fault(function.open, [at_start(function, text), *more], function)


@mutator("CAP008", "a service switches interrupts off", "CAP008")
def interrupts_off(source, _):
    yield from _executed(source, '__asm__ volatile("cli");')


@mutator("CAP008", "a service writes a port", "CAP008")
def port_written(source, _):
    yield from _executed(source, '__asm__ volatile("outb %0, %1" : : "a"((unsigned char)1), '
                         '"Nd"((unsigned short)0x80));')


@mutator("CAP008", "a service writes a model-specific register", "CAP008")
def model_register_written(source, _):
    yield from _executed(source, '__asm__ volatile("wrmsr" : : "c"(0xc0000080), "a"(0), "d"(0));')


@mutator("CAP008", "a service reads the root of the page tables with the machine's own function",
         "CAP008")
def control_register_read(source, _):
    if source.path.startswith(SERVICES):
        yield from _executed(source, "(void)cr3_read();", *including(source, "arch/registers.h"))


@mutator("CAP008", "a service has a privileged instruction as bytes", "CAP008")
def instruction_as_bytes(source, _):
    yield from _executed(source, '__asm__ volatile(".byte 0xf4");')
