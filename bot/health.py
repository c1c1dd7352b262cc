"""`/healthz` and `/metrics` on loopback: for the service manager and for Prometheus.

    /healthz   200, or 503 with the reasons, as JSON
    /metrics   Prometheus text format 0.0.4

Small on purpose: two paths, GET and HEAD, eight requests at a time, three seconds each.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from threading import Thread

import structlog

from bot.listening import BoundedServer
from jobs import runs
from jobs.store import ledger, letters
from jobs.store.engine import Store, utc_now

_AT_ONCE = 8
_SECONDS = 3.0
_MISSED = 3  # ticks

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measurement with its labels' values."""

    name: str
    help: str
    values: tuple[tuple[Mapping[str, str], float], ...]


@dataclass(frozen=True)
class Health:
    """What there is to say about a running program. `worker` is the ticker's name, `interval` in seconds."""

    store: Store
    worker: str
    interval: float
    clock: Callable[[], dt.datetime] = utc_now

    def reasons(self) -> list[str]:
        """Why it is not well; empty when it is."""
        try:
            age = runs.heartbeat_age(self.store, self.worker, self.clock())
        except Exception:
            log.exception("health: the database does not answer")
            return ["the database does not answer"]
        if age is None:
            return ["the ticker has not beaten yet"]
        if age.total_seconds() >= _MISSED * self.interval:
            return [
                f"the ticker last beat {age.total_seconds():.0f} s ago; it should every {self.interval:g} s"
            ]
        return []

    def gauges(self) -> list[Gauge]:
        """The figures for Prometheus."""
        with self.store.read() as connection:
            lines = ledger.entries(connection)
            rows = letters.standings(connection)
            last = ledger.last_beat(connection, self.worker)
        states: dict[tuple[str, str], int] = {}
        for line in lines:
            states[line.job, line.state] = states.get((line.job, line.state), 0) + 1
        age = -1.0 if last is None else (self.clock() - last).total_seconds()
        return [
            Gauge("tocsin_heartbeat_age_seconds", "Since the ticker last beat; -1 = never.", (({}, age),)),
            Gauge(
                "tocsin_job_periods", "Periods in the ledger by job and state.",
                tuple(({"job": job, "state": state}, n) for (job, state), n in sorted(states.items())),
            ),
            Gauge(
                "tocsin_outbox_messages", "Messages in the outbox by channel and state.",
                tuple(({"channel": r.channel, "state": r.state}, r.count) for r in rows),
            ),
            Gauge(
                "tocsin_outbox_attempts", "Tries of the most stubborn message by channel and state.",
                tuple(({"channel": r.channel, "state": r.state}, r.attempts) for r in rows),
            ),
        ]  # fmt: skip


def exposition(gauges: Iterable[Gauge]) -> str:
    """Prometheus text format."""
    lines = []
    for gauge in gauges:
        lines += [f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge"]
        for labels, value in gauge.values:
            inner = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
            lines.append(f"{gauge.name}{{{inner}}} {value:g}" if inner else f"{gauge.name} {value:g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


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
