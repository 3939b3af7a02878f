# SPDX-License-Identifier: MIT
"""The network device behind its driver: it is found on every machine and in every profile, its link
is known, and its driver may fall at any time.
"""

import json
import re
import socket
import subprocess
import time

import guest
import pytest

MACHINES = ("microvm", "q35")
ADDRESS = "52:54:00:12:34:56"  # what QEMU gives the first device


def boot(profile, command, more=("--net",), **how):
    return guest.boot(profile, command, more=more, **how)


def counts(text):
    """{interface: (its sixteen numbers)} of /proc/net/dev."""
    return {name: tuple(map(int, numbers.split()))
            for name, numbers in re.findall(r"^ *(\w+):([ 0-9]+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_the_device_is_found_and_made_ready(profile, machine):
    done = boot(profile, "cat /proc/net/dev", machine=machine)
    assert done.status == 0, done.err + done.log
    assert set(counts(done.out)) == {"eth0"} and len(counts(done.out)["eth0"]) == 16, done.out
    assert f"log: eth0: {ADDRESS}\n" in done.log and "log: eth0: link up\n" in done.log


def test_a_machine_without_a_network_has_no_interface():
    done = boot("balanced", "cat /proc/net/dev", more=())
    assert done.status == 0 and counts(done.out) == {} and "eth0" not in done.log


@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_the_driver_falls_at_each_call_is_out_of_service_and_comes_back(profile):
    command = """
    n=0; while [ $n -lt 50 ]; do grep -q 'virtio_net quarantined' /proc/services && break; n=$((n+1)); usleep 100000; done
    grep -o 'virtio_net [a-z]*' /proc/services; echo release virtio_net >/dev/supervisor; ls / >/dev/null && echo alive
    """
    done = boot(profile, command, append="inject=virtio_net.collect/1", smp=2)
    assert done.out == "virtio_net quarantined\nalive\n", done.out + done.log
    assert "log: eth0: link down\n" in done.log and "released from quarantine" in done.log


def _ask(monitor, **request):
    monitor.write(json.dumps(request) + "\n")
    monitor.flush()
    for line in monitor:
        if "return" in json.loads(line):
            return
    raise AssertionError("the monitor is gone")


@pytest.mark.parametrize("machine", MACHINES)
def test_a_cable_that_is_pulled_is_noticed(machine, tmp_path):
    path, log = tmp_path / "monitor", tmp_path / "log"
    options = guest.options("balanced", machine=machine, more=(
        "--net", "--log", str(log), "--qemu", f"-qmp unix:{path},server=on,wait=off",
        "--exec", "sleep 60"))
    process = subprocess.Popen(options, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        def said(line, seconds=20):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                if log.exists() and log.read_text(errors="replace").count(line):
                    return True
                time.sleep(0.05)
            return False
        assert said("log: eth0: link up")
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(str(path))
            monitor = link.makefile("rw", encoding="utf-8")
            monitor.readline()
            _ask(monitor, execute="qmp_capabilities")
            _ask(monitor, execute="set_link", arguments={"name": "net0", "up": False})
            assert said("log: eth0: link down")
            _ask(monitor, execute="quit")
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("words, said", [
    ("80", "'80' is not [udp:]HOSTPORT:GUESTPORT"),
    ("a:80", "'a:80' is not [udp:]HOSTPORT:GUESTPORT"),
    ("sctp:1:2", "'sctp:1:2' is not [udp:]HOSTPORT:GUESTPORT"),
    ("0:80", "0 is not a port from 1 to 65535"),
    ("8080:65536", "65536 is not a port from 1 to 65535")])
def test_a_wrong_way_in_is_refused_at_once(words, said):
    done = boot("balanced", "true", more=("--forward", words))
    assert done.status == 255 and said in done.err


def test_a_port_leads_to_one_place():
    done = boot("balanced", "true", more=("--forward", "8080:80", "--forward", "8080:81"))
    assert done.status == 255 and "--forward: tcp port 8080 leads to two places" in done.err
