# SPDX-License-Identifier: MIT
"""`./aramid bench --unwinding` compares failures of one depth, and containment keeps its figures."""

import json
import os
import subprocess

import guest
import pytest

# Instructions: from the panic to the landing by chaos's file, the first time and later, and the
# restart behind it. What is remembered of the first time makes the later ones cheap.
FIRST = {"panic_0": 24000, "panic_10": 56000, "cleanup_10": 56000}
LATER = {"panic_0": 1500, "panic_10": 3500, "cleanup_10": 7000}
TO_EIO = {"panic_0": 20000, "panic_10": 56000}
RESTART = 50000


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    path = tmp_path_factory.mktemp("unwinding") / "figures.json"
    done = subprocess.run([os.path.join(guest.ROOT, "aramid"), "bench", "--unwinding", "--json",
                           str(path)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(path.read_text())


def test_every_way_to_fail_is_counted_and_timed(measured):
    out, figures = measured
    for name, ways in figures["programs"].items():
        for way, samples in ways.items():
            if name == "jump" and "cleans" in way:
                assert samples == {"instructions": [], "nanoseconds": []}
            else:
                assert min(samples["instructions"]) > 0 and min(samples["nanoseconds"]) > 0
    for title in ("setjmp, longjmp", "C++, libstdc++ and libgcc",
                  "C++, libc++abi and LLVM's libunwind", "Aramid, balanced", "Aramid, fortress"):
        assert f"| {title}" in out


def test_deeper_exceptions_and_cleanups_cost_more(measured):
    for name in ("gnu", "llvm"):
        ways = [min(way["instructions"]) for way in measured[1]["programs"][name].values()]
        depth_0, depth_10, cleaning = ways
        assert depth_0 < depth_10 < cleaning


@pytest.mark.parametrize("when, limits", (("first", FIRST), ("later", LATER)))
def test_a_panic_lands_within_its_instructions(measured, when, limits):
    for name, kernel in measured[1]["kernels"].items():
        for file, limit in limits.items():
            assert 0 < kernel[when][file]["landing"] <= limit, f"{name}, {file}"


@pytest.mark.parametrize("file", TO_EIO)
def test_from_the_panic_through_the_log_to_eio(measured, file):
    for name, kernel in measured[1]["kernels"].items():
        fall = kernel["later"][file]
        assert fall["landing"] + fall["note"] <= TO_EIO[file], name


def test_a_restart_behind_it_is_within_its_instructions(measured):
    for name, kernel in measured[1]["kernels"].items():
        assert kernel["later"]["panic_0"]["repair"] <= RESTART, name


def test_what_a_call_costs_that_does_not_fail_is_counted(measured):
    for kernel in measured[1]["kernels"].values():
        assert kernel["call_service"]["chaos_lookup"] > 0
