# SPDX-License-Identifier: MIT
"""The kinds of faults, one row each: where each can be put, and what it does there.

A row's `places` gives the instructions of a service at which it can be put, out of those that
the fault-free run executes while faults are armed. Its `plan` draws what is not the place: a
dictionary that JSON can hold. Then one of these:

  code    the instruction's bytes are changed, until the service falls (a restart is that of a
          service whose code is whole)
  moment  when the instruction is about to run for the chosen time, registers or memory change

The kinds are those of the literature on software faults (Nooks, MINIX 3, Theseus); what is
left out is `missing unlock` and `sleeping where forbidden`: no service takes a lock or sleeps.
"""

from typing import Callable, NamedTuple

from . import decode, moments
from .image import is_call
from .profile import WITH_OBJECTS

NOP = 0x90
COPIES = ("memcpy", "memmove", "memset", "string_copy")
ALLOCATIONS = ("core_alloc", "core_store_reserve")


class Kind(NamedTuple):
    """A row."""
    name: str
    sentence: str
    places: Callable  # (image, profile, service) -> [Instruction]
    plan: Callable    # (rng, instruction, image) -> dict
    code: Callable = None    # (instruction, plan) -> bytes
    moment: Callable = None  # (site, plan): see moments.py
    core: tuple = ()         # (symbol, bytes) written over core code: planted kinds only
    planted: bool = False    # not a fault of a service: shows that the judge can say no


def _executed(image, profile, service):
    return [each for each in image.instructions(service).values()
            if each.address in profile.executed]


def _where(test):
    def places(image, profile, service):
        return [each for each in _executed(image, profile, service) if test(each)]
    return places


def _with_data(image, profile, service):
    start, end = image.data(service)
    return _executed(image, profile, service) if start < end else []


def _with_objects(image, profile, service):
    return _executed(image, profile, service) if service in WITH_OBJECTS else []


def _calls(*names):
    def places(image, profile, service):
        targets = {image.symbols.get(name) for name in names} - {None}
        return [each for each in _executed(image, profile, service)
                if is_call(each) and each.target in targets]
    return places


def _nothing(rng, instruction, image):
    return {}


def _patched(instruction, at, value):
    code = bytearray(instruction.code)
    code[at] = value
    return bytes(code)


# ---- code

def _plan_bit(rng, instruction, image):
    return {"bit": rng.randrange(8 * len(instruction.code))}


def _flip_bit(instruction, plan):
    at, bit = divmod(plan["bit"], 8)
    return _patched(instruction, at, instruction.code[at] ^ 1 << bit)


def _no_operation(instruction, plan):
    return bytes([NOP] * len(instruction.code))


def _register_kind(role):
    def plan(rng, instruction, image):
        shift = rng.choice(decode.register_fields(instruction.code)[role])
        return {"shift": shift, "change": rng.randrange(1, 8)}

    def code(instruction, plan):
        at = decode.layout(instruction.code).modrm
        return _patched(instruction, at,
                        instruction.code[at] ^ plan["change"] << plan["shift"])
    return {"places": _where(lambda each: decode.register_fields(each.code)[role]),
            "plan": plan, "code": code}


def _invert(instruction, plan):
    at = decode.condition(instruction.code)
    return _patched(instruction, at, instruction.code[at] ^ 1)


# Of each comparison the one that takes in, or leaves out, the bound: jb and jbe, jae and ja …
_NEIGHBOURS = {0x2: 0x6, 0x6: 0x2, 0x3: 0x7, 0x7: 0x3, 0xc: 0xe, 0xe: 0xc, 0xd: 0xf, 0xf: 0xd}


def _off_by_one_ways(instruction):
    parts = decode.layout(instruction.code)
    at = decode.condition(instruction.code)
    ways = []
    if at is not None and instruction.code[at] & 15 in _NEIGHBOURS:
        ways.append("bound")
    if parts and not decode.is_jump(instruction.code) and not is_call(instruction):
        ways += ["immediate"] * bool(parts.immediate_size) + \
            ["displacement"] * bool(parts.displacement_size)
    return ways


def _plan_off_by_one(rng, instruction, image):
    return {"way": rng.choice(_off_by_one_ways(instruction)), "by": rng.choice((1, -1))}


def _off_by_one(instruction, plan):
    if plan["way"] == "bound":
        at = decode.condition(instruction.code)
        value = instruction.code[at]
        return _patched(instruction, at, value & 0xf0 | _NEIGHBOURS[value & 15])
    parts = decode.layout(instruction.code)
    at, size = ((parts.immediate, parts.immediate_size) if plan["way"] == "immediate"
                else (parts.displacement, parts.displacement_size))
    code = bytearray(instruction.code)
    value = int.from_bytes(code[at:at + size], "little") + plan["by"]
    code[at:at + size] = (value % (1 << 8 * size)).to_bytes(size, "little")
    return bytes(code)


def _loop(instruction, plan):
    return b"\xeb\xfe" + instruction.code[2:]


def _plan_recursion(rng, instruction, image):
    return {"to": image.function(instruction.address)}


def _recurse(instruction, plan):
    offset = plan["to"] - instruction.end
    return instruction.code[:1] + offset.to_bytes(4, "little", signed=True)


# ---- moments

def _plan_word(rng, instruction, image):
    return {"draw": rng.getrandbits(63), "bit": rng.randrange(48),
            "way": rng.choice(("random", "bit"))}


def _plan_overrun(rng, instruction, image):
    # The distribution of Nooks: half one byte, most of the others up to a page quarter.
    span = rng.choice(((1, 1), (1, 1), (2, 1024), (2, 1024), (2, 1024), (2048, 4096)))
    return {"by": rng.randint(*span)}


def _entry_places(image, profile, service):
    entries = {image.symbols.get(f"{service}_{name}") for name in image.operations}
    calls = {image.symbols.get(name) for name in image.core_calls}
    return [each for each in _executed(image, profile, service)
            if each.address in entries or (is_call(each) and each.target in calls)]


def _plan_argument(rng, instruction, image):
    count = image.argument_count(instruction)
    return {"argument": rng.randrange(count), "draw": rng.getrandbits(63),
            "bit": rng.randrange(64), "way": rng.choice(("zero", "ones", "bit", "bit", "random"))}


def _behind(*names):
    """Where those calls return to."""
    def places(image, profile, service):
        code = image.instructions(service)
        return [code[call.end] for call in _calls(*names)(image, profile, service)
                if call.end in code]
    return places


_STRAIGHT = _where(lambda each: True)
_UD2 = b"\x0f\x0b"
_RETURN = b"\xc3"
_ZERO = b"\x31\xc0\xc3"  # xor %eax, %eax; ret

ROWS = (
    Kind("code_bit_flip", "a bit of an instruction is inverted", _STRAIGHT, _plan_bit,
         code=_flip_bit),
    Kind("stack_bit_flip", "a bit of the service's stack frames is inverted", _STRAIGHT,
         _plan_word, moment=moments.flip_stack),
    Kind("data_bit_flip", "a bit of its data is inverted", _with_data, _plan_word,
         moment=moments.flip_data),
    Kind("heap_bit_flip", "a bit of an object in its heap is inverted", _with_objects,
         _plan_word, moment=moments.flip_heap),
    Kind("skipped_initialisation", "a store is left out",
         _where(lambda each: decode.stores(each.code)), _nothing, code=_no_operation),
    Kind("wrong_source", "an instruction reads another register", **_register_kind("source")),
    Kind("wrong_destination", "an instruction writes another register",
         **_register_kind("destination")),
    Kind("removed_branch", "a jump is left out", _where(lambda each: decode.is_jump(each.code)),
         _nothing, code=_no_operation),
    Kind("inverted_condition", "a condition is turned round",
         _where(lambda each: decode.condition(each.code) is not None), _nothing, code=_invert),
    Kind("off_by_one", "a constant, an offset or a bound is one off", _where(_off_by_one_ways),
         _plan_off_by_one, code=_off_by_one),
    Kind("copy_overrun", "a copy is longer than meant", _calls(*COPIES), _plan_overrun,
         moment=moments.lengthen_copy),
    Kind("bad_argument", "an argument of an operation or of a core function is changed",
         _entry_places, _plan_argument, moment=moments.change_argument),
    Kind("double_free", "an object is freed twice", _calls("core_free"), _nothing,
         moment=moments.free_twice),
    Kind("use_after_free", "an object is freed as soon as it is allocated",
         _behind("core_alloc"), _nothing, moment=moments.free_early),
    Kind("failed_allocation", "memory is refused", _calls(*ALLOCATIONS), _nothing,
         moment=moments.refuse_memory),
    Kind("short_allocation", "an object is half as large as asked for", _calls("core_alloc"),
         _nothing, moment=moments.shorten_object),
    Kind("endless_loop", "an instruction jumps to itself",
         _where(lambda each: len(each.code) >= 2), _nothing, code=_loop),
    Kind("direct_panic", "panic() is called", _where(is_call), _nothing, moment=moments.panic),
    Kind("null_pointer", "a pointer is 0 when it is used",
         _where(lambda each: decode.base_register(each.code)), _nothing,
         moment=moments.null_pointer),
    Kind("wild_pointer", "a pointer is wrong when it is used",
         _where(lambda each: decode.base_register(each.code)), _plan_word,
         moment=moments.wild_pointer),
    Kind("stack_overflow", "a function calls itself for ever", _where(is_call), _plan_recursion,
         code=_recurse),
    Kind("planted_core_fault", "the core fails in a function that a service called",
         _calls("core_time_wall"), _nothing, code=lambda instruction, plan: instruction.code,
         core=(("core_do_core_time_wall", _UD2),), planted=True),
    Kind("planted_loss", "a fall after which the core finds no contents of files",
         _calls("core_undo"), _nothing, moment=moments.panic,
         core=(("page_store_page", _ZERO),), planted=True),
    Kind("planted_leak", "a fall after which the core gives nothing back",
         _behind("core_alloc"), _nothing, moment=moments.panic_behind,
         core=(("ledger_give_back", _RETURN),), planted=True),
)
KINDS = {row.name: row for row in ROWS}
