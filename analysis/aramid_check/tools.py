# SPDX-License-Identifier: MIT
"""The checkers: how each is called on a compile command, and what its exit status means.

Clang is one process for three tools: warnings and roles (the thread-safety analysis of rights
and locks) read the same syntax tree, and the object gate's object is made of it.
"""

import functools
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from . import analyzer, objects
from .findings import read_findings
from .places import INCLUDES, INSTALLED
from .results import Result, digest_of, identity_of, read_rule
from .unable import need, need_version

TOOLS = ("sparse", "warnings", "roles", "capflow", "objects", "analyzer")

HERE = Path(__file__).resolve().parent

COMPILER, CLANG_VERSION = "clang-19", "19"
SPARSE_VERSION = "0.6.4"  # capflow is built on the library of this one
OBJECTS_AT_A_TIME = 16
SECONDS_A_FILE = 120  # a hang detector, not a performance target

# Before the project's own flags, so that those can take some back. A dropped parameter is how a
# privileged function would be called without its token.
WARNING_FLAGS = ("-Wall", "-Wcast-function-type", "-Wcast-function-type-strict",
                 "-Wincompatible-function-pointer-types-strict", "-Wstrict-prototypes")
# Behind the project's flags: these are the checks themselves. The build's gate has the same.
ROLE_FLAGS = (HERE.parent / "gate" / "roles.flags").read_text(encoding="utf-8").split()
CLANG_FLAGS = ("-Werror", "-ferror-limit=0", "-fno-color-diagnostics",
               "-fno-caret-diagnostics", "-Wno-unknown-warning-option",
               "-Wno-unused-command-line-argument", "-Wno-ignored-optimization-argument")

_DROPPED = {"-c", "-MD", "-MMD", "-MP"}
_DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}


class Kit(NamedTuple):
    """Where our own programs are, the policy files and what they say, and what is kept."""
    programs: object
    policies: list
    policy: object
    results: object
    identities: dict
    across: object = None  # a CrossUnit, when calls are followed into other units


def identify(selected, programs, policies):
    """For each tool what its results rest on beside the unit."""
    ours = [file.read_bytes() for file in sorted(HERE.glob("*.py"))] + list(ROLE_FLAGS)
    facts = [Path(path).read_bytes() for path in policies]

    def of(program):
        return identity_of(need(program, program))

    made = {}
    if {"warnings", "roles"} & set(selected):
        made["clang"] = [*ours, of(COMPILER)]
    if {"sparse", "capflow"} & set(selected):
        made["capflow"] = [*ours, *facts, identity_of(programs / "capflow")]
    if "sparse" in selected:
        made["sparse"] = [*ours, of("sparse"), identity_of(programs / "aramid-gate")]
    if "objects" in selected:
        made["objects"] = [*ours, *facts, *map(of, (objects.COMPILER, objects.NM, objects.OBJDUMP))]
    if "analyzer" in selected:
        made["analyzer"] = [*ours, *facts, of(analyzer.COMPILER),
                            identity_of(programs / "aramid-analyzer.so")]
    return {tool: digest_of(parts) for tool, parts in made.items()}


def check_tools(selected):
    """Unable when a selected tool's program is missing."""
    if "sparse" in selected:
        need_version("sparse", "sparse", SPARSE_VERSION)
    if {"warnings", "roles", "objects", "analyzer"} & set(selected):
        need_version(COMPILER, "clang-19", CLANG_VERSION)
    if "objects" in selected:
        need(objects.NM, "llvm-19")
        need(objects.OBJDUMP, "llvm-19")
    if "analyzer" in selected and not INSTALLED:
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
    if done.returncode < -1:
        return Result(findings, f"{Path(done.args[0]).name} was ended by signal {-done.returncode}")
    lines = done.stdout.strip().splitlines()
    reason = lines[-1] if lines else f"exit status {done.returncode}"
    return Result(findings, reason.rpartition(" could not be checked: ")[2])


def run_capflow(unit, kit, reads):
    """capflow, on the same flags."""
    words = [str(kit.programs / "capflow")]
    for policy in kit.policies:
        words += ["--policy", str(policy)]
    words += ["--reads", str(reads), "--", *unit.command]
    return _judge(_run(words, unit.folder), "capflow", unit.folder)


def run_sparse(unit, kit, flow):
    """Stock Sparse, called as the build's gate calls it. It reads what capflow read."""
    words = [str(kit.programs / "aramid-gate"), "--only", "sparse", "--", *unit.command]
    result = _judge(_run(words, unit.folder), "sparse", unit.folder)
    result.reads = flow.reads
    return result


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


def run_clang(unit, selected, reads):
    """Clang's syntax pass; the flag behind each message says which tool spoke."""
    def owner(flag):
        return "roles" if flag.startswith("thread-safety") else "warnings"

    done = _run([*_clang_command(unit.command, selected), "-fsyntax-only", "-MD", "-MF", str(reads)],
                unit.folder)
    if "fatal error:" in done.stdout:
        reads.unlink(missing_ok=True)  # a header that is not there is not among those
    result = _judge(done, owner, unit.folder)
    if "warnings" in selected:
        return result
    # A file that does not compile has no roles: what is wrong with it is the reason.
    broken = [finding.text for finding in result.findings if finding.tool != "roles"]
    roles = [finding for finding in result.findings if finding.tool == "roles"]
    return Result(roles, result.unable or (broken[0] if broken else ""))


def _knows_how_it_is_compiled(unit, reads):
    """May the unit be another one as the object gate compiles it?"""
    ours = [f"{folder}/aramid/" for folder in INCLUDES]
    texts = [" ".join(unit.command)]
    for name in reads:
        path = os.path.normpath(os.path.join(unit.folder, name))
        if not path.startswith(("/usr/include/", "/usr/lib/", *ours)):
            texts.append(_text_without_splices(path))
    return any(objects.KNOWN_BY.search(text) for text in texts)


@functools.lru_cache(maxsize=None)
def _text_without_splices(path):
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return re.sub(r"\\\s*\n", "", text)


def run_clang_once(unit, selected, reads, path):
    """As run_clang; of a unit that nothing is to be said of it makes the object at the path, too.
    Clang takes as long to start as to compile most of our files."""
    done = _run([*_clang_command(unit.command, selected), *objects.FLAGS, "-O0", "-MD", "-MF",
                 str(reads), "-o", str(path), "-c"], unit.folder)
    if (done.returncode == 0 and not done.stdout and reads.exists()
            and not _knows_how_it_is_compiled(unit, read_rule(reads))):
        return Result([])
    path.unlink(missing_ok=True)
    return run_clang(unit, selected, reads)


def plan(chosen, selected, kit):
    """What is to be run: ({index of a unit}, function) pairs, which may run side by side. The
    function returns (index, tool, result) rows of those units."""
    together = []
    for index, unit in enumerate(chosen):
        for step in _plan_unit(unit, selected, kit):
            yield {index}, lambda index=index, step=step: [(index, *row) for row in step()]
        together.append(index)
        if "objects" in selected and (len(together) == OBJECTS_AT_A_TIME
                                      or index == len(chosen) - 1):
            yield set(together), lambda indices=tuple(together): _check_objects(
                [(index, chosen[index]) for index in indices], selected, kit)
            together.clear()


def _check_objects(numbered, selected, kit):
    """The object gate, and Clang's syntax pass where that makes the objects on its way."""
    clang, rows, made, read = _clang_tools(selected), [], {}, {}
    started = time.time_ns()
    with tempfile.TemporaryDirectory(prefix="aramid-object.") as folder:
        for index, unit in numbered:
            path = Path(folder) / f"{index}.o"
            if not clang or unit.file.endswith(".S"):
                continue
            result = kit.results.recall(
                ["clang", *clang, kit.identities["clang"]], unit,
                lambda reads, unit=unit, path=path: run_clang_once(unit, clang, reads, path))
            rows.append((index, "clang", result))
            if path.exists():
                made[unit.file], read[unit.file] = path, result.reads

        def run(others, reads):
            return [Result(*row, reads=read.get(unit.file, ())) for unit, row in zip(
                others, objects.check_objects(others, kit.policy, reads, made))]

        found = kit.results.recall_all(["objects", kit.identities["objects"]],
                                       [unit for _, unit in numbered], run, since=started)
    return rows + [(index, "objects", result) for (index, _), result in zip(numbered, found)]


def _clang_tools(selected):
    return [tool for tool in ("warnings", "roles") if tool in selected]


def _plan_unit(unit, selected, kit):
    """What is to be run on one C file by itself: functions that return (tool, result) pairs."""
    def recall(tool, run, *words):
        return kit.results.recall([tool, *words, kit.identities[tool]], unit, run)

    def check_syntax():
        return [("clang", recall("clang", lambda reads: run_clang(unit, clang, reads), *clang))]

    def check_flow():
        flow = recall("capflow", lambda reads: run_capflow(unit, kit, reads))
        runs = [("capflow", flow)] if "capflow" in selected else []
        if "sparse" in selected:
            runs.append(("sparse", recall("sparse", lambda reads: run_sparse(unit, kit, flow))))
        return runs

    def check_paths():
        if kit.across:
            return [("analyzer", Result(*kit.across.check_paths(unit, kit.programs, kit.policy)))]
        return [("analyzer", recall("analyzer", lambda reads: Result(
            *analyzer.check_paths(unit, kit.programs, kit.policy, reads))))]

    clang = _clang_tools(selected)
    if unit.file.endswith(".S"):
        return []
    # What takes longest begins first.
    steps = [check_paths] if "analyzer" in selected else []
    if clang and "objects" not in selected:
        steps.append(check_syntax)
    if {"sparse", "capflow"} & set(selected):
        steps.append(check_flow)
    return steps


def conclude_unit(runs):
    """From a file's (tool, result) pairs: findings, and (tool, reason) for each that could not."""
    findings = [finding for _, result in runs for finding in result.findings]
    # What the compiler refuses has no object and no paths, and the refusal is among the findings.
    refused = any(finding.tool == "warnings" for finding in findings)
    return findings, [(tool, result.unable) for tool, result in runs
                      if result.unable and not (tool in ("objects", "analyzer") and refused)]
