# SPDX-License-Identifier: MIT
"""Writes and joins cpio archives in the "newc" form that the kernel unpacks.

The form is described in Linux's Documentation/driver-api/early-userspace/buffer-format.rst:
a header of 13 eight-digit hexadecimal fields, the NUL-ended name, the content, each padded
to 4 bytes. Times, owners and inode numbers are fixed, so equal content gives equal bytes.
"""

import stat

TRAILER = "TRAILER!!!"
# 2024-01-01 00:00:00 UTC, the clock that `boot --icount` starts at.
FIXED_TIME = 1704067200


def pad(data):
    return data + b"\0" * (-len(data) % 4)


class Archive:
    """Collects members; bytes() ends the archive. Parents must be added before children."""

    def __init__(self):
        self.parts = []
        self.count = 0

    def add(self, name, mode, content=b"", device=(0, 0)):
        """Adds one member; mode is st_mode with its type, name is relative to the root."""
        self.count += 1
        encoded = name.encode() + b"\0"
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = [self.count, mode, 0, 0, links, FIXED_TIME, len(content), 0, 0,
                  device[0], device[1], len(encoded), 0]
        header = b"070701" + b"".join(b"%08x" % field for field in fields)
        self.parts.append(pad(header + encoded) + pad(content))

    def directory(self, name, permissions=0o755):
        self.add(name, stat.S_IFDIR | permissions)

    def file(self, name, content, permissions=0o644):
        self.add(name, stat.S_IFREG | permissions, content)

    def symlink(self, name, target):
        self.add(name, stat.S_IFLNK | 0o777, target.encode())

    def bytes(self):
        end = Archive()
        end.add(TRAILER, 0)
        return b"".join(self.parts) + end.parts[0]


def joined(archive, extra):
    """One archive of both: the members of `archive` (bytes), then those of `extra`."""
    end = Archive()
    end.add(TRAILER, 0)
    if not archive.endswith(end.parts[0]):
        raise ValueError("not an archive that tools/newc.py wrote")
    return archive[:-len(end.parts[0])] + extra.bytes()


def members(archive):
    """Yields (name, mode, content) of each member of an archive that this module wrote."""
    at = 0
    while True:
        header = [int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        mode, size, name_size = header[1], header[6], header[11]
        name = archive[at + 110:at + 110 + name_size - 1].decode()
        if name == TRAILER:
            return
        start = at + (110 + name_size + 3) // 4 * 4
        yield name, mode, archive[start:start + size]
        at = start + (size + 3) // 4 * 4
