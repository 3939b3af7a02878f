# SPDX-License-Identifier: MIT
"""Foreign code from Debian's source packages, each with a database of its own compile commands."""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "foreign"
COMPILER = "clang-19"


def must(words, folder=ROOT):
    """What the command prints; it has to succeed."""
    done = subprocess.run([str(word) for word in words], cwd=folder, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


def unpack(package):
    """The folder of the unpacked source package."""
    cache = ROOT / "build/debian-sources"
    return Path(must([ROOT / "tools/debian-source", package, cache]).strip())


def entries_of_make(folder, targets):
    """The compile commands that make would run, without running them."""
    entries = []
    for line in must(["make", "-n", *targets], folder).splitlines():
        words = shlex.split(line) if " -c " in line else []
        if COMPILER not in words:
            continue
        words = words[words.index(COMPILER):]
        files = [word for word in words if word.endswith(".c")]
        if files:
            entries.append({"directory": str(folder), "file": files[-1], "arguments": words})
    return entries


def prepare_lwip(unpacked, folder):
    """Every C file, as Debian's port configures the stack: its own build leaves some out. A copy of
    them, as the tree's policy knows the originals as code of a service (analysis/tree.policy)."""
    source = folder / "source"
    shutil.copytree(unpacked, source, dirs_exist_ok=True, symlinks=True)
    flags = [COMPILER, "-Isrc/include", "-Iport/include", "-c"]
    return [{"directory": str(source), "file": str(file), "arguments": [*flags, str(file)]}
            for folder in ("src", "port") for file in sorted((source / folder).rglob("*.c"))]


def prepare_musl(source, folder):
    """What the static C library is made of."""
    must([source / "configure", f"CC={COMPILER}", "--disable-shared"], folder)
    must(["make", "obj/include/bits/alltypes.h", "obj/include/bits/syscall.h",
          "obj/src/internal/version.h"], folder)
    return entries_of_make(folder, ["lib/libc.a"])


def prepare_sqlite3(source, folder):
    """The amalgamation: one file of a quarter of a million lines."""
    must([source / "configure", f"CC={COMPILER}", "--disable-tcl"], folder)
    must(["make", "sqlite3.c"], folder)
    return entries_of_make(folder, ["sqlite3.lo"])


PREPARE = {"lwip": prepare_lwip, "musl": prepare_musl, "sqlite3": prepare_sqlite3}


def database_of(package):
    """The package's compile database; configured once, and again when this file changes."""
    folder = BUILD / package
    database = folder / "compile_commands.json"
    if not database.exists() or database.stat().st_mtime < os.stat(__file__).st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        entries = PREPARE[package](unpack(package), folder)
        assert entries, f"{package}: no compile command was found"
        write_database(database, entries)
    return database


def write_database(path, entries):
    """Writes a compile database, by renaming: a half-written one is never read."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
    os.replace(file.name, path)


def read_entries(database):
    """The database's entries."""
    return json.loads(Path(database).read_text(encoding="utf-8"))
