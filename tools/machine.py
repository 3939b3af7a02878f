# SPDX-License-Identifier: MIT
"""The virtual machine: QEMU's command line, and one run of it.

The kernel speaks over three ways. The serial port is the terminal. Port 0xe9 (QEMU's
isa-debugcon) is the second channel: lines `log: ...`, `exit-status N` when process 1 ended,
`panic: ...` and the crash dump behind it. Port 0xf4 (isa-debug-exit) ends QEMU with
(value << 1) | 1: 0x10 is an orderly power-off, 0x11 a kernel panic.
"""

import os
import re
import selectors
import shlex
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

QEMU = "qemu-system-x86_64"
POWER_OFF = (0x10 << 1) | 1
PANICKED = (0x11 << 1) | 1

# What boot exits with; a command's own status is 0 to LARGEST_STATUS.
LARGEST_STATUS = 250
KERNEL_PANIC = 251
TIMED_OUT = 252
BUILD_FAILED = 253
NO_STATUS = 254
WRONG_USAGE = 255

SECTOR = 512  # bytes
LARGEST_PORT = 65535

MACHINES = {
    # ACPI's MADT names the CPUs. No option ROMs: the firmware loads a PVH kernel by itself.
    "microvm": "microvm,acpi=on,rtc=on,pit=on,pic=on,isa-serial=on,"
               "x-option-roms=off,auto-kernel-cmdline=off",
    "q35": "q35",
}


def qemu_command(options, initrd, append, channel, serial):
    """QEMU's argument list. `channel` is the second channel's file, `serial` a chardev."""
    accel = "kvm" if options.accel == "kvm" else "tcg,thread=single"
    if options.accel == "tcg" and options.smp > 1 and not options.icount:
        accel = "tcg,thread=multi"
    command = [
        QEMU, "-machine", MACHINES[options.machine], "-accel", accel, "-cpu", options.cpu,
        "-smp", str(options.smp), "-m", options.mem,
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", options.kernel, "-initrd", initrd, "-append", append,
        "-chardev", serial, "-serial", "chardev:console",
        "-chardev", f"file,id=channel,path={channel}",
        "-device", "isa-debugcon,iobase=0xe9,chardev=channel",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
    ]
    if options.machine == "microvm":
        command += ["-global", "virtio-mmio.force-legacy=false"]
    for number, disk in enumerate(options.disk):
        bus = "device" if options.machine == "microvm" else "pci"
        path = disk.path.replace(",", ",,")
        read_only = "on" if disk.read_only else "off"
        command += ["-drive", f"file={path},format=raw,if=none,id=disk{number},"
                    f"readonly={read_only},discard=unmap",
                    "-device", f"virtio-blk-{bus},drive=disk{number}"]
    if options.net:
        command += network(options)
    command += shlex.split(options.qemu)
    if options.icount:
        # The time stamp counter then counts instructions; -seed fixes RDRAND and RDSEED.
        command += ["-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm",
                    "-seed", "1"]
    return command


def network(options):
    """QEMU's own network: no rights are needed, and nothing but the forwarded ports is reached."""
    ways = "".join(f",hostfwd={way.protocol}:127.0.0.1:{way.host}-:{way.guest}"
                   for way in options.forward)
    bus = "device" if options.machine == "microvm" else "pci"
    rom = "" if options.machine == "microvm" else ",romfile="
    return ["-netdev", f"user,id=net0{ways}", "-device", f"virtio-net-{bus},netdev=net0{rom}"]


class Forward(NamedTuple):
    """A port of the host that leads to one of the guest."""
    protocol: str
    host: int
    guest: int


class Disk(NamedTuple):
    """A disk of the machine and the file behind it."""
    path: str
    read_only: bool


class Report:
    """What the second channel said."""

    def __init__(self, text):
        self.text = text
        status = re.search(r"^exit-status (\d+)\s*$", text, re.MULTILINE)
        self.status = int(status.group(1)) if status else None
        # Each line of the dump has the mark, so that other CPUs' log lines stay apart.
        self.crash_dump = "\n".join(re.findall(r"^panic: (.*)", text, re.MULTILINE))

    def last_lines(self, count=15):
        return "\n".join(self.text.splitlines()[-count:])


def boot_status(code, report, is_exec, timed_out, complaints):
    """(exit status of boot, what to say on stderr) from QEMU's code and the report."""
    if timed_out:
        return TIMED_OUT, f"timed out; the kernel's last words:\n{report.last_lines()}"
    if code == PANICKED or (report.crash_dump and code != POWER_OFF):
        # Without --exec the kernel has written the dump on this terminal already.
        dump = report.crash_dump if is_exec else "kernel panic"
        return KERNEL_PANIC, dump or "kernel panic without a crash dump"
    if code != POWER_OFF:
        said = complaints.strip() or report.last_lines()
        return NO_STATUS, f"the machine ended by itself (QEMU's status {code}):\n{said}"
    if report.status is None:
        if is_exec:
            return NO_STATUS, "the machine was switched off before the command ended"
        return 0, ""
    if report.status > LARGEST_STATUS:
        return LARGEST_STATUS, f"the command's status {report.status} is shown as {LARGEST_STATUS}"
    return report.status, ""


def pass_output(process, deadline):
    """Copies the serial port to stdout as it comes; True when the deadline passed."""
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    while True:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            return True
        if not selector.select(left):
            continue
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            return False
        while data:
            data = data[os.write(1, data):]


def wait_until(process, deadline):
    """Waits for QEMU, which has the terminal; True when the deadline passed."""
    try:
        process.wait(None if deadline is None else max(0, deadline - time.monotonic()))
        return False
    except subprocess.TimeoutExpired:
        return True


def run(options, initrd, append):
    """Runs the machine to its end and returns boot's exit status.

    options.exec: the serial port goes to stdout only. Otherwise QEMU takes the terminal.
    options.timeout: seconds, 0 for none. options.log: keep the second channel there.
    """
    is_exec = options.exec is not None
    with tempfile.TemporaryDirectory(prefix="aramid-boot.") as folder:
        channel = options.log or os.path.join(folder, "channel")
        # The monitor shares the terminal behind Ctrl-A, so that Ctrl-A x always ends QEMU.
        serial = "stdio,id=console,signal=off" + ("" if is_exec else ",mux=on")
        command = qemu_command(options, initrd, append, channel, serial)
        with open(os.path.join(folder, "complaints"), "w+b") as complaints:
            deadline = time.monotonic() + options.timeout if options.timeout else None
            process = subprocess.Popen(
                command, stderr=complaints,
                stdin=subprocess.DEVNULL if is_exec else None,
                stdout=subprocess.PIPE if is_exec else None)
            try:
                wait = pass_output if is_exec else wait_until
                timed_out = wait(process, deadline)
            finally:
                if is_exec:
                    process.stdout.close()
                if sys.exc_info()[0] or timed_out:
                    process.kill()
                code = process.wait()
            complaints.seek(0)
            said = complaints.read().decode(errors="replace")
        try:
            with open(channel, "rb") as stream:
                report = Report(stream.read().decode(errors="replace"))
        except FileNotFoundError:
            report = Report("")
    status, message = boot_status(code, report, is_exec, timed_out, said)
    if message:
        print(f"boot: {message}", file=sys.stderr)
    return status
