# SPDX-License-Identifier: MIT
"""Our own checkers and the policy: built when asked for, from analysis/ and caps/."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .unable import Unable, need

ROOT = Path(__file__).resolve().parents[2]
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


def build_programs(with_analyzer):
    """Builds capflow, the gate and perhaps the analyzer's plugin; returns their folder."""
    folder = BUILD / "analysis"
    for program, package in BUILD_TOOLS:
        need(program, package)
    if not (folder / "build.ninja").exists():
        run_step(["cmake", "-S", ROOT / "analysis", "-B", folder, "-G", "Ninja"],
                 "configure the checkers")
    wanted = ["aramid-analysis", *(["aramid-analyzer"] if with_analyzer else [])]
    run_step(["ninja", "-C", folder, *wanted], "build the checkers")
    return folder


def tree_policies():
    """This tree's policy files: what the table of kinds says, then each room's own lines."""
    done = subprocess.run([str(ROOT / "caps/tools/make-policy")], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise Unable(f"no policy could be made from the kinds: {done.stderr.strip()}")
    path = BUILD / "analysis" / "kinds.policy"
    # Renamed into place: another check may be reading it.
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(done.stdout)
    os.replace(file.name, path)
    return [path, *sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.policy"))]


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
    """The compile database of the kernel's Balanced build, configured anew."""
    return _configure(BALANCED_DATABASE, BUILD_TOOLS, ["cmake", "--preset", "balanced"])


def configure_hosted():
    """The compile database of the hosted token library; its first profile is Fortress."""
    return _configure(HOSTED_DATABASE, (*BUILD_TOOLS, ("clang-19", "clang-19")), [
        "cmake", "-S", ROOT / "caps", "-B", HOSTED_DATABASE.parent, "-G", "Ninja",
        "-DCMAKE_C_COMPILER=clang-19", "-DBUILD_TESTING=OFF",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"])
