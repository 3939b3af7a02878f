# SPDX-License-Identifier: MIT
"""One trial: a fault is drawn from its seed, put into a running machine, and what follows is
watched to the end, once as it is and once with the first containment as a crash."""

import random
from typing import NamedTuple

from . import moments
from .gdbstub import READ_WATCH, WRITE_WATCH, Ended
from .guest import Run
from .kinds import KINDS, ROWS
from .profile import ARMED, CALLS_MAX

# Fault-free runs that the trials of a campaign share: workload seeds 1 to this.
WORKLOADS = 4


class Fault(NamedTuple):
    """What is put in, where, and when: everything that a trial does not find out."""
    seed: str      # of the campaign, and the trial's number: SEED/NUMBER
    workload: int
    service: str
    kind: str
    address: int
    call: int      # moments: in which of the calls that execute the place, from 1
    plan: dict


class Observation(NamedTuple):
    """How one side went. active: the fault was executed, or its memory read."""
    active: bool
    ending: object


def draw(seed, number, services, kinds, image, profiles):
    """The fault of a trial. profiles: seed -> Profile. None when no service has a place for it."""
    rng = random.Random(f"{seed}/{number}")
    workload = 1 + rng.randrange(WORKLOADS)
    profile = profiles(workload)
    # The kind first: each is tried as often, and each service that has a place for it.
    kind = KINDS[rng.choice(kinds)]
    places = {name: kind.places(image, profile, name) for name in services}
    able = [name for name in services if places[name]]
    if not able:
        return None
    service = rng.choice(able)
    instruction = rng.choice(places[service])
    calls = min(profile.executed[instruction.address], CALLS_MAX)
    return Fault(f"{seed}/{number}", workload, service, kind.name, instruction.address,
                 1 + rng.randrange(calls), kind.plan(rng, instruction, image))


def able_kinds(services, kinds, image, profile):
    """Those of the kinds for which a service has a place."""
    return [name for name in kinds
            if any(KINDS[name].places(image, profile, service) for service in services)]


def usual_kinds():
    """The names of all kinds but the planted ones."""
    return [row.name for row in ROWS if not row.planted]


class _Injection:
    """A fault and the machine that it is put into."""

    def __init__(self, fault, image, profile, stub):
        self._stub, self._image, self._fault = stub, image, fault
        self._kind = KINDS[fault.kind]
        self._instruction = image.instructions(fault.service)[fault.address]
        self._profile = profile
        self.active = False

    def run(self):
        """To the end: raises Ended."""
        self._to_mark()
        for symbol, code in self._kind.core:
            self._stub.write(self._image.need(symbol), code)
        if self._kind.code:
            self._change_code()
        else:
            self._change_state()
        while True:
            self._stub.run()

    def _to_mark(self):
        """Until faults are armed."""
        self._to_call(self._image.need("sys_sync"), ARMED)

    def _to_call(self, address, count):
        """Before an instruction is executed in the COUNTth call (system call or call into a
        service) that gets to it. The stub stops where it stands, so from one time to the next
        the way leads over the entry that each call passes."""
        between = self._image.need("boundary_enter")
        for number in range(count):
            if number:
                self._stop_once(between)
            self._stop_once(address)

    def _stop_once(self, address):
        self._stub.stop_at(address)
        self._stub.run()
        self._stub.pass_by(address)

    def _change_code(self):
        """Changed from now on, and whole again from the repair on: a restart is that of a
        service whose code comes from where it was loaded from."""
        where, fallen = self._instruction.address, self._image.need("supervisor_recover")
        self._stub.write(where, self._kind.code(self._instruction, self._fault.plan))
        self._stub.stop_at(where)
        self._stub.stop_at(fallen)
        waiting = {where, fallen}
        while waiting:
            self._stub.run()
            at = self._stub.registers()["rip"]
            self.active |= at == where
            if at == fallen:
                self._stub.write(where, self._instruction.code)
                waiting.discard(where)
                self._stub.pass_by(where)
            self._stub.pass_by(at)
            waiting.discard(at)

    def _change_state(self):
        self._to_call(self._instruction.address, self._fault.call)
        site = moments.Site(self._stub, self._image, self._profile, self._fault.service,
                            self._instruction)
        done = self._kind.moment(site, self._fault.plan)
        if isinstance(done, tuple):
            self._watch(*done)
        else:
            self.active = done

    def _watch(self, address, size):
        """Whether changed memory is read before it is written."""
        for kind in (READ_WATCH, WRITE_WATCH):
            self._stub.stop_at(address, kind, size)
        self.active = "rwatch" in self._stub.run()
        for kind in (READ_WATCH, WRITE_WATCH):
            self._stub.pass_by(address, kind, size)


def observe(fault, image, profile, side):
    """Runs one side of a trial."""
    with Run(image.path, profile.root, side) as run:
        injection = _Injection(fault, image, profile, run.stub)
        try:
            injection.run()
        except Ended:
            pass
        return Observation(injection.active, run.ending())


def describe(fault, image):
    """A fault in words."""
    instruction = image.instructions(fault.service)[fault.address]
    words = f"{fault.kind} at {image.place(fault.address)}: {instruction.mnemonic} " \
            f"{instruction.operands}".rstrip()
    kind = KINDS[fault.kind]
    if kind.code:
        words += f" -> {kind.code(instruction, fault.plan).hex()}"
    elif fault.plan:
        words += " " + " ".join(f"{name}={value}" for name, value in fault.plan.items())
    return words if kind.code else f"{words} in call {fault.call}"
