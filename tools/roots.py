# SPDX-License-Identifier: MIT
"""What a machine may have as its root: two archives, of which a command wants one
(docs/decisions/0015), or a file system on a disk.
"""

import os
import re
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "tools", "root.list")


@dataclass(frozen=True)
class RootImage:
    path: str       # in build/
    memory: str     # what the guest gets when nobody says


# With a root on a disk memory is taken as files are read.
DISK_MEMORY = "256M"

IMAGES = {
    "small": RootImage(os.path.join("userland", "root.cpio"), "256M"),
    # 114 MiB of archive, whose pages become the files', and what the programs take.
    "debian": RootImage(os.path.join("debian-root", "root.cpio"), "512M"),
}


def rows(kind):
    """The rows of root.list of one kind, as lists of columns without the kind."""
    with open(TABLE, encoding="utf-8") as table:
        columns = [re.split(r"\s*\|\s*", line.strip()) for line in table
                   if line.strip() and not line.startswith("#")]
    return [row[1:] for row in columns if row[0] == kind]


def programs():
    """Names that choose the root of Debian's packages: programs that only it has."""
    return {name for names, _ in rows("program") for name in names.split()}


def wanted_by(command):
    """The image for a shell's text: "debian" when one of its words names such a program."""
    words = set(re.findall(r"[A-Za-z0-9_.+-]+", command or ""))
    return "debian" if words & programs() else "small"
