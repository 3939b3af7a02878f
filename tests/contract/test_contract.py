# SPDX-License-Identifier: MIT
"""The contract cases say the same on Linux (the host) and in the guest.

Where they may not, differences.list says so and why; one that is listed and is none fails too.
"""

import glob
import os
import re
import subprocess
import tempfile

import guest
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
# The profile with all checks, and the one with none.
PROFILES = ("fortress", "ludicrous")
PROGRAM = "/usr/lib/aramid/tests/contract"
SECONDS = 120


def read_cases():
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "*.c"))):
        with open(path, encoding="utf-8") as source:
            cases += re.findall(r"^CASE\((\w+)\)", source.read(), re.MULTILINE)
    return cases


def read_differences():
    """{(case, profile): reason}; a line is CASE, PROFILE or "all", and the reason."""
    differences = {}
    with open(os.path.join(HERE, "differences.list"), encoding="utf-8") as table:
        for line in table:
            if line.strip() and not line.startswith("#"):
                case, profile, reason = line.split(None, 2)
                for one in PROFILES if profile == "all" else [profile]:
                    differences[case, one] = reason.strip()
    return differences


CASES = read_cases()
DIFFERENCES = read_differences()


@pytest.fixture(scope="module")
def on_linux():
    subprocess.run([os.path.join(guest.ROOT, "userland", "build")], check=True)
    # A tmpfs where there is one, since that is what the guest's /tmp is.
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="aramid-contract.", dir=where) as folder:
        os.chmod(folder, 0o755)
        done = subprocess.run([os.path.join(guest.ROOT, "build/userland/tests/contract")],
                              cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              timeout=SECONDS, check=True)
    return guest.sections(done.stdout.decode(errors="replace"))


@pytest.fixture(scope="module", params=PROFILES)
def in_guest(request):
    done = guest.boot(request.param, f"cd /tmp && {PROGRAM} </dev/null", smp=2, timeout=SECONDS)
    return request.param, done, guest.sections(done.out)


def test_every_case_runs_on_linux(on_linux):
    assert sorted(on_linux) == sorted(CASES)


def test_differences_name_cases():
    assert {case for case, _ in DIFFERENCES} <= set(CASES)


def test_no_more_differences_than_three_in_a_hundred():
    assert len({case for case, _ in DIFFERENCES}) <= len(CASES) * 3 / 100


@pytest.mark.parametrize("case", CASES)
def test_case_says_the_same_as_on_linux(case, on_linux, in_guest):
    profile, done, said = in_guest
    assert case in said, f"did not run: boot ended with {done.status}\n{done.err}"
    if "ENOSYS" in on_linux[case]:
        pytest.skip("this Linux does not have the call")
    if (case, profile) in DIFFERENCES:
        assert said[case] != on_linux[case], (
            f"is the same now, though differences.list says: {DIFFERENCES[case, profile]}")
    else:
        assert said[case] == on_linux[case]
