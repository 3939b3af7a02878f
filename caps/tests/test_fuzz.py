# SPDX-License-Identifier: MIT
"""Mutated tokens are accepted exactly when the model says so; ten million: caps/tests/fuzz/run."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def fuzz(root, *arguments):
    return subprocess.run([os.path.join(root, "caps/tests/fuzz/run"), *arguments],
                          capture_output=True, text=True, check=False)


def test_the_library_agrees_with_the_model_on_every_token_shown():
    done = fuzz(ROOT, "200000")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "200000 tokens shown" in done.stdout
    assert int(done.stdout.split()[3]) > 1000


def test_a_library_that_does_not_compare_owners_is_found_out(tmp_path):
    for folder in ("annotations", "caps", "tools"):
        shutil.copytree(os.path.join(ROOT, folder), tmp_path / folder)
    for file in ("packages.list", "LICENSE"):
        shutil.copy(os.path.join(ROOT, file), tmp_path)
    check = tmp_path / "caps/src/check.c"
    text = check.read_text()
    assert " | of_owner" in text
    check.write_text(text.replace(" | of_owner", " | (of_owner & 0)"))
    done = fuzz(str(tmp_path), "200000")
    assert done.returncode == 1
    assert "deadly signal" in done.stderr


def test_a_wrong_number_is_named():
    done = fuzz(ROOT, "many")
    assert done.returncode == 2
    assert done.stderr == "fuzz: 'many' is not a number of tokens to show\n"
