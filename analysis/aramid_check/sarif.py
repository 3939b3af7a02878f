# SPDX-License-Identifier: MIT
"""Findings as SARIF 2.1.0 (OASIS, section numbers below), within what GitHub accepts."""

import json
import os
import re
from pathlib import Path
from urllib.parse import quote

from .fingerprints import KEY
from .places import RULES
from .unable import Unable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"

# GitHub refuses a run with more results than this, shows this many steps of a result's paths,
# and refuses ten times as many: each tool's path may be this long.
MOST_RESULTS = 25000
MOST_STEPS = 1000

# What is said of a rule that has no page: a tool's own.
_TOOL_RULES = {
    "sparse": "Stock Sparse: kinds of tokens, address spaces, user pointers",
    "roles": "Clang's thread-safety analysis: rights and locks",
    "warnings": "Compiler warnings that are errors here",
}


def describe_rule(rule, tool):
    """reportingDescriptor (3.49): its page in docs/rules, or what the tool is."""
    page = RULES / f"{rule}.md"
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        title, _, body = text.partition("\n")
        short = title.removeprefix(f"# {rule}: ").strip()
    else:
        short = _TOOL_RULES.get(tool, tool)
        body = f"{rule} comes from {tool}. Its message says what is wrong."
    plain = re.sub(r"^```\w*\n?|^## ", "", body.strip(), flags=re.MULTILINE)
    return {
        "id": rule,
        "shortDescription": {"text": short},
        "fullDescription": {"text": short},
        "help": {"text": plain, "markdown": body.strip()},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["security", tool] if page.is_file() else [tool]},
    }


def _location(file, line, column):
    """location (3.28). A path below the current folder is relative to it."""
    if os.path.isabs(file):
        artifact = {"uri": Path(file).as_uri()}
    else:
        artifact = {"uri": quote(Path(file).as_posix()), "uriBaseId": BASE}
    return {"physicalLocation": {"artifactLocation": artifact,
                                 "region": {"startLine": line, "startColumn": max(column, 1)}}}


def _code_flow(steps):
    """codeFlow (3.36) of one threadFlow (3.37). Of a long path the end is kept: the fault."""
    return {"threadFlows": [{"locations": [
        {"location": {**_location(step.file, step.line, step.column),
                      "message": {"text": step.text}}} for step in steps[-MOST_STEPS:]]}]}


def make_log(groups, prints, known, unable):
    """The whole file as nested dictionaries. KNOWN: a baseline's fingerprints, or None."""
    rules, indices, results = [], {}, []
    for group, fingerprint in list(zip(groups, prints))[:MOST_RESULTS]:
        first = group[0]
        if first.rule not in indices:
            indices[first.rule] = len(rules)
            rules.append(describe_rule(first.rule, first.tool))
        words = [f"{first.text} [{first.tool}]"]
        words += [f"{other.text} [{other.tool}]" for other in group[1:]]
        result = {
            "ruleId": first.rule,
            "ruleIndex": indices[first.rule],
            "level": "error",
            "message": {"text": "\n".join(words)},
            "locations": [_location(first.file, first.line, first.column)],
            "partialFingerprints": {KEY: fingerprint},
        }
        flows = [_code_flow(finding.steps) for finding in group if finding.steps]
        if flows:
            result["codeFlows"] = flows
        if known is not None:
            result["baselineState"] = "unchanged" if fingerprint in known else "new"
        results.append(result)
    notes = [f"{tool} could not check {file}: {reason}" for file, tool, reason in unable]
    if len(groups) > MOST_RESULTS:
        notes.append(f"{len(groups) - MOST_RESULTS} more findings are left out")
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "aramid check", "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {BASE: {"uri": Path.cwd().as_uri().rstrip("/") + "/"}},
            "invocations": [{
                "executionSuccessful": not unable,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": note}} for note in notes],
            }],
            "results": results,
        }],
    }


def write_log(path, log):
    """Writes the file; Unable when it cannot."""
    try:
        Path(path).write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
