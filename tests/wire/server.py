"""The far side of a wire: an HTTP server on loopback that records what it is asked and fails as told."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.wire.faults import Fault, Hangup, Reply

MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Request:
    """One request, as it came."""

    verb: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def values(self) -> dict[str, Any]:
        """Query, form or JSON object."""
        found: dict[str, Any] = dict(parse_qsl(urlsplit(self.path).query))
        if self.kind == "application/json":
            found |= json.loads(self.body or b"{}")
        if self.kind == "application/x-www-form-urlencoded":
            found |= dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        return found


@dataclass
class WireServer:
    """`answer` is what a stand-in implements. Requests are recorded; faults wait by name, each used once.

    A name is whatever the stand-in calls its doors: "chat.postMessage", "webhook".
    """

    requests: list[tuple[str, Request]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    taken: threading.Event = field(default_factory=threading.Event, repr=False)  # a holding fault was met
    closing: threading.Event = field(default_factory=threading.Event, repr=False)
    port: int = 0
    pause: Callable[[], float] = float  # seconds that every answer takes
    busy: int = 0  # requests under way

    def name_of(self, request: Request) -> str:
        raise NotImplementedError

    def answer(self, name: str, request: Request) -> Reply:
        raise NotImplementedError

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, name: str, *faults: Fault) -> None:
        """The next requests at this door meet these, one each."""
        self.faults.setdefault(name, []).extend(faults)

    def count(self, name: str) -> int:
        """How often a door was knocked at."""
        with self.lock:
            return sum(asked == name for asked, _ in self.requests)

    def handle(self, request: Request) -> Reply:
        """Record, meet the next fault, answer. Raises Hangup for a reply that is never sent."""
        with self.lock:
            self.busy += 1
        try:
            return self._handled(self.name_of(request), request)
        finally:
            with self.lock:
                self.busy -= 1

    def _handled(self, name: str, request: Request) -> Reply:
        with self.lock:
            self.requests.append((name, request))
            waiting = self.faults.get(name)
            fault = waiting.pop(0) if waiting else Fault()
        if fault.reply is not None:
            return fault.reply
        self.closing.wait(self.pause())
        self._wait(fault.before, fault)
        if fault.lost:
            raise Hangup
        with self.lock:
            reply = self.answer(name, request)
        self._wait(fault.after, fault)
        if fault.dropped:
            raise Hangup
        return fault.instead or reply

    def _wait(self, seconds: float, fault: Fault) -> None:
        if seconds and fault.told:
            self.taken.set()
        if seconds:
            self.closing.wait(seconds)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen for as long as the block lasts; whoever is held is let go at its end."""
        with _no_proxy(), ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) as server:
            server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a killed client reads nothing
            self.port = int(server.server_address[1])
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield
            finally:
                self.closing.set()
                server.shutdown()
                thread.join()


@contextmanager
def _no_proxy() -> Iterator[None]:
    """A proxy of the machine must not stand between a test and its loopback."""
    hidden = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _handler(far: WireServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > MOST_BYTES:
                self.send_error(413)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(length))
            try:
                reply = far.handle(request)
            except Hangup:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Every request is in `requests`."""

    return Handler
