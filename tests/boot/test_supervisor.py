# SPDX-License-Identifier: MIT
"""Fortress and Balanced: what the supervisor tells, what may be asked of it, and calls that are made
again after a repair."""

import re

import guest
import pytest

TESTS = "/usr/lib/aramid/tests"
SERVICES = "echo == services; cat /proc/services"


def table(done):
    return guest.services(guest.sections(done.out)["services"])


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_the_last_fall_is_told_with_its_backtrace(profile):
    done = guest.boot(profile, f"cat /chaos/null; cat /chaos/divide; {SERVICES}", append="chaos")
    services = table(done)
    assert services["chaos"].last_fall.startswith("divide@read:chaos_divide+")
    assert "<fail_at_depth+" in services["chaos"].last_fall
    assert services["tmpfs"].last_fall == "-"


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_a_quarantined_service_is_released_on_demand(profile):
    falls = "n=0; while [ $n -lt 12 ]; do cat /chaos/panic; n=$((n+1)); done;"
    done = guest.boot(profile, f"{falls} grep chaos /proc/services; echo release chaos >/dev/supervisor; "
                      f"echo status $?; ls /chaos/null; cat /chaos/null; {SERVICES}", append="chaos")
    assert "chaos quarantined" in done.out and "status 0\n/chaos/null\n" in done.out
    assert table(done)["chaos"].state == "running"
    assert table(done)["chaos"].causes == {"panic": 11, "null": 1}


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_any_service_is_restarted_on_demand_and_keeps_what_it_promised(profile):
    done = guest.boot(profile, "echo kept >/tmp/kept; for s in tmpfs devfs procfs chaos ext2 virtio_blk virtio_net inet; do "
                      "echo restart $s >/dev/supervisor || exit 1; done; cat /tmp/kept; "
                      f"ls /dev/null /proc/stat /chaos/null || exit 2; {SERVICES}", append="chaos")
    assert done.status == 0, done.out + done.err
    assert "kept\n" in done.out
    assert {s.restarts for s in table(done).values()} == {1}
    assert {s.contained for s in table(done).values()} == {0}


@pytest.mark.parametrize("line, error", [("stop tmpfs", "Invalid argument"), ("restart", "Invalid argument"),
                                         ("restart nothing", "No such device"),
                                         ("release tmpfs", "Invalid argument"),
                                         ("restart chaos", "Input/output error"),
                                         ("restart " + 60 * "x", "Invalid argument")])
def test_a_wrong_request_is_refused_by_name(line, error):
    done = guest.boot("balanced", f"echo {line} >/dev/supervisor; {SERVICES}")
    assert error in done.out
    assert {s.restarts for s in table(done).values()} == {0}


def test_only_the_superuser_may_ask():
    ask = "echo restart tmpfs >/dev/supervisor; echo status $?;"
    done = guest.boot("balanced", f"{TESTS}/as_user '{ask} id -u'; {ask} {SERVICES}")
    assert re.search("Permission denied\nstatus [1-9]\\d*\n65534\nstatus 0\n", done.out), done.out
    assert table(done)["tmpfs"].restarts == 1


@pytest.mark.parametrize("profile", guest.ABORTING)
def test_without_containment_there_is_nothing_to_ask(profile):
    done = guest.boot(profile, "echo restart tmpfs >/dev/supervisor; echo status $?")
    assert "No such device or address" in done.out and "status 0" not in done.out


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_reading_programs_see_no_error_when_every_other_call_falls(profile):
    """What changes nothing is made again after the repair."""
    done = guest.boot(profile, "n=0; while [ $n -lt 40 ]; do cat /proc/stat >/dev/null || exit 1; "
                      f"n=$((n+1)); done; {SERVICES}", append="inject=procfs.read/2 no-quarantine")
    assert done.status == 0, done.out + done.err
    assert table(done)["procfs"].causes["panic"] >= 10


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_readers_on_two_processors_see_no_error_while_the_service_is_restarted(profile):
    read = "(n=0; while [ $n -lt 100 ]; do cat /proc/stat || exit 1; n=$((n+1)); done >/dev/null) &"
    done = guest.boot(profile, f"{read} one=$!; {read} two=$!; n=0; while [ $n -lt 30 ]; do "
                      "echo restart procfs >/dev/supervisor || exit 3; n=$((n+1)); done; "
                      f"wait $one || exit 1; wait $two || exit 2; {SERVICES}", smp=2)
    assert done.status == 0, done.out + done.err
    assert table(done)["procfs"].restarts == 30
    assert table(done)["procfs"].contained == 0


@pytest.mark.parametrize("profile, operation", [("fortress", "create/3"), ("fortress", "rename/2"),
                                                ("balanced", "unlink/3"), ("balanced", "link/2")])
def test_remembered_names_are_the_services_after_each_fall_and_restart(profile, operation):
    done = guest.boot(profile, f"{TESTS}/names_through_falls; echo status $?; {SERVICES}", smp=2,
                      append=f"inject=tmpfs.{operation} no-quarantine")
    assert "status 0\n" in done.out, done.out + done.err
    tmpfs = table(done)["tmpfs"]
    failed = int(re.search(r"^failed (\d+)$", done.out, re.MULTILINE)[1])
    assert failed >= 5 and tmpfs.causes["panic"] >= failed
    assert tmpfs.restarts > tmpfs.contained + 5


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_a_remembered_name_is_no_way_around_the_quarantine(profile):
    done = guest.boot(profile, f"{TESTS}/names_through_falls quarantine; echo status $?",
                      append="inject=tmpfs.create/1")
    assert "status 0\n" in done.out, done.out + done.err
