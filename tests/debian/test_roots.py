# SPDX-License-Identifier: MIT
"""Which root a command gets, how the root of Debian's packages is made, and how it is unpacked."""

import os
import stat
import subprocess

import guest
import newc
import pytest
import roots

TOOL = os.path.join(guest.ROOT, "tools", "debian-root")
SMALL = os.path.join(guest.ROOT, "build", roots.IMAGES["small"].path)
DEBIAN = os.path.join(guest.ROOT, "build", roots.IMAGES["debian"].path)


@pytest.fixture(scope="module")
def archives():
    """{image: its archive's members by name}, both built."""
    subprocess.run([os.path.join(guest.ROOT, "userland", "build")], check=True)
    subprocess.run([TOOL, SMALL], check=True)
    found = {}
    for name, path in (("small", SMALL), ("debian", DEBIAN)):
        with open(path, "rb") as stream:
            found[name] = {member: (mode, content) for member, mode, content
                           in newc.members(stream.read())}
    return found


def programs_in(members):
    return {os.path.basename(name) for name in members
            if os.path.dirname(name) in ("bin", "sbin", "usr/bin", "usr/sbin")}


def test_words_that_choose_the_large_root_are_programs_that_only_it_has(archives):
    assert roots.programs() <= programs_in(archives["debian"])
    assert not roots.programs() & programs_in(archives["small"])


@pytest.mark.parametrize("command, image", [
    ('bash -c "echo hi"', "debian"), ("cd /; /usr/bin/python3 -V", "debian"),
    ("echo 1 | sqlite3 :memory:", "debian"), ("x=$(lua5.4 -v)", "debian"),
    ("cat /proc/services", "small"), ("ls --rebash", "small"), ("", "small"), (None, "small"),
])
def test_a_command_chooses_its_root_by_its_words(command, image):
    assert roots.wanted_by(command) == image


def test_the_large_root_has_all_that_the_small_one_has(archives):
    small = {name for name, (mode, _) in archives["small"].items() if not stat.S_ISDIR(mode)}
    there = set(archives["debian"]) | programs_in(archives["debian"])
    assert {name for name in small if not name.startswith(("bin/", "sbin/"))} <= there
    assert programs_in(archives["small"]) <= programs_in(archives["debian"])


def test_no_file_of_the_large_root_is_another_users_or_documentation(archives):
    members = archives["debian"]
    assert not [name for name in members if name.startswith(("usr/share/doc/", "usr/share/man/"))]
    for name, (mode, content) in members.items():
        if stat.S_ISLNK(mode) and not content.startswith(b"/"):
            target = os.path.normpath(os.path.join(os.path.dirname(name), content.decode()))
            assert not target.startswith(".."), f"{name} leads out of the root"


@pytest.mark.parametrize("said, message", [
    ("E: Unable to locate package bash", "no source of apt's has bash"),
    ("Err:1 http://deb.invalid bookworm InRelease", "is the network there?"),
])
def test_packages_that_cannot_be_fetched_are_a_clear_message(tmp_path, said, message):
    fake = tmp_path / "apt-get"
    fake.write_text(f"#!/bin/sh\necho '{said}'\nexit 100\n")
    fake.chmod(0o755)
    done = subprocess.run([TOOL, SMALL, str(tmp_path / "out")], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == 1
    assert message in done.stderr.splitlines()[-1]
    assert said in done.stderr


def copied(members):
    """An archive whose files lie on no page boundary, as other tools write them."""
    archive = newc.Archive()
    for name, (mode, content) in members.items():
        archive.add(name, mode, content, large=len(content) + 1)
    return archive.bytes()


def test_files_are_the_same_whether_their_pages_are_taken_over_or_copied(archives, tmp_path):
    other = tmp_path / "copied.cpio"
    other.write_bytes(copied(archives["small"]))
    command = ("sha256sum /init /bin/busybox /usr/lib/aramid/tests/*; ls -l /bin/busybox;"
               "echo more >>/init; tail -c 5 /init; cat /proc/audit")
    said = [guest.boot("balanced", command, mem="32M", more=more).out.split("pages_free")
            for more in ([], ["--initrd", str(other)])]
    assert "busybox" in said[0][0] and said[0][0] == said[1][0]
    stores, free = ([guest.audit("pages_free" + text)[name] for _, text in said]
                    for name in ("pages_of_stores", "pages_free"))
    assert stores[0] == stores[1]
    # Both give the archive back: it is 680 pages.
    assert abs(free[0] - free[1]) < 50
