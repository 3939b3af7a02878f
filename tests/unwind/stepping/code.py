# SPDX-License-Identifier: MIT
"""The image's code by source file: which instructions there are, and what each is."""

import bisect
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from .tables import Tables

_LINE = re.compile(r"^([0-9a-f]{16}): ((?:[0-9a-f]{2} ?)+)\s*\t(\S+)\s*(.*)$")
_SYMBOL = re.compile(r"^\s*\d+: ([0-9a-f]{16})\s+(\d+) (\w+)\s+(\w+)\s+\w+\s+(\w+) (\S*)$")
_TARGET = re.compile(r"^0x([0-9a-f]+) <")
_PADDING = ("nop", "nopl", "nopw", "int3", "xchgw", "data16", "cs")


class Instruction(NamedTuple):
    """target: of a direct call or jump, else None."""
    address: int
    size: int
    mnemonic: str
    operands: str
    target: int

    @property
    def end(self):
        """The address behind it."""
        return self.address + self.size

    @property
    def is_call(self):
        """Direct or through a register or memory."""
        return self.mnemonic.startswith("call")

    @property
    def is_padding(self):
        """Between functions, never executed."""
        return self.mnemonic in _PADDING

    @property
    def ends_block(self):
        """Nothing goes on behind it by itself."""
        return self.mnemonic in ("jmp", "jmpq", "retq", "iretq", "sysretq", "ud2", "hlt")


def _output(*words):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE).stdout


class Code:
    """Of a kernel that tools/build-kernel built: folder/kernel/aramid.elf and its objects."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = str(self.folder / "kernel" / "aramid.elf")
        self.tables = Tables(self.path)
        self.symbols, self._of_file, functions = {}, {}, {}
        source = None
        for row in map(_SYMBOL.match, _output("llvm-readelf-19", "-sW", self.path).splitlines()):
            if not row:
                continue
            address, size, kind, binding, _, name = row.groups()
            if kind == "FILE":
                source = name
                continue
            address = int(address, 16)
            self.symbols.setdefault(name, address)
            self._of_file[source if binding == "LOCAL" else None, name] = address, int(size)
            if kind == "FUNC" or name not in functions.values():
                functions.setdefault(address, name)
        self._starts = sorted(functions)
        self._names = functions
        self.instructions = self._disassemble()
        self._returns = {}
        self.assembly = {instruction.address for instruction in self.assembly_instructions()}

    def _disassemble(self):
        listing = _output("llvm-objdump-19", "-d", "-j", ".text", self.path)
        made, lock = {}, 0
        for row in filter(None, map(_LINE.match, listing.splitlines())):
            address, size = int(row[1], 16) - lock, len(row[2].split()) + lock
            lock = int(row[3] == "lock")  # on a line of its own
            if not lock:
                target = _TARGET.match(row[4])
                made[address] = Instruction(address, size, row[3], row[4].split(" #")[0].strip(),
                                            int(target[1], 16) if target else None)
        return made

    def place(self, address):
        """'function+offset'."""
        index = bisect.bisect_right(self._starts, address) - 1
        start = self._starts[index]
        return f"{self._names[start]}+{address - start:#x}"

    def function(self, address):
        """The name of the function that an address is in."""
        return self.place(address).rsplit("+", 1)[0]

    def returns(self, address):
        """Whether the function there ever returns: there is a return in it, or a jump to a
        function that does, or anywhere; and its tables do not say that nothing is above it."""
        if address not in self._returns:
            self._returns[address] = True  # for one that jumps to itself
            index = bisect.bisect_right(self._starts, address)
            end = self._starts[index] if index < len(self._starts) else address
            row = self.tables.row(address)
            self._returns[address] = not (row and row.ends) and any(
                instruction.mnemonic == "retq" or
                instruction.mnemonic.startswith("j") and
                (instruction.target is None or
                 not address <= instruction.target < end and self.returns(instruction.target))
                for instruction in self.within(address, end))
        return self._returns[address]

    def within(self, start, end):
        """The instructions of a range, padding left out."""
        found, address = [], start
        while address < end:
            instruction = self.instructions[address]
            if not instruction.is_padding:
                found.append(instruction)
            address = instruction.end
        return found

    def _object(self, source):
        return str(self.folder / "CMakeFiles" / "kernel.dir" / f"{source}.o")

    def text_of(self, source):
        """The (start, end) of the .text of an assembly file, in the image."""
        path = self._object(source)
        number, size = re.search(r"\[ *(\d+)\] \.text +PROGBITS +\w+ \w+ (\w+)",
                                 _output("llvm-readelf-19", "-SW", path)).groups()
        for row in map(_SYMBOL.match, _output("llvm-readelf-19", "-sW", path).splitlines()):
            if row and row[5] == number and row[6] in self.symbols:
                base = self.symbols[row[6]] - int(row[1], 16)
                return base, base + int(size, 16)
        return 0, 0

    def assembly_instructions(self):
        """All of the architecture's .S files."""
        objects = self.folder / "CMakeFiles" / "kernel.dir"
        return [instruction for path in sorted(objects.glob("arch/**/*.S.o"))
                for instruction in self.within(*self.text_of(str(path.relative_to(objects))[:-2]))]

    def functions(self, source):
        """[(name, start, end)] of the functions that a C file became."""
        found = []
        for line in _output("llvm-nm-19", "--defined-only", self._object(source)).splitlines():
            _, kind, name = line.split()
            if kind not in "tT":
                continue
            key = (Path(source).name if kind == "t" else None, name)
            address, size = self._of_file[key]
            found.append((name, address, address + size))
        return sorted(found, key=lambda row: row[1])


