# SPDX-License-Identifier: MIT
"""CAP006: privileged functions without their token."""

from ..tree import SERVICES
from . import Fault, above, at_start, mutator, shown_tokens

# Functions of the core that no row of core_calls.def offers, as a service would declare them.
NOT_OFFERED = (
    ("void page_run_put(unsigned long page);", "page_run_put(0);"),
    ("void mmu_activate(unsigned long root);", "mmu_activate(0);"),
    ("void thread_yield(void);", "thread_yield();"),
    ("void time_set_wall(unsigned long now);", "time_set_wall(0);"),
    ("void services_arm(void);", "services_arm();"),
)


def _privileged_calls(source, tree):
    """(function, shown token, prototype, its parameters without tokens, the arguments left)."""
    for function, shown in shown_tokens(source, tree):
        prototype = tree.prototype(source, shown.call.name)
        if not prototype or len(prototype.parameters) != len(shown.call.arguments):
            continue
        rest = [index for index, parameter in enumerate(prototype.parameters)
                if not parameter.startswith("CAP(")]
        parameters = ", ".join(prototype.parameters[index] for index in rest) or "void"
        arguments = ", ".join(source.text[slice(*shown.call.arguments[index])] for index in rest)
        yield function, shown.call, prototype, parameters, arguments


def _called(source, tree, callee):
    for function, call, prototype, parameters, arguments in _privileged_calls(source, tree):
        pointer = f"({prototype.result} (*)({parameters}))"
        yield Fault(call.start, [(call.start, call.end,
                                  f"({callee.format(pointer=pointer, name=call.name)})({arguments})")],
                    function)


@mutator("CAP006", "a cast drops the token of a privileged function", "CAP006", "-Wcast-function-type",
         refused=True)
def cast_drops_token(source, tree):
    yield from _called(source, tree, "{pointer}{name}")


@mutator("CAP006", "a pointer to void drops the token of a privileged function", "CAP006")
def void_pointer_drops_token(source, tree):
    yield from _called(source, tree, "{pointer}(void *){name}")


@mutator("CAP006", "a number drops the token of a privileged function", "CAP006")
def number_drops_token(source, tree):
    yield from _called(source, tree, "{pointer}(unsigned long){name}")


@mutator("CAP006", "a privileged function is declared again without its token", "CAP006", "sparse",
         "compiler", refused=True)
def redeclared_without_token(source, tree):
    for function, call, prototype, parameters, arguments in _privileged_calls(source, tree):
        if prototype.file != source.path:
            yield Fault(call.start, [
                above(function, f"{prototype.result} {call.name}({parameters});"),
                (call.start, call.end, f"{call.name}({arguments})")], function, names=(call.name,))


@mutator("CAP006", "a privileged function is declared without parameters", "CAP006",
         "-Wstrict-prototypes", "-Wdeprecated-non-prototype", refused=True)
def declared_without_parameters(source, tree):
    for function, call, prototype, _, _ in _privileged_calls(source, tree):
        if prototype.file != source.path:
            yield Fault(call.start, [above(function, f"{prototype.result} {call.name}();")],
                        function, names=(call.name,))


@mutator("CAP006", "an assembler label reaches a privileged function without its token", "CAP006")
def label_drops_token(source, tree):
    for function, call, prototype, parameters, arguments in _privileged_calls(source, tree):
        if prototype.file != source.path:
            yield Fault(call.start, [
                above(function, f'{prototype.result} innocent({parameters}) __asm__("{call.name}");'),
                (call.start, call.end, f"innocent({arguments})")], function, names=(call.name,))


@mutator("CAP006", "a file declares a privileged function by itself, without its token", "CAP006")
def declared_by_itself(source, tree):
    if source.path.startswith("tests/") or "kernel/mm/page_alloc.h" in tree.included(source.path):
        return
    for function in source.functions:
        yield Fault(function.open, [above(function, "void page_put(unsigned long page);"),
                                    at_start(function, "page_put(4096);")], function,
                    names=("page_put",))


@mutator("CAP006", "a service references a core function that is not offered to it", "CAP006")
def not_offered(source, _):
    if source.path.startswith(SERVICES):
        for index, function in enumerate(source.functions):
            declaration, call = NOT_OFFERED[index % len(NOT_OFFERED)]
            yield Fault(function.open, [above(function, declaration), at_start(function, call)],
                        function)


@mutator("CAP006", "a service without the right reaches its function by an assembler label", "CAP006")
def label_without_right(source, _):
    if source.path.startswith(SERVICES) and "/tmpfs/" not in source.path:
        for function in source.functions:
            yield Fault(function.open, [
                above(function, 'void tidy(unsigned long object) __asm__("core_store_destroy");'),
                at_start(function, "tidy(1);")], function)
