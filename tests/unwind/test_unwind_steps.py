# SPDX-License-Identifier: MIT
"""The unwind tables hold at every instruction of the ways into the kernel and of the boundary.

The kernel is stepped through QEMU's gdbstub. At each instruction the stack is walked by the tables
to its end and every frame is compared with what the steps before have recorded; then, for the
instructions at which a failure is a service's, they are made to fail, and the kernel's own
unwinder has to land with the registers that the boundary's caller had.

ARAMID_UNWIND=whole lets every instruction on the way of a fall fail too, not only those of the
entry and boundary code.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "faults")]

from injector import guest  # noqa: E402  (the path above comes first)
from stepping import assembly, changed  # noqa: E402
from stepping.code import Code  # noqa: E402
from stepping.exploring import Explorer  # noqa: E402
from stepping.flows import Flow  # noqa: E402
from stepping.landing import Choice, Landing, Places  # noqa: E402
from stepping.stepper import Stepper  # noqa: E402

WHOLE = os.environ.get("ARAMID_UNWIND") == "whole"
KERNELS = [f"{profile}-{compiler}" for profile in ("balanced", "fortress")
           for compiler in ("clang", "gcc")]
# The boundary's C, all of which is explored.
BOUNDARY = ("kernel/boundary/call.c", "kernel/boundary/gate.c", "kernel/boundary/panic.c",
            "arch/x86_64/unwind/unwind.c", "arch/x86_64/unwind/rows.c")
# Where the tables say that nothing is above, and why that is right.
ENDS = {
    "kernel_entry": "the boot processor's first stack",
    "ap_entry": "the first stack of another processor",
    "thread_first": "a thread's first frame",
    "thread_enter_frame": "leaves for user mode and never comes back",
    "return_to_user": "only user mode is above, or the frame is being left",
    "syscall_entry": "only user mode is above, and rsp may still be the user's",
    "trap_entry": "a trap from user mode: only user mode is above",
    "boundary_land": "gives the stack up: what is above is the boundary's, which it goes to",
    "unwind_enter_handler": "loads the registers of another frame one after another",
    "unwind_on_stack": "gives the stack up for the walk, which never returns",
}
WORDS = "chaos no-quarantine"
WITHOUT_KEYS = f"{guest.CPU},-pks"
READ = "/usr/lib/aramid/tests/read_often"
# Processor seconds of one machine. A step costs some 0.2 ms.
BUDGET = 240


class Stepped(NamedTuple):
    """What the machine under single step showed of one kernel."""
    code: Code
    stepper: Stepper
    explored: set
    calls: list  # addresses at which a failure in a call is the service's
    falls: list  # the same on the way of a fall


def boot(code, folder, command, **more):
    """A machine before its first instruction."""
    root = guest.root_that_runs(ROOT / "build" / "userland" / "root.cpio", folder, "steps", command)
    return guest.Run(code.path, root, words=WORDS, budget=BUDGET, **more)


def first_steps(stepper, flow):
    """From power-on to the first page fault of a program."""
    stepper.run_to(stepper.code.symbols["kernel_entry"])
    leave_root(stepper, "kernel_entry")
    flow.begin("thread_enter_frame")
    flow.to_user()
    flow.begin_fault()
    flow.to_user()


def leave_root(stepper, name):
    """Steps out of a function above which there is nothing."""
    stepper.put(stepper.registers, [])
    stepper.until(lambda: stepper.code.function(stepper.registers["rip"]) != name)
    stepper.check()


def by_iret(stepper, flow):
    """A system call whose handler is said to have changed the user's registers."""
    def at():
        if stepper.instruction.mnemonic == "testb" and \
                stepper.code.function(stepper.registers["rip"]) == "syscall_entry":
            stepper.put({**stepper.registers, "rax": 0}, [])

    flow.begin()
    flow.to_user(at)


def step_kernel(code, folder):
    """Everything but what needs another machine."""
    kept = {instruction.address for source in BOUNDARY
            for _, start, end in code.functions(source) for instruction in code.within(start, end)}
    command = (f"sync; {READ} /chaos/measure 1; {READ} /chaos/double_free 1; "
               f"{READ} /chaos/cleanup_faults 1")
    with boot(code, folder, command) as run:
        stepper = Stepper(run.stub, code, kept | code.assembly)
        flow = Flow(stepper)
        first_steps(stepper, flow)
        stepper.run_to(code.symbols["sys_sync"])
        stepper.read_fixups()
        bench = assembly.Bench(stepper)
        assembly.every(bench)
        explorer = Explorer(bench)
        for source in BOUNDARY:
            explorer.explore(code.functions(source))
        bench.leave()
        choice = Choice(run.stub, code)
        calls, falls = Places(stepper, choice), Places(stepper, choice, "begin_panic")
        flow.begin_read()
        flow.to_user_with_detours(calls.note)
        flow.begin_read()
        flow.to_user(falls.note)
        flow.begin_read()
        flow.to_user()
        by_iret(stepper, flow)
    return Stepped(code, stepper, explorer.visited, calls.found, falls.found)


def step_second_processor(stepped, folder):
    """Its first steps, which are added to what was seen."""
    with boot(stepped.code, folder, "true", smp=2) as run:
        other = Stepper(run.stub, stepped.code, stepped.code.assembly)
        other.run_to(stepped.code.symbols["ap_entry"])
        leave_root(other, "ap_entry")
    add(stepped.stepper, other)


def step_without_keys(stepped, folder):
    """A call into an isolated service, where the processor has no protection keys."""
    with boot(stepped.code, folder, f"{READ} /chaos/measure 1", cpu=WITHOUT_KEYS) as run:
        other = Stepper(run.stub, stepped.code)
        flow = Flow(other)
        flow.begin_read()
        flow.to_user_with_detours(lambda: None)
    add(stepped.stepper, other)


def add(stepper, other):
    """What another machine showed."""
    stepper.findings.update(other.findings)
    stepper.seen.update(other.seen)
    stepper.moments.update(other.moments)
    stepper.ends |= other.ends


@pytest.fixture(scope="module", params=KERNELS)
def stepped(request, tmp_path_factory):
    profile, compiler = request.param.split("-")
    subprocess.run([ROOT / "tools" / "build-kernel", profile, compiler], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / "userland" / "build"], check=True, stdout=subprocess.DEVNULL)
    folder = tmp_path_factory.mktemp("steps")
    found = step_kernel(Code(ROOT / "build" / request.param), folder)
    step_second_processor(found, folder)
    if profile == "fortress":
        step_without_keys(found, folder)
    return found


def places(code, addresses):
    return sorted(map(code.place, addresses))


def is_flags_window(code, address):
    """Behind pushfq in C, which reads the flags by the stack: the compiler does not know that rsp
    moved. The next instruction takes the word off again; it does not fault, and what comes there
    from outside does not walk (panic.c, land_asynchronously)."""
    before = code.instructions.get(address - 1)
    return address not in code.assembly and before and before.mnemonic == "pushfq" and \
        code.instructions[address].mnemonic == "popq"


def test_from_each_instruction_that_was_stepped_the_walk_is_what_happened(stepped):
    wrong = {stepped.code.place(address): text
             for address, text in stepped.stepper.findings.items()
             if not is_flags_window(stepped.code, address)}
    assert not wrong
    assert len(stepped.stepper.seen) > 3500


def test_every_instruction_of_the_assembly_was_stepped(stepped):
    # ud2 stands behind calls that never return; the call's row is the frame's.
    wanted = {instruction.address for instruction in stepped.code.assembly_instructions()
              if instruction.mnemonic != "ud2"}
    assert len(wanted) > 1100
    assert places(stepped.code, wanted - stepped.stepper.seen.keys()) == []


def test_every_instruction_of_the_boundarys_c_was_stepped(stepped):
    for source in BOUNDARY:
        wanted = {instruction.address for _, start, end in stepped.code.functions(source)
                  for instruction in stepped.code.within(start, end)}
        assert len(wanted) > 200, source
        assert places(stepped.code, wanted - stepped.explored) == []


def test_the_stack_ends_where_it_is_meant_to_and_nowhere_else(stepped):
    assert stepped.stepper.ends == ENDS.keys()


def test_a_row_that_is_wrong_in_one_thing_is_found_out(stepped):
    found, missed = changed.undetected(stepped.stepper)
    assert "\n".join(missed) == ""
    assert found > 3000


def test_a_failure_at_any_instruction_of_a_call_lands_with_the_callers_registers(stepped, tmp_path):
    code = stepped.code
    entry = {address for address in stepped.falls if address in code.assembly or
             code.function(address) in ("begin_panic_from", "fall", "unwind_here")}
    falls = [address for address in stepped.falls if WHOLE or address in entry]
    assert len(stepped.calls) > 100 and len(falls) > 50
    command = (f"{READ} /chaos/measure {len(stepped.calls)} held && {READ} /chaos/double_free "
               f"{len(falls)} held; echo status $?; echo == services; cat /proc/services")
    with boot(code, tmp_path, command) as run:
        landing = Landing(Stepper(run.stub, code))
        wrong = {code.place(address): landing.fall(address) for address in stepped.calls}
        wrong.update((f"{code.place(address)}, falling", landing.fall(address, "begin_panic"))
                     for address in falls)
        assert {place: text for place, text in wrong.items() if text} == {}
        ending = run.finish()
    assert ending.how == "finished" and "status 0\n" in ending.said, ending.said + ending.log
    assert f"chaos running restart {len(wrong)} {len(wrong)} " in ending.said
