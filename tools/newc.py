# SPDX-License-Identifier: MIT
"""Writes and joins cpio archives in the "newc" form that the kernel unpacks.

The form is described in Linux's Documentation/driver-api/early-userspace/buffer-format.rst:
a header of 13 eight-digit hexadecimal fields, the NUL-ended name, the content, each padded
to 4 bytes. Times, owners and inode numbers are fixed, so equal content gives equal bytes.

The content of a large file starts on a page: zeroes stand before its header, which Aramid's reader
skips as it does between archives. The kernel then takes the archive's pages for the file's own and copies nothing.
"""

import os
import stat

TRAILER = "TRAILER!!!"
# 2024-01-01 00:00:00 UTC, the clock that `boot --icount` starts at.
FIXED_TIME = 1704067200
PAGE = 4096
# Aligning a file costs up to a page, copying it each of its pages at every boot.
LARGE = 2 * PAGE


def pad(data):
    return data + b"\0" * (-len(data) % 4)


class Archive:
    """Collects members; bytes() ends the archive. Parents must be added before children."""

    def __init__(self):
        self.parts = []
        self.count = 0
        self.size = 0

    def add(self, name, mode, content=b"", device=(0, 0), large=LARGE):
        """Adds one member; mode is st_mode with its type, name is relative to the root. Contents
        from `large` bytes on start on a page."""
        self.count += 1
        encoded = name.encode() + b"\0"
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = [self.count, mode, 0, 0, links, FIXED_TIME, len(content), 0, 0,
                  device[0], device[1], len(encoded), 0]
        header = pad(b"070701" + b"".join(b"%08x" % field for field in fields) + encoded)
        if len(content) >= large:
            self.put(b"\0" * (-(self.size + len(header)) % PAGE))
        self.put(header)
        self.put(pad(content))

    def put(self, data):
        self.parts.append(data)
        self.size += len(data)

    def directory(self, name, permissions=0o755):
        self.add(name, stat.S_IFDIR | permissions)

    def file(self, name, content, permissions=0o644):
        self.add(name, stat.S_IFREG | permissions, content)

    def symlink(self, name, target):
        self.add(name, stat.S_IFLNK | 0o777, target.encode())

    def bytes(self):
        return b"".join(self.parts + _trailer().parts)


def _trailer():
    end = Archive()
    end.add(TRAILER, 0)
    return end


def join(path, extra, out):
    """Writes one archive of both to `out`: the members of the file `path`, then those of `extra`."""
    end = b"".join(_trailer().parts)
    with open(path, "rb") as archive, open(out, "wb") as joined:
        members_size = os.fstat(archive.fileno()).st_size - len(end)
        if members_size < 0 or os.pread(archive.fileno(), len(end), members_size) != end:
            raise ValueError("not an archive that tools/newc.py wrote")
        at = 0
        while at < members_size:
            at += os.sendfile(joined.fileno(), archive.fileno(), at, members_size - at)
        # Large files of `extra` lie on pages by their place in it.
        joined.seek(-(-members_size // PAGE) * PAGE)
        joined.write(extra.bytes())


def members(archive):
    """Yields (name, mode, content) of each member of an archive that this module wrote."""
    at = 0
    while True:
        at = archive.index(b"0707", at)
        header = [int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        mode, size, name_size = header[1], header[6], header[11]
        name = archive[at + 110:at + 110 + name_size - 1].decode()
        if name == TRAILER:
            return
        start = at + (110 + name_size + 3) // 4 * 4
        yield name, mode, archive[start:start + size]
        at = start + (size + 3) // 4 * 4


def write_tree(listed, folder):
    """Writes (name, mode, content) of members below a folder, owners aside, times last."""
    folders = []
    for name, mode, content in listed:
        path = os.path.join(folder, name)
        if stat.S_ISDIR(mode):
            os.makedirs(path, exist_ok=True)
            folders.append((path, mode))
            continue
        if stat.S_ISLNK(mode):
            os.symlink(content.decode(), path)
        else:
            with open(path, "wb") as stream:
                stream.write(content)
            os.chmod(path, stat.S_IMODE(mode))
        os.utime(path, (FIXED_TIME,) * 2, follow_symlinks=False)
    for path, mode in folders:
        os.chmod(path, stat.S_IMODE(mode))
        os.utime(path, (FIXED_TIME,) * 2)
