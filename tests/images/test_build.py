# SPDX-License-Identifier: MIT
"""Every profile builds with each compiler, and without a warning."""

import os
import subprocess

import guest
import pytest


@pytest.mark.parametrize("compiler", ["clang", "gcc"])
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_profile_builds_without_a_warning(profile, compiler):
    done = subprocess.run([os.path.join(guest.ROOT, "tools", "build-kernel"), profile, compiler],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "warning:" not in done.stdout
    assert os.path.isfile(os.path.join(guest.ROOT, "build", f"{profile}-{compiler}", "kernel",
                                       "aramid.elf"))
    assert os.path.isfile(os.path.join(guest.ROOT, "build", f"{profile}-{compiler}",
                                       "compile_commands.json"))


def test_the_root_archive_is_the_same_when_built_twice(tmp_path):
    archives = []
    for name in ("first", "second"):
        subprocess.run([os.path.join(guest.ROOT, "userland", "build"), str(tmp_path / name)],
                       check=True)
        archives.append((tmp_path / name / "root.cpio").read_bytes())
    assert archives[0] == archives[1]
