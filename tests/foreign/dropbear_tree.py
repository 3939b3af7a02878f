# SPDX-License-Identifier: MIT
"""Dropbear as Debian has it and with tokens: copied, configured, built in a profile, measured."""

import difflib
import os
import re
import shlex
import shutil
from pathlib import Path

from sources import BUILD, COMPILER, ROOT, must, unpack, write_database

OURS = ROOT / "tests/foreign/dropbear"
TREE = BUILD / "dropbear"
CONFIGURED = BUILD / "dropbear-configured"
PREFIX = BUILD / "caps" / "prefix"
PROFILES = ("fortress", "balanced", "performance", "ludicrous")
PROGRAMS = ("dropbear", "dbclient", "dropbearkey")


def install_library():
    """The token library in the four profiles, below PREFIX."""
    build = PREFIX.parent / "build"
    must(["cmake", "-S", ROOT / "caps", "-B", build, "-G", "Ninja", "-DBUILD_TESTING=OFF",
          f"-DCMAKE_C_COMPILER={COMPILER}"])
    must(["cmake", "--build", build])
    must(["cmake", "--install", build, "--prefix", PREFIX])


def convert(form):
    """Makes TREE anew: 'plain', or with 'tokens'."""
    must([OURS / "convert", form, unpack("dropbear"), TREE])


def configure():
    """Configures once, for all forms and profiles: none changes what configure looks at."""
    if (CONFIGURED / "default_options_guard.h").exists():
        return
    CONFIGURED.mkdir(parents=True, exist_ok=True)
    must([TREE / "configure", f"CC={COMPILER}", "--disable-zlib", "--disable-bundled-libtom"],
         CONFIGURED)
    must(["make", "default_options_guard.h"], CONFIGURED)


def _library(profile, what):
    os.environ["PKG_CONFIG_PATH"] = str(PREFIX / "lib/pkgconfig")
    return must(["pkg-config", what, f"aramid-caps-{profile}"]).strip()


def _variables(profile):
    """What dropbear's own Makefile is told: the library, and the table of kinds."""
    flags = "-std=gnu17 -O1 -w -DARAMID_CAP_PROJECT_KINDS='<rights.def>'"
    return [f"CC={COMPILER}", f"CFLAGS={flags} {_library(profile, '--cflags')}",
            f"LIBS=rights.o {_library(profile, '--libs')} -ltomcrypt -ltommath -lutil"]


def build(profile, programs):
    """Builds the programs; returns their folder."""
    folder = BUILD / f"dropbear-{profile}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("Makefile", "config.h", "default_options_guard.h"):
        if not (folder / name).exists():
            shutil.copy2(CONFIGURED / name, folder)
    must(["make", "-s", "-j2", *_variables(profile), "rights.o", *programs], folder)
    return folder


def _plan(profile, targets):
    """The compiler's commands, as words, that make would run for all of the targets."""
    plan = must(["make", "-n", "-B", "-o", "Makefile", *_variables(profile), *targets], CONFIGURED)
    commands = [shlex.split(line) for line in plan.splitlines() if COMPILER in line]
    return [words for words in commands if words[0] == COMPILER]


def link_command(profile):
    """The command that links the server, for a profile's build folder."""
    return next(words for words in _plan(profile, ["dropbear"]) if "-c" not in words)


def database(profile, own=("rights.o",)):
    """The compile database of TREE's programs in a profile."""
    folder, entries = CONFIGURED, []
    for words in _plan(profile, [*own, *PROGRAMS]):
        if "-c" in words:
            file = folder / [word for word in words if word.endswith(".c")][-1]
            # -w is for the build alone.
            entries.append({"directory": str(folder), "file": os.path.normpath(file),
                            "arguments": [word for word in words if word != "-w"]})
    path = folder / f"{profile}.json"
    write_database(path, entries)
    return path


def plant(file, function, text, folder):
    """A copy of TREE's file with the text as the function's first lines; returns path and line."""
    lines = (TREE / file).read_text().splitlines(keepends=True)
    header = re.compile(rf"\b{function}\(.*\{{$")
    number = next(index for index, line in enumerate(lines, 1) if header.search(line.rstrip()))
    lines.insert(number, f"\t{text}\n")
    # The policy names files by the folder that they lie in.
    path = folder / "dropbear" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path, number + 1


def _lines(path):
    """Lines that say something: neither empty nor a comment."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return sum(1 for line in text.splitlines()
               if line.strip() and not line.lstrip().startswith(("//", "#!", "# ")))


def figures():
    """The table of sizes: what we wrote, and what it changed. TREE is the converted one."""
    source, changed, added, removed, total = unpack("dropbear"), 0, 0, 0, 0
    for path in sorted(source.glob("*.[ch]")):
        before = path.read_text(errors="replace").splitlines()
        after = (TREE / path.name).read_text(errors="replace").splitlines()
        total += len(before)
        marks = [line[0] for line in difflib.unified_diff(before, after, n=0, lineterm="")
                 if line[0] in "+-" and not line.startswith(("+++", "---"))]
        changed += bool(marks)
        added += marks.count("+")
        removed += marks.count("-")
    rows = [("`tokens.cocci`, the semantic patch", "tokens.cocci"),
            ("`macros.h`, dropbear's macros that spatch must know", "macros.h"),
            ("`rights.def`, the table of kinds", "rights.def"),
            ("`rights.h` and `rights.c`, the core", "rights.[ch]"),
            ("`dropbear.policy`", "dropbear.policy")]
    text = "| file | lines that say something |\n|---|---|\n"
    for title, glob in rows:
        text += f"| {title} | {sum(_lines(path) for path in OURS.glob(glob))} |\n"
    files = len(list(source.glob("*.[ch]")))
    return text + (f"\nIn dropbear itself {changed} of {files} files change: "
                   f"{added} lines come and {removed} go, of {total}.\n")
