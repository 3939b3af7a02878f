# SPDX-License-Identifier: MIT
"""The rooms stand in their order: a file includes what its floor may use (floors.list)."""

import fnmatch
import glob
import os
import re
import subprocess

import guest
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOMS = ("annotations", "caps/include", "caps/src", "arch", "kernel", "services", "userland")
OF_THE_HOUSE = re.compile(r"(?:aramid|arch|kernel|services|caps|annotations|userland)/")


def read_rows(text):
    rows = [[field.strip() for field in line.split("|")] for line in text.splitlines()
            if line and not line.startswith("#")]
    assert all(len(row) == 3 and all(row) for row in rows), "room | headers | why"
    return [(files, headers) for files, headers, _ in rows]


def includes_of(path, text):
    """The headers of the house that a file includes, by their paths from where -I points."""
    folder = os.path.dirname(path)
    for header in re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', text, re.MULTILINE):
        beside = os.path.normpath(os.path.join(folder, header))
        if os.path.exists(os.path.join(guest.ROOT, beside)):
            yield beside
        elif OF_THE_HOUSE.match(header):
            yield header


def allows(row, path, header):
    files, headers = row
    return fnmatch.fnmatch(path, files) and \
        fnmatch.fnmatch(header, headers.replace("{own}", os.path.dirname(path)))


def judge(rows, files):
    """The includes that no row allows, and the rows that nothing needs."""
    refused, needed = [], set()
    for path, text in files.items():
        for header in includes_of(path, text):
            allowed = {row for row in rows if allows(row, path, header)}
            needed |= allowed
            if not allowed:
                refused.append(f"{path} includes {header}")
    return refused, [row for row in rows if row not in needed]


@pytest.fixture(scope="module", name="rows")
def _rows():
    with open(os.path.join(HERE, "floors.list"), encoding="utf-8") as file:
        return read_rows(file.read())


def test_no_file_includes_what_stands_above_its_floor(rows):
    names = subprocess.run(["git", "ls-files", *ROOMS], cwd=guest.ROOT, check=True, text=True,
                           capture_output=True).stdout.split()
    names = [name for name in names if re.search(r"\.(?:[chS]|def|lds)$", name)
             and "tests" not in name.split("/")]
    files = {}
    for name in names:
        with open(os.path.join(guest.ROOT, name), encoding="utf-8") as file:
            files[name] = file.read()
    assert len(files) > 300
    assert judge(rows, files) == ([], [])


@pytest.mark.parametrize("path, header", [
    ("services/tmpfs/tmpfs.c", "services/procfs/procfs.h"),
    ("services/tmpfs/tmpfs.c", "kernel/mm/heap.h"),
    ("services/ext2/ext2.c", "arch/page.h"),
    ("services/ext2/ext2.c", "kernel/device/device_queue.h"),
    ("kernel/vfs/mount.c", "services/manifest.h"),
    ("kernel/vfs/mount.c", "services/tmpfs/tmpfs.h"),
    ("arch/x86_64/mmu/mmu.c", "kernel/vfs/file.h"),
    ("caps/src/mint.c", "arch/page.h"),
    ("annotations/include/aramid/user.h", "kernel/lib/string.h"),
    ("userland/init.c", "kernel/lib/string.h"),
])
def test_an_include_of_a_higher_floor_is_refused(path, header, rows):
    refused, _ = judge(rows, {path: f"#include <{header}>\n"})
    assert refused == [f"{path} includes {header}"]


def test_a_row_that_nothing_needs_is_told():
    assert judge([("kernel/*", "arch/*")], {"kernel/main.c": "#include <stdint.h>\n"}) == \
        ([], [("kernel/*", "arch/*")])


def test_each_room_says_what_lives_there():
    for room in ("analysis", "annotations", "arch/x86_64", "caps", "cmake", "frama", "kernel",
                 "services", "tests", "tools", "userland"):
        with open(os.path.join(guest.ROOT, room, "README.md"), encoding="utf-8") as file:
            said = file.read()
        assert said.startswith(f"# {room}/: "), room
        # Whatever it names in its table is there.
        for name in re.findall(r"^\| `([\w./*-]+)`", said, re.MULTILINE):
            assert any(glob.glob(os.path.join(guest.ROOT, room, place, name))
                       for place in ("", "include")), f"{room}/README.md: {name}"
