# SPDX-License-Identifier: MIT
"""The tools of e2fsprogs, as the tests of disks call them."""

import os
import subprocess

# Where Debian has them, whoever runs the tests.
ENVIRONMENT = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")


def run(*command, statuses=(0,)):
    """What a command says; it must end with one of the statuses."""
    done = subprocess.run([str(part) for part in command], env=ENVIRONMENT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    assert done.returncode in statuses, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


def make(path, size, options):
    """An image, as mke2fs makes it; its path."""
    run("mke2fs", "-q", "-F", *options.split(), path, size)
    return path


def problems(image):
    """What e2fsck would mend: its words, "" when it finds nothing. A wrong free count alone does not
    show in how it exits (e2fsck(8): 4 errors are left; 8, it could not look, is no answer)."""
    done = subprocess.run(["e2fsck", "-fn", image], env=ENVIRONMENT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    assert done.returncode in (0, 4), f"e2fsck: {done.returncode}\n{done.stdout}"
    return done.stdout if done.returncode or "? no" in done.stdout else ""
