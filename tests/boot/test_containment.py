# SPDX-License-Identifier: MIT
"""Fortress and Balanced: what goes wrong in a service costs one call an EIO, and no more."""

import re

import guest
import pytest

pytest.register_assert_rewrite("panic_storm")

import panic_storm  # noqa: E402  (rewritten first, so that it says what differs)
from panic_storm import IMMEDIATE  # noqa: E402

TESTS = "/usr/lib/aramid/tests"
# Of each way to fail, in each of the two profiles: 50,000 in all.
STORM_EACH = 50_000 // len(guest.CONTAINING) // len(IMMEDIATE)


@pytest.fixture(scope="module", params=guest.CONTAINING)
def storm(request):
    return panic_storm.Storm(request.param, STORM_EACH, timeout=300)


@pytest.mark.parametrize("check", panic_storm.CHECKS)
def test_a_storm_of_falls_from_both_cpus_leaves_everything_as_it_was(storm, check):
    check(storm)


@pytest.mark.parametrize("table", ("tokens", "pages", "ledger"))
def test_a_damaged_table_is_a_panic_of_the_core_and_not_used(table):
    done = guest.boot("fortress", "cat /chaos/panic; echo survived", append=f"chaos damage={table}")
    assert done.status == 251
    assert f"the invariant of the {table} does not hold after chaos" in done.err
    assert "survived" not in done.out


@pytest.mark.parametrize("kind", (*IMMEDIATE, "loop"))
def test_the_log_names_the_cause_and_the_faulting_function(storm, kind):
    lines = [line for line in storm.done.log.splitlines() if "service chaos:" in line]
    wanted = f"log: service chaos: {kind} contained in chaos_{kind} during read: "
    assert any(line.startswith(wanted) for line in lines), "\n".join(lines[:40])


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_cat_says_input_output_error(profile):
    done = guest.boot(profile, "cat /chaos/panic; echo status $?; ls /chaos", append="chaos")
    assert done.out.startswith("cat: read error: Input/output error\nstatus 1\n"), done.err
    assert set(done.out.split("\n", 2)[2].split()) >= {*IMMEDIATE, "loop"}


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_gccs_kernel_contains_the_same_faults(profile):
    kinds = (*IMMEDIATE, "loop")
    command = "".join(f"cat /chaos/{kind};" for kind in kinds) + "echo == services; cat /proc/services"
    done = guest.boot(profile, command, smp=2, append="chaos", more=("--compiler", "gcc"))
    assert done.out.count("Input/output error") == len(kinds), done.out + done.err
    causes = guest.services(guest.sections(done.out)["services"])["chaos"].causes
    assert causes == dict.fromkeys(kinds, 1)
    for kind in kinds:
        assert f"log: service chaos: {kind} contained in chaos_{kind} during read" in done.log


# What a service does wrong with the core's functions, and the cause that it is counted under.
CORE_MISUSE = {"bad_free": "panic", "double_free": "panic", "bad_pointer": "wild",
               "overflow_in_core": "overflow"}


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_misusing_a_core_function_is_the_services_failure_and_not_the_cores(profile):
    command = ("".join(f"cat /chaos/{kind};" for kind in CORE_MISUSE) +
               "echo == services; cat /proc/services")
    done = guest.boot(profile, command, smp=2, append="chaos")
    assert done.out.count("Input/output error") == len(CORE_MISUSE), done.out + done.err
    causes = guest.services(guest.sections(done.out)["services"])["chaos"].causes
    assert causes == {"panic": 2, "wild": 1, "overflow": 1}
    for kind, cause in CORE_MISUSE.items():
        assert f"log: service chaos: {cause} contained in chaos_{kind} during read" in done.log


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_cleanup_handlers_run_and_one_that_faults_or_never_ends_is_cut_short(profile):
    read = "cat /chaos/{0}; cat /chaos/measure;"
    command = (read.format("panic") + read.format("cleanup_faults") + read.format("cleanup_loops") +
               "echo == services; cat /proc/services")
    done = guest.boot(profile, command, append="chaos", more=("--icount",))
    assert done.out.count("Input/output error") == 3, done.out + done.err
    assert guest.services(guest.sections(done.out)["services"])["chaos"].causes == {"panic": 3}
    plain, _, looping = map(int, re.findall(r"panic-to-caught: (\d+)", done.out))
    # The endless handler ran until the watchdog came: a tenth of a second at the least.
    assert looping > 100_000_000 > plain


# What the processor refuses: the error code of the page fault says that the page was there
# (bit 0) and that the protection was broken (bit 1: by a write, bit 4: by a fetch). Code is
# also out of reach of a service's protection key in Fortress (bit 5).
PROTECTIONS = {"user_read": ("SMAP", {"wild": 0x1}), "user_execute": ("SMEP", {"wild_jump": 0x11}),
               "write_code": ("W^X", {"wild": 0x3, "stray": 0x23}),
               "execute_data": ("NX", {"wild_jump": 0x11})}


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_smap_smep_write_protection_and_nx_are_on(profile):
    command = "".join(f"{TESTS}/read_often /chaos/{kind} 1 || exit 1;" for kind in PROTECTIONS)
    done = guest.boot(profile, command, append="chaos")
    assert done.status == 0, done.out + done.err
    for kind, (_, causes) in PROTECTIONS.items():
        found = re.search(rf"^log: service chaos: (\w+) contained in chaos_{kind} during read: "
                          r"page fault at address [0-9a-f]+, error ([0-9a-f]+)[;,]", done.log,
                          re.MULTILINE)
        assert found and causes.get(found[1]) == int(found[2], 16), f"{kind}:\n{done.log}"


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_the_compilers_checks_bite(profile):
    """The stack's canary; in Fortress signed overflow; and locals without a value are zero."""
    kinds = ("smash_stack", "signed_overflow", "uninitialized")
    command = "".join(f"cat /chaos/{kind} 2>/dev/null; echo {kind} $?;" for kind in kinds)
    done = guest.boot(profile, command, append="chaos")
    traps = profile == "fortress"
    assert done.out == f"smash_stack 1\nsigned_overflow {int(traps)}\nuninitialized 0\n", done.err
    assert "the stack canary was overwritten" in done.log
    assert ("illegal contained in chaos_signed_overflow" in done.log) == traps


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_a_service_that_falls_too_often_is_quarantined_and_the_rest_goes_on(profile):
    command = (f"n=0; while [ $n -lt 100 ]; do cat /chaos/panic 2>/dev/null; n=$((n + 1)); done;"
               "cat /chaos/panic; echo == services; cat /proc/services")
    done = guest.boot(profile, command, smp=2, append="chaos")
    assert done.status == 0, done.err
    table = guest.services(guest.sections(done.out)["services"])
    assert table["chaos"].state == "quarantined"
    assert 1 <= table["chaos"].contained < 100
    assert "Input/output error" in done.out
    assert table["tmpfs"].state == "running"


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_without_the_chaos_option_there_is_no_chaos(profile):
    done = guest.boot(profile, "ls /chaos; cat /proc/services")
    table = guest.services(done.out)
    assert "chaos" not in table or table["chaos"].state == "stopped"


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_files_survive_a_tmpfs_that_panics_in_the_middle_of_writes(profile):
    command = (f"{TESTS}/write_through_falls; echo status $?; echo == services;"
               " cat /proc/services")
    done = guest.boot(profile, command, smp=2, timeout=120,
                      append="inject=tmpfs.extend/10 no-quarantine")
    assert "status 0\n" in done.out, done.out + done.err
    failed = int(re.search(r"^failed (\d+)$", done.out, re.MULTILINE).group(1))
    tmpfs = guest.services(guest.sections(done.out)["services"])["tmpfs"]
    assert failed >= 40
    assert tmpfs.policy == "roll-back"
    assert tmpfs.causes == {"panic": failed}
    assert tmpfs.contained == tmpfs.restarts == failed


@pytest.mark.parametrize("profile", guest.ABORTING)
def test_a_panic_without_containment_is_a_crash_dump_with_function_and_line(profile):
    done = guest.boot(profile, "cat /chaos/panic; echo survived", smp=2, append="chaos")
    assert done.status == 251
    assert "survived" not in done.out
    assert re.search(r"^boot: kernel panic: chaos_panic .*\bways\.c:\d+", done.err), done.err


@pytest.mark.parametrize("profile", guest.ABORTING)
def test_a_fault_without_containment_is_a_crash_dump_too(profile):
    done = guest.boot(profile, "cat /chaos/null", append="chaos")
    assert done.status == 251
    assert re.search(r"^rip [0-9a-f]{16} ", done.err, re.MULTILINE), done.err
