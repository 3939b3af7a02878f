# SPDX-License-Identifier: MIT
"""./aramid image: what it makes is sound and root's, and what it cannot do is said in words."""

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess

import guest
import newc
import pytest
from conftest import IMAGE
from e2fs import problems, run


def load_tool():
    loader = importlib.machinery.SourceFileLoader("image_tool", IMAGE)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("image_tool", loader))
    loader.exec_module(module)
    return module


image_tool = load_tool()


def test_the_image_is_sound_and_all_of_it_is_roots(debian_image):
    assert problems(debian_image) == ""
    for folder in ("/", "/usr/bin", "/etc", "/root"):
        rows = [line.split() for line in run("debugfs", "-R", f"ls -l {folder}", debian_image).splitlines()
                if line.strip() and not line.startswith("debugfs")]
        assert len(rows) > 1 and all(row[3:5] == ["0", "0"] for row in rows), folder
    assert "bash" in run("debugfs", "-R", "ls /usr/bin", debian_image)


def test_who_is_not_root_makes_an_image_that_is_roots(tmp_path):
    """A user who has no right to give files away."""
    script = tmp_path / "make.py"
    script.write_text(f"""
import importlib.machinery, importlib.util, os, stat
loader = importlib.machinery.SourceFileLoader("image_tool", {IMAGE!r})
tool = importlib.util.module_from_spec(importlib.util.spec_from_loader("image_tool", loader))
loader.exec_module(tool)
members = [("etc", stat.S_IFDIR | 0o755, b""), ("etc/shadow", stat.S_IFREG | 0o640, b"secret"),
           ("su", stat.S_IFREG | 0o4755, b"program"), ("link", stat.S_IFLNK | 0o777, b"etc/shadow"),
           ("with a blank", stat.S_IFREG | 0o600, b"")]
assert os.getuid() != 0
tool.write_image("made.img", members, 8 << 20, "00000000-0000-0000-0000-000000000001")
""", encoding="ascii")
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents:
        if str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    drop = drop if os.geteuid() == 0 else []
    subprocess.run([*drop, "/usr/bin/python3", "-B", str(script)], check=True, cwd=tmp_path, timeout=60,
                   env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path),
                        "PYTHONPATH": os.path.join(guest.ROOT, "tools")})
    made = tmp_path / "made.img"
    assert problems(made) == ""
    for name, mode in (("/etc", "0755"), ("/etc/shadow", "0640"), ("/su", "04755"), ("/link", "0777"),
                       ("/with a blank", "0600")):
        said = run("debugfs", "-R", f'stat "{name}"', made)
        assert f"Mode:  {mode}" in said and "User:     0   Group:     0" in said, said
    assert run("debugfs", "-R", "cat /etc/shadow", made).endswith("secret")


def test_named_packages_are_the_images_contents(tmp_path):
    """The packages come from where an earlier test has put them: apt-get is a stand-in that copies."""
    archives = os.path.join(guest.ROOT, "build", "debian-root", "cache", "archives")
    fake = tmp_path / "apt-get"
    fake.write_text("#!/bin/sh\nfor word in \"$@\"; do case $word in -oDir::Cache=*) "
                    f"cp {archives}/dash_*.deb \"${{word#*=}}/archives\";; esac; done\n", encoding="ascii")
    fake.chmod(0o755)
    out = tmp_path / "small.img"
    folder = os.path.join(image_tool.FOLDER, image_tool.name_of(["aramid-no-package"]))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        done = subprocess.run([IMAGE, "--out", str(out), "aramid-no-package"], text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0 and "--root /dev/vda" in done.stdout, done.stdout
    assert problems(out) == ""
    programs = run("debugfs", "-R", "ls /usr/bin", out)
    assert "dash" in programs and "busybox" in programs and "bash" not in programs.split()


@pytest.mark.parametrize("words, status, message", [
    (["--size", "1M"], 1, "--size is too small"),
    (["--size", "9"], 2, "'9' is not a size like 512M or 2G"),
    (["--out", "/nowhere/image"], 2, "--out /nowhere/image: there is no such folder"),
    (["--out", "/tmp"], 2, "--out /tmp is there and not a file"),
    (["Bash"], 2, "'Bash' is not a name of a package"),
    (["--no-such"], 2, "unrecognized arguments: --no-such"),
])
def test_wrong_words_are_refused_with_a_reason(words, status, message, debian_image):
    done = subprocess.run([IMAGE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=120)
    assert done.returncode == status and message in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_tool_names_its_package():
    done = subprocess.run([IMAGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={"PATH": "/nowhere"}, timeout=60)
    assert (done.returncode, done.stderr) == (2, "image: dpkg-deb is missing: install package dpkg\n")


def test_a_full_disk_is_told_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(image_tool.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, 5 << 20))
    members = list(newc.members(_archive()))
    with pytest.raises(image_tool.Failure, match=r"has 5 MiB free, 8 are needed"):
        image_tool.write_image(str(tmp_path / "image"), members, 8 << 20, "0-0")
    assert not os.listdir(tmp_path)


def _archive():
    archive = newc.Archive()
    archive.file("file", b"content")
    return archive.bytes()
