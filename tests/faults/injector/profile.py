# SPDX-License-Identifier: MIT
"""The fault-free run of a workload seed: what it executes, what it holds, how it ends.

Two runs. The first has QEMU log the blocks that it executes in the services' code, and the
calls into them. The second, made when a fault asks for it, stops at each object that a
service's call allocates or frees. Both are the same run, since the machine is deterministic; so what they find out
is kept in build/campaign for the next call with the same kernel, workload and seed.
"""

import json
import tempfile
import threading
from pathlib import Path

from .gdbstub import Ended
from .guest import ROOT, STEPS, Ending, Run, root_with_workload
from .image import ends_block
from .unable import Unable

# Of the calls in which an instruction is executed, those that a fault may wait for.
CALLS_MAX = 12
# The workload's calls of sync(2): its objects begin, faults are armed, the faulty time is over.
OBJECTS, ARMED = 1, 2
_HEAP, _HEAP_FREE = 0, 1  # enum ledger_kind


# Services whose objects are known: only a service that rolls back has a ledger of them.
WITH_OBJECTS = ("tmpfs",)


# Where found things are kept, and how many of the last.
KEPT, KEPT_MAX = ROOT / "build" / "campaign", 64


class Profile:
    """Of one workload seed. executed: address -> number of calls into a service in which the
    instruction there is executed while faults are armed. digest: of the kernel and the archive."""

    def __init__(self, image, archive, folder, seed, digest):
        self._image = image
        self._path = KEPT / f"{digest}-{STEPS}-{seed}.json"
        self._lock = threading.Lock()
        self.root = root_with_workload(archive, folder, seed)
        self._found = self._read()
        if not self._found:
            executed, ending = _first_run(image, self.root)
            self._found = {"executed": sorted(executed.items()), "ending": ending}
            self._write()
        self.executed = dict(map(tuple, self._found["executed"]))
        self.ending = Ending(*self._found["ending"])

    def _read(self):
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write(self):
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=KEPT, delete=False, encoding="utf-8") as part:
            json.dump(self._found, part)
        Path(part.name).replace(self._path)
        kept = sorted(KEPT.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-KEPT_MAX]:
            path.unlink(missing_ok=True)

    def objects(self, service):
        """[(address, size)] of the service's objects that the workload has when faults are
        armed, in the order in which they were made."""
        if service not in WITH_OBJECTS:
            return []
        with self._lock:
            if "objects" not in self._found:
                self._found["objects"] = _second_run(self._image, self.root)
                self._write()
            return self._found["objects"]


def _blocks(path, mark, entry):
    """(address, call) of each block executed while faults are armed."""
    marks = call = 0
    with open(path, encoding="ascii", errors="replace") as log:
        for line in log:
            if not line.startswith("Trace"):
                continue
            address = int(line.split("/", 2)[1], 16)
            if address == mark:
                marks += 1
            elif address == entry:
                call += 1
            elif marks == ARMED:
                yield address, call


def _executed(image, path):
    """How many calls execute each instruction."""
    code = {address: each for service in image.services
            for address, each in image.instructions(service).items()}
    calls = {}
    for start, call in _blocks(path, image.need("sys_sync"), image.need("boundary_enter")):
        calls.setdefault(start, set()).add(call)
    executed = {}
    for start, numbers in calls.items():
        address = start
        while address in code and (address == start or address not in calls):
            executed.setdefault(address, set()).update(numbers)
            if ends_block(code[address]):
                break
            address = code[address].end
    return {address: len(numbers) for address, numbers in executed.items()}


def _first_run(image, root):
    with tempfile.TemporaryDirectory(prefix="aramid-profile.") as folder:
        log = Path(folder) / "blocks"
        ranges = [image.text(service) for service in image.services]
        ranges += [(image.need(name), image.need(name) + 4)
                   for name in ("sys_sync", "boundary_enter")]
        spans = ",".join(f"{start:#x}..{end - 1:#x}" for start, end in ranges)
        with Run(image.path, root, more=("-d", "exec,nochain", "-dfilter", spans,
                                         "-D", str(log))) as run:
            ending = run.finish()
        if ending.how != "finished" or "verdict" not in ending.said:
            raise Unable(f"the fault-free run ended otherwise ({ending.how}):\n"
                         f"{ending.said}{ending.log[-2000:]}")
        return _executed(image, log), ending


class _Objects:
    """What the ledger says of the services' objects: the second run's stops."""

    def __init__(self, image, stub):
        self._image, self._stub = image, stub
        self._live, self._size = {}, 0
        self._ledger, self._allocate = image.need("ledger_add"), image.need("core_do_core_alloc")
        self._mark = image.need("sys_sync")

    def _pass_over(self, address):
        """Beyond a stop: the stub would stop at the same place again."""
        back = self._stub.word(self._stub.registers()["rsp"])
        self._stub.pass_by(address)
        self._stub.stop_at(back)
        self._stub.run()
        self._stub.pass_by(back)
        self._stub.stop_at(address)

    def gather(self):
        """Runs until faults are armed; {address: size}."""
        self._stub.stop_at(self._mark)
        self._stub.run()
        self._pass_over(self._mark)
        for address in (self._ledger, self._allocate):
            self._stub.stop_at(address)
        while True:
            self._stub.run()
            registers = self._stub.registers()
            if registers["rip"] == self._mark:
                return self._live
            if registers["rip"] == self._allocate:
                self._size = registers["rdi"]
                # The ledger is written within: one stop at a time.
                self._stub.pass_by(self._allocate)
                self._stub.stop_at(self._image.need("boundary_settle"))
                continue
            if registers["rip"] == self._ledger:
                # The entry is on the stack, behind the return address.
                kind = self._stub.word(registers["rsp"] + 8) % (1 << 32)
                block = self._stub.word(registers["rsp"] + 16)
                if kind == _HEAP:
                    self._live[block] = self._size
                elif kind == _HEAP_FREE:
                    self._live.pop(block, None)
                self._pass_over(self._ledger)
                continue
            self._stub.pass_by(self._image.need("boundary_settle"))
            self._stub.stop_at(self._allocate)


def _second_run(image, root):
    with Run(image.path, root) as run:
        try:
            live = _Objects(image, run.stub).gather()
        except Ended as error:
            raise Unable("the fault-free run ended before faults were armed") from error
    objects = [(address, size) for address, size in live.items() if size]
    if not objects:
        raise Unable("the ledger noted no object of a service before faults are armed")
    return objects
