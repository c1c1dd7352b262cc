"""`/healthz` and `/metrics` on loopback: for the service manager and for Prometheus.

    /healthz   200, or 503 with the reasons, as JSON
    /metrics   Prometheus text format 0.0.4

Small on purpose: two paths, GET and HEAD, eight requests at a time, three seconds each.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from threading import Thread

import structlog

from bot.health.gauges import exposition
from bot.health.state import Health
from bot.listening import BoundedServer

_AT_ONCE = 8
_SECONDS = 3.0

log = structlog.get_logger(__name__)


class HealthServer:
    """Serves `health` from a thread until closed. Port 0 takes a free one; see `port`."""

    def __init__(self, health: Health, port: int = 0, host: str = "127.0.0.1") -> None:
        self._server = _Server((host, port), health)
        self._thread = Thread(target=self._server.serve_forever, name="health", kwargs={"poll_interval": 0.1})
        self._thread.daemon = True
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening; requests that are on are finished."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(BoundedServer):
    def __init__(self, address: tuple[str, int], health: Health) -> None:
        super().__init__(address, _Handler, door="health", at_once=_AT_ONCE)
        self.health = health


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SECONDS
    server_version = "tocsin"
    sys_version = ""

    def do_GET(self) -> None:  # the base class chooses the name
        if self.path == "/healthz":
            reasons = self.server.health.reasons()
            body = json.dumps({"status": "failing" if reasons else "ok", "reasons": reasons})
            self._answer(503 if reasons else 200, "application/json", body)
        elif self.path == "/metrics":
            try:
                text = exposition(self.server.health.gauges())
            except Exception:
                log.exception("health: no metrics")
                self._answer(503, "text/plain; charset=utf-8", "the database does not answer\n")
            else:
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", text)
        else:
            self._answer(404, "text/plain; charset=utf-8", "there is /healthz and /metrics\n")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, status: int, kind: str, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        log.debug("health", path=self.path[:80], code=str(code), size=str(size))
