# SPDX-License-Identifier: MIT
"""The hosted unit tests call every function of the library, in each profile."""
import collections
import glob
import json
import os
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
CAPS = os.path.dirname(HERE)
# Counters in a shared mapping: a test may end by abort(3), or fork.
FLAGS = "-fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation " \
        "-Wno-unused-command-line-argument"
FEWEST = {"FORTRESS": 100, "BALANCED": 70, "PERFORMANCE": 70, "LUDICROUS": 70}


def run(*command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env=dict(os.environ, **environment))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def counts_of(program, folder):
    """(function, calls) of the library's functions in a test program that ran."""
    merged = os.path.join(folder, "merged")
    run("llvm-profdata-19", "merge", "-o", merged,
        *glob.glob(os.path.join(folder, os.path.basename(program) + "-*.profraw")))
    report = json.loads(run("llvm-cov-19", "export", f"-instr-profile={merged}", program))
    for function in report["data"][0]["functions"]:
        # A function that a macro makes may count for the file of the macro's argument.
        folders = [os.path.relpath(name, CAPS).split(os.sep)[0] for name in function["filenames"]]
        if {"src", "include"} & set(folders):
            yield function["name"].rpartition(":")[2], function["count"]


@pytest.fixture(scope="module", name="counted")
def run_the_tests_and_count(tmp_path_factory):
    """{profile: {function: calls}}."""
    folder = str(tmp_path_factory.mktemp("coverage"))
    build = os.path.join(folder, "build")
    run("cmake", "-S", CAPS, "-B", build, "-G", "Ninja", "-DCMAKE_C_COMPILER=clang-19",
        "-DARAMID_CHECKERS=OFF",
        "-DCMAKE_BUILD_TYPE=Debug", f"-DCMAKE_C_FLAGS={FLAGS}")
    run("cmake", "--build", build)
    totals = collections.defaultdict(collections.Counter)
    for profile in FEWEST:
        for program in glob.glob(os.path.join(build, f"caps_*_{profile.lower()}")):
            run(program, LLVM_PROFILE_FILE=os.path.join(
                folder, os.path.basename(program) + "-%p%c.profraw"))
            for name, calls in counts_of(program, folder):
                totals[profile][name] += calls
    return totals


@pytest.mark.parametrize("profile", FEWEST)
def test_the_unit_tests_call_every_function(counted, profile):
    assert len(counted[profile]) >= FEWEST[profile]
    assert {"cap_mint_net_access", "cap_attenuate_door_look_from_door_open"} <= set(counted[profile])
    assert not [name for name, calls in counted[profile].items() if not calls]
