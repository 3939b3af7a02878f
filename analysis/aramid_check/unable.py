# SPDX-License-Identifier: MIT
"""The reason for exit status 2: something could not run."""

import shutil


class Unable(Exception):
    """Its text is the one line that the user reads."""


def need(program, package):
    """The path of a program; Unable, with the package to install, when it is missing."""
    path = shutil.which(program)
    if not path:
        raise Unable(f"{program} is missing: install package {package}")
    return path
