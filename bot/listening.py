"""A small HTTP server for loopback that takes so many requests at a time, and waits for them when it ends."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore

import structlog

log = structlog.get_logger(__name__)


class BoundedServer(ThreadingHTTPServer):
    """Hangs up rather than pile up threads. door: its name in the log, which holds nothing of a request."""

    daemon_threads = False  # server_close then waits for them: nothing uses the database after it is closed

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], *, door: str, at_once: int
    ) -> None:
        super().__init__(address, handler)
        self.door = door
        self._slots = BoundedSemaphore(at_once)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Begin a request, if there is room for it."""
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Handle it, and make room again."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say that it was broken off, without a traceback: the far side may do so at any time."""
        log.info(
            "a request was broken off", door=self.door, request=type(request).__name__,
            client=str(client_address),
        )  # fmt: skip
