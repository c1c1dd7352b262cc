"""The one way in which Slack is called: no retries of its own, a limit of time, and errors in our words."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from urllib.request import HTTPSHandler, build_opener, getproxies, install_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.secrets import safe_address
from bot.transports.base import Undeliverable
from bot.transports.slack_errors import BLOCKS_REFUSED, FAULTS, complaints, explained
from jobs.errors import Retry

API = "https://slack.com/api/"
REQUEST = 10.0  # seconds for one request


def slack_client(token: str, api: str = API, request: float = REQUEST) -> WebClient:
    """The client of every call. It never repeats one itself: whether to is the outbox's business."""
    return WebClient(
        token,
        base_url=safe_address(api, "TOCSIN_SLACK_API_URL"),
        ssl=trust(),
        timeout=request,  # type: ignore[arg-type]  # urllib takes fractions of a second
        logger=quiet("bot.transports.slack.sdk"),
        retry_handlers=[],
    )


def quiet(name: str) -> logging.Logger:
    """A logger for the libraries, which write whole requests, answers and addresses: it writes nothing."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    return logger


@cache
def trust() -> ssl.SSLContext | None:
    """Whom to trust, as slack_sdk's `ssl`: read once, and not from the disk for each request.

    Told whom, it makes urllib's opener anew each time, which is more work than the request itself. Told
    nothing, it takes the one that is installed: here. Through a proxy it always makes its own, and must be
    told.
    """
    context = ssl.create_default_context()
    if getproxies().keys() & {"http", "https"}:
        return context
    install_opener(build_opener(HTTPSHandler(context=context)))
    return None


class BlocksRefused(Undeliverable):
    """The blocks are wrong, says Slack; the message was not taken."""

    def __init__(self, message: str, advice: str, complaints: list[str]) -> None:
        super().__init__("invalid_blocks", message, advice)
        self.complaints = complaints
        self.about_a_file = any("slack file" in what for what in complaints)


@dataclass
class SlackCalls:
    """Calls about one channel that must all be over within `limit` seconds of begin()."""

    client: WebClient
    channel: str
    limit: float
    _ends: float = field(default=0.0, init=False)

    def begin(self) -> None:
        """The time counts from now."""
        self._ends = time.monotonic() + self.limit

    def time_for(self, requests: int) -> bool:
        """Whether so many more can be made, slow ones."""
        return self._ends - time.monotonic() >= requests * self.client.timeout

    def __call__(self, method: Callable[..., SlackResponse], **arguments: object) -> SlackResponse:
        """Raises Retry, Unclear, Undeliverable; BlocksRefused for blocks."""
        if not self.time_for(1):  # another worker may look for the message soon: it must not come after that
            raise Retry("Slack was too slow; the message was not sent")
        try:
            return method(channel=self.channel, **arguments)
        except FAULTS as error:
            told = explained(error)
            if not isinstance(error, SlackApiError) or getattr(told, "code", "") not in BLOCKS_REFUSED:
                raise told from None
            raise BlocksRefused(str(told), told.advice, complaints(error)) from None
