# SPDX-License-Identifier: MIT
"""The Clang Static Analyzer with our plugin: what depends on the path through the code."""

import subprocess
from pathlib import Path

from .findings import read_findings
from .unable import Unable

COMPILER, PLUGIN_COMPILER = "clang-19", "clang++-19"
SECONDS_A_FILE = 120  # a hang detector, not a performance target

# Ours, and Clang's models of memset and of functions that do not return: they report nothing.
CHECKERS = ("aramid.Tokens", "unix.cstring.CStringModeling", "core.builtin.BuiltinFunctions",
            "core.builtin.NoReturnFunctions")

_DROPPED = {"-c", "-MD", "-MMD", "-MP", "-Werror"}
_DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}


def need_headers():
    """Unable when the headers that the plugin is built with are not there."""
    done = subprocess.run([COMPILER, "-print-resource-dir"], text=True, check=False,
                          stdout=subprocess.PIPE)
    headers = Path(done.stdout.strip()).parents[2] / "include"
    for header, package in (("clang/StaticAnalyzer/Core/Checker.h", "libclang-19-dev"),
                            ("llvm/ADT/StringRef.h", "llvm-19-dev")):
        if not (headers / header).is_file():
            raise Unable(f"{headers / header} is missing: install package {package}")


def _command(unit, programs, policy):
    words, skip = [COMPILER, "--analyze"], False
    for word in unit.command[1:]:
        if skip or word in _DROPPED_WITH_VALUE:
            skip = not skip
        elif word not in _DROPPED:
            words.append(word)
    outward = ":".join(name for name, in policy.facts("copies-out"))
    config = ("-analyzer-config", f"aramid.Tokens:CopiesOut={outward}") if outward else ()
    return [*words, "--analyzer-no-default-checks", "--analyzer-output", "text",
            "-fno-color-diagnostics", "-fno-caret-diagnostics",
            "-Wno-unused-command-line-argument", "-Wno-error",
            *(word for last in ("-load", str(programs / "aramid-analyzer.so"),
                                f"-analyzer-checker={','.join(CHECKERS)}", *config)
              for word in ("-Xclang", last))]


def check_paths(unit, programs, policy, reads):
    """(findings, reason it could not); READS gets a make rule of what was read."""
    command = [*_command(unit, programs, policy), "-MD", "-MF", str(reads)]
    try:
        done = subprocess.run(command, cwd=unit.folder, text=True, errors="replace", check=False,
                              timeout=SECONDS_A_FILE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return [], f"no end after {SECONDS_A_FILE} s"
    mark = " [aramid.Tokens]"
    ours = "\n".join(line.removesuffix(mark) for line in done.stdout.splitlines()
                     if line.endswith(mark))
    findings = read_findings(ours, "analyzer", unit.folder)
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "error:" in line]
        return findings, (errors or [f"{COMPILER} ended with status {done.returncode}"])[0]
    return findings, ""
