# SPDX-License-Identifier: MIT
"""What a run of the check came to, as the report needs it."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """Findings in groups with their fingerprints, what a baseline knew, and what else is shown."""
    groups: list
    prints: list
    known: object  # fingerprints of the baseline, or None without one
    hatches: list
    unable: list   # (file, tool, reason)
    files: int
    tools: list
    drawing: object

    def state_of(self, fingerprint):
        """'new' or 'known' beside a baseline; empty without one."""
        if self.known is None:
            return ""
        return "known" if fingerprint in self.known else "new"

    def new(self):
        """How many findings the baseline lacks."""
        return sum(self.state_of(mark) != "known" for mark in self.prints)
