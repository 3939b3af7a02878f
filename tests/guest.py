# SPDX-License-Identifier: MIT
"""What the booted tests share: run a command in a guest, hold its terminal, read its tables.

The environment variable ARAMID_BOOT names another command to boot with (it gets the
arguments of tools/boot); with it the same tests can be tried on another kernel.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import pexpect

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BOOT = os.environ.get("ARAMID_BOOT", os.path.join(ROOT, "tools", "boot"))
PROFILES = ("fortress", "balanced", "performance", "ludicrous")
CONTAINING = ("fortress", "balanced")
ABORTING = ("performance", "ludicrous")
PROMPT = r"~ # "


@dataclass
class Result:
    status: int
    out: str
    err: str
    log: str


def options(profile, smp=1, append="", timeout=60, machine="microvm", mem=None, root="small", more=()):
    memory = ["--mem", mem] if mem else []
    return [BOOT, profile, "--smp", str(smp), "--machine", machine, *memory, "--root", root,
            "--timeout", str(timeout), f"--append={append}", *more]


def boot(profile, command, **how):
    """Runs `command` in the guest's shell; never raises for what the guest does."""
    with tempfile.NamedTemporaryFile(prefix="aramid-log.") as log:
        done = subprocess.run(
            [*options(profile, **how), "--log", log.name, "--exec", command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return Result(done.returncode, done.stdout.decode(errors="replace"),
                      done.stderr.decode(errors="replace"),
                      log.read().decode(errors="replace"))


def _children(process):
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def cut(profile, command, after, delay=0, **how):
    """Runs `command` and takes the machine's power away when it has said a line, or some seconds after
    that; `after`: the line, or how many lines. What it said.
    """
    process = subprocess.Popen([*options(profile, **how), "--exec", command],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    said = ""
    for line in process.stdout:
        said += line
        if after in (line.rstrip("\n"), said.count("\n")):
            time.sleep(delay)
            break
    for machine in _children(process.pid):
        os.kill(machine, signal.SIGKILL)
    said += process.stdout.read()
    process.wait()
    return said


class Terminal:
    """The guest's console under pexpect, waited for at its first prompt."""

    def __init__(self, profile, **how):
        command = options(profile, **how)
        self.child = pexpect.spawn(command[0], command[1:], timeout=15, encoding="utf-8",
                                   codec_errors="replace", dimensions=(24, 200))
        self.child.expect(PROMPT, timeout=60)

    def run(self, line):
        """Types a line, waits for the next prompt and returns what came between."""
        self.child.sendline(line)
        self.child.expect_exact(line)
        self.child.expect(r"\r+\n")
        return self.until_prompt()

    def start(self, line):
        """Types a line whose program keeps the terminal, and lets it start.

        The shell echoes the line before it hands the terminal over, and nothing tells when
        it has: what is typed between is lost, as it is on Linux.
        """
        self.child.sendline(line)
        self.child.expect_exact(line)
        self.child.expect(r"\r+\n")
        time.sleep(0.5)

    def press(self, letter):
        """Presses Ctrl and the letter."""
        self.child.sendcontrol(letter)

    def until_prompt(self):
        """What came before the next prompt, without the shell's cursor queries."""
        self.child.expect(PROMPT)
        text = self.child.before.replace("\x1b[6n", "").replace("\x1b[J", "")
        return re.sub(r"\r+\n", "\n", text)

    def end(self, line=None):
        """Types the last line, if any, and returns boot's exit status."""
        if line is not None:
            self.child.sendline(line)
            self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@dataclass
class Service:
    """One line of /proc/services."""
    name: str
    state: str
    policy: str
    contained: int
    restarts: int
    pages: int
    tokens: int
    isolation: str
    causes: dict = field(default_factory=dict)
    last_fall: str = "-"


COLUMNS = "service state policy contained restarts pages tokens isolation causes last_fall".split()


def services(text):
    """/proc/services by name; the causes column is NAME=N,... or - when there are none."""
    lines = text.strip().splitlines()
    assert lines and lines[0].split() == COLUMNS, f"header of /proc/services: {lines[:1]}"
    table = {}
    for line in lines[1:]:
        name, state, policy, contained, restarts, pages, tokens, isolation, causes, last = (
            line.split())
        counts = {} if causes == "-" else dict(item.split("=") for item in causes.split(","))
        table[name] = Service(name, state, policy, int(contained), int(restarts), int(pages),
                              int(tokens), isolation, {cause: int(n) for cause, n in counts.items()}, last)
    return table


# What must be as it was. Objects of one number may fill more or fewer pages of a heap, by who was
# freed first, and the reader's page tables are as many as its random layout takes: those and the
# free pages are one sum.
SUMMED = ("pages_free", "heap_pages", "reader_table_pages")
AUDITED = ("pages_free_or_in_heaps", "pages_of_processes", "pages_of_stores", "heap_objects",
           "service_heap_objects", "vnodes", "files", "spinlocks_held", "mutexes_held", "tokens")


def audit(text):
    """/proc/audit as a dictionary: one `NAME N` a line."""
    counts = {}
    for line in text.strip().splitlines():
        name, count = line.split()
        counts[name] = int(count)
    missing = [name for name in (*SUMMED, *AUDITED[1:]) if name not in counts]
    assert not missing, f"/proc/audit lacks {missing}"
    counts["pages_free_or_in_heaps"] = sum(counts[name] for name in SUMMED)
    return counts


# A shell's text. An ended thread is freed at its CPU's next switch, so an audit is several readings.
AUDIT = "for n in $(seq 30); do sleep 0.03; cat /proc/audit; echo; done\n"


def least_used(text):
    """What AUDIT printed: the least that was in use of each thing, so the most of free pages."""
    readings = [audit(reading) for reading in text.strip().split("\n\n")]
    return {name: (max if name == "pages_free_or_in_heaps" else min)(one[name] for one in readings)
            for name in AUDITED}


def sections(text):
    """Output split at its `== NAME` lines: {NAME: text}."""
    parts, name = {}, None
    for line in text.splitlines(keepends=True):
        if line.startswith("== "):
            name = line[3:].strip()
            parts[name] = ""
        elif name is not None:
            parts[name] += line
    return parts
