# SPDX-License-Identifier: MIT
"""The command line of ./aramid check, its progress and its exit status."""

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import chain
from pathlib import Path

from report import draw, page, picture
from report.outcome import Outcome

from . import cross_unit, fingerprints, hatches, programs, sarif, tools, units
from .findings import format_group, merge, short_path
from .places import HELP, INSTALLED, NAME, WORK
from .policy import Policy
from .results import Results
from .unable import Unable
from .whole import derive_policy

CLEAN, FINDINGS, UNABLE = 0, 1, 2
SECONDS_BETWEEN_PROGRESS = 5


def cut(words, mark):
    """(the words before a mark, whether it is there, the words behind it)."""
    at = words.index(mark) if mark in words else len(words)
    return words[:at], at < len(words), words[at + 1:]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        raise Unable(f"{message} (see {HELP})")


def parse(words):
    """The options."""
    parser = Parser(
        prog=NAME, description="Run the static checkers. " + (
            "" if INSTALLED else "Without --files, --project, --compdb or a command: this tree, as "
            "Balanced builds it. ") + "Exit 0: clean, 1: findings, 2: could not run.",
        usage="%(prog)s [OPTION...] [-- COMPILER FLAG... FILE.c...]")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--files", nargs="+", metavar="F", help="C files, with the library's flags")
    what.add_argument("--project", metavar="DIR", help="a project's compile database, or its C files")
    what.add_argument("--compdb", metavar="FILE", help="a compile_commands.json")
    parser.add_argument("--only", action="append", choices=tools.TOOLS, metavar="TOOL",
                        help="one of " + ", ".join(tools.TOOLS) + "; may be repeated")
    parser.add_argument("--cross-unit", action="store_true",
                        help="the analyzer follows calls into functions of other files; takes long")
    parser.add_argument("--kinds", action="append", default=[], metavar="FILE.def",
                        help="a project's own table of kinds; may be repeated")
    parser.add_argument("--policy", action="append", metavar="FILE", help="a project's carriers, "
                        "core files and services; may be repeated")
    parser.add_argument("--sarif", metavar="FILE", help="write the findings as SARIF 2.1.0")
    parser.add_argument("--html", metavar="DIR", help="write a report: findings with their source, "
                        "the rules, the capability graph")
    parser.add_argument("--graph", metavar="FILE.svg", help="draw the capability graph: who makes "
                        "tokens, who holds them, what they reach")
    parser.add_argument("--baseline", metavar="FILE", help="an earlier run's SARIF file: only "
                        "findings that it does not have are printed and fail")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="files checked at a time")
    words, mark, command = cut(words, "--")
    options = parser.parse_args(words)
    options.command = command
    if mark and (options.files or options.project or options.compdb):
        parser.error("a compile command cannot stand with --files, --project or --compdb")
    if mark and not command:
        parser.error("no compile command behind --")
    if options.jobs < 1:
        parser.error("--jobs wants a number above 0")
    options.only = options.only or list(tools.TOOLS)
    if options.cross_unit and "analyzer" not in options.only:
        parser.error("--cross-unit is for the analyzer, which --only leaves out")
    return options


def choose_units(options):
    """The compile commands to check."""
    if options.command:
        return units.command_units(options.command)
    if options.files:
        return units.named_units(options.files)
    if options.project:
        return units.project_units(options.project)
    if options.compdb:
        return units.read_database(options.compdb)
    return units.tree_units()


def files_with_hatches(options, chosen):
    """The files whose escape hatches are listed: sources, and the headers beside them."""
    if options.files or options.command:
        return [Path(unit.file) for unit in chosen]
    if options.project:
        folders = [Path(options.project)]
    elif options.compdb:
        folders = sorted({Path(unit.file).parent for unit in chosen})
    else:
        folders = [programs.ROOT / name for name in programs.ROOMS]
    # Below the folder, not above it: a whole project may lie in a folder named build.
    return sorted({file for folder in folders for suffix in ("*.c", "*.h")
                   for file in folder.rglob(suffix)
                   if "build" not in file.relative_to(folder).parts})


def run_all(chosen, options, kit):
    """All findings and all inabilities, with progress on stderr when it takes long."""
    findings, unable, done = [], [], 0
    spoke = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        # What takes long is begun early, so that no processor waits for another at the end.
        planned = sorted(tools.plan(chosen, options.only, kit), reverse=True,
                         key=lambda row: sum(units.size_of(chosen[index]) for index in row[0]))
        waiting = {pool.submit(step): indices for indices, step in planned}
        left, runs = Counter(chain(*waiting.values())), defaultdict(list)
        for future in as_completed(waiting):
            for index, *row in future.result():
                runs[index].append(row)
            left.subtract(waiting[future])
            for index in waiting[future]:
                if left[index]:
                    continue
                found, failed = tools.conclude_unit(runs.pop(index))
                findings += found
                unable += [(short_path(chosen[index].file, "."), *reason) for reason in failed]
                done += 1
            if time.monotonic() - spoke > SECONDS_BETWEEN_PROGRESS:
                spoke = time.monotonic()
                print(f"{NAME}: {done} of {len(chosen)} files", file=sys.stderr, flush=True)
    return findings, sorted(unable)


def report_hatches(found):
    """The count, and each with its place and reason."""
    print(f"{len(found)} escape hatch{'es' if len(found) != 1 else ''}")
    for hatch in found:
        print(f"  {hatch.file}:{hatch.line}: {hatch.macro}: {hatch.reason or '(no reason)'}")


def check(options):
    """Runs it all; returns the exit status."""
    known = fingerprints.read_baseline(options.baseline) if options.baseline else None
    tools.check_tools(options.only)
    if options.cross_unit:
        cross_unit.need_mapper()
    drawn = bool(options.graph or options.html)
    if drawn:
        picture.need_tools()
    built, given = None, []
    whole = {"capflow", "objects"} & set(options.only)
    if {"sparse", "analyzer"} & set(options.only) or whole or drawn:
        built = programs.build_programs("analyzer" in options.only)
    if {"sparse", "capflow", "objects", "analyzer"} & set(options.only) or drawn:
        given = [str(Path(path).resolve())
                 for path in (*programs.own_policies(options.kinds), *(options.policy or []))]
    results = Results(os.environ.get("ARAMID_CHECK_RESULTS") or WORK / "results")
    chosen = choose_units(options)
    policies = given
    if whole:
        derived = derive_policy(chosen, built, given, options.jobs, results)
        policies = [*given, derived.name]
    across = cross_unit.CrossUnit(chosen, options.jobs) if options.cross_unit else None
    kit = tools.Kit(built, policies, Policy(policies), results,
                    tools.identify(options.only, built, policies), across)
    findings, unable = run_all(chosen, options, kit)
    results.trim()
    drawing = None
    if drawn:
        drawing, unread = draw(chosen, built, given, options.jobs, results)
        # What capflow could not read was said when it was to check it.
        unable += [row for row in unread if (row[0], "capflow") not in {u[:2] for u in unable}]
    if options.graph:
        picture.write_picture(options.graph, drawing.picture)
    opened = [hatch for file in files_with_hatches(options, chosen)
              for hatch in hatches.find_hatches(short_path(str(file), "."))]
    groups = merge(findings + hatches.judge_hatches(opened))
    prints = fingerprints.fingerprint_groups(groups)
    if options.sarif:
        sarif.write_log(options.sarif, sarif.make_log(groups, prints, known, unable))
    if options.html:
        page.write_report(options.html, Outcome(groups, prints, known, opened, unable, len(chosen),
                                                options.only, drawing))
    new = [group for group, mark in zip(groups, prints) if mark not in (known or ())]
    for group in new:
        print(format_group(group))
    report_hatches(opened)
    count = f"{len(groups)} findings" + (f", {len(new)} of them new" if known is not None else "")
    print(f"{results.hits} of {results.hits + results.misses} results kept from earlier runs")
    print(f"checked {len(chosen)} files with {', '.join(options.only)}: {count}", flush=True)
    for file, tool, reason in unable:
        print(f"{NAME}: {tool} could not check {file}: {reason}", file=sys.stderr)
    if unable:
        return UNABLE
    return FINDINGS if new else CLEAN


def main(words):
    """Entry of analysis/check."""
    try:
        return check(parse(words))
    except Unable as reason:
        print(f"{NAME}: {reason}", file=sys.stderr)
        return UNABLE
    except KeyboardInterrupt:
        return 130
