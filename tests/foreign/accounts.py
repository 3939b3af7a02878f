# SPDX-License-Identifier: MIT
"""What one run of ./aramid check over foreign code came to, read from what it printed."""

import os
import re
import subprocess
from collections import Counter
from typing import NamedTuple

from sources import ROOT

_FINDING = re.compile(r"^(\S.*?):\d+:\d+: error: ([^:]+): ", re.MULTILINE)
_CHECKED = re.compile(r"^checked (\d+) files with ", re.MULTILINE)
_UNABLE = re.compile(r"^aramid check: (\w+) could not check (.+?): (.*)$", re.MULTILINE)
# A crash or a hang in the words of the tools' callers.
_BROKEN = re.compile(r"ended by signal|no end (?:after|of) |Traceback|Stack dump|"
                     r"ended with status -")


class Account(NamedTuple):
    """One run: its exit status, the files checked, and what was said of them."""
    status: int
    files: int
    rules: Counter   # rule: findings
    unable: list     # (tool, file, reason)
    output: str
    seconds: float   # of processor time, all tools' together
    memory: int      # KiB, of the largest process

    def capabilities(self):
        """How many findings are of a token's rule."""
        return sum(count for rule, count in self.rules.items() if rule.startswith("CAP"))

    def refused(self, tool):
        """The files that a tool could not check."""
        return {file for name, file, _ in self.unable if name == tool}


def check(*words):
    """Runs ./aramid check with these words."""
    process = subprocess.Popen([str(ROOT / "aramid"), "check", *map(str, words)],
                               text=True, errors="replace", cwd=ROOT, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    checked = _CHECKED.search(output)
    return Account(process.returncode, int(checked[1]) if checked else 0,
                   Counter(rule for _, rule in _FINDING.findall(output)),
                   _UNABLE.findall(output), output, usage.ru_utime + usage.ru_stime,
                   usage.ru_maxrss)


def complaints(account, files):
    """What is wrong with a run over that many files: empty when all is accounted for."""
    found = []
    if account.files != files:
        found.append(f"{account.files} of {files} files were checked")
    if _BROKEN.search(account.output):
        found.append("a tool crashed, hung or broke")
    if account.capabilities():
        found.append(f"{account.capabilities()} findings about tokens in code without any")
    expected = 2 if account.unable else 1 if account.rules else 0
    if account.status != expected:
        found.append(f"exit status {account.status}, not {expected}")
    found += [f"{tool} gives no reason for {file}" for tool, file, reason in account.unable
              if not reason.strip()]
    return found
