"""The way in by HTTP: for workspaces where Socket Mode is not allowed, behind a proxy that ends TLS.

Everything is refused that is not a signed POST of at most a megabyte; what is refused is not read further,
and nothing of a request is logged.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from threading import Thread
from urllib.parse import parse_qs

import structlog
from slack_bolt import App, BoltRequest, BoltResponse

from bot.listening import BoundedServer
from bot.slack.faults import note
from bot.slack.signed import Signed

PATH = "/slack/events"
MOST_BYTES = 1_000_000  # Slack's largest form is a fraction of it
_AT_ONCE = 64
_SECONDS = 10.0
_KINDS = frozenset({"application/x-www-form-urlencoded", "application/json"})

log = structlog.get_logger(__name__)


class HttpDoor:
    """Serves the app from threads until closed. Port 0 takes a free one; see `port`."""

    def __init__(self, app: App, signed: Signed, port: int, host: str = "127.0.0.1") -> None:
        self._server = _Server((host, port), app, signed)
        self._thread = Thread(target=self._server.serve_forever, name="slack-http", args=(0.1,))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Take requests."""
        self._thread.start()

    def close(self) -> None:
        """Take no more; requests that are on are finished."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(BoundedServer):
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App, signed: Signed) -> None:
        super().__init__(address, _Handler, door="slack", at_once=_AT_ONCE)
        self.app, self.signed = app, signed


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SECONDS
    server_version = "tocsin"
    sys_version = ""

    def do_POST(self) -> None:  # the base class chooses the name
        length = self.headers.get("Content-Length", "")
        if self.path.partition("?")[0] != PATH:
            self._answer(404)
        elif not (length.isascii() and length.isdecimal()) or len(length) > 12:
            self._answer(411)
        elif int(length) > MOST_BYTES:
            self._answer(413)
        else:
            self._take(self.rfile.read(int(length)))

    def do_GET(self) -> None:
        self._answer(405)

    def _take(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not self.server.signed.accepts(headers, body):
            log.warning("slack: a request was refused: not signed, too old, or seen before")
            self._answer(401)
            return
        request = _read(headers, body)
        if request is None:
            self._answer(400)
            return
        response: BoltResponse = self.server.app.dispatch(request)
        kind = str((response.headers.get("content-type") or ["text/plain; charset=utf-8"])[0])
        self._answer(response.status, response.body or "", kind)

    def _answer(self, status: int, body: str = "", kind: str = "text/plain; charset=utf-8") -> None:
        content = body.encode()
        self.close_connection = True  # what was not read must not be taken for the next request
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Nothing: addresses and bodies are nobody's business."""


def _read(headers: dict[str, str], body: bytes) -> BoltRequest | None:
    """The request as bolt wants it; None for what bolt would fall over, signed or not."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind not in _KINDS or not _is_shaped(kind, text):
            return None
        return BoltRequest(body=text, headers=dict(headers))
    except ValueError as error:  # not UTF-8, not JSON
        note("slack: a request could not be read", error)
        return None


def _is_shaped(kind: str, text: str) -> bool:
    """Whether it is an object, with objects where bolt looks into them."""
    payloads = [text] if kind == "application/json" else parse_qs(text).get("payload", [])
    for payload in payloads[:1]:
        told = json.loads(payload)
        if not isinstance(told, dict):
            return False
        parts = (
            told.get(name, {})
            for name in ("event", "user", "channel", "team", "view", "message", "container")
        )
        if not all(isinstance(part, (dict, str)) for part in parts) or not isinstance(
            told.get("event", {}), dict
        ):
            return False
    return True
