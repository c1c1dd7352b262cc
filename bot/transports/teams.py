"""A Teams channel by a Workflows webhook: it takes cards, shows them later, and tells nothing back."""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from email.utils import parsedate_to_datetime

import httpx2

from bot.message import Message
from bot.renderers.cards import Card, message_card
from bot.secrets import required, safe_address
from bot.transports.base import Unclear, Undeliverable
from jobs.errors import Retry, UsageError

CHANGED = "Update:"
REQUEST = 10.0  # seconds for each step of a request: connect, write, read
_LATER = frozenset({429, 412, 502, 503, 504})  # Microsoft's list of what is worth another try
_RENEW = "Copy the webhook's address again from Workflows in Teams."
_MEND = {
    401: ("the workflow does not accept the address's signature", _RENEW),
    403: ("the workflow does not accept the address's signature", _RENEW),
    404: (
        "there is no workflow at the address",
        "Turn the workflow on, or make a new one and give its address.",
    ),
    410: ("the workflow was deleted", "Make a new one and give its address."),
    413: ("the card is too large", "Please report this: it is a defect."),
    400: ("the workflow refuses the card, or is turned off", "See the workflow's run history in Workflows."),
}


class WorkflowsWebhook:
    """The transport of one webhook. Nothing can be read back, so an interrupted post is repeated with a mark;
    the key and revision printed in the card tell which is which."""

    can_find: bool = False
    may_repeat: bool = True
    pace: float = 1.0

    def __init__(
        self, address: str, *, name: str = "the webhook's address", request: float = REQUEST
    ) -> None:
        """`address` is a secret: it is never logged and never part of an error. `name`: what to call it."""
        try:
            self._address = httpx2.URL(safe_address(address, name))
        except httpx2.InvalidURL:  # its text may quote the address
            raise UsageError(f"{name} is not an https address", _RENEW) from None
        self._request = request
        self.timeout: float = 3 * request
        # The library logs whole addresses at this level.
        logging.getLogger("httpx2").setLevel(logging.WARNING)

    @classmethod
    def from_environment(cls, variable: str) -> WorkflowsWebhook:
        """`variable` is the NAME of the environment variable (or NAME_FILE) that holds the address."""
        return cls(required(variable, "the address of the Workflows webhook"), name=variable)

    def post(self, message: Message) -> str:
        """Hand the card over. A webhook gives no id: the reference only says what was posted."""
        self._send(message_card(message))
        return f"webhook:{message.key}:{message.revision}"

    def edit(self, reference: str, message: Message) -> str:  # noqa: ARG002 - there is nothing to refer to
        """What was posted stays as it is: the news is posted below it."""
        return self.post(replace(message, title=f"{CHANGED} {message.title}"))

    def find(self, message: Message) -> str | None:
        """Nothing can be read back."""
        raise NotImplementedError(f"a webhook cannot be searched for {message.key}")

    def _send(self, card: Card) -> None:
        attachment = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": card,
        }
        body = json.dumps(
            {"type": "message", "attachments": [attachment]}, ensure_ascii=False, separators=(",", ":")
        )
        try:
            response = httpx2.post(
                self._address,
                content=body.encode(),
                headers={"Content-Type": "application/json"},
                timeout=self._request,
                follow_redirects=False,
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise Retry(f"the webhook could not be reached ({type(error).__name__})") from None
        except httpx2.HTTPError as error:  # its text may hold the address
            raise Unclear(f"the webhook's answer was lost ({type(error).__name__})") from None
        if not response.is_success:
            raise _explained(response)


def _explained(response: httpx2.Response) -> Retry | Unclear | Undeliverable:
    status = response.status_code
    if status in _LATER:
        return Retry(f"the webhook answered {status}", after=_seconds(response.headers.get("Retry-After")))
    if status >= 500 or status == 408:
        return Unclear(f"the webhook answered {status}")
    said, advice = _MEND.get(status, (f"the webhook answered {status}", _RENEW))
    return Undeliverable(f"http_{status}", f"{said[:1].upper()}{said[1:]}.", advice)


def _seconds(value: str | None) -> float | None:
    """Retry-After as seconds; it may also be a date."""
    if value is None:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        left = parsedate_to_datetime(value) - dt.datetime.now(dt.UTC)
    except (ValueError, TypeError):
        return None
    return max(left.total_seconds(), 0.0)
