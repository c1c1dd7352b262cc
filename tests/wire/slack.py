"""A strict stand-in for Slack's Web API: it keeps what is posted, and refuses what Slack refuses.

Inbound pieces hook in: `methods["views.open"] = ...` adds a method, `doors["/response/"] = ...` an address.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.wire.faults import Reply, as_json
from tests.wire.server import Request, WireServer

Json = dict[str, Any]
Method = Callable[["SlackStandIn", Json], Json]
Door = Callable[["SlackStandIn", Request], Reply]
TOKEN = "xoxb-invented-for-tests"
SCOPES = {"chat:write", "files:write", "channels:history", "groups:history"}


class Refusal(Exception):
    """Slack says no; `more` stands beside the error in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@dataclass
class Channel:
    """A conversation. `messages` in the order in which they were posted, replies among them."""

    id: str
    joined: bool = True
    archived: bool = False
    messages: list[Json] = field(default_factory=list)

    @property
    def top(self) -> list[Json]:
        """What is seen in the channel itself."""
        return [m for m in self.messages if m.get("thread_ts", m["ts"]) == m["ts"]]

    def thread(self, ts: str) -> list[Json]:
        """The replies to a message."""
        return [m for m in self.messages if m.get("thread_ts") == ts and m["ts"] != ts]


@dataclass
class File:
    """An upload: asked for, sent, completed. `slow`: how many more posts Slack still calls it invalid."""

    id: str
    name: str
    length: int
    alt: str
    data: bytes = b""
    complete: bool = False
    slow: int = 0


@dataclass
class SlackStandIn(WireServer):
    """One workspace with one app in it."""

    token: str = TOKEN
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    ephemeral: list[Json] = field(default_factory=list)
    spacing: float = 0.0  # seconds that must lie between two posts in a channel; else 429
    slow_files: int = 0
    clock: Callable[[], float] = time.monotonic
    methods: dict[str, Method] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    last_post: dict[str, float] = field(default_factory=dict)
    made: int = 0
    bearers: list[Callable[[str, str], bool]] = field(
        default_factory=list
    )  # (method, authorization) -> good?

    def __post_init__(self) -> None:
        from tests.wire import slack_chat, slack_files

        self.methods |= slack_chat.METHODS | slack_files.METHODS
        self.doors["/upload/"] = slack_files.upload

    @property
    def api(self) -> str:
        """What TOCSIN_SLACK_API_URL is set to."""
        return f"{self.address}/api/"

    def name_of(self, request: Request) -> str:
        if request.path.startswith("/api/"):
            return request.path.removeprefix("/api/").partition("?")[0]
        return next((door.strip("/") for door in self.doors if request.path.startswith(door)), "unknown")

    def answer(self, name: str, request: Request) -> Reply:
        door = next((d for prefix, d in self.doors.items() if request.path.startswith(prefix)), None)
        if door is not None:
            return door(self, request)
        try:
            reply = as_json({"ok": True} | self._called(name, request))
            reply.headers["X-OAuth-Scopes"] = ",".join(sorted(self.scopes))
            return reply
        except Refusal as refusal:
            if refusal.answer["error"] == "ratelimited":
                return as_json(refusal.answer, 429, **{"Retry-After": "1"})
            return as_json(refusal.answer)

    def _called(self, name: str, request: Request) -> Json:
        if name not in self.methods:
            raise Refusal("unknown_method", req_method=name)
        if "authorization" not in request.headers:
            raise Refusal("not_authed")
        given = request.headers["authorization"]
        if not (any(good(name, given) for good in self.bearers) or self._is_bot(name, given)):
            raise Refusal("invalid_auth")
        return self.methods[name](self, request.values)

    def _is_bot(self, name: str, authorization: str) -> bool:
        return authorization == f"Bearer {self.token}" and name != "apps.connections.open"

    def number(self) -> int:
        """The next number of anything."""
        self.made += 1
        return self.made

    def need(self, scope: str) -> None:
        """Refuse without this scope."""
        if scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def joined(self, channel: object) -> Channel:
        """The channel, if there is one and the app is in it."""
        if not isinstance(channel, str) or channel not in self.channels:
            raise Refusal("channel_not_found")
        if not self.channels[channel].joined:
            raise Refusal("not_in_channel")
        return self.channels[channel]

    def wall(self, channel: str) -> dict[str, list[Json]]:
        """What stands in a channel, by the key in its metadata."""
        found: dict[str, list[Json]] = {}
        with self.lock:
            for message in self.channels[channel].top:
                key = message.get("metadata", {}).get("event_payload", {}).get("key", "")
                found.setdefault(key, []).append(message)
        return found


@contextmanager
def slack_stand_in(*channels: str) -> Iterator[SlackStandIn]:
    """A workspace with these channels, for as long as the block lasts."""
    far = SlackStandIn(channels={name: Channel(name) for name in channels})
    with far.open():
        yield far
