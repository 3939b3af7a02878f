# SPDX-License-Identifier: MIT
"""The image of Debian's packages, made once for all tests."""

import os
import subprocess

import guest
import pytest

IMAGE = os.path.join(guest.ROOT, "tools", "image")


@pytest.fixture(scope="session")
def debian_image(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / "debian.img"
    subprocess.run([IMAGE, "--out", str(path), "--size", "256M"], check=True, timeout=300)
    return path


@pytest.fixture
def root_disk(debian_image, tmp_path):
    """A copy that may be written to."""
    path = tmp_path / "root.img"
    subprocess.run(["cp", "--sparse=always", debian_image, path], check=True)
    return path
