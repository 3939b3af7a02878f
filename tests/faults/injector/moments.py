# SPDX-License-Identifier: MIT
"""What faults do that are put in at one moment: the machine stands before the instruction.

Each gets a site: the stub, the image, the fault-free profile, the service and the instruction.
It answers True when the fault has been put in and is at work, False when it could not be, or a
pair (address, size): at work from when that memory is read, gone when it is written before.
"""

import struct
from typing import NamedTuple

from . import decode
from .image import Image, Instruction

ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
# How much stack a call of a service may have between its frame and the boundary's.
STACK_SPAN = 8192
ENOMEM = 12


class Site(NamedTuple):
    """Where and in what a fault is put in."""
    stub: object
    image: Image
    profile: object
    service: str
    instruction: Instruction


def _flip(site, address, bit):
    old = site.stub.read(address, 1)
    if old is None or not site.stub.write(address, bytes([old[0] ^ 1 << bit])):
        return False
    return address, 1


def flip_stack(site, plan):
    """A bit between the stack pointer and the boundary's frame."""
    pointer = site.stub.registers()["rsp"]
    memory = site.stub.read(pointer, STACK_SPAN) or b""
    mark = struct.pack("<Q", site.image.need("boundary_return"))
    end = next((at for at in range(0, len(memory) - 7, 8) if memory[at:at + 8] == mark), 0)
    if not end:
        return False
    return _flip(site, pointer + plan["draw"] % end, plan["bit"] % 8)


def flip_data(site, plan):
    """A bit of the service's data; every other time one of a word that is not zero."""
    start, end = site.image.data(site.service)
    memory = site.stub.read(start, end - start)
    at = plan["draw"] % (end - start)
    used = [word for word in range(0, len(memory), 8) if any(memory[word:word + 8])]
    if plan["way"] == "bit" and used:
        at = used[plan["draw"] % len(used)] + plan["draw"] // len(used) % 8
    return _flip(site, start + at, plan["bit"] % 8)


def flip_heap(site, plan):
    """A bit of an object that the workload has."""
    objects = site.profile.objects(site.service)
    address, size = objects[plan["draw"] % len(objects)]
    return _flip(site, address + plan["draw"] // len(objects) % size, plan["bit"] % 8)


def lengthen_copy(site, plan):
    """The third argument is the length."""
    length = site.stub.registers()["rdx"]
    site.stub.set_register("rdx", length + plan["by"])
    return True


def _changed(value, plan):
    return {"zero": 0, "ones": (1 << 64) - 1, "random": plan["draw"] * 2 + 1,
            "bit": value ^ 1 << plan["bit"]}[plan["way"]]


def change_argument(site, plan):
    """One argument of the call, or of the operation that begins."""
    name = ARGUMENTS[plan["argument"]]
    old = site.stub.registers()[name]
    new = _changed(old, plan)
    site.stub.set_register(name, new)
    return new != old


def _call(site, function, argument, back):
    """Calls a function of one argument as the instruction's place would."""
    pointer = site.stub.registers()["rsp"] - 8
    site.stub.write(pointer, struct.pack("<Q", back))
    site.stub.set_register("rsp", pointer)
    site.stub.set_register("rdi", argument)
    site.stub.set_register("rip", site.image.need(function))


def _until(site, address, pointer):
    """Runs to an address in this very frame."""
    site.stub.stop_at(address)
    while True:
        site.stub.run()
        registers = site.stub.registers()
        if registers["rip"] != address:
            return False
        if registers["rsp"] == pointer:
            site.stub.pass_by(address)
            return True
        # Another call of the function: past the address, and back to waiting for it.
        site.stub.pass_by(address)
        site.stub.stop_at(site.image.need("boundary_enter"))
        site.stub.run()
        site.stub.pass_by(site.image.need("boundary_enter"))
        site.stub.stop_at(address)


def free_twice(site, plan):
    """The call of core_free is made, and made again."""
    before = site.stub.registers()
    if not before["rdi"]:
        return False
    if not _until(site, site.instruction.end, before["rsp"]):
        return False
    _call(site, "core_free", before["rdi"], site.instruction.end)
    return True


def free_early(site, plan):
    """The object that core_alloc gave is freed, and then used."""
    before = site.stub.registers()
    if not before["rax"]:
        return False
    here = site.instruction.address
    _call(site, "core_free", before["rax"], here)
    if _until(site, here, before["rsp"]):
        site.stub.set_registers(before)
    return True


def refuse_memory(site, plan):
    """The call is not made: NULL, or -ENOMEM from the function that answers with a number."""
    is_pointer = site.instruction.target == site.image.need("core_alloc")
    site.stub.set_register("rax", 0 if is_pointer else -ENOMEM)
    site.stub.set_register("rip", site.instruction.end)
    return True


def shorten_object(site, plan):
    """Half the size is asked for."""
    site.stub.set_register("rdi", site.stub.registers()["rdi"] // 2)
    return True


def _panic(site, back):
    # Any text will do for the words of the message: the first name of the symbol table.
    table = site.image.need("symbols_start")
    text = table + 8 + 8 * site.stub.word(table)
    pointer = site.stub.registers()["rsp"] - 8
    site.stub.write(pointer, struct.pack("<Q", back))
    for name, value in (("rsp", pointer), ("rdi", text), ("rsi", 1), ("rdx", text), ("rcx", text),
                        ("rax", 0), ("rip", site.image.need("panic_at"))):
        site.stub.set_register(name, value)
    return True


def panic(site, plan):
    """The call becomes one of panic_at."""
    return _panic(site, site.instruction.end)


def panic_behind(site, plan):
    """Behind a call, where the stack stands as for another one."""
    return _panic(site, site.instruction.address)


def null_pointer(site, plan):
    """The memory operand's base register is 0."""
    site.stub.set_register(decode.base_register(site.instruction.code), 0)
    return True


def wild_pointer(site, plan):
    """It is anything, or one bit off."""
    name = decode.base_register(site.instruction.code)
    old = site.stub.registers()[name]
    site.stub.set_register(name, _changed(old, plan))
    return True
