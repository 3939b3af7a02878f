# SPDX-License-Identifier: MIT
"""What really is on the stack: recorded from the instructions as they are stepped.

A call, a trap and an injected trap push the registers that their return must find again; a return
takes them off and compares. Nothing here looks at an unwind table.
"""

from typing import NamedTuple

from injector.gdbstub import GENERAL

from .tables import KEPT

USER_END = 1 << 47


class Frame(NamedTuple):
    """What is found above: exact: rip is that of the interrupted instruction itself, and all
    registers are given; else it is a return address."""
    registers: dict
    exact: bool

    @property
    def place(self):
        """An address within the call, or the interrupted one."""
        return self.registers["rip"] - (not self.exact)


def called(registers, back):
    """The frame of a call made with these registers, that returns to `back`."""
    kept = {name: registers[name] for name in KEPT}
    return Frame({**kept, "rsp": registers["rsp"], "rip": back}, False)


def trapped(registers):
    """The frame of a trap at these registers."""
    return Frame({name: registers[name] for name in GENERAL}, True)


def distinct(salt):
    """A value for each register, no two alike, none an address."""
    return {name: (salt << 48) + 0x0101010101 * (number + 1)
            for number, name in enumerate(GENERAL)}


class Shadow:
    """frames: outermost first. fixups: where a trap at an address may go on instead. Where the
    tables by design say that the stack ends, `parked` holds what is really above."""

    def __init__(self, frames=(), fixups=None):
        self.frames, self._fixups = list(frames), fixups or {}
        self.parked = None

    def park(self):
        """From here on the tables are to say that the stack ends."""
        if self.parked is None:
            self.parked = self.frames
        self.frames = []

    def unpark(self, is_callee):
        """Lands: in the innermost frame whose place answers True, or not at all."""
        frames = self.parked
        while frames and not is_callee(frames[-1].place):
            frames.pop()
        self.frames, self.parked = frames[:-1], None
        return frames[-1] if frames else None

    def follow(self, before, instruction, after, traps):
        """One step from the registers `before` to those `after`; what went wrong, as text.
        traps: addresses at which traps come in."""
        if after["rip"] in traps and instruction.target != after["rip"]:
            self.frames.append(trapped(before))
            return []
        if instruction.is_call and after["rip"] != before["rip"]:
            self.frames.append(called(before, instruction.end))
        elif instruction.mnemonic == "retq" or (
                instruction.mnemonic == "jmpq" and instruction.target is None and self.frames and
                not self.frames[-1].exact and
                self.frames[-1].registers["rip"] == after["rip"] and
                self.frames[-1].registers["rsp"] == after["rsp"]):
            return self._returned(after, False)
        elif instruction.mnemonic == "iretq" and self.frames:
            return self._returned(after, True)
        return []

    def _returned(self, after, exact):
        if not self.frames:
            return [f"returns to {after['rip']:#x} from where the stack began"]
        frame = self.frames.pop()
        if frame.exact != exact:
            return [f"returns to {after['rip']:#x} from a frame of another kind"]
        wrong = [f"returns with {name} {after[name]:#x}, not {value:#x}"
                 for name, value in frame.registers.items()
                 if name != "rip" and after[name] != value]
        rip = frame.registers["rip"]
        if after["rip"] not in ((rip, self._fixups.get(rip)) if exact else (rip,)):
            wrong.append(f"returns to {after['rip']:#x}, not {rip:#x}")
        return wrong
