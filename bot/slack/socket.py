"""Socket Mode: events over a WebSocket that we open, so that nothing of ours has a public address.

The connection can fall silent without being closed (after an idle reconnect, behind some proxies): the watch
opens a new one when nothing has come for a while, and says how long ago the last envelope came.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.faults import note
from bot.slack.wire import WireClient
from bot.transports.base import Unclear, Undeliverable
from bot.transports.slack_calls import quiet
from jobs.errors import Retry, UsageError

SILENCE = 600.0  # seconds without an envelope after which a new connection is opened
DOWN = 60.0  # seconds without a connection after which it is not well
_BEAT = 2.0
_LONGEST_REST = 60.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the connection is. Ages in seconds."""

    connected: bool
    envelope_age: float  # since the last envelope, or since the start
    down_for: float
    connections: int


class SocketLink:
    """Serves the app over Socket Mode until closed."""

    def __init__(
        self,
        app: App,
        token: str,
        client: WebClient,
        *,
        silence: float = SILENCE,
        beat: float = _BEAT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._silence, self._beat, self._clock = app, silence, beat, clock
        self._stop = threading.Event()
        self._heard = self._up = self._begun = clock()
        self._connections = 0
        self._socket = WireClient(
            token, logger=quiet("bot.slack.socket.sdk"), web_client=client, auto_reconnect_enabled=False,
            ping_interval=5, receive_buffer_size=16_384,
        )  # fmt: skip
        self._socket.message_listeners.append(self._told)
        self._socket.socket_mode_request_listeners.append(self._take)
        self._watch = threading.Thread(target=self._watched, name="slack-watch")

    def start(self) -> None:
        """Connect, and keep connected. UsageError when Slack does not know the token."""
        self._connect()
        self._watch.start()

    def close(self) -> None:
        """Hang up."""
        self._stop.set()
        if self._watch.is_alive():
            self._watch.join()
        self._socket.hang_up()
        self._socket.close()

    @property
    def pulse(self) -> Pulse:
        """How it is now."""
        now, connected = self._clock(), self._socket.is_connected()
        return Pulse(connected, now - self._heard, 0.0 if connected else now - self._up, self._connections)

    def _told(self, _client: BaseSocketModeClient, message: dict[str, object], _raw: str | None) -> None:
        if message.get("type") == "hello":
            self._connections += 1

    def _take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self._heard = self._clock()
        try:
            send_response(client, request, run_bolt_app(self._app, request), time.time())
        except Exception as error:  # noqa: BLE001 - without an answer Slack sends it again
            note("slack: an envelope was not acknowledged", error)

    def _watched(self) -> None:
        rest = self._beat
        while not self._stop.wait(rest):
            rest = self._beat
            self._socket.drop_if_cut()
            if self._socket.is_connected():
                self._up = self._clock()
                if self._clock() - max(self._heard, self._begun) <= self._silence:
                    continue
                log.warning("slack: the socket is silent; a new one is opened", seconds=round(self._silence))
                self._socket.hang_up()
            if not self._try():
                rest = min(max(rest, self._clock() - self._up), _LONGEST_REST)
                rest *= random.uniform(0.7, 1.3)  # noqa: S311 - so that many do not come at once

    def _try(self) -> bool:
        try:
            self._connect()
        except UsageError as error:
            log.error("slack: no socket", why=str(error), advice=error.advice)
        return self._socket.is_connected()

    def _connect(self) -> None:
        """UsageError for a token that will never do; whatever passes is left to the watch."""
        try:
            self._socket.connect_to_new_endpoint(force=True)
        except Undeliverable as error:
            raise UsageError(
                f"Slack does not take the app token ({error.code})",
                "set TOCSIN_SLACK_APP_TOKEN, or TOCSIN_SLACK_APP_TOKEN_FILE, to an app-level token (xapp-…) "
                "with the scope connections:write, made under Basic Information",
            ) from None
        except (Retry, Unclear) as error:
            log.warning("slack: no socket yet", why=str(error))
        if self._socket.is_connected():
            self._begun = self._up = self._clock()
