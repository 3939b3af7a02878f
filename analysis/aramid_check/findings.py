# SPDX-License-Identifier: MIT
"""Findings: read from what a tool prints, merged across tools, printed in GNU style."""

import os
import re
from collections import defaultdict
from typing import NamedTuple

# The tool whose rule and words stand first when several speak about one line.
PRECEDENCE = ("capflow", "hatches", "objects", "analyzer", "roles", "sparse", "warnings")

_LINE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): "
                   r"(?:fatal )?(?:error|warning): (?P<text>.*)$")
_RULE = re.compile(r"^((?:CAP|RES|CTX)\d{3}): (.*)$")
_CLANG_FLAG = re.compile(r"^(.*) \[(?:-Werror,)?-W([\w.+=-]+)\]$")


class Step(NamedTuple):
    """One step of the path that leads to a fault."""
    file: str
    line: int
    column: int
    text: str


class Finding(NamedTuple):
    """One word of one tool about one place, and the path that leads there when the tool knows it."""
    file: str
    line: int
    column: int
    tool: str
    rule: str
    text: str
    steps: tuple = ()


def short_path(path, folder):
    """The path as the user would write it: relative when it lies below."""
    path = os.path.normpath(os.path.join(folder, path))
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def split_rule(text):
    """(rule, words) of a message that begins with a rule's id; the rule is empty without one."""
    match = _RULE.match(text)
    return match.groups() if match else ("", text)


def read_findings(output, tool, folder):
    """The findings in a tool's output; lines of another form are notes, not findings.

    TOOL is a name, or a function from a compiler flag to one.
    """
    found = []
    for line in output.splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        text, flag = match["text"], ""
        rule, text = split_rule(text)
        clang = _CLANG_FLAG.match(text)
        if clang and not rule:
            text, flag = clang.groups()
            rule = f"-W{flag}"
        name = tool(flag) if callable(tool) else tool
        found.append(Finding(short_path(match["file"], folder), int(match["line"]),
                             int(match["column"]), name, rule or name, text))
    return found


def _shortest_paths(findings):
    """The findings without repetition, sorted: a fault in a header is found in many units, and
    by many paths. The shortest is kept."""
    best = {}
    for finding in findings:
        before = best.get(finding[:-1])
        if before is None or (finding.steps and (
                not before.steps or (len(finding.steps), finding.steps)
                < (len(before.steps), before.steps))):
            best[finding[:-1]] = finding
    return sorted(best.values())


def merge(findings):
    """Groups of findings about one fault: on one line, the first of each tool, the second…"""
    by_line = defaultdict(lambda: defaultdict(list))
    for finding in _shortest_paths(findings):
        by_line[finding.file, finding.line][finding.tool].append(finding)
    groups = []
    for place in sorted(by_line):
        tools = by_line[place]
        for rank in range(max(map(len, tools.values()))):
            groups.append([tools[tool][rank] for tool in PRECEDENCE
                           if len(tools.get(tool, ())) > rank])
    return groups


def format_group(group):
    """One line: the first tool's rule and words, then what the others said."""
    first = group[0]
    line = f"{first.file}:{first.line}:{first.column}: error: {first.rule}: {first.text}"
    if first.rule != first.tool:
        line += f" [{first.tool}]"
    for other in group[1:]:
        word = other.tool if other.rule == other.tool else f"{other.tool} {other.rule}"
        line += f" [{word}: {other.text}]"
    return line
