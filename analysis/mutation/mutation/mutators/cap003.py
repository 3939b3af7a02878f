# SPDX-License-Identifier: MIT
"""CAP003: mints outside the core."""

from . import Fault, above, before_statement, mutator, shown_tokens


def _outside(source, tree):
    return () if tree.is_core(source.path) else shown_tokens(source, tree)


@mutator("CAP003", "a token is minted in the place of the one that was given", "CAP003")
def mint_called(source, tree):
    for _, shown in _outside(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end,
                                   f"cap_mint({shown.kind}, CAP_OWNER_CORE)")])


@mutator("CAP003", "the function behind the mint's macro is called", "CAP003")
def mint_called_by_name(source, tree):
    for _, shown in _outside(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end, f"cap_mint_{shown.kind}(0)")])


@mutator("CAP003", "a pointer to a mint makes the token", "CAP003")
def mint_through_pointer(source, tree):
    for function, shown in _outside(source, tree):
        edit = before_statement(function, shown.start, f"CAP({shown.kind}) (*maker)(cap_owner_t) = "
                                f"cap_mint_{shown.kind};")
        if edit:
            yield Fault(shown.start, [edit, (shown.start, shown.end, "maker(0)")], function)


@mutator("CAP003", "an assembler label gives the mint an innocent name", "CAP003")
def mint_by_label(source, tree):
    for function, shown in _outside(source, tree):
        declaration = (f"CAP({shown.kind}) innocent(cap_owner_t owner) "
                       f'__asm__("cap_mint_{shown.kind}");')
        yield Fault(shown.start, [above(function, declaration),
                                  (shown.start, shown.end, "innocent(0)")])


@mutator("CAP003", "a table of functions names a mint", "CAP003")
def mint_in_table(source, tree):
    for function, shown in _outside(source, tree):
        declaration = (f"static CAP({shown.kind}) (*const makers[])(cap_owner_t) = "
                       f"{{cap_mint_{shown.kind}}};")
        yield Fault(shown.start, [above(function, declaration),
                                  (shown.start, shown.end, "makers[0](0)")])


@mutator("CAP003", "an assembler statement calls the mint", "CAP003")
def mint_called_by_assembler(source, tree):
    for function, shown in _outside(source, tree):
        edit = before_statement(function, shown.start,
                                f'__asm__ volatile("call cap_mint_{shown.kind}" ::: "memory");')
        if edit:
            yield Fault(shown.start, [edit], function)


@mutator("CAP003", "a macro of the file hides the mint", "CAP003")
def mint_behind_macro(source, tree):
    for function, shown in _outside(source, tree):
        yield Fault(shown.start, [
            above(function, f"#define JOINED(left, right) left##right\n"
                  f"#define RIGHT_HERE JOINED(cap_mi, nt_{shown.kind})(CAP_OWNER_CORE)"),
            (shown.start, shown.end, "RIGHT_HERE")], function)
