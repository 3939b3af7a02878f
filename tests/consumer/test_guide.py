# SPDX-License-Identifier: MIT
"""The guide's steps work from an empty folder, against the installed package."""
import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROFILES = ("FORTRESS", "BALANCED", "PERFORMANCE", "LUDICROUS")


def must(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", name="prefix")
def install(tmp_path_factory):
    """The folder of the installed package."""
    folder = tmp_path_factory.mktemp("guide")
    build, prefix = str(folder / "build"), str(folder / "prefix")
    must("cmake", "-S", f"{ROOT}/caps", "-B", build, "-G", "Ninja", "-DBUILD_TESTING=OFF",
         "-DCMAKE_BUILD_TYPE=Release", "-DARAMID_CHECKERS=ON")
    must("cmake", "--build", build)
    must("cmake", "--install", build, "--prefix", prefix)
    return prefix


def steps():
    """What stands between the fences: (file to write or None, text)."""
    with open(os.path.join(ROOT, "docs/guide/README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", file.read(), re.M | re.S)
    return [(name if language != "sh" else None, text) for language, name, text in blocks]


@pytest.mark.parametrize("compiler", ["clang-19", "gcc"])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_steps_of_the_guide_work(prefix, profile, compiler, tmp_path):
    environment = dict(os.environ, PREFIX=prefix, PROFILE=profile, CC=compiler,
                       XDG_CACHE_HOME=str(tmp_path / "cache"))
    outputs = []
    for name, text in steps():
        if name:
            (tmp_path / name).write_text(text)
        else:
            outputs.append(must("sh", "-euc", text, cwd=tmp_path, env=environment))
    built, checked, by_hand, stolen = outputs
    assert built.splitlines()[-1] == "lit"
    assert checked.splitlines()[-1].endswith(": 0 findings")
    assert by_hand.splitlines()[-1].endswith(": 0 findings")
    assert by_hand.splitlines()[-1].startswith("checked 2 files")
    # By the build and by the check.
    assert len(re.findall(r"thief\.c:\d+:\d+: error: CAP001: .* made of a literal", stolen)) == 2
