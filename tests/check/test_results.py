# SPDX-License-Identifier: MIT
"""What ./aramid check keeps of an earlier run is what a run from nothing would say."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

from aramid_check.findings import Finding, Step  # noqa: E402
from aramid_check.results import Result, Results  # noqa: E402
from aramid_check.units import Unit  # noqa: E402


def run_check(folder, *words, environment=None):
    """./aramid check with a store of its own in the folder."""
    store = {"ARAMID_CHECK_RESULTS": str(folder / "results"), **(environment or os.environ)}
    return subprocess.run([str(ROOT / "analysis/check"), "--policy", str(folder / "own.policy"),
                           *map(str, words)], text=True, check=False, timeout=120, cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=store)


def kept(done):
    """(results that were kept from an earlier run, all results) as the check says it."""
    return tuple(map(int, re.search(r"(\d+) of (\d+) results kept", done.stdout).groups()))


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A clean program, old enough to be kept."""
    (tmp_path / "own.policy").write_text("service-file */unit.c\ncore-file */core.h\n")
    (tmp_path / "unit.h").write_text("#pragma once\nint run(int value);\n#define BYTE 0x90\n"
                                     "#define GLOBAL\n")
    (tmp_path / "unit.c").write_text(
        '#include <aramid/cap.h>\n#include "unit.h"\nGLOBAL\nint run(int value)\n{\n'
        '\t__asm__ volatile(".byte %c0" ::"i"(BYTE));\n\treturn value;\n}\n')
    (tmp_path / "other.c").write_text("int other(void);\nint other(void)\n{\n\treturn 1;\n}\n")
    time.sleep(0.05)
    return tmp_path


FILES = ("unit.c", "other.c")


def test_nothing_is_run_again_when_nothing_changed(folder):
    first = run_check(folder, "--files", *FILES)
    assert first.returncode == 0, first.stdout + first.stderr
    assert kept(first) == (0, 10)
    second = run_check(folder, "--files", *FILES)
    assert kept(second) == (10, 10)
    assert second.stdout.replace("10 of 10", "0 of 10") == first.stdout


def test_a_changed_source_is_checked_anew_and_others_are_not(folder):
    run_check(folder, "--files", *FILES)
    with open(folder / "other.c", "a", encoding="utf-8") as file:
        file.write("int more()\n{\n\treturn 2;\n}\n")
    done = run_check(folder, "--files", *FILES)
    assert kept(done) == (5, 10)
    assert "other.c:6:" in done.stdout and done.returncode == 1


@pytest.mark.parametrize("old, new, found", [
    ("#define GLOBAL", "#define GLOBAL static CAP(page_alloc) one;", "error: CAP002: "),
    ("#define GLOBAL", "#define GLOBAL int old();", "-Wstrict-prototypes"),
    ("#define BYTE 0x90", "#define BYTE 0xfa", "error: CAP008: "),
])
def test_a_changed_header_has_its_users_checked_anew(folder, old, new, found):
    assert run_check(folder, "--files", *FILES).returncode == 0
    header = folder / "unit.h"
    header.write_text(header.read_text().replace(old, new))
    done = run_check(folder, "--files", *FILES)
    assert kept(done)[0] <= 5 and found in done.stdout and done.returncode == 1


def test_a_header_with_a_new_date_and_the_old_text_changes_nothing(folder):
    run_check(folder, "--files", *FILES)
    os.utime(folder / "unit.h")
    assert kept(run_check(folder, "--files", *FILES)) == (10, 10)


def test_a_header_that_comes_before_another_in_the_include_path_is_seen(folder):
    (folder / "near").mkdir()
    (folder / "far").mkdir()
    (folder / "far/value.h").write_text("#define BYTE 0x90\n")
    (folder / "unit.c").write_text('#include "value.h"\nint run(void);\nint run(void)\n{\n'
                                   '\t__asm__ volatile(".byte %c0" ::"i"(BYTE));\n\treturn 1;\n}\n')
    (folder / "compile_commands.json").write_text(
        f'[{{"directory": "{folder}", "file": "unit.c", "arguments": ["clang-19", "-std=gnu17",'
        '"-Inear", "-Ifar", "-c", "unit.c"]}]')
    time.sleep(0.05)
    words = ("--only", "objects", "--compdb", "compile_commands.json")
    assert run_check(folder, *words).returncode == 0
    assert kept(run_check(folder, *words)) == (1, 1)
    (folder / "near/value.h").write_text("#define BYTE 0xfa\n")
    done = run_check(folder, *words)
    assert kept(done) == (0, 1) and "CAP008" in done.stdout


def test_a_missing_header_that_appears_is_seen(folder):
    (folder / "other.c").write_text('#include "late.h"\nint other(void);\n')
    time.sleep(0.05)
    words = ("--only", "warnings", "--files", "other.c")
    assert run_check(folder, *words).returncode == 1
    (folder / "late.h").write_text("")
    assert run_check(folder, *words).returncode == 0


def test_a_changed_policy_has_its_tools_run_anew(folder):
    run_check(folder, "--files", *FILES)
    with open(folder / "own.policy", "a", encoding="utf-8") as file:
        file.write("service-call nothing */unit.c\n")
    # Stock Sparse and Clang's syntax pass do not read it.
    done = run_check(folder, "--files", *FILES)
    assert kept(done) == (4, 10)


def test_a_changed_tool_is_run_anew(folder):
    run_check(folder, "--files", *FILES)
    programs = folder / "bin"
    programs.mkdir()
    other = programs / "sparse"
    other.write_text(f'#!/bin/sh\nexec {shutil.which("sparse")} "$@"\n')
    other.chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    assert kept(run_check(folder, "--files", *FILES, environment=environment)) == (8, 10)
    assert kept(run_check(folder, "--files", *FILES)) == (10, 10)


def test_findings_are_kept_as_they_were_said(folder):
    (folder / "other.c").write_text("int other()\n{\n\treturn 1;\n}\n")
    time.sleep(0.05)
    first = run_check(folder, "--files", *FILES)
    second = run_check(folder, "--files", *FILES)
    assert first.returncode == second.returncode == 1
    assert kept(second) == (10, 10)
    assert second.stdout.replace("10 of 10", "0 of 10") == first.stdout


def test_runs_side_by_side_and_runs_that_were_killed_leave_good_results(folder):
    expected = run_check(folder, "--files", *FILES).stdout
    shutil.rmtree(folder / "results")
    words = [str(ROOT / "analysis/check"), "--policy", "own.policy", "--files", *FILES]
    environment = {**os.environ, "ARAMID_CHECK_RESULTS": str(folder / "results")}
    for seconds in (0.4, 0.8, 1.2):
        killed = subprocess.Popen(words, cwd=folder, env=environment, start_new_session=True,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    both = [subprocess.Popen(words, cwd=folder, env=environment, text=True,
                             stdout=subprocess.PIPE) for _ in range(2)]
    outputs = [process.communicate()[0] for process in both]
    outputs.append(run_check(folder, "--files", *FILES).stdout)
    for output in outputs:
        assert re.sub(r"\d+ of 10", "0 of 10", output) == expected


@pytest.mark.parametrize("damage", [
    b"", b"{", b"[]", b'{"reads": {}, "shadows": [], "facts": [], "findings": []}'])
def test_a_damaged_entry_is_as_none(folder, damage):
    expected = run_check(folder, "--files", *FILES).stdout
    entries = [path for path in (folder / "results").glob("*/*")]
    assert len(entries) == 12, "ten results, and what two files say of the whole program"
    for path in entries:
        path.write_bytes(damage)
    done = run_check(folder, "--files", *FILES)
    assert done.stdout == expected


@pytest.fixture(name="unit")
def _unit(folder):
    return Unit(str(folder / "unit.c"), str(folder), ["clang-19", "-c", "unit.c"])


def finding(folder):
    steps = (Step(str(folder / "unit.h"), 1, 2, "from here"),)
    return Finding(str(folder / "unit.c"), 3, 4, "analyzer", "CAP007", "text", steps)


def test_a_finding_comes_back_whole(folder, unit):
    for _ in range(2):
        result = Results(folder / "results").recall(
            ["tool"], unit, lambda reads: Result([finding(folder)], reads=["unit.c"]))
        assert result.findings == [finding(folder)] and list(result.reads)


def test_what_could_not_be_checked_is_not_kept(folder, unit):
    for _ in range(2):
        results = Results(folder / "results")
        results.recall(["tool"], unit, lambda reads: Result([], "no end", ["unit.c"]))
        assert (results.hits, results.misses) == (0, 1)


def test_what_changes_while_it_is_read_is_not_kept(folder, unit):
    def run(_reads):
        (folder / "unit.h").write_text("changed")
        return Result([], reads=["unit.c", "unit.h"])

    for _ in range(2):
        results = Results(folder / "results")
        results.recall(["tool"], unit, run)
        assert results.misses == 1


def test_the_store_forgets_what_was_used_least_recently(folder, unit):
    results = Results(folder / "results", most_bytes=10_000)
    for number in range(100):
        results.recall([str(number)], unit, lambda reads: Result([], reads=["unit.c"]))
        if number == 50:
            os.utime(next(iter((folder / "results").glob("*/*"))), (1, 1))
    used = [path for path in (folder / "results").glob("*/*")]
    oldest = min(used, key=lambda path: path.stat().st_mtime_ns)
    results.trim()
    left = [path for path in (folder / "results").glob("*/*")]
    assert 0 < sum(path.stat().st_size for path in left) <= 10_000
    assert oldest not in left
