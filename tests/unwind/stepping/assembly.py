# SPDX-License-Identifier: MIT
"""The assembly by itself: called, interrupted and entered from a state of our making, so that each
register has a value of its own and what is above is known exactly."""

import struct

from .flows import resume_and_return
from .shadow import Frame, called, distinct
from .stepper import SPURIOUS
from .tables import KEPT

# struct cpu and struct thread (arch/boot_layout.h).
_CPU_CURRENT, _CPU_KERNEL_STACK, _CPU_EMERGENCY_TOP = 0x08, 0x10, 0x30
_STACK_BASE, _BOUNDARY = 8, 16
_EMERGENCY_SIZE = 16384
# In the thread's stack, from its lowest byte: a stack without room, and memory to work on.
_LOW, _SCRATCH, _OTHER_STACK = 1024, 5120, 6144
_USER_ROOM = 4096   # below the user's stack pointer
_NOWHERE_USER = 0x10000
_NOWHERE_KERNEL = 0xffffe0dead000000
ARGUMENTS = ("rdi", "rsi", "rdx", "rcx")
# Of user copies, by which each of their loops and tails runs: the plan (arch/user_copy_plan.h: from
# how many bytes on, and whether bytewise), and how many bytes.
_COPIES = ((1024, 0, 0), (1024, 0, 3), (1024, 0, 5), (1024, 0, 19), (1024, 0, 83), (8, 0, 19),
           (8, 1, 19))


class Bench:
    """A thread of a process in a system call: what stands here can be called and interrupted."""

    def __init__(self, stepper):
        self.stepper, self.stub = stepper, stepper.stub
        self.symbols = stepper.code.symbols
        self.base = dict(stepper.look())
        self.kept = distinct(0xa7a7)
        cpu = self.symbols["cpus"]
        self.emergency_top = self.stub.word(cpu + _CPU_EMERGENCY_TOP)
        self.thread = self.stub.word(cpu + _CPU_CURRENT)
        self.low = self.stub.word(self.thread + _STACK_BASE)
        self.scratch = self.low + _SCRATCH
        self.stack = (self.base["rsp"] - 1024) & ~15
        # The way back of every call here is behind thread_first's: there the stack ends.
        first = self.stepper.code.instructions[self.symbols["thread_first"]]
        self.root = first.end
        # The frame of the system call is at the stack's top: the user's rsp, and ss above it.
        pointer = self.stub.word(cpu + _CPU_KERNEL_STACK) - 16
        self.user = self.stub.word(pointer) - _USER_ROOM

    def leave(self):
        """Where the bench was built."""
        self.stepper.put(self.base, [])

    def words(self, address, *values):
        """Writes words of memory."""
        self.stub.write(address, struct.pack(f"<{len(values)}Q", *values))

    def enter(self, function, *arguments, stack=None):
        """Stands at a function's first instruction, just called from the root."""
        self.enter_at(self.symbols[function], *arguments, stack=stack)

    def enter_at(self, address, *arguments, stack=None):
        """The same, by address."""
        pointer = stack or self.stack
        registers = {**self.kept, "rsp": pointer, "eflags": self.base["eflags"],
                     **dict(zip(ARGUMENTS, arguments))}
        frame = called(registers, self.root)
        self.words(pointer - 8, self.root)
        self.stepper.put({**registers, "rsp": pointer - 8, "rip": address}, [frame])

    def finish(self, passed=lambda name: True):
        """Steps to the return, over the calls of C."""
        self.stepper.until(lambda: self.stepper.registers["rip"] == self.root, passed)

    def call(self, function, *arguments, stack=None):
        """Calls it and steps to its return; what it returns."""
        self.enter(function, *arguments, stack=stack)
        self.finish()
        return self.stepper.registers["rax"]

    def interrupted(self, stack=None):
        """An interrupt that means nothing, in the middle of a leaf function, to its return."""
        self.enter("service_call_init", self.scratch, 1, 2, stack=stack)
        self.stepper.step()
        at = self.stepper.registers["rip"]
        self.stepper.trap(SPURIOUS)
        self.stepper.until(lambda: self.stepper.registers["rip"] == at, lambda name: True)
        self.finish()


def every(bench):
    """All of it."""
    for part in (traps, switching, user_copies, unwinding, boundary, gates):
        part(bench)
    bench.leave()


def traps(bench):
    """Every stub, and the ways through the entry that a stack may ask for."""
    stepper = bench.stepper
    for vector in range(256):
        bench.enter("service_call_init", bench.scratch, 1, 2)
        stepper.trap(vector)
        stepper.until(lambda: stepper.registers["rip"] == bench.symbols["trap_entry"])
    bench.interrupted()
    for stack in (bench.low + _LOW, bench.emergency_top - 256,
                  bench.emergency_top - _EMERGENCY_SIZE + 128):
        bench.interrupted(stack)
    bench.enter("service_call_init", bench.scratch, 1, 2)
    stepper.trap(8, bench.symbols["double_fault_entry"], bench.low + _OTHER_STACK)
    stepper.until(lambda: stepper.instruction.is_call)
    stepper.check()


def switching(bench):
    """From one stack to another, and a new thread's first steps."""
    stepper, other = bench.stepper, bench.low + _OTHER_STACK
    theirs = {**distinct(0xb3b3), "rsp": other + 56, "rip": bench.root}
    bench.words(other, *(theirs[name] for name in ("r15", "r14", "r13", "r12", "rbx", "rbp")),
                bench.root)
    bench.words(bench.scratch, 0, other)
    bench.enter("context_switch", bench.scratch, bench.scratch + 8)
    stepper.until(lambda: stepper.registers["rsp"] == other)
    stepper.shadow.frames = [Frame({name: theirs[name] for name in (*KEPT, "rsp", "rip")}, False)]
    bench.finish()
    stepper.put({**bench.base, "rsp": bench.stack, "rip": bench.symbols["thread_first"]}, [])
    stepper.step()
    stepper.check()


def user_copies(bench):
    """Each with memory that is there, and with memory that is not: a real page fault."""
    user, scratch = bench.user, bench.scratch
    plan = bench.symbols["user_copy_plan"]
    chosen = [bench.stub.word(plan + at) for at in (0, 8)]
    bench.words(scratch, 0x6161616161616161, 0x62626262, 7)
    for address in (user, _NOWHERE_USER):
        wrong = address == _NOWHERE_USER
        for string_from, by_bytes, size in _COPIES:
            bench.words(plan, string_from, by_bytes)
            left = size if wrong else 0
            assert bench.call("user_copy_out", address, scratch, size) == left
            assert bench.call("user_copy_in", scratch + 128, address, size) == left
            assert bench.call("user_clear", address, size) == left
        bench.words(plan, *chosen)
        assert bench.call("user_copy_out", address, scratch, 19) == (19 if wrong else 0)
        assert (bench.call("user_copy_string", scratch + 128, address, 19) >> 63) == wrong
        bench.call("user_copy_string", scratch + 128, address, 3)
        bench.words(scratch, 0)
        done = bench.call("user_compare_exchange", address, scratch, 5)
        assert bool(done & 0xffffffff) == wrong
    bench.call("probe_copy", scratch + 64, scratch, 3)
    bench.call("probe_copy", scratch + 64, _NOWHERE_KERNEL, 3)


def unwinding(bench):
    """What a failure runs through, where nothing failed: begin_panic without a boundary returns."""
    stepper = bench.stepper
    bench.call("service_call_init", bench.scratch, 1, 2)
    bench.call("begin_panic", 0, 0, 0)
    bench.enter("_Unwind_Resume", 0)
    resume_and_return(stepper)
    bench.finish()
    stepper.put({**bench.base, "rip": bench.symbols["unwind_on_stack"],
                 "rdx": bench.low + _OTHER_STACK}, [])
    stepper.until(lambda: stepper.code.function(stepper.registers["rip"]) != "unwind_on_stack")
    stepper.check()


def boundary(bench):
    """In and out of a boundary whose record is ours, round a function that does nothing."""
    arguments, record = bench.scratch + 256, bench.scratch + 512
    bench.words(arguments, bench.scratch, bench.scratch, 0, 4, 5, 6)
    bench.words(record, 0, 0)
    bench.words(bench.thread + _BOUNDARY, record)
    bench.call("boundary_enter", record, bench.symbols["probe_copy"], arguments,
               bench.low + _OTHER_STACK)
    bench.words(bench.thread + _BOUNDARY, 0)


def gates(bench):
    """Each gate's stub to where all gates are one; none where services are not isolated."""
    stepper = bench.stepper
    start, end = stepper.code.text_of("arch/x86_64/unwind/gate.S")
    for name, address in sorted(bench.symbols.items()):
        if start <= address < end and name != "enter_core":
            bench.enter(name)
            stepper.until(lambda: stepper.registers["rip"] == bench.symbols["enter_core"])
