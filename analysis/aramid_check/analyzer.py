# SPDX-License-Identifier: MIT
"""The Clang Static Analyzer with our plugin: what depends on the path through the code."""

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .findings import Finding, Step, short_path, split_rule
from .unable import Unable

COMPILER, PLUGIN_COMPILER = "clang-19", "clang++-19"
SECONDS_A_FILE = 120  # a hang detector, not a performance target
# A loop whose bound is a number is followed to its end, any other one twice round: a path comes to its
# head at most this often, the last time to leave it. Clang's own 4 makes so many paths that those of
# twice as many functions are given up before the last.
LOOPS = ("-analyzer-max-loop", "3", "-analyzer-config", "unroll-loops=true")
# A function is given up at so many states (CAVEATS.md). Clang's own 225,000 gives up 8 of this tree's
# functions and not 20, finds no planted fault more (analysis/mutation), and takes a sixth more of the
# whole check.
STATES = ("-analyzer-config", "max-nodes=100000")

# Ours, and Clang's models of memset and of functions that do not return: they report nothing.
CHECKERS = ("aramid.Relevance", "aramid.Tokens", "aramid.Bytes", "aramid.Escape",
            "aramid.Validation", "aramid.Pairs", "aramid.Contexts",
            "unix.cstring.CStringModeling", "core.builtin.BuiltinFunctions",
            "core.builtin.NoReturnFunctions")

# The option of each rule that the policy's facts of a word fill, with so many of their operands.
OPTIONS = (("aramid.Escape:CopiesOut", "copies-out", 1),
           ("aramid.Validation:MustValidate", "validates", 1),
           ("aramid.Pairs:Pairs", "pair", 3),
           ("aramid.Pairs:Takes", "takes", 1))

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


def _option_words(policy, fact, operands):
    """A policy's facts as the words of an option; Unable when one would be misread."""
    for words in policy.facts(fact):
        if len(words) < operands or (fact == "pair" and words[2] != "result"
                                     and not words[2].isdecimal()):
            raise Unable(f"the policy's '{' '.join([fact, *words])}' does not say what is meant: "
                         "pair ACQUIRE RELEASE result, or the number of an argument")
    return [word for words in policy.facts(fact) for word in words[:operands]]


def unit_flags(unit):
    """The unit's command without the compiler, and without what it writes where."""
    words, skip = [], False
    for word in unit.command[1:]:
        if skip or word in _DROPPED_WITH_VALUE:
            skip = not skip
        elif word not in _DROPPED:
            words.append(word)
    return words


def _command(unit, programs, policy, more):
    options = [(option, _option_words(policy, fact, operands))
               for option, fact, operands in OPTIONS]
    configured = [f"{option}={':'.join(values)}" for option, values in options if values]
    inner = ["-load", str(programs / "aramid-analyzer.so"), *LOOPS, *STATES,
             f"-analyzer-checker={','.join(CHECKERS)}",
             *(word for each in (*configured, *more) for word in ("-analyzer-config", each))]
    return [COMPILER, "--analyze", *unit_flags(unit), "--analyzer-no-default-checks",
            "--analyzer-output", "sarif", "-o", "-",
            "-fno-color-diagnostics", "-fno-caret-diagnostics",
            "-Wno-unused-command-line-argument", "-Wno-error",
            *(word for last in inner for word in ("-Xclang", last))]


def _place(location, folder):
    physical = location["physicalLocation"]
    path = unquote(urlsplit(physical["artifactLocation"]["uri"]).path)
    region = physical["region"]
    return short_path(path, folder), region["startLine"], region["startColumn"]


def _finding(result, folder):
    rule, text = split_rule(result["message"]["text"])
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    steps = tuple(Step(*_place(step["location"], folder),
                       split_rule(step["location"]["message"]["text"])[1]) for step in flow)
    return Finding(*_place(result["locations"][0], folder), "analyzer", rule, text, steps)


def _read_findings(output, folder):
    """The findings in Clang's SARIF output, which is empty when the file does not compile. What
    Clang itself has to say bears no rule of ours."""
    if not output.strip():
        return []
    return [_finding(result, folder) for run in json.loads(output)["runs"]
            for result in run["results"] if split_rule(result["message"]["text"])[0]]


def check_paths(unit, programs, policy, reads=None, configured=()):
    """(findings, reason it could not); READS gets a make rule of what was read."""
    command = _command(unit, programs, policy, configured)
    if reads:
        command += ["-MD", "-MF", str(reads)]
    try:
        done = subprocess.run(command, cwd=unit.folder, text=True, errors="replace", check=False,
                              timeout=SECONDS_A_FILE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        findings = _read_findings(done.stdout, unit.folder)
    except subprocess.TimeoutExpired:
        return [], f"no end after {SECONDS_A_FILE} s"
    except ValueError as error:
        return [], f"{COMPILER} wrote no SARIF: {error}"
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        return findings, (errors or [f"{COMPILER} ended with status {done.returncode}"])[0]
    return findings, ""
