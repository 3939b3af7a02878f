# SPDX-License-Identifier: MIT
"""The guest's clock goes as the host's does: what it is measured against at boot takes its time to
be read where the host is loaded, and the end of a tick may not be seen there."""

import subprocess
import time

import guest
import pytest

READINGS, MOST_OFF = 6, 0.05
COMMAND = f"for n in $(seq {READINGS}); do cat /proc/uptime; sleep 0.5; done"


def rates(busy):
    """The guest's seconds for one of the host's, beside so many programs that want a CPU each."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(busy)]
    try:
        machine = subprocess.Popen([*guest.options("balanced", smp=2), "--exec", COMMAND],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        read = [(time.monotonic(), float(line.split()[0])) for line in machine.stdout]
        assert machine.wait() == 0 and len(read) == READINGS
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    (host, inside), (host_last, inside_last) = read[0], read[-1]
    return (inside_last - inside) / (host_last - host)


@pytest.mark.parametrize("busy", [0, 4])
def test_the_clock_keeps_pace_with_the_hosts(busy):
    assert abs(rates(busy) - 1) <= MOST_OFF
