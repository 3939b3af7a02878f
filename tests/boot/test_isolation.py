# SPDX-License-Identifier: MIT
"""Fortress: the hardware keeps each service to its own memory. The kernel's stray= makes accesses
with a service's rights to every kind of page that is not the service's."""

import os
import re

import e2fs
import guest
import pytest

# A call of the operation for each service that a program can ask for again and again.
CALLS = {"tmpfs": ("getattr", "stat /"), "devfs": ("readdir", "ls /dev"),
         "procfs": ("getattr", "stat /proc"), "chaos": ("getattr", "stat /chaos"),
         "ext2": ("lookup", "stat /mnt/nothing"),
         "virtio_blk": ("submit", "dd if=/dev/vda of=/dev/null count=1"),
         "virtio_net": ("collect", "usleep 150000"),
         "inet": ("work", "usleep 300000")}
# Called by threads of the core's alone: no user's page is at hand.
FOR_NO_USER = {"virtio_net", "inet"}
WITHOUT_KEYS = ("--cpu", "max,-pks")


def targets():
    """{kind of page: whether it is secret} from the kernel's table."""
    with open(os.path.join(guest.ROOT, "kernel", "boundary", "stray.c"), encoding="utf-8") as source:
        rows = re.findall(r"\bTARGET\((\w+), (SECRET|SHOWN),", source.read())
    assert len(rows) > 10
    return {name: secrecy == "SECRET" for name, secrecy in rows}


def manifest():
    with open(os.path.join(guest.ROOT, "services", "manifest.h"), encoding="utf-8") as table:
        return set(re.findall(r"\bROW\(extra, (\w+), (?:ALWAYS|OPTION)", table.read()))


def test_every_service_is_asked():
    assert set(CALLS) == manifest()


@pytest.mark.parametrize("service", CALLS)
def test_every_kind_of_page_is_refused_to_every_service(service, tmp_path):
    """Each access is contained, changes nothing and is logged as the service's."""
    operation, command = CALLS[service]
    expected = {f"write of {name}" for name in targets()}
    expected |= {f"read of {name}" for name, secret in targets().items() if secret}
    absent = {"user_page": "there is none"} if service in FOR_NO_USER else {}
    expected -= {f"{way} of {name}" for way in ("read", "write") for name in absent}
    loop = (f"n=0; while [ $n -lt {len(expected) + 2} ]; do {command} >/dev/null 2>&1; "
            "n=$((n+1)); done; echo kept >/tmp/kept && cat /tmp/kept /dev/null /proc/self/status && "
            "echo == services && cat /proc/services")
    disk = tmp_path / "disk"
    e2fs.make(disk, "1M", "-t ext2")
    mount = "mkdir /mnt; mount -t ext2 /dev/vda /mnt; " if service == "ext2" else ""
    done = guest.boot("fortress", mount + loop, smp=2, more=("--net", "--disk", str(disk)),
                      append=f"chaos no-quarantine stray={service}.{operation}")
    assert done.status == 0, done.out + done.err + done.log
    judged = dict(re.findall(rf"^log: stray: (.*) by {service}: (.*)$", done.log, re.MULTILINE))
    assert judged == {access: "refused" for access in expected} | absent
    fallen = guest.services(guest.sections(done.out)["services"])
    assert sum(fallen[service].causes.values()) == len(expected)
    assert set(fallen[service].causes) <= {"stray", "wild"}
    assert fallen[service].causes["stray"] >= len(expected) - 1
    assert all(not other.causes for name, other in fallen.items() if name != service)
    assert fallen[service].isolation == "keys"
    assert "not the service's memory" in done.log


def test_without_keys_fortress_says_so_and_contains_all_the_same():
    command = ("cat /chaos/null; cat /chaos/overflow; cat /chaos/bad_free; echo == services; "
               "cat /proc/services")
    done = guest.boot("fortress", command, append="chaos", more=WITHOUT_KEYS)
    assert re.search("^log: cpu: PKS is missing here and stays off", done.log, re.MULTILINE)
    assert re.search("^log: .*a service's stray writes are not stopped", done.log, re.MULTILINE)
    table = guest.services(guest.sections(done.out)["services"])
    assert table["chaos"].causes == {"null": 1, "overflow": 1, "panic": 1}
    assert {service.isolation for service in table.values()} == {"none"}


def test_without_keys_stray_writes_do_go_through():
    """The counter-check: the test above can fail."""
    done = guest.boot("fortress", "stat /chaos", append="chaos stray=chaos.getattr",
                      more=WITHOUT_KEYS)
    assert "log: stray: write of core_data by chaos: WENT THROUGH" in done.log


def test_a_profile_that_does_not_isolate_refuses_the_option():
    done = guest.boot("balanced", "echo ran", append="stray=tmpfs.getattr")
    assert done.status == 251
    assert "in a profile that isolates services" in done.out + done.err + done.log
