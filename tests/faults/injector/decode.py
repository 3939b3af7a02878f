# SPDX-License-Identifier: MIT
"""Where the parts of an x86-64 instruction lie: as much as the faults need.

Source: Intel SDM vol. 2, 2.1 (instruction format), appendix A (opcode maps).
"""

from typing import NamedTuple

_PREFIXES = {0x66, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0xf0}
# One-byte opcodes without a ModRM byte; the two-byte ones are these of 0f.
_PLAIN = {*range(0x50, 0x60), 0x68, 0x6a, *range(0x70, 0x80), *range(0x90, 0xa0),
          *range(0xa4, 0xb0), *range(0xb0, 0xc0), 0xc2, 0xc3, 0xc9, 0xcc, 0xe8, 0xe9, 0xeb, 0xf4,
          *(base + low for base in range(0, 0x40, 8) for low in (4, 5))}
_PLAIN_0F = {0x05, 0x0b, 0x31, *range(0x80, 0x90), 0xa2, *range(0xc8, 0xd0)}
_BYTE_IMMEDIATE = {0x6a, 0x6b, 0x80, 0x83, 0xa8, *range(0xb0, 0xb8), 0xc0, 0xc1, 0xc6, 0xeb,
                   *range(0x70, 0x80), *range(0x04, 0x40, 8)}
_LONG_IMMEDIATE = {0x68, 0x69, 0x81, 0xa9, *range(0xb8, 0xc0), 0xc7, 0xe8, 0xe9,
                   *range(0x05, 0x40, 8)}
_BYTE_IMMEDIATE_0F = {0xba, 0xa4, 0xac, 0x70, 0xc6}


class Layout(NamedTuple):
    """Offsets into the code; None for what the instruction has not."""
    rex: int
    opcode: int       # of the last opcode byte
    two_bytes: bool   # it follows 0f
    modrm: int
    displacement: int
    displacement_size: int
    immediate: int
    immediate_size: int


def _immediate_size(code, opcode, two_bytes, modrm, wide, short):
    value = code[opcode]
    if two_bytes:
        return 1 if value in _BYTE_IMMEDIATE_0F else 4 if 0x80 <= value < 0x90 else 0
    if value in (0xf6, 0xf7):  # test has one, not, neg, mul and div have none
        if (code[modrm] >> 3) & 7 > 1:
            return 0
        return 1 if value == 0xf6 else 2 if short else 4
    if value in _BYTE_IMMEDIATE:
        return 1
    if value == 0xc2:
        return 2
    if value in _LONG_IMMEDIATE:
        if 0xb8 <= value < 0xc0 and wide:
            return 8
        return 2 if short and value not in (0xe8, 0xe9) else 4
    return 0


def _displacement(code, modrm):
    """(offset, size) of the displacement behind a ModRM byte."""
    mode, rm = code[modrm] >> 6, code[modrm] & 7
    at = modrm + 1
    base = rm
    if mode != 3 and rm == 4:
        base = code[at] & 7
        at += 1
    if mode == 1:
        return at, 1
    if mode == 2 or (mode == 0 and base == 5):
        return at, 4
    return at, 0


def layout(code):
    """The instruction's parts, or None when this table does not know it."""
    at = 0
    while at < len(code) and code[at] in _PREFIXES:
        at += 1
    short = 0x66 in code[:at]
    rex = at if at < len(code) and 0x40 <= code[at] < 0x50 else None
    at += rex is not None
    two_bytes = at + 1 < len(code) and code[at] == 0x0f
    at += two_bytes
    if at >= len(code) or (two_bytes and code[at] in (0x38, 0x3a)) or code[at] in (0xc4, 0xc5):
        return None
    plain = code[at] in (_PLAIN_0F if two_bytes else _PLAIN)
    modrm = None if plain else at + 1
    if modrm is not None and modrm >= len(code):
        return None
    behind, size = _displacement(code, modrm) if modrm else (at + 1, 0)
    wide = rex is not None and bool(code[rex] & 8)
    immediate = _immediate_size(code, at, two_bytes, modrm, wide, short)
    if behind + size + immediate != len(code):
        return None
    return Layout(rex, at, two_bytes, modrm, behind if size else None, size,
                  behind + size if immediate else None, immediate)


# Opcodes whose ModRM names registers of data: which field is the destination.
_REG_IS_DESTINATION = {False: {0x8b, 0x8a, 0x8d, 0x63, 0x69, 0x6b,
                               *(base + low for base in range(0, 0x38, 8) for low in (2, 3))},
                       True: {0xaf, 0xb6, 0xb7, 0xbe, 0xbf, 0xbc, 0xbd, *range(0x40, 0x50)}}
_RM_IS_DESTINATION = {False: {0x88, 0x89, *(base + low for base in range(0, 0x38, 8)
                                            for low in (0, 1))}, True: set()}
_BOTH_ARE_SOURCES = {False: {0x38, 0x39, 0x3a, 0x3b, 0x84, 0x85}, True: {0xa3}}


def register_fields(code):
    """{'source': [shifts], 'destination': [shifts]} of ModRM's register fields (3 or 0)."""
    fields = {"source": [], "destination": []}
    parts = layout(code)
    if not parts or parts.modrm is None:
        return fields
    opcode, registers = code[parts.opcode], code[parts.modrm] >> 6 == 3
    if opcode in _REG_IS_DESTINATION[parts.two_bytes]:
        fields["destination"].append(3)
        fields["source"] += [0] * registers
    elif opcode in _RM_IS_DESTINATION[parts.two_bytes]:
        fields["source"].append(3)
        fields["destination"] += [0] * registers
    elif opcode in _BOTH_ARE_SOURCES[parts.two_bytes]:
        fields["source"] += [3] + [0] * registers
    return fields


_NAMES = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
          "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15")


def base_register(code):
    """The register that a memory operand is reckoned from, or None (none, rip, the stack)."""
    parts = layout(code)
    if not parts or parts.modrm is None or code[parts.modrm] >> 6 == 3 or \
            code[parts.opcode] == 0x8d:
        return None
    extension = code[parts.rex] & 1 if parts.rex is not None else 0
    mode, rm = code[parts.modrm] >> 6, code[parts.modrm] & 7
    base = code[parts.modrm + 1] & 7 if rm == 4 else rm
    if mode == 0 and base == 5:
        return None
    name = _NAMES[base + 8 * extension]
    return None if name in ("rsp", "rbp") else name


def stores(code):
    """Whether it is a plain store (mov to memory)."""
    parts = layout(code)
    return bool(parts and parts.modrm is not None and not parts.two_bytes and
                code[parts.modrm] >> 6 != 3 and code[parts.opcode] in (0x88, 0x89, 0xc6, 0xc7))


def condition(code):
    """The offset of the byte whose low four bits are a condition (jcc, setcc, cmovcc), or None."""
    parts = layout(code)
    if not parts:
        return None
    value = code[parts.opcode]
    ranges = (0x40, 0x50), (0x80, 0x90), (0x90, 0xa0)
    if parts.two_bytes:
        return parts.opcode if any(low <= value < high for low, high in ranges) else None
    return parts.opcode if 0x70 <= value < 0x80 else None


def is_jump(code):
    """A direct jump, conditional or not."""
    parts = layout(code)
    if not parts:
        return False
    value = code[parts.opcode]
    return (0x80 <= value < 0x90) if parts.two_bytes else \
        (0x70 <= value < 0x80 or value in (0xe9, 0xeb))
