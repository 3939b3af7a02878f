# SPDX-License-Identifier: MIT
"""CAP002: tokens where they must not lie."""

import re

from . import Fault, above, before_statement, declared, mutator, shown_tokens


def _kept(source, tree, declaration, place, fill, use):
    """A token is kept somewhere before it is shown, and shown from there."""
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, fill.format(**shown._asdict()))
        if edit:
            yield Fault(shown.start, [place(function, declaration.format(**shown._asdict())), edit,
                                      (shown.start, shown.end, use.format(**shown._asdict()))],
                        names=("kept",))


@mutator("CAP002", "a token is kept in a global object", "CAP002")
def kept_in_global(source, tree):
    yield from _kept(source, tree, "CAP({kind}) kept;", above, "kept = {text};", "kept")


@mutator("CAP002", "a token is kept in a static object of the file", "CAP002")
def kept_in_static(source, tree):
    yield from _kept(source, tree, "static CAP({kind}) kept;", above, "kept = {text};", "kept")


@mutator("CAP002", "a token is kept in a static object of the function", "CAP002")
def kept_in_static_local(source, tree):
    yield from _kept(source, tree, "static CAP({kind}) kept;", declared, "kept = {text};", "kept")


@mutator("CAP002", "a token is kept in an array", "CAP002")
def kept_in_array(source, tree):
    yield from _kept(source, tree, "CAP({kind}) kept[2];", declared, "kept[1] = {text};", "kept[1]")


@mutator("CAP002", "a token is kept in a union with a number", "CAP002")
def kept_in_union(source, tree):
    yield from _kept(source, tree, "union {{ CAP({kind}) kept; unsigned long bits; }} disguise;",
                     declared, "disguise.kept = {text};", "disguise.kept")


@mutator("CAP002", "a token is kept in a struct that no policy lists", "CAP002")
def kept_in_unlisted_struct(source, tree):
    yield from _kept(source, tree, "struct saved {{\n\tCAP({kind}) kept;\n}};", above,
                     "struct saved saved = {{.kept = {text}}};", "saved.kept")


@mutator("CAP002", "the address of a token is taken and read through", "CAP002")
def address_taken(source, tree):
    for function, shown in shown_tokens(source, tree):
        yield Fault(shown.start, [(shown.start, shown.end, f"*&{shown.text}")])


@mutator("CAP002", "a token's address goes through a pointer to void", "CAP002", "CAP004")
def address_through_void(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, f"const void *where = &{shown.text};")
        if edit:
            yield Fault(shown.start, [edit, (shown.start, shown.end,
                                             f"*(const CAP({shown.kind}) *)where")], function)


@mutator("CAP002", "a real struct that no policy lists gets a token", "CAP002")
def token_in_real_struct(source, tree):
    if "aramid/cap.h" not in tree.included(source.path):
        return
    listed = {tag for tag, _ in tree.carriers}
    for match in re.finditer(r"^(?:static )?struct (\w+) \{\n", source.code, re.M):
        if match[1] not in listed:
            yield Fault(match.start(), [(match.end(), match.end(), "\tCAP(page_alloc) kept;\n")])


@mutator("CAP002", "a function takes a pointer to its token", "CAP002")
def pointer_parameter(source, tree):
    for function in source.functions:
        if not function.is_static:
            continue
        for name, kind in function.tokens.items():
            edits = []
            head = source.code[function.head:function.open]
            at = function.head + re.search(rf"CAP\({kind}\) {name}\b", head).start()
            edits.append((at, at + len(f"CAP({kind}) "), f"const CAP({kind}) *"))
            edits += [(function.open + use.start(), function.open + use.end(), f"(*{name})")
                      for use in re.finditer(rf"\b{name}\b", function.body)]
            for caller in source.functions:
                for call in source.calls(caller):
                    if call.name == function.name:
                        start, end = call.arguments[0]
                        text = source.text[start:end]
                        edits = [edit for edit in edits if edit[0] != start]
                        # The function's own name for it is a pointer already.
                        edits.append((start, end, text if caller is function else f"&{text}"))
            yield Fault(at, edits, names=(name,))
