# SPDX-License-Identifier: MIT
"""One boot of the machine with the workload in it: deterministic, watched through the gdbstub.

A fresh boot a trial: power-on to the workload is some 50 ms, less than restoring a snapshot
would be, and nothing is left over from the trial before.
"""

import os
import subprocess
import sys
import tempfile
import types
from pathlib import Path
from typing import NamedTuple

from .gdbstub import Ended, Stub

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import machine  # noqa: E402  (the path above comes first)
import newc  # noqa: E402

# Calls of the workload while faults are armed.
STEPS = 200
# String instructions would be counted, and could be interrupted, at each iteration.
CPU = "max,-erms,-fsrm"
MEMORY = "64M"
# Processor seconds that a run may take: a fault-free one takes 0.3, one with the watchdog 0.8.
# Not the clock's, so that a loaded machine decides nothing.
BUDGET = 8
# The kernel's words for the two sides. /proc/cmdline is as long in both, so that they are the
# same run up to the first containment; the kernel does not know the other word.
SIDES = {"on": "containment-as-usual", "off": "panic-on-containment"}
_CLOCK = os.sysconf("SC_CLK_TCK")


class Ending(NamedTuple):
    """What a run left: how it ended, what the workload said, what the kernel said."""
    how: str  # finished, crashed, hung, died
    said: str
    log: str


def root_that_runs(archive, folder, name, command):
    """The root archive whose shell runs a command and ends; its path."""
    extra = newc.Archive()
    extra.file("run/aramid/exec", command.encode())
    path = Path(folder) / f"root-{name}.cpio"
    newc.join(archive, extra, path)
    return path


def root_with_workload(archive, folder, seed):
    """The root archive that runs the workload with a seed; its path."""
    return root_that_runs(archive, folder, seed,
                          f"exec /usr/lib/aramid/tests/fault_load {seed} {STEPS}")


class Run:
    """A machine that stands before its first instruction; a context manager. words: more of them
    for the kernel's command line. budget: processor seconds that the run may take."""

    def __init__(self, kernel, root, side="on", more=(), words="", cpu=CPU, *, smp=1,
                 budget=BUDGET):
        self._budget = budget
        self._folder = tempfile.TemporaryDirectory(prefix="aramid-fault.")
        folder = Path(self._folder.name)
        self._serial, self._channel = folder / "serial", folder / "channel"
        options = types.SimpleNamespace(accel="tcg", smp=smp, icount=True, machine="microvm",
                                        disk=(), net=False, forward=(), qemu="",
                                        cpu=cpu, mem=MEMORY, kernel=str(kernel))
        command = machine.qemu_command(options, str(root), f"quiet {SIDES[side]} {words}".strip(),
                                       str(self._channel), f"file,id=console,path={self._serial}")
        command += ["-S", "-chardev", f"socket,id=gdb,path={folder}/gdb,server=on,wait=off",
                    "-gdb", "chardev:gdb", *more]
        with open(folder / "complaints", "wb") as complaints:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                             stdout=complaints, stderr=complaints)
        self._hung = False
        self.stub = None
        self._path = str(folder / "gdb")

    def __enter__(self):
        try:
            self.stub = Stub(self._path, self._still_in_time)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *what):
        if self.stub:
            self.stub.close()
        self._end()
        self._folder.cleanup()

    def _end(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def _still_in_time(self):
        if self._process.poll() is not None:
            return False
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return False
        self._hung = (int(fields[11]) + int(fields[12])) / _CLOCK > self._budget
        return not self._hung

    def finish(self):
        """Lets the machine run to its end, past stops that nobody waits for."""
        try:
            while True:
                self.stub.run()
        except Ended:
            return self.ending()

    def ending(self):
        """After Ended: what is left."""
        if self._hung:
            self._end()
        code = self._process.wait()
        how = {machine.POWER_OFF: "finished", machine.PANICKED: "crashed"}.get(code, "died")
        return Ending("hung" if self._hung else how, _text(self._serial), _text(self._channel))


def _text(path):
    try:
        return path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return ""
