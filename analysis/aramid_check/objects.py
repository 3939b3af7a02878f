# SPDX-License-Identifier: MIT
"""The object gate: who references what, and with which instructions, read from object files.

Whatever the source did to hide a name, the object names it. Each unit is compiled for this
alone, with mints as functions (cap_erased.h).
"""

import re
import subprocess
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

from .findings import Finding, short_path

COMPILER, NM, OBJDUMP = "clang-19", "llvm-nm-19", "llvm-objdump-19"

# Optimising may drop a reference, and takes time; link-time bitcode has no instructions.
FLAGS = ("-DARAMID_MINT_OUT_OF_LINE=1", "-gline-tables-only", "-Wno-everything", "-fno-lto")

# Intel SDM volume 2: what only the core may execute (ports, control and model-specific
# registers, interrupts, tables), as llvm-objdump writes it.
_RAW = re.compile(r"\t(?P<name>(?:rd|wr)msr\w*|cli|sti|hlt|[sl]gdt\w*|[sl]idt\w*|lldt\w*|ltr\w*|"
                  r"lmsw\w*|clts|invlpg\w*|invpcid\w*|invd|wbinvd|xsetbv|swapgs|iret[dqw]?|"
                  r"sysret[lq]?|sysexit\w*|(?:in|out)(?:s?[bwl])?|mov[a-z]*(?=\s.*%(?:cr|dr)\d))(?=\s|$)")
_PLACE = re.compile(r"^; (?P<file>/.*|[^;:()]+\.\w+):(?P<line>\d+)$")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_RELOCATION = re.compile(r"R_X86_64_\w+\s+(?P<symbol>[\w.$]+)")


class _Broken(Exception):
    """The unit does not compile; the text is the compiler's first error."""


def _call(words, folder="."):
    return subprocess.run([str(word) for word in words], cwd=folder, text=True, check=False,
                          errors="replace", timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _command(unit, level, path, reads):
    words, skip = [COMPILER], False
    for word in unit.command[1:]:
        if skip or word in ("-o", "-MF", "-MT", "-MQ"):
            skip = not skip
        elif word not in ("-c", "-MD", "-MMD", "-g", "-fsyntax-only"):
            words.append(word)
    return [*words, *FLAGS, *level, "-MD", "-MF", reads, "-o", path, "-c"]


def compile_unit(unit, path, reads):
    """Makes the unit's object at the path."""
    # Constraints of assembler statements may need the level that the unit is written for.
    for level in (["-O0"], []):
        done = _call(_command(unit, level, path, reads), unit.folder)
        if not done.returncode:
            return
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    raise _Broken((errors or [f"{COMPILER} ended with status {done.returncode}"])[0])


def read_symbols(path):
    """{name: type letter} of an object, as nm(1) has it."""
    rows = (line.split() for line in _call([NM, "-P", path]).stdout.splitlines())
    return {row[0]: row[1] for row in rows if len(row) >= 2}


class Listing:
    """An object's instructions with the source line of each."""

    def __init__(self, path, unit):
        self._unit = unit
        self._places = {}
        self.raw = []
        place = None
        for line in _call([OBJDUMP, "-d", "-r", "-l", "--no-show-raw-insn", path]).stdout.splitlines():
            match = _PLACE.match(line)
            if match:
                place = (match["file"], int(match["line"]))
                continue
            match = _RELOCATION.search(line)
            if match:
                symbol = re.sub(r"[-+]0x[0-9a-f]+$", "", match["symbol"])
                self._places.setdefault(symbol, []).append(place or self._in_text(symbol))
                continue
            match = _RAW.search(line)
            if match:
                self.raw.append((match["name"], place or self._in_text(match["name"])))

    def places(self, symbol):
        """Where the symbol is referenced: by instructions, else where the source names it."""
        return self._places.get(symbol) or [self._in_text(symbol)]

    def _in_text(self, word):
        # The last place, since a declaration comes before the use; a comment is no use.
        text = Path(self._unit.file).read_text(encoding="utf-8", errors="replace")
        code = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
        starts = [match.start() for match in re.finditer(rf"\b{re.escape(word)}\b", code)]
        return self._unit.file, code.count("\n", 0, starts[-1]) + 1 if starts else 1


def _judge_symbol(symbol, letter, unit, policy):
    """(rule, text) of what is wrong with an object that has this symbol, or None."""
    mint = policy.mints().get(symbol)
    if mint:
        if policy.is_core_file(unit.file):
            return None
        verb = "reference" if letter in "Uwv" else "define"
        return "CAP003", f"object code may not {verb} the mint '{symbol}' here"
    if letter not in "Uwv" or not policy.is_service_file(unit.file):
        return None
    kind = policy.privileged().get(symbol)
    if kind and not policy.is_entitled(unit.file, kind):
        return "CAP006", f"'{symbol}' needs {kind}, which this service is not handed"
    allowed = policy.callable_from(unit.file)
    if allowed and not any(fnmatchcase(symbol, glob) for glob in allowed):
        return "CAP006", f"'{symbol}' is not among what a service may reference"
    return None


def check_object(unit, policy, reads):
    """(findings, reason it could not); READS gets a make rule of what was read."""
    with tempfile.TemporaryDirectory(prefix="aramid-object.") as folder:
        path = Path(folder) / "unit.o"
        try:
            compile_unit(unit, path, reads)
        except _Broken as reason:
            return [], str(reason)
        except subprocess.TimeoutExpired:
            return [], "no end of compiling after 120 s"
        return judge_object(path, unit, policy), ""


def judge_object(path, unit, policy):
    """What is wrong with the unit's object."""
    wrong = {symbol: verdict for symbol, letter in read_symbols(path).items()
             if (verdict := _judge_symbol(symbol, letter, unit, policy))}
    held = policy.is_service_file(unit.file)
    if not wrong and not held:
        return []
    listing, findings = Listing(path, unit), []

    def add(place, rule, text):
        file, line = place
        findings.append(Finding(short_path(file, unit.folder), line, 1, "objects", rule, text))

    for symbol, (rule, text) in wrong.items():
        for place in listing.places(symbol):
            # The library's own inline functions delegate and attenuate for whoever calls them.
            if policy.mints().get(symbol) != "any" or not policy.is_core_file(place[0]):
                add(place, rule, text)
    for name, place in listing.raw if held else ():
        add(place, "CAP008", f"a service may not execute '{name}'")
    return findings
