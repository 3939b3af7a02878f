# SPDX-License-Identifier: MIT
"""What is checked: compile commands, from a database, a folder or a list of files."""

import json
import shlex
from pathlib import Path
from typing import NamedTuple

from .places import HELP, INCLUDES, INSTALLED
from .programs import (BALANCED_DATABASE, BUILD, HOSTED_DATABASE, configure_balanced,
                       configure_hosted)
from .unable import Unable

# Flags for a file that no compile database knows: a hosted user of the library.
DEFAULT_COMMAND = ["clang-19", "-std=gnu17", "-DARAMID_PROFILE=BALANCED",
                   *(word for folder in INCLUDES for word in ("-I", str(folder)))]


class Unit(NamedTuple):
    """One C file and how it is compiled, in which folder."""
    file: str
    folder: str
    command: list


def size_of(unit):
    """Bytes of its file, 0 when that is gone."""
    try:
        return Path(unit.file).stat().st_size
    except OSError:
        return 0


def _without_launcher(command):
    if Path(command[0]).name == "aramid-gate" and "--" in command:
        return command[command.index("--") + 1:]
    return command


def read_database(path):
    """The C and assembler files of a compile database; the first command of each counts."""
    try:
        entries = json.loads(Path(path).read_text(encoding="utf-8"))
        units = {}
        for entry in entries:
            command = entry.get("arguments") or shlex.split(entry["command"])
            file = str((Path(entry["directory"]) / entry["file"]).resolve())
            if file.endswith((".c", ".S")):
                units.setdefault(file, Unit(file, entry["directory"],
                                            _without_launcher(command)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unable(f"{path} is not a readable compile database: {error}") from error
    return list(units.values())


def plain_unit(path):
    """A file by itself, with the flags of a hosted user of the library."""
    file = str(Path(path).resolve())
    return Unit(file, str(Path.cwd()), [*DEFAULT_COMMAND, "-c", file])


def named_units(paths):
    """Files by name: compiled as this tree's builds do if they know them, else plain."""
    known = {}
    for database in (BALANCED_DATABASE, HOSTED_DATABASE):
        if not INSTALLED and database.exists():
            for unit in read_database(database):
                known.setdefault(unit.file, unit)
    for path in paths:
        if not Path(path).is_file():
            raise Unable(f"{path}: no such file")
    return [known.get(str(Path(path).resolve())) or plain_unit(path) for path in paths]


def command_units(command):
    """The C files of one compile command, each compiled as the command says."""
    flags, files, words = [], [], iter(command)
    for word in words:
        if word == "-o":
            next(words, None)
        elif word.endswith(".c") and not word.startswith("-"):
            files.append(word)
        elif word != "-c":
            flags.append(word)
    if not flags or not files:
        raise Unable("no compiler or no C file behind --")
    for path in files:
        if not Path(path).is_file():
            raise Unable(f"{path}: no such file")
    return [Unit(str(Path(path).resolve()), str(Path.cwd()), [*flags, "-c", path])
            for path in files]


def project_units(folder):
    """A project: its compile database when it has one, else each C file below it."""
    folder = Path(folder)
    if not folder.is_dir():
        raise Unable(f"{folder}: no such folder")
    for database in (folder / "compile_commands.json",
                     *sorted(folder.glob("build*/compile_commands.json"))):
        if database.exists():
            return read_database(database)
    files = sorted(folder.rglob("*.c"))
    if not files:
        raise Unable(f"{folder} has neither a compile_commands.json nor C files")
    return [plain_unit(file) for file in files]


def tree_units():
    """This tree: the kernel as Balanced builds it, and what only the hosted library has."""
    if INSTALLED:
        raise Unable(f"say what to check: --files, --project or --compdb (see {HELP})")
    units = {unit.file: unit for unit in read_database(configure_balanced())}
    for unit in read_database(configure_hosted()):
        units.setdefault(unit.file, unit)
    # Debian's source packages are unpacked below build/: they are not ours to judge.
    foreign = str(BUILD) + "/"
    return [unit for unit in units.values() if not unit.file.startswith(foreign)]
