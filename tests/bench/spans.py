# SPDX-License-Identifier: MIT
"""What a call into a service executes, instruction by instruction: QEMU logs each one from
call_service's first to its return, so that the parts can be counted without asking the kernel."""

import itertools
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tools", ROOT / "tests" / "faults"):
    sys.path.insert(0, str(folder))

import newc  # noqa: E402
from injector.guest import Run  # noqa: E402
from injector.image import Image  # noqa: E402

# A name for the machine: the kernel's profile, and QEMU's processor for it.
MACHINES = {
    "balanced": ("balanced", "max,-erms,-fsrm"),
    "fortress without keys": ("fortress", "max,-erms,-fsrm,-pks"),
    "fortress": ("fortress", "max,-erms,-fsrm"),
}
# Files that fail when they are read, in the order in which the guest reads them, and how often
# each. The first of each finds nothing of what the later ones remember.
FILES = ("panic_0", "panic_10", "cleanup_10")
READINGS = 4
_TESTS = "/usr/lib/aramid/tests"
# The calls of sync(2) are where counting begins and where all has been counted.
_SCRIPT = f"""ls /chaos >/dev/null; cat /chaos/measure; sync
{"; ".join(f"{_TESTS}/read_often /chaos/{name} {READINGS}" for name in FILES)}
sync
"""
_EXECUTED = re.compile(r"^Trace.*\[[0-9a-f]+/([0-9a-f]+)/", re.MULTILINE)


class Fall(NamedTuple):
    """Instructions from the panic to the landing, from there to the repair (the service's
    counters and the log), and of the repair to the call's return with EIO."""
    landing: int
    note: int
    repair: int


class Spans(NamedTuple):
    """Of one machine. calls: what call_service adds to each function of a service that it called,
    in instructions, the least found. first, later: the falls by file; of the later ones medians."""
    calls: dict
    first: dict
    later: dict


def _root(folder):
    """The root archive with the script in it."""
    extra = newc.Archive()
    extra.file("run/aramid/exec", _SCRIPT.encode())
    path = Path(folder) / "root.cpio"
    built = ROOT / "build" / "userland" / "root.cpio"
    newc.join(built, extra, path)
    return path


def _traced_calls(image, root, cpu, folder):
    """The addresses executed in each call of call_service, in order, until the second sync."""
    mark, start = image.need("sys_sync"), image.need("call_service")
    with Run(image.path, root, words="chaos no-quarantine", cpu=cpu) as run:
        stub = run.stub
        stub.stop_at(mark)
        stub.run()
        stub.pass_by(mark)
        stub.stop_at(start)
        stub.run()
        numbers = itertools.count()
        while stub.registers()["rip"] == start:
            back = stub.word(stub.registers()["rsp"])
            stub.pass_by(start)
            log = Path(folder) / f"executed-{next(numbers)}"
            for command in ("singlestep on", f"logfile {log}", "log exec,nochain"):
                stub.monitor(command)
            stub.stop_at(back)
            stub.run()
            stub.pass_by(back)
            for command in ("log none", "singlestep off"):
                stub.monitor(command)
            yield [int(address, 16) for address in _EXECUTED.findall(log.read_text())]
            log.unlink()
            for address in (mark, start):
                stub.stop_at(address)
            stub.run()
            stub.pass_by(mark)


def _fall(image, executed):
    """Where a call's parts begin, or None when it did not fall."""
    places = [image.need(name) for name in ("begin_panic", "boundary_land", "supervisor_recover")]
    if places[0] not in executed:
        return None
    panic, landing, repair = map(executed.index, places)
    return Fall(landing - panic, repair - landing, len(executed) - repair)


def _added(image, executed):
    """(function of the service, instructions around it), or None when it was not entered once."""
    enter, back = image.need("boundary_enter"), image.need("boundary_return")
    if executed.count(back) != 1:
        return None
    end = executed.index(back)
    first = 1 + max(i for i in range(end) if enter <= executed[i] < back)
    return image.place(executed[first]).split("+")[0], len(executed) - (end - first)


def _medians(falls):
    return Fall(*(int(statistics.median_low(column)) for column in zip(*falls)))


def measure(name):
    """The spans of one of MACHINES, whose kernel and userland are built."""
    profile, cpu = MACHINES[name]
    image = Image(str(ROOT / "build" / f"{profile}-clang" / "kernel" / "aramid.elf"))
    calls, falls = {}, []
    with tempfile.TemporaryDirectory(prefix="aramid-spans.") as folder:
        for executed in _traced_calls(image, _root(folder), cpu, folder):
            fall = _fall(image, executed)
            if fall:
                falls.append(fall)
                continue
            found = _added(image, executed)
            if found:
                calls[found[0]] = min(found[1], calls.get(found[0], sys.maxsize))
    by_file = {file: falls[i * READINGS:(i + 1) * READINGS] for i, file in enumerate(FILES)}
    return Spans(calls, {file: found[0] for file, found in by_file.items()},
                 {file: _medians(found[1:]) for file, found in by_file.items()})
