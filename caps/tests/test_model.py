# SPDX-License-Identifier: MIT
"""The model of the token table between threads has no error, and has one with each bug."""
import os
import subprocess

import pytest

CHECK = os.path.join(os.path.dirname(os.path.realpath(__file__)), "model", "check")

# What is taken away, and the assertion that fails then.
BUGS = {
    "ONE_LOOK": "assertion violated exact",
    "LIVE_FIRST": "assertion violated exact",
    "NO_FENCE": "assertion violated  !(over[token])",
    "NO_WAIT": "assertion violated  !(over[token])",
    "DERIVE_UNLOCKED": "assertion violated  !(over[token])",
}


def check(*arguments):
    return subprocess.run([CHECK, *arguments], capture_output=True, text=True, check=False)


def test_every_interleaving_of_three_threads_is_right():
    done = check()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "all explored, no error" in done.stdout
    assert int(done.stdout.split()[0]) > 1000000


@pytest.mark.parametrize("bug", BUGS)
def test_the_model_with_a_bug_is_refused(bug):
    done = check("--bug", bug)
    assert done.returncode == 1, done.stderr
    assert BUGS[bug] in done.stdout.splitlines()[-1]


def test_a_bug_that_the_model_does_not_have_is_named():
    done = check("--bug", "GREMLIN")
    assert done.returncode == 2
    assert done.stderr == "check: the model has no bug 'GREMLIN'\n"
