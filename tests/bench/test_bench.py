# SPDX-License-Identifier: MIT
"""`./aramid bench` prints every row beside Linux's, and the same figures each time; what is promised
of them holds (docs/benchmarks.md)."""

import json
import os
import statistics
import subprocess

import guest
import pytest

ROWS = ("power-on to first user instruction", "getpid", "fork+exit+wait",
        "panic-to-caught depth 0", "panic-to-caught depth 10")


def bench(path):
    done = subprocess.run([os.path.join(guest.ROOT, "aramid"), "bench", "--json", str(path)],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(path.read_text())


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    return bench(folder / "first.json"), bench(folder / "second.json")


@pytest.mark.parametrize("row", ROWS)
def test_bench_prints_the_row_and_keeps_it(twice, row):
    out, figures = twice[0]
    assert any(line.startswith(f"| {row} ") for line in out.splitlines()), out
    assert all(figures[profile][row]["median"] > 0 for profile in guest.PROFILES
               if profile in guest.CONTAINING or not row.startswith("panic"))


def test_linux_is_in_the_last_two_columns(twice):
    line = next(line for line in twice[0][0].splitlines() if line.startswith("| getpid "))
    assert [cell.strip() for cell in line.split("|")[-3:-1]] == ["340", "325"]


def test_two_runs_count_the_same(twice):
    assert twice[0][1] == twice[1][1]


def test_balanced_takes_half_of_linuxs_instructions_and_more_in_no_row(twice):
    rows = twice[0][1]["syscalls"]
    assert len(rows) == 14 and {"getpid", "fork+exec+wait"} < {row["op"] for row in rows}
    assert all(set(row) == {"op", "linux", *guest.PROFILES} for row in rows)
    parts = {row["op"]: row["balanced"] / row["linux"] for row in rows}
    assert statistics.geometric_mean(parts.values()) <= 0.5, parts
    assert max(parts.values()) <= 1, parts
