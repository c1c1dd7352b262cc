"""What can go wrong on a wire, as values that a test queues."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

_LONG = 20.0  # seconds: until the stand-in closes


class Hangup(Exception):
    """The connection is closed without a reply."""


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """`reply`: this instead of an answer, nothing is taken. Else: wait, take (unless lost), wait, answer
    (unless dropped; or with `instead`, although it was taken)."""

    reply: Reply | None = None
    before: float = 0.0
    lost: bool = False
    after: float = 0.0
    dropped: bool = False
    instead: Reply | None = None
    told: bool = False  # `taken` is set when the waiting begins


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """An object as a reply."""
    return Reply(
        status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8"} | headers
    )


def limited(seconds: int) -> Fault:
    """429, come back in so many seconds."""
    return Fault(Reply(429, b"", {"Retry-After": str(seconds)}))


def status(code: int, body: bytes = b"", retry_after: str | None = None) -> Fault:
    """A bare status: 500, 502, 404."""
    return Fault(Reply(code, body, {} if retry_after is None else {"Retry-After": retry_after}))


def taken_but(code: int) -> Fault:
    """Taken, and a bare status as if it were not."""
    return Fault(instead=Reply(code))


def refused(error: str) -> Fault:
    """Slack's way of saying no: 200, and not ok."""
    return Fault(as_json({"ok": False, "error": error}))


def unheard() -> Fault:
    """The connection breaks before anything was taken."""
    return Fault(lost=True)


def dropped() -> Fault:
    """Taken, and the reply is lost."""
    return Fault(dropped=True)


def late(seconds: float) -> Fault:
    """Taken, and the reply comes when nobody waits for it any more."""
    return Fault(after=seconds)


def held(*, taken: bool) -> Fault:
    """Hold on to the request, before or after taking it, until the end: time to kill the client."""
    return Fault(after=_LONG, told=True) if taken else Fault(before=_LONG, lost=True, told=True)
