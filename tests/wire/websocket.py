"""The server's half of RFC 6455, as much of it as Socket Mode needs: text, ping, pong, close."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class Peer:
    """One open WebSocket. `closed` is set when either side has gone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.deaf = False  # pings are no longer answered
        self.closed = threading.Event()
        self.path = ""

    def greet(self) -> None:
        """The handshake; ConnectionError when it is none."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._read(1)
        line, *rest = head.decode().split("\r\n")
        headers = {k.strip().lower(): v.strip() for k, _, v in (r.partition(":") for r in rest) if k}
        self.path = line.split(" ")[1]
        if headers.get("upgrade", "").lower() != "websocket" or "sec-websocket-key" not in headers:
            raise ConnectionError("no WebSocket")
        digest = hashlib.sha1((headers["sec-websocket-key"] + _GUID).encode()).digest()
        accept = base64.b64encode(digest).decode()
        self._connection.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )

    def texts(self) -> Iterator[str]:
        """What the client says, until it or we hang up."""
        with suppress(OSError):
            while True:
                opcode, data = self._frame()
                if opcode == _CLOSE:
                    break
                if opcode == _PING and not self.deaf:
                    self._send(_PONG, data)
                elif opcode == _TEXT:
                    yield data.decode()
        self.closed.set()

    def say(self, text: str) -> None:
        """One text frame; OSError when nobody is there."""
        self._send(_TEXT, text.encode())

    def hang_up(self) -> None:
        """Cut the connection."""
        self.closed.set()
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def _send(self, opcode: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x80 | opcode, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
        with self._lock:
            self._connection.sendall(head + data)

    def _frame(self) -> tuple[int, bytes]:
        first, second = self._read(2)
        if not second & 0x80:
            raise ConnectionError("a client's frame must be masked")
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        mask, data = self._read(4), self._read(size)
        return first & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(data))

    def _read(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self._connection.recv(size - len(got))
            if not part:
                raise ConnectionError("hung up")
            got += part
        return got
