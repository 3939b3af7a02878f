# SPDX-License-Identifier: MIT
"""CAP007: tokens that are used after their end."""

import re

from . import Fault, before_statement, mutator, shown_tokens


@mutator("CAP007", "a token is shown after it was revoked", "CAP007")
def revoked_before_use(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start,
                                f"cap_revoke_one({shown.kind}, {shown.text});")
        if edit:
            yield Fault(shown.start, [edit], function)


@mutator("CAP007", "a copy of a revoked token is shown", "CAP007")
def revoked_copy_shown(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, f"CAP({shown.kind}) second = {shown.text};\n\t"
                                f"cap_revoke_one({shown.kind}, {shown.text});")
        if edit:
            yield Fault(shown.start, [edit, (shown.start, shown.end, "second")], function)


@mutator("CAP007", "a token is shown after its kind was revoked", "CAP007")
def kind_revoked_before_use(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, f"cap_revoke_kind({shown.kind});")
        if edit:
            yield Fault(shown.start, [edit], function)


@mutator("CAP007", "a token is revoked on one path to its use", "CAP007")
def revoked_on_one_path(source, tree):
    for function, shown in shown_tokens(source, tree):
        edit = before_statement(function, shown.start, "if (__builtin_return_address(0))\n\t\t"
                                f"cap_revoke_one({shown.kind}, {shown.text});")
        if edit:
            yield Fault(shown.start, [edit], function)


@mutator("CAP007", "the revocation of what a fallen service held is left out", "CAP007")
def revocation_left_out(source, _):
    for match in re.finditer(r"\tcap_revoke\([^;]*;\n", source.code):
        if source.path.startswith("kernel/"):
            yield Fault(match.start() + 1, [(match.start() + 1, match.end() - 1, "")])
