# SPDX-License-Identifier: MIT
"""The network device behind its driver, and the protocols on it: they are there on every machine and in
every profile, exchange frames, and may fall at any time.
"""

import hashlib
import json
import re
import socket
import subprocess
import time

import guest
import pytest

MACHINES = ("microvm", "q35")
MAC = "52:54:00:12:34:56"  # what QEMU gives the first device
ADDRESS = "address 10.0.2.15, gateway 10.0.2.2"
# Until inet has told the others of its address (each time with three frames), or for ten seconds.
WAIT = """
wait_for_frames() {
    n=0; while [ $n -lt 100 ]; do
        set -- $1 $(grep eth0 /proc/net/dev); [ ${12} -ge $1 ] && break; n=$((n+1)); usleep 100000
    done
}
"""
WAIT_FOR_FRAMES = WAIT + "wait_for_frames 3\n"


def boot(profile, command, more=("--net",), **how):
    return guest.boot(profile, command, more=more, **how)


def counts(text):
    """{interface: (its sixteen numbers)} of /proc/net/dev."""
    return {name: tuple(map(int, numbers.split()))
            for name, numbers in re.findall(r"^ *(\w+):([ 0-9]+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_the_device_is_found_and_an_address_is_got(profile, machine):
    """Two frames come, with the server's offer and its word; two ask for it, one tells the others."""
    done = boot(profile, WAIT_FOR_FRAMES + "cat /proc/net/dev", machine=machine)
    assert done.status == 0, done.err + done.log
    assert set(counts(done.out)) == {"eth0"} and len(counts(done.out)["eth0"]) == 16, done.out
    got, sent = counts(done.out)["eth0"][:8], counts(done.out)["eth0"][8:]
    assert got[1] >= 2 and sent[1] >= 3 and got[0] > 2 * 300 and sent[0] > 2 * 300, done.out
    assert got[2:4] == (0, 0) and sent[2:4] == (0, 0), done.out
    assert f"log: eth0: {MAC}\n" in done.log and "log: eth0: link up\n" in done.log
    assert done.log.count(f"log: eth0: {ADDRESS}\n") == 1


@pytest.mark.parametrize("profile,operation", [("balanced", "virtio_net.collect/3"), ("fortress", "virtio_net.transmit/1"),
                                               ("fortress", "inet.work/4")])
def test_an_address_is_got_while_a_service_falls_again_and_again(profile, operation):
    """It has one when the faults begin, and gets it anew."""
    done = boot(profile, WAIT_FOR_FRAMES + "echo restart inet >/dev/supervisor; wait_for_frames 6; usleep 300000; "
                "cat /proc/net/dev; grep '^inet\\|^virtio_net' /proc/services",
                append=f"inject={operation} no-quarantine", smp=2)
    assert done.status == 0, done.err + done.log
    assert done.log.count(f"log: eth0: {ADDRESS}\n") >= 2, done.log
    fallen = guest.services(" ".join(guest.COLUMNS) + "\n" +
                            "".join(line + "\n" for line in done.out.splitlines() if "restart" in line))
    falling = fallen[operation.partition(".")[0]]
    assert falling.state in ("running", "recovering") and falling.causes["panic"] >= 1
    asked = operation.startswith("inet")
    assert falling.contained - (falling.state == "recovering") <= falling.restarts - asked <= falling.contained
    assert counts(done.out)["eth0"][2:4] == (0, 0)


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


def _free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def _answer(port, text):
    """What the guest's server says to a text. QEMU takes a connection though nobody listens yet, and
    ends it then."""
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as link:
            try:
                link.sendall(text)
                said = link.makefile("rb").readline()
            except ConnectionError:
                said = b""
        if said:
            return said.decode()
        time.sleep(0.1)
    raise AssertionError("nobody answers in the guest")


@pytest.mark.parametrize("profile,machine", [("fortress", "q35"), ("balanced", "microvm")])
def test_a_server_in_the_guest_and_one_on_the_host_are_reached(profile, machine):
    """A text goes to the guest's `nc -l` and what it says comes back; then the guest's wget fetches from the host."""
    port = _free_port()
    text = bytes(range(256)) * 400
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = WAIT_FOR_FRAMES + (
            "echo ready; nc -l -p 80 -e sh -c 'head -c 102400 | md5sum'; "
            f"wget -q -O - http://10.0.2.2:{server.getsockname()[1]}/ | md5sum")
        process = subprocess.Popen(
            guest.options(profile, machine=machine, smp=2, more=("--forward", f"{port}:80", "--exec", command)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout.readline() == "ready\n"
            expected = hashlib.md5(text).hexdigest()
            assert _answer(port, text).split()[0] == expected
            server.settimeout(30)
            client, _ = server.accept()
            with client:
                client.settimeout(30)
                assert client.recv(4096).startswith(b"GET / HTTP/1.1")
                client.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + text)
            assert process.stdout.read().split()[0] == expected
        finally:
            process.kill()
            process.wait()


def test_who_waits_on_a_connection_hears_of_a_fall_and_who_listens_does_not():
    """The protocols are restarted under a reader, and under a server that a client then comes to."""
    command = """
    until_is() { n=0; until [ -e $1 ] || [ $n -ge 300 ]; do n=$((n+1)); usleep 100000; done; }
    nc -l -p 7000 -e sh -c 'echo >/tmp/taken; sleep 60' & nc -l -p 7001 -e cat &
    until nc 127.0.0.1 7000 -e sh -c 'cat >/dev/null; echo "heard $?" >/tmp/hearing; mv /tmp/hearing /tmp/heard'
    do usleep 100000; done & until_is /tmp/taken
    echo restart inet >/dev/supervisor; until_is /tmp/heard; cat /tmp/heard
    echo again | nc 127.0.0.1 7001; grep -o '^inet [a-z]* [a-z]* [0-9]* [0-9]*' /proc/services
    """
    done = boot("fortress", command, smp=2, more=())
    assert done.out == "cat: read error: Input/output error\nheard 1\nagain\ninet running restart 0 1\n", done.out + done.log


def test_restarted_protocols_get_their_address_again():
    command = WAIT_FOR_FRAMES + """
    echo restart inet >/dev/supervisor; echo restart virtio_net >/dev/supervisor
    wait_for_frames 6; usleep 300000
    grep -o '^inet [a-z]* [a-z]* [0-9]* [0-9]*\\|^virtio_net [a-z]* [a-z]* [0-9]* [0-9]*' /proc/services
    """
    done = boot("fortress", command, smp=2)
    assert done.out.splitlines() == ["virtio_net running restart 0 1", "inet running restart 0 1"], done.out + done.log
    lost, got = (done.log.count(line) for line in ("log: eth0: no address\n", f"log: eth0: {ADDRESS}\n"))
    assert (lost, got) == (1, 2), done.log
