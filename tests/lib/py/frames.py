"""Just enough protobuf to speak to a helper process: wire types 0 and 2 (core/wire.proto has the field numbers)."""
import pathlib
import re
import socket
import struct
import subprocess

LIMITS = pathlib.Path(__file__).resolve().parents[3] / "daemon/core/limits.h"
WIRE_VERSION = int(re.search(r"define NW_WIRE_VERSION\s+(\d+)", LIMITS.read_text())[1])


def varint(n):
    out = b""
    while True:
        n, low = n >> 7, n & 0x7f
        out += bytes([low | (0x80 if n else 0)])
        if not n:
            return out


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def sint(number, value):
    return field(number, value << 1 if value >= 0 else (-value << 1) - 1)


def message(*fields):
    return b"".join(fields)


def read_varint(data, at):
    n = shift = 0
    while True:
        byte = data[at]
        n |= (byte & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return n, at


def decode(data):
    """{field number: [values]}"""
    at, out = 0, {}
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        else:
            n, at = read_varint(data, at)
            value, at = data[at:at + n], at + n
        out.setdefault(key >> 3, []).append(value)
    return out


CHANNEL, READY, DELIVER, OUTCOME, FAILED = 8, 9, 10, 11, 7
DELIVERED, DEFERRED, REJECTED, AMBIGUOUS = range(4)


class Sender:
    """A newswatch-sender with a channel."""

    def __init__(self, build, channel, seconds=30):
        ours, theirs = socket.socketpair()
        fd = theirs.fileno()
        self.process = subprocess.Popen(["/bin/bash", "-c", f'exec "$0" 3<&{fd}', f"{build}/newswatch-sender"], pass_fds=(fd,))
        theirs.close()
        self.socket, self.n = ours, 0
        ours.settimeout(seconds)
        self.send(0, CHANNEL, message(field(1, WIRE_VERSION), *channel))
        assert READY in self.receive()[1]

    def send(self, ident, kind, body):
        frame = (field(1, ident) if ident else b"") + field(kind, body)
        self.socket.sendall(struct.pack(">I", len(frame)) + frame)

    def receive(self):
        head = self.socket.recv(4, socket.MSG_WAITALL)
        frame = decode(self.socket.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL))
        return frame.get(1, [0])[0], frame

    def deliver(self, ident, recipient="", text="", json="", now_ms=1700000000000):
        self.n += 1
        parts = message(field(1, "Subject: \u6761\u7ea6"), field(2, text), field(4, json))
        self.send(self.n, DELIVER, message(field(1, ident), field(2, recipient), field(3, parts), sint(4, 1616457600000), sint(7, now_ms)))
        got, frame = self.receive()
        assert got == self.n
        out = decode(frame[OUTCOME][0])
        return {"result": out.get(1, [0])[0], "code": out.get(2, [0])[0], "text": out.get(3, [b""])[0].decode(),
                "retry_after_ms": out.get(4, [0])[0] // 2, "disable": out.get(5, [0])[0]}

    def close(self):
        self.socket.close()
        return self.process.wait(10)
