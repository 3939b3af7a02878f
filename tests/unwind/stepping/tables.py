# SPDX-License-Identifier: MIT
"""The image's unwind tables: a row for each instruction, and one step up the stack by it.

The rows are llvm-dwarfdump's reading of .eh_frame, the step is DWARF's (DWARF 5, 6.4): neither
has code in common with the unwinder in the kernel.
"""

import bisect
import re
import subprocess
from typing import NamedTuple

# What a call keeps (System V ABI, 3.2.1), the stack pointer apart.
KEPT = ("rbx", "rbp", "r12", "r13", "r14", "r15")

_ENTRY = re.compile(r"^[0-9a-f]{8} [0-9a-f]{8} ([0-9a-f]{8} )?(CIE|FDE)"
                    r"(?: cie=([0-9a-f]+) pc=([0-9a-f]+)\.\.\.([0-9a-f]+))?")
_ROW = re.compile(r"^  0x([0-9a-f]+): CFA=(\w+)(?:([+-]\d+))?(?:: (.*))?$")
_RULE = re.compile(r"(\w+)=(?:\[CFA([+-]\d+)?\]|(\w+))")


class Missing(Exception):
    """The rule needs a register or a word that is not known."""


class Row(NamedTuple):
    """From `start` on. cfa: (register, offset); rules: register -> offset from the CFA, name of
    another register, or "undefined"."""
    start: int
    end: int
    cfa: tuple
    rules: dict
    signal: bool

    @property
    def ends(self):
        """Whether the stack ends in this frame."""
        return self.rules.get("rip") == "undefined"


def _rules(text):
    rules = {}
    for name, offset, other in _RULE.findall(text or ""):
        rules[name.lower()] = other.lower() if other else int(offset or 0)
    return rules


class Tables:
    """All rows, by address."""

    def __init__(self, path):
        text = subprocess.run(["llvm-dwarfdump-19", "--eh-frame", str(path)], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        signal, entry, rows = {}, None, []
        for line in text.splitlines():
            found = _ENTRY.match(line)
            if found:
                entry = found
                offset = line.split()[0]
            elif line.startswith("  Augmentation:"):
                signal[offset] = "S" in line
            elif (found := _ROW.match(line)) and entry[2] == "FDE" and \
                    int(found[1], 16) < int(entry[5], 16):
                rows.append((int(found[1], 16), int(entry[5], 16),
                             (found[2].lower(), int(found[3] or 0)), _rules(found[4]),
                             signal[entry[3]]))
        rows.sort(key=lambda row: row[0])
        self.rows = [Row(row[0], min(row[1], following[0]), *row[2:])
                     for row, following in zip(rows, [*rows[1:], (1 << 64,)])]
        self._starts = [row.start for row in self.rows]

    def row(self, address):
        """The row that holds at an address, or None."""
        index = bisect.bisect_right(self._starts, address) - 1
        return self.rows[index] if index >= 0 and address < self.rows[index].end else None


def caller(row, registers, read):
    """The registers of the frame above. registers: those that are known; read(address): a word
    of memory, or None."""
    if row.cfa[0] not in registers:
        raise Missing(f"the CFA is in {row.cfa[0]}, which a call need not keep")
    cfa = registers[row.cfa[0]] + row.cfa[1]
    above = {name: value for name, value in registers.items() if row.signal or name in KEPT}
    above["rsp"] = cfa
    for name, rule in row.rules.items():
        if isinstance(rule, int):
            above[name] = read(cfa + rule)
        elif rule in ("undefined", "same"):
            if rule == "undefined":
                above.pop(name, None)
        elif rule in registers:
            above[name] = registers[rule]
        else:
            raise Missing(f"{name} is in {rule}, which a call need not keep")
    return above
