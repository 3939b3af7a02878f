# SPDX-License-Identifier: MIT
"""Every instruction of a C function, whether the workload gets there or not: stepped with both ways
of each branch, over its calls, and without what it would do to memory other than its stack.
"""

import re
from typing import NamedTuple

from .shadow import called
from .tables import KEPT

_SPAN = 4096  # of the stack that a function may use
# Not executed, for their effect is on the machine and not on the stack.
_MACHINE = re.compile(r"(cli|sti|hlt|in[bwl]?$|out|wrmsr|rdmsr|xsave|xrstor|inv|swapgs|lgdt|lidt|"
                      r"ltr|rdrand|rdseed|pause|rep)")
_MEMORY = re.compile(r"^(?:(?:-?0x[0-9a-f]+)?\((%\w+)?[^)]*\)|%gs:.*|0x[0-9a-f]+)$")


class State(NamedTuple):
    """Where a path begins. stack: the bytes of the span below the entry's stack pointer."""
    registers: dict
    stack: bytes


def _operands(text):
    """The operands, separated: commas within parentheses separate nothing."""
    return re.split(r",\s*(?![^(]*\))", text) if text else []


class Explorer:
    """Explores the functions of a bench's kernel."""

    def __init__(self, bench):
        self._bench, self._stepper = bench, bench.stepper
        self._code, self._stub = bench.stepper.code, bench.stub
        self._top = bench.stack
        self._frames = [called({**bench.kept, "rsp": bench.stack}, bench.root)]
        self.visited = set()
        self._paths, self._at_call, self._ranges = [], None, []

    def explore(self, functions):
        """functions: (name, start, end) of one file. A function's .cold part is its own part."""
        whole = {}
        for name, start, end in functions:
            whole.setdefault(name.split(".cold")[0], []).append((start, end))
        for ranges in whole.values():
            self._explore(sorted(ranges, key=lambda part: self._code.place(part[0]).count(".cold")))

    def _explore(self, ranges):
        bench = self._bench
        self._ranges, self._at_call = ranges, None
        bench.enter_at(ranges[0][0], *[bench.scratch] * 4)
        self._paths = [self._state()]
        while self._paths:
            self._follow(self._paths.pop())
            if not self._paths and self._at_call:
                self._paths += self._handlers()

    def _state(self, rip=None):
        registers = dict(self._stepper.registers)
        registers["rip"] = rip or registers["rip"]
        return State(registers, self._stub.read(self._top - _SPAN, _SPAN))

    def _handlers(self):
        """What no branch leads to: the unwinder enters it, with the registers of a call."""
        for start, end in self._ranges:
            for instruction in self._code.within(start, end):
                if instruction.address not in self.visited:
                    registers = {**self._at_call.registers, "rip": instruction.address}
                    return [State(registers, self._at_call.stack)]
        return []

    def _is_mine(self, address):
        return any(start <= address < end for start, end in self._ranges)

    def _stand(self, registers):
        self._stepper.put(registers, self._frames)

    def _follow(self, state):
        """One path, to where others have been."""
        stepper = self._stepper
        self._stub.write(self._top - _SPAN, state.stack)
        self._stand(state.registers)
        while True:
            at = stepper.registers["rip"]
            if at in self.visited or not self._is_mine(at):
                return
            if stepper.instruction.is_padding:
                self._skip()
                continue
            self.visited.add(at)
            stepper.check()
            if not self._advance(stepper.instruction):
                return

    def _advance(self, instruction):
        """On to the next instruction; False at the path's end."""
        stepper, target = self._stepper, instruction.target
        if instruction.is_call:
            if not self._at_call:
                self._at_call = self._state()
            if target and not self._code.returns(target):
                return False
            self._skip()
        elif instruction.mnemonic.startswith("j"):
            if not instruction.mnemonic.startswith("jmp"):
                self._paths.append(self._state(target))
                self._skip()
            elif target is None:
                return False
            else:
                self._stand({**stepper.registers, "rip": target})
        elif instruction.ends_block:
            if instruction.mnemonic == "retq":
                stepper.find(instruction.address, self._returned())
            return False
        elif self._changes_stack_only(instruction):
            self._execute()
        else:
            self._skip()
        return True

    def _returned(self):
        registers = self._stepper.registers
        wrong = [] if registers["rsp"] == self._top - 8 else ["returns with another rsp"]
        return wrong + [f"returns with another {name}" for name in KEPT
                        if registers[name] != self._bench.kept[name]]

    def _skip(self):
        self._stand({**self._stepper.registers, "rip": self._stepper.instruction.end})

    def _changes_stack_only(self, instruction):
        if _MACHINE.match(instruction.mnemonic) or "%cr" in instruction.operands:
            return False
        last = (_operands(instruction.operands) or [""])[-1]
        found = _MEMORY.match(last)
        if not found or instruction.mnemonic.startswith("push"):
            return True
        base = self._stepper.registers.get((found[1] or "")[1:], 0)
        return found[1] in ("%rsp", "%rbp") and self._top - _SPAN <= base <= self._top

    def _execute(self):
        """One instruction; one that traps is as if it had done nothing."""
        stepper = self._stepper
        was, instruction = stepper.registers, stepper.instruction
        self._stub.step()
        stepper.steps += 1
        if stepper.look()["rip"] != instruction.end:
            self._stand({**was, "rip": instruction.end})
