"""A stand-in for a Teams Workflows webhook: it takes one card at a time, and refuses what Teams refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.wire import card_schema
from tests.wire.faults import Reply
from tests.wire.server import Request, WireServer

DOOR = "webhook"
PATH = "/workflows/0123/triggers/manual/paths/invoke?sig=a-secret-of-the-tests"
MOST_BYTES = 28 * 1024


@dataclass
class WebhookStandIn(WireServer):
    """Cards as they were taken, and why others were not."""

    cards: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.address}{PATH}"

    def name_of(self, request: Request) -> str:
        return DOOR if request.path == PATH else "unknown"

    def answer(self, name: str, request: Request) -> Reply:
        if name != DOOR:
            return Reply(404)
        if len(request.body) > MOST_BYTES:
            return Reply(413)
        try:
            self.cards.append(self._card(request))
        except (ValueError, KeyError) as error:
            self.complaints.append(str(error))
            return Reply(400, b'{"error":{"code":"InvalidRequestContent"}}')
        return Reply(202)

    def _card(self, request: Request) -> dict[str, Any]:
        if request.kind != "application/json":
            raise ValueError(f"the content type is {request.kind!r}")
        envelope = json.loads(request.body)
        if envelope["type"] != "message" or len(envelope["attachments"]) != 1:
            raise ValueError("not a message with one attachment")
        attachment = envelope["attachments"][0]
        if attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
            raise ValueError("not a card")
        card: dict[str, Any] = attachment["content"]
        if wrong := card_schema.problems(card):
            raise ValueError("; ".join(wrong))
        return card


@contextmanager
def webhook_stand_in() -> Iterator[WebhookStandIn]:
    """A webhook, for as long as the block lasts."""
    far = WebhookStandIn()
    with far.open():
        yield far
