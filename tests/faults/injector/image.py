# SPDX-License-Identifier: MIT
"""The linked image: its symbols, the services' code, and that code's instructions."""

import bisect
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import decode
from .unable import Unable

_TOOLS = {"nm": "llvm-nm-19", "objdump": "llvm-objdump-19"}
_LINE = re.compile(r"^([0-9a-f]{16}): ((?:[0-9a-f]{2} )+)\s*\t(\S+)\s*(.*)$")
_TARGET = re.compile(r"^0x([0-9a-f]+) <")
_KERNEL = Path(__file__).resolve().parents[3] / "kernel"
_OPERATIONS = ("vfs/fs_operations.def", "block/block_operations.def",
               "net_device/net_device_operations.def", "net_protocol/net_protocol_operations.def")
_OPERATION = re.compile(r"^OPERATION(\d)\((\w+),", re.MULTILINE)
_CORE_CALL = re.compile(r"^CORE_(CALL|PRIVILEGED)(\d)\((?:\w+, )?[^,]*?, (\w+)[,)]", re.MULTILINE)


def _operations():
    """How many arguments each operation of a service has."""
    text = "".join((_KERNEL / table).read_text(encoding="utf-8") for table in _OPERATIONS)
    return {name: int(count) for count, name in _OPERATION.findall(text)}


def _core_calls():
    """How many arguments each core function for services has. A token without size is none."""
    text = (_KERNEL / "boundary" / "core_calls.def").read_text(encoding="utf-8")
    return {name: int(count) - (sort == "PRIVILEGED")
            for sort, count, name in _CORE_CALL.findall(text)}


class Instruction(NamedTuple):
    """One instruction of a service. target: of a direct call or jump, else None."""
    address: int
    code: bytes
    mnemonic: str
    operands: str
    target: int

    @property
    def end(self):
        """The address behind it."""
        return self.address + len(self.code)


def _output(tool, *words):
    try:
        return subprocess.run([_TOOLS[tool], *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
    except FileNotFoundError as error:
        raise Unable(f"{_TOOLS[tool]} is missing: install package llvm-19") from error
    except subprocess.CalledProcessError as error:
        raise Unable(f"{_TOOLS[tool]} cannot read {words[-1]}") from error


class Image:
    """What of an ELF file the campaign asks for."""

    def __init__(self, path):
        self.path = path
        self.symbols, names = {}, {}
        for line in _output("nm", "--defined-only", path).splitlines():
            address, kind, name = line.split(maxsplit=2)
            self.symbols[name] = int(address, 16)
            if kind in "tT" and not name.endswith(("_start", "_end")):
                names.setdefault(int(address, 16), name)
        self._names = sorted(names.items())
        self.services = [name.removesuffix("_text_start") for name in sorted(
            self.symbols, key=self.symbols.get) if name.endswith("_text_start")]
        self._code = {}
        self.operations = _operations()
        self.core_calls = {name: count for name, count in _core_calls().items() if count}
        self._counts = {self.symbols[name]: count for name, count in self.core_calls.items()
                        if name in self.symbols}

    def argument_count(self, instruction):
        """Of the core function that it calls, or of the operation that it begins."""
        if is_call(instruction) and instruction.target in self._counts:
            return self._counts[instruction.target]
        name = self.place(instruction.address).split("+")[0]
        return self.operations[name.split("_", 1)[1]]

    def need(self, name):
        """The address of a symbol that the campaign cannot do without."""
        if name not in self.symbols:
            raise Unable(f"{self.path} has no symbol {name}")
        return self.symbols[name]

    def text(self, service):
        """(start, end) of a service's code."""
        return self.need(f"{service}_text_start"), self.need(f"{service}_text_end")

    def data(self, service):
        """(start, end) of its data."""
        return self.need(f"{service}_data_start"), self.need(f"{service}_data_end")

    def place(self, address):
        """'function+offset' of an address in code."""
        index = bisect.bisect_right(self._names, (address, chr(0x10ffff))) - 1
        start, name = self._names[index]
        return f"{name}+{address - start:#x}"

    def function(self, address):
        """Where the function that an address lies in begins."""
        return self._names[bisect.bisect_right(self._names, (address, chr(0x10ffff))) - 1][0]

    def instructions(self, service):
        """The service's instructions by address, in order; padding between functions left out."""
        if service not in self._code:
            start, end = self.text(service)
            listing = _output("objdump", "-d", f"--start-address={start:#x}",
                              f"--stop-address={end:#x}", self.path)
            rows = filter(None, map(_LINE.match, listing.splitlines()))
            made = [_instruction(row) for row in rows]
            self._code[service] = {each.address: each for each in made
                                   if each.mnemonic not in ("int3", "nop", "nopw", "nopl")}
        return self._code[service]


def _instruction(row):
    target = _TARGET.match(row[4])
    operands = row[4].split(" #")[0].strip()
    return Instruction(int(row[1], 16), bytes.fromhex(row[2]), row[3], operands,
                       int(target[1], 16) if target else None)


def is_call(instruction):
    """A direct call of five bytes."""
    return instruction.code[0] == 0xe8 and instruction.target is not None


def ends_block(instruction):
    """Whether what follows need not run."""
    return instruction.mnemonic.startswith(("j", "ret", "call", "ud2")) or \
        decode.layout(instruction.code) is None
