# SPDX-License-Identifier: MIT
"""The reason for exit status 2: something could not run."""

import re
import shutil
import subprocess


class Unable(Exception):
    """Its text is the one line that the user reads."""


def need(program, package):
    """The path of a program; Unable, with the package to install, when it is missing."""
    path = shutil.which(program)
    if not path:
        raise Unable(f"{program} is missing: install package {package}")
    return path


def need_version(program, package, version):
    """The path of a program that says it has the version; Unable when it has another."""
    path = need(program, package)
    done = subprocess.run([path, "--version"], text=True, errors="replace", check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    if not found or not f"{found[0]}.".startswith(f"{version}."):
        raise Unable(f"{path} is version {found[0] if found else 'unknown'}, not {version}: "
                     f"install package {package} of version {version}")
    return path
