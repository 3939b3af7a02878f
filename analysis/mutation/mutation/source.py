# SPDX-License-Identifier: MIT
"""A C file as mutators see it: functions, statements, calls, and where tokens are shown.

No parser: the tree is kept in one format (.clang-format), so a function begins with a brace in
the first column and ends with one. What is no code (comments, strings, directives) is blanked, with
every offset as it was.
"""

import bisect
import re
from functools import cached_property
from typing import NamedTuple

_NO_CODE = re.compile(r"""
    /\*.*?\*/ | //[^\n]*
  | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
  | ^[ \t]*\#(?:\\\n|[^\n])*
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
_BODY = re.compile(r"^\{$.*?^\}$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"\b(?!CAP\b|__attribute__\b)(\w+)\s*\(")
_TOKEN_PARAMETER = re.compile(r"\bCAP\((\w+)\)\s*(\w+)")
_CONTROLLED = re.compile(r"\b(?:if|for|while|switch|do|else)\b[^;{}]*\{$")
_NO_STATEMENT = re.compile(r"\s*(?:else\b|case\b|default\b|\w+:|\.|\[)")
_NOT_CALLS = {"if", "for", "while", "switch", "return", "sizeof", "typeof", "CAP", "offsetof"}


class Call(NamedTuple):
    """A call: its name, where it begins and ends, and (start, end) of each argument."""
    name: str
    start: int
    end: int
    arguments: list


class Shown(NamedTuple):
    """A token that is an argument: where, its expression and kind, the call, which argument."""
    start: int
    end: int
    text: str
    kind: str
    call: Call
    index: int


class Function:
    """A function's definition in a file. Offsets are the file's."""

    def __init__(self, source, head, opening, closing):
        self.source, self.head, self.open, self.close = source, head, opening, closing
        text = source.code[head:opening]
        match = _NAME.search(text)
        self.name = match[1] if match else ""
        self.opens_parameters = head + match.end() - 1 if match else head
        self.result = text[:match.start()].strip() if match else ""

    @property
    def body(self):
        """The body's code, blanked like the file's."""
        return self.source.code[self.open:self.close]

    @property
    def is_static(self):
        """Whether no other file can call it."""
        return "static" in self.result.split()

    @property
    def tokens(self):
        """{parameter: kind}."""
        return {name: kind for kind, name in
                _TOKEN_PARAMETER.findall(self.source.code[self.opens_parameters:self.open])}

    @property
    def parameters(self):
        """The parameters' texts."""
        close = self.source.matching(self.opens_parameters)
        return [part.strip() for part in
                self.source.split(self.opens_parameters + 1, close)] if close else []

    @cached_property
    def first_statement(self):
        """Behind the declarations that begin the body."""
        at = self.open + 1
        while True:
            declaration = re.compile(
                r"\s*(?:static |const |struct |enum |u?int\w*\b|unsigned |bool |long |char |void \*|"
                r"size_t |paddr_t |CAP\()[^;{}()]*(?:=[^;]*)?;").match(self.source.code, at, self.close)
            if not declaration or re.search(r"^\s*\w+\s*=|->\w+ =", declaration[0]):
                return at
            at = declaration.end()

    def statement_of(self, offset):
        """Where the whole statement round an offset begins, or None where none can be put before it.

        A statement is what stands between two of `;{}` outside parentheses.
        """
        start, depth = self.open + 1, 0
        for at in range(self.open + 1, offset):
            sign = self.source.code[at]
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and sign in ";{}":
                start = at + 1
        text = self.source.code[start:offset]
        before = self.source.code[:start].rstrip()
        in_initialiser = re.search(r"[=,)]\s*\{$", before) and not _CONTROLLED.search(before)
        if in_initialiser or before.endswith((")", ",")) or _NO_STATEMENT.match(text):
            return None
        return start + len(text) - len(text.lstrip())


class Source:
    """One file of the tree."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self._calls, self._shown = {}, {}
        self.code = _NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, offset):
        """The line number of an offset."""
        return bisect.bisect_right(self._starts, offset)

    @cached_property
    def functions(self):
        """All definitions."""
        found = []
        for match in _BODY.finditer(self.code):
            before = self.code[:match.start()]
            head = max(before.rfind(";\n"), before.rfind("}\n"), before.rfind("\n\n")) + 1
            # A blanked directive or comment is blank lines, and belongs to nobody.
            head += len(self.code[head:match.start()]) - len(self.code[head:match.start()].lstrip())
            function = Function(self, head, match.start(), match.end())
            if function.name and "(" in self.code[head:match.start()]:
                found.append(function)
        return found

    def matching(self, opening):
        """The offset of the parenthesis that closes this one."""
        depth = 0
        for at in range(opening, len(self.code)):
            depth += (self.code[at] == "(") - (self.code[at] == ")")
            if depth == 0:
                return at
        return None

    def split(self, start, end):
        """The texts between the commas that stand outside parentheses and braces."""
        return [self.text[first:last] for first, last in self._parts(start, end)]

    def _parts(self, start, end):
        parts, depth, first = [], 0, start
        for at in range(start, end):
            sign = self.code[at]
            depth += (sign in "({[") - (sign in ")}]")
            if sign == "," and depth == 0:
                parts.append((first, at))
                first = at + 1
        return [*parts, (first, end)] if self.code[start:end].strip() else []

    def calls(self, function):
        """The calls in a function, macros that look like calls among them."""
        if function.open not in self._calls:
            self._calls[function.open] = list(self._find_calls(function))
        return self._calls[function.open]

    def _find_calls(self, function):
        for match in re.finditer(r"\b(\w+)\(", function.body):
            if match[1] in _NOT_CALLS:
                continue
            opening = function.open + match.end() - 1
            closing = self.matching(opening)
            if closing is None:
                continue
            arguments = []
            for first, last in self._parts(opening + 1, closing):
                inside = self.code[first:last]
                arguments.append((first + len(inside) - len(inside.lstrip()),
                                  first + len(inside.rstrip())))
            yield Call(match[1], function.open + match.start(), closing + 1, arguments)

    def shown(self, function, carriers):
        """The tokens that are arguments of a function's calls. CARRIERS: {(tag, field): kind}."""
        if function.open not in self._shown:
            self._shown[function.open] = list(self._find_shown(function, carriers))
        return self._shown[function.open]

    def _find_shown(self, function, carriers):
        tokens = dict(function.tokens)
        tags = {tag for tag, _ in carriers}
        declared = re.findall(r"\bstruct (\w+) \*?(?:const )?(\w+)(?=\s*[,;)=\[])",
                              self.code[function.head:function.close])
        owner = {name: tag for tag, name in declared if tag in tags}
        for call in self.calls(function):
            for index, (start, end) in enumerate(call.arguments):
                text = self.text[start:end]
                kind = tokens.get(text)
                field = re.fullmatch(r"(\w+)(?:->|\.)(\w+)", text)
                if field:
                    tag = owner.get(field[1], field[1])
                    kind = carriers.get((tag, field[2]))
                if kind:
                    yield Shown(start, end, text, kind, call, index)
