# SPDX-License-Identifier: MIT
"""The benchmark of the token functions measures each of them with few and many live tokens."""
import os
import subprocess

RUN = os.path.join(os.path.dirname(os.path.realpath(__file__)), "bench", "run")


def test_validation_does_not_depend_on_the_number_of_live_tokens():
    done = subprocess.run([RUN], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]]
            for line in done.stdout.splitlines() if line.startswith("|")][2:]
    cost = {(name, live): float(ns) for name, live, _, ns in rows}
    for name in ("validate", "mint", "delegate", "revoke_one"):
        assert {live for row, live in cost if row == name} == {"1", "100", "10000"}
    # A loaded machine may double a figure, but not make ten thousand times of it.
    assert cost["validate", "10000"] < 10 * cost["validate", "1"] + 10
    assert cost["validate", "10000"] < cost["revoke_one", "10000"]
