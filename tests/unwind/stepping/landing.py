# SPDX-License-Identifier: MIT
"""The real thing: an instruction within a service's call is replaced by one that does not exist,
and the kernel's own unwinder has to bring the call to its boundary's return, with the registers
that the caller of the boundary had."""

import re
import struct
import subprocess

from injector.gdbstub import Ended

from .shadow import distinct
from .tables import KEPT

_UD2 = b"\x0f\x0b"
_INVALID_OPCODE = 6
_CPU_CURRENT, _THREAD_BOUNDARY = 8, 16  # arch/boot_layout.h
_MEMBER = re.compile(r'DW_AT_name\s+\("(\w+)"\).*?DW_AT_decl_file\s+\("[^"]*/(\w+\.h)"\).*?'
                     r"DW_AT_data_member_location\s+\((\w+)\)", re.DOTALL)
# Members that the kernel's choice depends on, by the header that they are in.
_FIELDS = {"in_core": "record.h", "unwinding": "record.h", "in_interrupt": "cpu.h",
           "locks_held": "cpu.h"}


class Choice:
    """Whose a failure at an instruction is, by the rule in kernel/boundary/panic.c."""

    def __init__(self, stub, code):
        self._stub = stub
        self._cpu = code.symbols["cpus"]
        text = subprocess.run(["llvm-dwarfdump-19", *(f"--name={name}" for name in _FIELDS),
                               code.path], check=True, text=True, stdout=subprocess.PIPE).stdout
        self._offsets = {}
        for entry in text.split("\n\n"):
            found = _MEMBER.search(entry)
            if found and _FIELDS.get(found[1]) == found[2]:
                self._offsets[found[1]] = int(found[3], 16)

    def _field(self, base, name, size=4):
        return int.from_bytes(self._stub.read(base + self._offsets[name], size), "little")

    def is_services(self):
        """Whether the call would be ended, and the machine go on."""
        record = self._stub.word(self._stub.word(self._cpu + _CPU_CURRENT) + _THREAD_BOUNDARY)
        if not record or not self._stub.word(record):
            return False
        if self._field(self._cpu, "in_interrupt") or self._field(self._cpu, "locks_held"):
            return False
        return not self._field(record, "in_core") or bool(self._field(record, "unwinding", 1))


class Places:
    """The instructions, in the order in which they are first executed, at which a failure is the
    service's. since: only from this function on."""

    def __init__(self, stepper, choice, since="boundary_enter"):
        self._stepper, self._choice = stepper, choice
        self._since = stepper.code.symbols[since]
        self._begun, self._known = False, set()
        self.found = []

    def note(self):
        """Called at each instruction of the flow."""
        at = self._stepper.registers["rip"]
        self._begun |= at == self._since
        # A user copy that fails has failed, and no more (trap.c): no fall.
        if not self._begun or at in self._known or at in self._stepper.fixups:
            return
        self._known.add(at)
        if self._choice.is_services():
            self.found.append(at)


class Landing:
    """A machine whose program reads a file of chaos again and again."""

    def __init__(self, stepper):
        self._stepper, self._stub = stepper, stepper.stub
        self._symbols = stepper.code.symbols
        self._illegal = self._symbols["trap_stubs"] + 16 * _INVALID_OPCODE
        # Not before: on the way there the boundary is passed some thousand times.
        stepper.run_to(self._symbols["chaos_lookup"])

    def _run_to_call(self):
        """The boundary's first instruction, when it is about to call chaos_read."""
        while True:
            self._stepper.run_to(self._symbols["boundary_enter"])
            if self._stepper.registers["rsi"] == self._symbols["chaos_read"]:
                return dict(self._stepper.registers)
            self._stub.step()

    def _run_to(self, address, thread):
        """Where this thread comes to it: those of the core's enter services too, when it is time."""
        while self._stepper.run_to(address) and self._thread() != thread:
            self._stub.step()

    def _thread(self):
        return self._stub.word(self._symbols["cpus"] + _CPU_CURRENT)

    def _fail_at(self, address):
        code = self._stub.read(address, len(_UD2))
        self._stub.write(address, _UD2)
        self._stub.step()
        self._stub.write(address, code)
        if self._stepper.look()["rip"] != self._illegal:
            return [f"no trap, but {self._stepper.registers['rip']:#x}"]
        return []

    def fall(self, address, since=None):
        """The next call falls at an instruction. since: only after this function began. What is
        wrong with the registers when the boundary returns, as text."""
        stepper = self._stepper
        was, thread = self._run_to_call(), self._thread()
        mine = distinct(0xc5c5)
        back = struct.unpack("<Q", self._stub.read(was["rsp"], 8))[0]
        self._stub.set_registers({**was, **{name: mine[name] for name in KEPT}})
        try:
            for place in filter(None, (since and self._symbols[since], address)):
                if self._stub.registers()["rip"] != place:
                    self._run_to(place, thread)
            wrong = self._fail_at(address)
            while stepper.run_to(back) and stepper.registers["rsp"] != was["rsp"] + 8:
                self._stub.step()
        except Ended:
            return ["the machine ended"]
        wrong += [f"{name} is {stepper.registers[name]:#x}, not {mine[name]:#x}"
                  for name in KEPT if stepper.registers[name] != mine[name]]
        self._stub.set_registers({**stepper.registers, **{name: was[name] for name in KEPT}})
        return wrong
