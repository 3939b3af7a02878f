# SPDX-License-Identifier: MIT
"""What really runs: system calls stepped from the user's instruction to the next one, through
service calls and falls. In between is C, which is stepped as well: it is on the stack too."""

import re
import struct

from .shadow import USER_END, called, distinct, trapped
from .stepper import SPURIOUS
from .tables import KEPT

# C that leads to nothing that is looked at here, at full speed.
_PASSED = re.compile(r"(_*unw_|unwind_(landing|row|step)|context_from|supervisor_|isolation_|"
                     r"ledger_|invariant|mutex_|spin|heap_|slab_|page_|vmspace_|mmu_|cap_|service_|"
                     r"copy_to_service|core_do_core_service_info|file_from|signal_|boot_option|"
                     r"probe_copy|mem(cpy|set|move|cmp)|str|format|log_)")
# At these the tables say that the stack ends, whatever is above.
CUTS = ("boundary_land", "unwind_enter_handler", "unwind_on_stack")


def passed(name):
    """Whether a call of the function is executed at full speed."""
    return bool(_PASSED.match(name))


def resume_and_return(stepper):
    """_Unwind_Resume never returns; were it to, the way back would be begin_panic's. Steps to its
    call, and stands behind it."""
    stepper.until(lambda: stepper.instruction.is_call)
    stepper.check()
    stepper.put({**stepper.registers, "rip": stepper.instruction.end}, stepper.shadow.frames)


class Flow:
    """The machine at some instruction at which the kernel was entered from user mode."""

    def __init__(self, stepper):
        self.stepper, self.stub = stepper, stepper.stub
        self._symbols = stepper.code.symbols
        self._cuts = {self._symbols[name] for name in CUTS}
        self._boundary = self._symbols["boundary_leave"]

    def wait_for(self, symbol, wanted=lambda registers: True):
        """Runs until the symbol is reached with registers as wanted."""
        name, _, vector = symbol.partition("+")
        address = self._symbols[name] + 16 * int(vector or 0)
        while True:
            self.stepper.run_to(address)
            if wanted(self.stepper.registers):
                return
            self.stub.step()

    def begin(self, symbol="syscall_entry", wanted=lambda registers: True):
        """Waits for an entry from user mode: nothing is on the stack."""
        self.wait_for(symbol, wanted)
        self.stepper.put(self.stepper.registers, [])

    def begin_read(self):
        """Waits for the system call with which read_often reads the next file of chaos: the first
        one of its kind after the file was looked up."""
        self.stepper.run_to(self._symbols["chaos_lookup"])
        self.begin(wanted=lambda registers: registers["rax"] == 0 and registers["rdx"] == 1)

    def begin_fault(self):
        """Waits for a page fault of a program: its registers are above, and nothing else."""
        stepper = self.stepper
        self.wait_for("trap_stubs+14", lambda registers: self.stub.word(registers["rsp"] + 8)
                      < USER_END)
        pointer = stepper.registers["rsp"]
        user = {**stepper.registers, "rip": self.stub.word(pointer + 8),
                "rsp": self.stub.word(pointer + 32)}
        stepper.put(stepper.registers, [trapped(user)])

    def to_user(self, at=None):
        """Steps on to user mode. at(): looked at before each instruction."""
        stepper = self.stepper

        def done():
            self._follow_landing()
            if at and not stepper.in_user_mode:
                at()
            return stepper.in_user_mode

        stepper.until(done, passed)

    def to_user_with_detours(self, note):
        """The same; note() is called at each instruction. At its first call of a gate the service
        is interrupted, and then calls _Unwind_Resume, which does return."""
        to_do = [self._interrupted, self._resumed]  # the first one wants the service's rights

        def at():
            stepper = self.stepper
            note()
            if stepper.instruction.target == self._symbols["core_service_info"] and \
                    stepper.instruction.is_call:
                while to_do:
                    to_do.pop(0)()

        self.to_user(at)

    def _interrupted(self):
        stepper = self.stepper
        was, frames = stepper.registers, stepper.shadow.frames
        # What the function has saved may have any value; no two registers have the same.
        row = stepper.code.tables.row(was["rip"])
        needed = {"rsp", "rip", row.cfa[0], *(set(KEPT) - row.rules.keys())}
        stepper.put({**was, **{name: value for name, value in distinct(0xd5d5).items()
                               if name not in needed}}, frames)
        stepper.trap(SPURIOUS)
        stepper.until(lambda: stepper.registers["rip"] == was["rip"], lambda name: True)
        stepper.put(was, frames)

    def _resumed(self):
        stepper, stub = self.stepper, self.stub
        was, frames, back = stepper.registers, stepper.shadow.frames, stepper.instruction.end
        stub.write(was["rsp"] - 8, struct.pack("<Q", back))
        stepper.put({**was, "rsp": was["rsp"] - 8, "rip": self._symbols["_Unwind_Resume"]},
                    [*frames, called(was, back)])
        resume_and_return(stepper)
        stepper.until(lambda: stepper.registers["rip"] == back)
        stepper.put(was, frames)

    def _follow_landing(self):
        stepper, shadow = self.stepper, self.stepper.shadow
        rip = stepper.registers["rip"]
        if rip in self._cuts:
            shadow.park()
        elif shadow.parked is not None and rip == self._boundary:
            shadow.unpark(lambda place: stepper.code.function(place) == "boundary_enter")
        elif shadow.parked is not None and self._entered_handler:
            name = stepper.code.function(rip).split(".cold")[0]
            frame = shadow.unpark(
                lambda place: stepper.code.function(place).split(".cold")[0] == name)
            stepper.find(rip, [f"the handler gets {register} {stepper.registers[register]:#x}, "
                               f"not {value:#x}" for register, value in frame.registers.items()
                               if register != "rip" and stepper.registers[register] != value]
                         if frame else ["the handler's frame is not on the stack"])

    @property
    def _entered_handler(self):
        before, at = map(self.stepper.code.function,
                         (self.stepper.last, self.stepper.registers["rip"]))
        return before == "unwind_enter_handler" != at
