"""How a message gets to one channel. Every platform is a Transport; bot.delivery owns retries and order.

What a transport may raise:
    jobs.errors.Retry   certainly not taken (429, connection refused); `after` seconds where it was told
    Unclear             perhaps taken: the answer was lost, timed out, or was a 5xx
    Undeliverable       never will be: channel not found, token revoked, message refused
Anything else counts as Unclear: a surprise proves nothing about the far side.
"""

from __future__ import annotations

from typing import Protocol

from bot.message import Message
from jobs.errors import TocsinError


class Unclear(TocsinError):
    """Nobody knows whether the far side took it."""


class Undeliverable(TocsinError):
    """The far side will never take it; `code` says why in its own words (channel_not_found)."""

    def __init__(self, code: str, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.code = code


class Transport(Protocol):
    """One channel of one platform. Used by one thread at a time."""

    timeout: float
    """Seconds after which a post() or edit() of ours can no longer reach the far side, uploads included."""
    pace: float
    """Seconds between two posts (Slack: 1)."""
    can_find: bool
    """Whether an interrupted post can be looked for by its key."""
    may_repeat: bool
    """If not: whether it is posted again with a mark (True), or parked for the operator to look (False)."""

    def post(self, message: Message) -> str:
        """Put up a message that carries `message.key` and `message.revision`; returns its reference.

        With `message.thread` into the thread of that message, where the platform has threads.
        """
        ...

    def edit(self, reference: str, message: Message) -> str:
        """Bring a message to its newest text; returns its reference, which may be a new one."""
        ...

    def find(self, message: Message) -> str | None:
        """The reference of the message with this key, by reading the far side; None when it is not there.

        Only asked where `can_find`. Raises Retry when the far side cannot be read now, Undeliverable when the
        app may not read it: the message is then parked for the operator.
        """
        ...
