# SPDX-License-Identifier: MIT
"""The programs of tests/userland, each in every profile: what they EXPECT holds."""

import re

import guest
import pytest

# Name: arguments, and how they differ where a profile promises less.
PROGRAMS = {
    "any_call": "",
    "bad_exec": "",
    "bad_pointers": "",
    "copy_on_write": "",
    "credentials": "",
    "directories": "",
    "files": "",
    "fork_exec": "",
    "futexes": "",
    "memory": "",
    "pipes": "",
    "protections": "",
    "signals": "",
    "stop_continue": "",
    "thread_ends": "",
    "threads": "",
    "user_copies": "",
    "vdso": "",
}
# Ludicrous has no access_ok: kernel addresses are the caller's own fault there.
LESS = {("ludicrous", "bad_pointers"): "unmapped", ("ludicrous", "any_call"): None}


@pytest.fixture(scope="module", params=guest.PROFILES)
def ran(request):
    command = "cd /usr/lib/aramid/tests\n"
    for name, arguments in PROGRAMS.items():
        arguments = LESS.get((request.param, name), arguments)
        if arguments is not None:
            command += f"echo == {name}; ./{name} {arguments} 2>&1; echo status $?\n"
    done = guest.boot(request.param, command, smp=2, timeout=120)
    return request.param, done, guest.sections(done.out)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_finds_what_it_expects(name, ran):
    profile, done, outputs = ran
    if LESS.get((profile, name), "") is None:
        pytest.skip(f"{profile} does not promise it (CAVEATS.md)")
    said = outputs.get(name, f"did not run: boot ended with {done.status}\n{done.err}")
    assert re.search(r"^status 0$", said, re.MULTILINE), said
