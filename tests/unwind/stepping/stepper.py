# SPDX-License-Identifier: MIT
"""Steps the machine, and at each instruction walks the stack by the tables to its end and compares
each frame with the shadow."""

import struct
from typing import NamedTuple

from .shadow import USER_END, Shadow, trapped
from .tables import KEPT, Missing, caller

# Below the stack pointer, which interrupts on the same stack leave alone (trap/entry.S).
RED_ZONE = 128
_WINDOW = 2048  # bytes of memory that are read at a time
_NEAR = 4096    # what is further below the stack pointer is another stack

_INTERRUPTS_ON, _TRAP_FLAG = 1 << 9, 1 << 8
_KERNEL_CS, _KERNEL_DS = 0x08, 0x10
_CPU_TRAP_TOP = 0x38  # of struct cpu (arch/boot_layout.h)
# Exceptions that push an error code (Intel SDM vol. 3A, 6.13).
_WITH_ERROR = {8, 10, 11, 12, 13, 14, 17, 21, 29, 30}
SPURIOUS = 0xff  # an interrupt that asks for nothing
# Of each instruction so many states are kept.
_MOMENTS = 3


class Moment(NamedTuple):
    """A state of the machine as it was stepped, to be judged by other tables too."""
    registers: dict
    frames: tuple
    windows: dict


class Memory:
    """Words of the standing machine, read in windows."""

    def __init__(self, stub, windows=None):
        self._stub = stub
        self.windows = {} if windows is None else windows

    def word(self, address):
        """Eight bytes, or None where there is nothing (or nothing was recorded)."""
        base = address - address % _WINDOW
        if address + 8 > base + _WINDOW:
            return None
        if base not in self.windows:
            self.windows[base] = self._stub.read(base, _WINDOW) if self._stub else None
        data = self.windows[base]
        return struct.unpack_from("<Q", data, address - base)[0] if data else None


def _compare(found, frame, place, places):
    wrong = []
    if place not in places:
        wrong.append(f"goes to {found.get('rip') or 0:#x}, not {frame.registers['rip']:#x}")
    for name, value in frame.registers.items():
        if name != "rip" and found.get(name) != value:
            shown = found.get(name)
            wrong.append(f"{name} is {'unknown' if shown is None else hex(shown)}, not {value:#x}")
    return wrong


class Judge:
    """Compares walks by the tables with what is known to be on the stack.

    zone(place): how far below the stack pointer the frame of a place may have what it needs.
    fixups: where a trap at an address may go on instead."""

    def __init__(self, tables, zone, fixups):
        self._tables, self._zone, self._fixups = tables, zone, fixups
        self._found_right = {}

    def wrong(self, moment, memory):
        """What is wrong with the walk from a moment, as text."""
        registers, frames, inner = moment.registers, list(moment.frames), None
        place = registers["rip"]
        for depth in range(len(frames) + 1):
            row = self._tables.row(place)
            in_kernel = any(frame.place >= USER_END for frame in frames)
            if row is None and place < USER_END and not frames:
                return []
            if row is None:
                return [f"frame {depth}: no row for {place:#x}"]
            if row.ends or not frames:
                return [] if row.ends and not in_kernel else [
                    f"frame {depth}: the stack {'ends' if row.ends else 'goes on'} at {place:#x}"]
            outer = frames.pop()
            if self._is_known_right(inner, outer, memory):
                place = outer.place
            else:
                words = []
                place, wrong = self._step(row, place, registers, outer, memory, words)
                if wrong:
                    return [f"frame {depth}: {text}" for text in wrong]
                if inner and place == outer.place:
                    self._found_right[id(inner), id(outer)] = inner, outer, words
            registers, inner = outer.registers, outer
        return []

    def _is_known_right(self, inner, outer, memory):
        """Whether the step between two frames was found right, from the same words of memory."""
        found = self._found_right.get((id(inner), id(outer)))
        return found and all(memory.word(address) == value for address, value in found[2])

    def _step(self, row, place, registers, outer, memory, words):
        def read(address):
            below = registers["rsp"] - address
            if self._zone(place) < below < _NEAR:
                raise Missing(f"reads {below} bytes below the stack pointer")
            words.append((address, memory.word(address)))
            return words[-1][1]

        # A handler may have chosen that a user copy goes on at its fixup.
        places = {outer.place, self._fixups.get(outer.place)} if outer.exact else {outer.place}
        try:
            found = caller(row, registers, read)
        except Missing as missing:
            return 0, [str(missing)]
        above = (found.get("rip") or 0) - (not row.signal)
        return above, _compare(found, outer, above, places)


class Stepper:
    """One machine under single step. findings: {address: what is wrong there}; seen: address ->
    how often it was judged; moments: {address: [Moment]} of those in `kept`; ends: the functions
    in which the stack ended."""

    def __init__(self, stub, code, kept=()):
        self.stub, self.code, self._kept = stub, code, kept
        stubs = code.symbols["trap_stubs"]
        self._traps = {*range(stubs, stubs + 256 * 16, 16), code.symbols["double_fault_entry"]}
        self.registers, self.shadow, self.fixups = None, Shadow(), {}
        self.findings, self.seen, self.moments = {}, {}, {}
        self.ends = set()
        self.steps = 0
        self.last = 0  # the instruction before this one
        self._judge = Judge(code.tables, self.zone, self.fixups)
        self._windows = {}

    # ---- where the machine stands

    def look(self):
        """Reads the registers; what is known of memory is forgotten."""
        self.registers, self._windows = self.stub.registers(), {}
        return self.registers

    def put(self, registers, frames):
        """Stands elsewhere, with what is known to be on the stack there."""
        self.stub.set_registers(registers)
        self.registers, self._windows = dict(registers), {}
        self.shadow = Shadow(frames, self.fixups)

    def read_fixups(self):
        """The exception table, which is there once the kernel has its own page tables."""
        start, end = (self.code.symbols[f"exception_table_{at}"] for at in ("start", "end"))
        words = struct.unpack(f"<{(end - start) // 8}Q", self.stub.read(start, end - start))
        self.fixups.update(zip(words[::2], words[1::2]))

    @property
    def instruction(self):
        """The one that is next."""
        return self.code.instructions[self.registers["rip"]]

    @property
    def in_user_mode(self):
        """Whether the next instruction is a program's."""
        return self.registers["rip"] < USER_END

    def trap(self, vector, entry=None, top=None):
        """What the processor does at a trap of kernel code, here: stands at the entry's first
        instruction. top: of the stack, the boot processor's for traps otherwise."""
        was = dict(self.registers)
        frame = [was["rip"], _KERNEL_CS, was["eflags"], was["rsp"], _KERNEL_DS]
        if vector in _WITH_ERROR:
            frame.insert(0, 0)
        symbols = self.code.symbols
        pointer = (top or self.stub.word(symbols["cpus"] + _CPU_TRAP_TOP)) - 8 * len(frame)
        self.stub.write(pointer, struct.pack(f"<{len(frame)}Q", *frame))
        self.put({**was, "rsp": pointer, "rip": entry or symbols["trap_stubs"] + 16 * vector,
                  "eflags": was["eflags"] & ~(_INTERRUPTS_ON | _TRAP_FLAG)},
                 [*self.shadow.frames, trapped(was)])

    def run_to(self, *addresses):
        """Without looking, until one of the addresses; which."""
        for address in addresses:
            self.stub.stop_at(address)
        self.stub.run()
        for address in addresses:
            self.stub.pass_by(address)
        return self.look()["rip"]

    # ---- stepping

    def find(self, place, texts):
        """Notes what is wrong at a place."""
        for text in texts:
            self.findings.setdefault(place, text)

    def check(self):
        """Judges the walk from here."""
        at = self.registers["rip"]
        memory = Memory(self.stub, self._windows)
        moment = Moment(dict(self.registers), tuple(self.shadow.frames), memory.windows)
        self.find(at, self._judge.wrong(moment, memory))
        row = self.code.tables.row(at)
        if row and row.ends:
            self.ends.add(self.code.function(at))
        self.seen[at] = self.seen.get(at, 0) + 1
        if at in self._kept and self.seen[at] <= _MOMENTS:
            self.moments.setdefault(at, []).append(moment)

    def zone(self, place):
        """In assembly nothing that is still needed lies below the stack pointer."""
        return 0 if place in self.code.assembly else RED_ZONE

    def step(self):
        """Judges, and executes one instruction."""
        self.check()
        before, instruction = self.registers, self.instruction
        self.stub.step()
        self.steps += 1
        self.last = before["rip"]
        # The windows that the walk needed will be needed again.
        self.registers, parts = self.stub.look(list(self._windows), _WINDOW)
        self._windows = dict(zip(self._windows, parts))
        self.find(before["rip"], self.shadow.follow(before, instruction, self.registers,
                                                    self._traps))

    def over(self):
        """Executes the call that is next at full speed. A call of another thread that returns to
        the same place is none."""
        self.check()
        before, back = self.registers, self.instruction.end
        while self.run_to(back) and self.registers["rsp"] != before["rsp"]:
            self.stub.step()
        self.find(before["rip"], [f"the call does not keep {name}" for name in KEPT
                                  if self.registers[name] != before[name]])

    def until(self, done, passed=None, limit=20000):
        """Steps until done() answers True. passed(name): whether a direct call of the function is
        executed at full speed."""
        for _ in range(limit):
            if done():
                return
            target = self.instruction.target if self.instruction.is_call else None
            if target and passed and passed(self.code.function(target)):
                self.over()
            else:
                self.step()
        raise RuntimeError(f"no end at {self.code.place(self.registers['rip'])}")
