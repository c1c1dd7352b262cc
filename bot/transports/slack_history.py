"""Reading a Slack channel back: which message carries which key, and what it said.

Every message of ours carries metadata: its key, its revision, and a mark of each thing that it said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.message import Message
from bot.transports.slack_errors import FAULTS, explained

EVENT = "tocsin_message"
_PAGE = 200
_PAGES = 50
"""How far back is looked: 10,000 messages. An interrupted post is among the channel's newest."""
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stands in the channel."""

    reference: str  # its ts
    key: str
    revision: int
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class SlackHistory:
    """One channel. Raises what explained() makes of a fault."""

    client: WebClient
    channel: str

    def find(self, key: str) -> str | None:
        """The ts of the message with this key; threads are not looked into."""
        return next((seen.reference for seen in self._all(self._history) if seen.key == key), None)

    def at(self, reference: str, thread: str = "") -> Seen | None:
        """The message with this ts, in the channel or in a thread, if it is there and one of ours."""
        if thread:
            return next((s for s in self._thread(thread) if s.reference == reference), None)
        pages = self._pages(self._history, latest=reference, oldest=reference, inclusive=True, limit=1)
        return next((s for s in map(_seen, islice(pages, 1)) if s and s.reference == reference), None)

    def replied(self, reference: str, key: str) -> str | None:
        """The ts of the reply with this key in a message's thread."""
        return next((seen.reference for seen in self._thread(reference) if seen.key == key), None)

    def shared(self, thread: str, name: str) -> str | None:
        """The id of the file of this name in a thread: an upload carries no metadata.

        Its name is the best that Slack keeps; somebody who shares a file of that name there is taken for us.
        """
        for message in self._pages(self.client.conversations_replies, limit=_PAGE, ts=thread):
            files = message.get("files")
            for file in files if isinstance(files, list) else []:
                if file.get("name") == name:
                    return str(file.get("id", name))
        return None

    def _thread(self, reference: str) -> Iterator[Seen]:
        return self._all(self.client.conversations_replies, ts=reference)

    @property
    def _history(self) -> Callable[..., SlackResponse]:
        return self.client.conversations_history

    def _all(self, method: Callable[..., SlackResponse], **more: object) -> Iterator[Seen]:
        return filter(None, map(_seen, self._pages(method, limit=_PAGE, **more)))

    def _pages(self, method: Callable[..., SlackResponse], **more: object) -> Iterator[dict[str, object]]:
        """Messages, page after page: the newest first, in a thread the oldest."""
        cursor: str | None = None
        for _ in range(_PAGES):
            try:
                page = method(channel=self.channel, include_all_metadata=True, cursor=cursor, **more)
            except FAULTS as error:
                raise explained(error) from None
            yield from page.get("messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def metadata(key: str, revision: int, said: tuple[str, ...] = ()) -> dict[str, object]:
    """What a message carries, unseen, so that it can be found and compared."""
    marks = " ".join(sorted({_mark(text) for text in said}))
    return {"event_type": EVENT, "event_payload": {"key": key, "rev": revision, "said": marks}}


def pieces(message: Message) -> tuple[str, ...]:
    """What a message says, sentence by sentence and field by field."""
    sentences = (s for line in message.lines for s in _SENTENCES.split(line))
    fields = (f"{label}: {value}" for label, value in message.fields)
    return tuple(dict.fromkeys((message.title, *fields, *sentences)))


def changes(seen: Seen, message: Message) -> tuple[str, ...]:
    """What the message says now and did not say when it was seen."""
    return tuple(text for text in pieces(message) if _mark(text) not in seen.said)


def _seen(message: dict[str, object]) -> Seen | None:
    carried = message.get("metadata")
    if not isinstance(carried, dict) or carried.get("event_type") != EVENT:
        return None
    payload = carried.get("event_payload") or {}
    said = frozenset(str(payload.get("said", "")).split())
    return Seen(str(message["ts"]), str(payload.get("key", "")), int(payload.get("rev", 0)), said)


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
