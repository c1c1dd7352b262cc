"""A small real web server on this machine that misbehaves on request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What the far side does once: a status with headers, or a body that may break off."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None  # hang up after so many bytes of the body
    length: bool = True  # say how long the body is


@dataclass
class FarSide:
    """`plan(path)` gives the next answer; `asked` holds (path, headers) of what came in."""

    url: str
    answers: list[Answer]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


Reply = Callable[[str, dict[str, str]], Answer | None]


@contextmanager
def far_side(*answers: Answer, reply: Reply | None = None) -> Iterator[FarSide]:
    """Serve the answers in order (the last one again and again), or what `reply` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {k.lower(): v for k, v in self.headers.items()}
            here.asked.append((self.path, headers))
            answer = reply(self.path, headers) if reply else None
            if answer is None:
                answer = here.answers.pop(0) if len(here.answers) > 1 else here.answers[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.length:
                self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests look at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = FarSide(f"http://127.0.0.1:{server.server_address[1]}", list(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ranged(body: bytes, etag: str, cuts: list[int]) -> Reply:
    """A server that understands Range and If-Range, and hangs up after the next of `cuts` bytes."""

    def reply(_: str, headers: dict[str, str]) -> Answer:
        cut = cuts.pop(0) if cuts else None
        start = 0
        if "range" in headers and headers.get("if-range") == etag:
            start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
        if not start:
            return Answer(body=body, headers={"ETag": etag}, cut=cut)
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Answer(206, body[start:], {"ETag": etag, "Content-Range": span}, cut)

    return reply
