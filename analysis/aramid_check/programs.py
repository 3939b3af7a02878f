# SPDX-License-Identifier: MIT
"""Our own checkers and the policy: built when asked for, from analysis/ and caps/, or installed."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .places import HERE, INCLUDES, INSTALLED, MAKE_POLICY, PROGRAMS, WORK
from .unable import Unable, need

ROOT = HERE.parent
BUILD = ROOT / "build"

BALANCED_DATABASE = BUILD / "balanced-clang" / "compile_commands.json"
HOSTED_DATABASE = BUILD / "analysis" / "hosted" / "compile_commands.json"

# The rooms that hold our code. Each may have *.policy files: its carriers and core files.
ROOMS = ("analysis", "annotations", "arch", "caps", "kernel", "services")

# What the build of analysis/ calls, and the package of each.
BUILD_TOOLS = (("cmake", "cmake"), ("ninja", "ninja-build"), ("gcc", "gcc"), ("make", "make"))


def run_step(words, purpose):
    """Runs a build step; its output is shown only when it fails."""
    done = subprocess.run([str(word) for word in words], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise Unable(f"cannot {purpose}: {words[0]} ended with status {done.returncode}")


def _find_programs(with_analyzer):
    for name in ("capflow", "aramid-gate"):
        if not (PROGRAMS / name).is_file():
            raise Unable(f"{PROGRAMS / name} is missing: install Aramid's library again")
    if with_analyzer and not (PROGRAMS / "aramid-analyzer.so").is_file():
        raise Unable("the analyzer's plugin was not installed: install packages clang-19, "
                     "libclang-19-dev and llvm-19-dev, then Aramid's library again")
    return PROGRAMS


def build_programs(with_analyzer):
    """Builds capflow, the gate and perhaps the analyzer's plugin; returns their folder."""
    if INSTALLED:
        return _find_programs(with_analyzer)
    for program, package in BUILD_TOOLS:
        need(program, package)
    if not (PROGRAMS / "build.ninja").exists():
        run_step(["cmake", "-S", ROOT / "analysis", "-B", PROGRAMS, "-G", "Ninja"],
                 "configure the checkers")
    wanted = ["aramid-analysis", *(["aramid-analyzer"] if with_analyzer else [])]
    run_step(["ninja", "-C", PROGRAMS, *wanted], "build the checkers")
    return PROGRAMS


def _make_kinds(tables):
    """The policy file that the library's table of kinds and these make."""
    words = [str(MAKE_POLICY), "--library", str(INCLUDES[0] / "aramid/cap_kinds.def")]
    for table in tables:
        words += ["--kinds", str(table)]
    done = subprocess.run(words, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise Unable(f"no policy could be made from the kinds: {done.stderr.strip()}")
    mark = "".join(f"{Path(table).resolve()}\n" for table in tables)
    mark = f".{hashlib.sha256(mark.encode()).hexdigest()[:16]}" if tables else ""
    path = WORK / f"kinds{mark}.policy"
    try:
        # Renamed into place: another check may be reading it.
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            file.write(done.stdout)
        os.replace(file.name, path)
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
    return path


def own_policies(tables):
    """What the tables of kinds say, the library's and a project's, and in this tree each room's
    own lines."""
    kinds = _make_kinds(tables)
    if INSTALLED:
        return [kinds, HERE / "kinds.policy"]
    return [kinds, *sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.policy"))]


def _configure(database, packages, words):
    """Brings the database up to date: one from before a source was added would not check it."""
    for program, package in packages:
        need(program, package)
    folder = database.parent
    rules, presets = folder / "build.ninja", ROOT / "CMakePresets.json"
    if database.exists() and rules.exists() and rules.stat().st_mtime > presets.stat().st_mtime:
        # Ninja configures again when one of CMake's own inputs has changed.
        run_step(["ninja", "-C", folder, "build.ninja"], f"configure {folder}")
    else:
        run_step(words, f"configure {folder}")
    if not database.exists():
        raise Unable(f"{database} is missing though its build is configured")
    return database


def configure_balanced():
    """The compile database of the kernel's Balanced build, configured anew; with what the build makes
    that a source takes in."""
    database = _configure(BALANCED_DATABASE, BUILD_TOOLS, ["cmake", "--preset", "balanced"])
    run_step(["ninja", "-C", database.parent, "included_files"], "make what the sources take in")
    return database


def configure_hosted():
    """The compile database of the hosted token library; its first profile is Fortress."""
    return _configure(HOSTED_DATABASE, (*BUILD_TOOLS, ("clang-19", "clang-19")), [
        "cmake", "-S", ROOT / "caps", "-B", HOSTED_DATABASE.parent, "-G", "Ninja",
        "-DCMAKE_C_COMPILER=clang-19", "-DBUILD_TESTING=OFF", "-DARAMID_CHECKERS=OFF",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
