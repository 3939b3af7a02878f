# SPDX-License-Identifier: MIT
"""The object gate: who references what, and with which instructions, read from object files.

Whatever the source did to hide a name, the object names it. Each unit is compiled for this
alone, with mints as functions (cap_erased.h).
"""

import os
import re
import subprocess
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

from .findings import Finding, short_path
from .unable import Unable

COMPILER, NM, OBJDUMP = "clang-19", "llvm-nm-19", "llvm-objdump-19"

# The symbols that an inlined mint leaves in an object (aramid/cap_mark.h).
MARK = "aramid_mints_"

# Optimising may drop a reference, and takes time; link-time bitcode has no instructions.
FLAGS = ("-DARAMID_MINT_OUT_OF_LINE=1", "-gline-tables-only", "-fno-lto")
# What tells a source that it is compiled so: with these it may be another one elsewhere.
KNOWN_BY = re.compile(r"ARAMID_MINT_OUT_OF_LINE|__OPTIMIZE|__NO_INLINE__")

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
    return [*words, *FLAGS, "-Wno-everything", *level, "-MD", "-MF", reads, "-o", path, "-c"]


def compile_unit(unit, path, reads):
    """Makes the unit's object at the path."""
    # Constraints of assembler statements may need the level that the unit is written for.
    for level in (["-O0"], []):
        done = _call(_command(unit, level, path, reads), unit.folder)
        if not done.returncode:
            return
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    raise _Broken((errors or [f"{COMPILER} ended with status {done.returncode}"])[0])


def read_symbols(paths):
    """{path: {name: type letter}} of objects, as nm(1) has it."""
    found = {str(path): {} for path in paths}
    done = _call([NM, "-P", "-A", *paths])
    if done.returncode:
        raise Unable(done.stderr.strip().splitlines()[-1])
    for line in done.stdout.splitlines():
        path, _, row = line.partition(": ")
        name, letter, *_ = row.split()
        found[path][name] = letter
    for path, symbols in found.items():
        if "__gnu_lto_slim" in symbols:
            raise Unable(f"{path} is for GCC's link-time optimisation and names nothing: "
                         "compile with -ffat-lto-objects")
    return found


class Listing:
    """An object's instructions with the source line of each."""

    def __init__(self, lines, unit):
        self._unit = unit
        self._places = {}
        self.raw = []
        self.has_places = False
        place = None
        for line in lines:
            match = _PLACE.match(line)
            if match:
                self.has_places = True
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
        words = re.escape(word)
        if word.startswith(MARK):
            words = rf"cap_mint(_|\s*\(\s*){re.escape(word.removeprefix(MARK))}"
        starts = [match.start() for match in re.finditer(rf"\b{words}\b", code)]
        return self._unit.file, code.count("\n", 0, starts[-1]) + 1 if starts else 1


def read_listings(paths):
    """{path: lines} of what objects hold as instructions, with relocations and source lines."""
    found, lines = {str(path): [] for path in paths}, []
    done = _call([OBJDUMP, "-d", "-r", "-l", "--no-show-raw-insn", *paths])
    if done.returncode:
        raise Unable(f"{done.stderr.strip().splitlines()[-1]} (link-time bitcode has no "
                     "instructions: compile services without -flto)")
    for line in done.stdout.splitlines():
        path, mark, _ = line.partition(":\tfile format ")
        lines = found[path] if mark else lines
        lines.append(line)
    return found


def _judge_symbol(symbol, letter, unit, policy):
    """(rule, text) of what is wrong with an object that has this symbol, or None."""
    if symbol.startswith(MARK):
        symbol, letter = f"cap_mint_{symbol.removeprefix(MARK)}", "U"
    if symbol in policy.mints():
        if policy.is_core_file(unit.file):
            return None
        verb = "reference" if letter in "Uwv" else "define"
        return "CAP003", f"object code may not {verb} the mint '{symbol}' here"
    if letter in "Uwv" and not policy.may_do_raw(symbol, unit.file):
        return "CAP008", f"'{symbol}' takes no token: only the files that guard it may call it"
    if letter not in "Uwv" or not policy.is_service_file(unit.file):
        return None
    kind = policy.privileged().get(symbol)
    if kind and not policy.is_entitled(unit.file, kind):
        return "CAP006", f"'{symbol}' needs {kind}, which this service is not handed"
    allowed = policy.callable_from(unit.file)
    if allowed and not any(fnmatchcase(symbol, glob) for glob in allowed):
        return "CAP006", f"'{symbol}' is not among what a service may reference"
    return None


def check_objects(units, policy, reads, made):
    """For each unit (findings, reason it could not). MADE has the objects that there are already, by
    the unit's file; of the others READS, one a unit, get make rules of what was read. The units are
    compiled one by one; their objects are read together, since a program that reads one takes longer
    to start than to read."""
    with tempfile.TemporaryDirectory(prefix="aramid-object.") as folder:
        paths, reasons = {}, {}
        for number, (unit, rule) in enumerate(zip(units, reads)):
            path = Path(folder) / f"{number}.o"
            try:
                if unit.file not in made:
                    compile_unit(unit, path, rule)
                paths[number] = made.get(unit.file, path)
            except _Broken as reason:
                reasons[number] = str(reason)
            except subprocess.TimeoutExpired:
                reasons[number] = "no end of compiling after 120 s"
        findings = dict(zip(paths, judge_objects(
            paths.values(), [units[number] for number in paths], policy)))
    return [(findings.get(number, []), reasons.get(number, "")) for number in range(len(units))]


def judge_objects(paths, units, policy):
    """For each object, which is of the unit in its place, what is wrong with it."""
    paths = [str(path) for path in paths]
    symbols, wrong = read_symbols(paths) if paths else {}, {}
    for path, unit in zip(paths, units):
        verdicts = {symbol: verdict for symbol, letter in symbols[path].items()
                    if (verdict := _judge_symbol(symbol, letter, unit, policy))}
        if verdicts or policy.is_service_file(unit.file):
            wrong[path] = verdicts
    listings = read_listings(wrong) if wrong else {}
    return [_locate(wrong[path], Listing(listings[path], unit), unit, policy)
            if path in wrong else [] for path, unit in zip(paths, units)]


def _locate(wrong, listing, unit, policy):
    """The findings in one object: each wrong symbol at each place, and each instruction that a
    service may not have."""
    found = []

    def add(place, rule, text):
        file, line = place
        if os.path.realpath(os.path.join(unit.folder, file)) != os.path.realpath(unit.file):
            # In an inline function of a header, which may be innocent: say who called it.
            text += f" (in {short_path(unit.file, unit.folder)})"
        found.append(Finding(short_path(file, unit.folder), line, 1, "objects", rule, text))

    for symbol, (rule, text) in wrong.items():
        # The library's own inline functions delegate and attenuate for whoever calls them, which
        # only the place tells from a call of the file's own.
        untyped = policy.mints().get(symbol) == "any"
        for place in listing.places(symbol) if listing.has_places or not untyped else ():
            if not untyped or not policy.is_core_file(place[0]):
                add(place, rule, text)
    if policy.is_service_file(unit.file):
        for name, place in listing.raw:
            add(place, "CAP008", f"a service may not execute '{name}'")
    return found
