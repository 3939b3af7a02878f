# SPDX-License-Identifier: MIT
"""A client of QEMU's gdbstub: the part of gdb's remote serial protocol that the tests need.

Addresses are virtual. A write goes through page protections, as the stub's do.
Source: the GDB manual, appendix E (Remote Protocol).
"""

import select
import socket
import struct
import time

# QEMU's order for x86-64; each is eight bytes in `g`, the flags four.
GENERAL = ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
           "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip")
_ALL = struct.Struct(f"<{len(GENERAL)}QI")
SOFTWARE, WRITE_WATCH, READ_WATCH = 0, 2, 3
_POLL = 0.1
_PART = 2048  # bytes of memory that one packet holds


def _named(said):
    return dict(zip((*GENERAL, "eflags"), _ALL.unpack(bytes.fromhex(said.decode()[:2 * _ALL.size]))))


class Ended(Exception):
    """The machine is gone, or its time is up."""


class Stub:
    """One connection. `still_in_time()` is asked while the machine runs."""

    def __init__(self, path, still_in_time):
        self._still_in_time = still_in_time
        self._pending = self._owed = b""
        self._socket = self._connect(path)
        self._ask(b"?")
        # QEMU writes single registers only for those who have read what they are.
        self._ask(b"qXfer:features:read:target.xml:0,100")

    def _connect(self, path):
        connection = socket.socket(socket.AF_UNIX)
        while True:
            try:
                connection.connect(path)
                return connection
            except OSError:
                if not self._still_in_time():
                    connection.close()
                    raise Ended from None
                time.sleep(0.005)

    def close(self):
        """The machine stays as it is."""
        self._socket.close()

    # ---- packets

    def _send(self, packet):
        try:
            self._socket.sendall(b"%s$%s#%02x" % (self._owed, packet, sum(packet) % 256))
            self._owed = b""
        except OSError as error:
            raise Ended from error

    def _receive(self):
        while True:
            start = self._pending.find(b"$")
            end = self._pending.find(b"#", start)
            if start >= 0 and 0 <= end <= len(self._pending) - 3:
                packet = self._pending[start + 1:end]
                self._pending = self._pending[end + 3:]
                self._owed = b"+"  # the acknowledgement, which goes with the next packet
                return packet
            if not select.select([self._socket], [], [], _POLL)[0]:
                if not self._still_in_time():
                    raise Ended
                continue
            try:
                data = self._socket.recv(65536)
            except OSError as error:
                raise Ended from error
            if not data:
                raise Ended
            self._pending += data

    def _ask(self, packet):
        self._send(packet)
        return self._receive()

    # ---- what a trial does

    def run(self):
        """Goes on until a stop; what the stub says of it ('T05thread:01;' and the like)."""
        self._send(b"c")
        return self._until_stop()

    def _until_stop(self):
        while True:
            said = self._receive()
            if said[:1] in b"TS":
                return said.decode()
            if said[:1] in b"WX":
                raise Ended

    def step(self):
        """One instruction of the processor that stands; interrupts and the clock wait meanwhile.
        One that traps ends at the handler's first instruction."""
        self._send(b"s")
        self._until_stop()

    def go(self):
        """Goes on and stops no more."""
        self._send(b"D")

    def monitor(self, command):
        """A command of QEMU's monitor, whose output is of no interest."""
        self._send(b"qRcmd," + command.encode().hex().encode())
        while (said := self._receive()) != b"OK":
            if said[:1] != b"O":
                raise RuntimeError(f"QEMU's monitor refuses '{command}'")

    def stop_at(self, address, kind=SOFTWARE, size=1):
        """A breakpoint or watchpoint; False when the stub refuses it."""
        return self._ask(b"Z%d,%x,%x" % (kind, address, size)) == b"OK"

    def pass_by(self, address, kind=SOFTWARE, size=1):
        """Takes it away."""
        self._ask(b"z%d,%x,%x" % (kind, address, size))

    def registers(self):
        """The general registers and the flags by name."""
        return _named(self._ask(b"g"))

    def look(self, addresses, size):
        """The registers, and so much memory at each address (None where there is none), at most
        one packet's each; asked for in one go."""
        self._send(b"g")
        for address in addresses:
            self._send(b"m%x,%x" % (address, size))
        registers, *parts = (self._receive() for _ in range(1 + len(addresses)))
        return _named(registers), [bytes.fromhex(part.decode()) if len(part) == 2 * size else None
                                   for part in parts]

    def set_registers(self, registers):
        """Writes what registers() gave."""
        data = _ALL.pack(*(registers[name] for name in (*GENERAL, "eflags"))).hex().encode()
        if self._ask(b"G" + data) != b"OK":
            raise RuntimeError("QEMU does not set the registers")

    def set_register(self, name, value):
        """Writes one register."""
        data = struct.pack("<Q", value % (1 << 64)).hex().encode()
        if self._ask(b"P%x=%s" % (GENERAL.index(name), data)) != b"OK":
            raise RuntimeError(f"QEMU does not set {name}")

    def read(self, address, size):
        """Memory, or None where there is none."""
        parts = []
        for at in range(address, address + size, _PART):
            part = min(_PART, address + size - at)
            said = self._ask(b"m%x,%x" % (at, part))
            if len(said) != 2 * part:
                return None
            parts.append(bytes.fromhex(said.decode()))
        return b"".join(parts)

    def write(self, address, data):
        """False where there is no memory."""
        half = _PART // 2  # a packet holds less of what is sent, for its head
        parts = [(at, data[at:at + half]) for at in range(0, len(data), half)]
        return all([self._ask(b"M%x,%x:%s" % (address + at, len(part), part.hex().encode())) == b"OK"
                    for at, part in parts])

    def word(self, address):
        """Eight bytes of memory as a number; 0 where there is none."""
        data = self.read(address, 8)
        return struct.unpack("<Q", data)[0] if data else 0
