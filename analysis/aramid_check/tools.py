# SPDX-License-Identifier: MIT
"""The checkers: how each is called on a compile command, and what its exit status means.

Clang is one process for two tools: warnings and roles (the thread-safety analysis of rights
and locks) read the same syntax tree.
"""

import subprocess
from typing import NamedTuple

from . import analyzer, objects
from .findings import read_findings
from .unable import need

TOOLS = ("sparse", "warnings", "roles", "capflow", "objects", "analyzer")

COMPILER = "clang-19"
SECONDS_A_FILE = 120  # a hang detector, not a performance target

# Before the project's own flags, so that those can take some back. A dropped parameter is how a
# privileged function would be called without its token.
WARNING_FLAGS = ("-Wall", "-Wcast-function-type", "-Wcast-function-type-strict",
                 "-Wincompatible-function-pointer-types-strict", "-Wstrict-prototypes")
# Behind the project's flags: these are the checks themselves.
ROLE_FLAGS = ("-Wthread-safety", "-Wthread-safety-beta")
CLANG_FLAGS = ("-Werror", "-fsyntax-only", "-ferror-limit=0", "-fno-color-diagnostics",
               "-fno-caret-diagnostics", "-Wno-unknown-warning-option",
               "-Wno-unused-command-line-argument", "-Wno-ignored-optimization-argument")

_DROPPED = {"-c", "-MD", "-MMD", "-MP"}
_DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}


class Kit(NamedTuple):
    """Where our own programs are, the policy files, and what they say."""
    programs: object
    policies: list
    policy: object


class Result(NamedTuple):
    """What a tool said about a file; `unable` is a reason, or empty."""
    findings: list
    unable: str


def check_tools(selected):
    """Unable when a selected tool's program is missing."""
    if "sparse" in selected:
        need("sparse", "sparse")
    if {"warnings", "roles"} & set(selected):
        need(COMPILER, "clang-19")
    if "objects" in selected:
        need(objects.COMPILER, "clang-19")
        need(objects.NM, "llvm-19")
        need(objects.OBJDUMP, "llvm-19")
    if "analyzer" in selected:
        need(analyzer.COMPILER, "clang-19")
        need(analyzer.PLUGIN_COMPILER, "clang-19")
        analyzer.need_headers()


def _run(words, folder):
    try:
        return subprocess.run(words, cwd=folder, text=True, errors="replace", check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS_A_FILE)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, -1, f"no end after {SECONDS_A_FILE} s")


def _judge(done, tool, folder, clean=(0,), found=(1,)):
    findings = read_findings(done.stdout, tool, folder)
    if done.returncode in clean or (done.returncode in found and findings):
        return Result(findings, "")
    lines = done.stdout.strip().splitlines()
    reason = lines[-1] if lines else f"exit status {done.returncode}"
    return Result(findings, reason.rpartition(" could not be checked: ")[2])


def run_sparse(unit, kit):
    """Stock Sparse, called as the build's gate calls it."""
    words = [str(kit.programs / "aramid-gate"), "--only", "sparse", "--", *unit.command]
    return _judge(_run(words, unit.folder), "sparse", unit.folder)


def run_capflow(unit, kit):
    """capflow, on the same flags."""
    words = [str(kit.programs / "capflow")]
    for policy in kit.policies:
        words += ["--policy", str(policy)]
    return _judge(_run([*words, "--", *unit.command], unit.folder), "capflow", unit.folder)


def _clang_command(command, selected):
    words, skip = [COMPILER, *(WARNING_FLAGS if "warnings" in selected else ())], False
    for word in command[1:]:
        if skip or word in _DROPPED_WITH_VALUE:
            skip = not skip
            continue
        if word not in _DROPPED:
            words.append(word)
    if "warnings" not in selected:
        words.append("-Wno-everything")
    if "roles" in selected:
        words += ROLE_FLAGS
    return [*words, *CLANG_FLAGS]


def run_clang(unit, selected):
    """Clang's syntax pass; the flag behind each message says which tool spoke."""
    def owner(flag):
        return "roles" if flag.startswith("thread-safety") else "warnings"

    done = _run(_clang_command(unit.command, selected), unit.folder)
    result = _judge(done, owner, unit.folder)
    if "warnings" in selected:
        return result
    # A file that does not compile has no roles: what is wrong with it is the reason.
    broken = [finding.text for finding in result.findings if finding.tool != "roles"]
    roles = [finding for finding in result.findings if finding.tool == "roles"]
    return Result(roles, result.unable or (broken[0] if broken else ""))


def check_unit(unit, selected, kit):
    """All selected tools on one file: findings, and (tool, reason) for each that could not."""
    runs = []
    if "objects" in selected:
        runs.append(("objects", Result(*objects.check_object(unit, kit.policy))))
    if unit.file.endswith(".S"):
        selected = ()
    if {"warnings", "roles"} & set(selected):
        runs.append(("clang", run_clang(unit, selected)))
    if "sparse" in selected:
        runs.append(("sparse", run_sparse(unit, kit)))
    if "capflow" in selected:
        runs.append(("capflow", run_capflow(unit, kit)))
    if "analyzer" in selected:
        runs.append(("analyzer", Result(*analyzer.check_paths(unit, kit.programs, kit.policy))))
    findings = [finding for _, result in runs for finding in result.findings]
    # What the compiler refuses has no object and no paths, and the refusal is among the findings.
    refused = any(finding.tool == "warnings" for finding in findings)
    return findings, [(tool, result.unable) for tool, result in runs
                      if result.unable and not (tool in ("objects", "analyzer") and refused)]
