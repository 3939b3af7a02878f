# SPDX-License-Identifier: MIT
"""The campaign cannot run, and why."""


class Unable(Exception):
    """A line for people; the exit status is 2."""
