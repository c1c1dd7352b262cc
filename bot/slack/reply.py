"""Answers to one command or click: its response_url, at most five times in thirty minutes; else by the API.

A response_url lets anybody who has it post in the channel: it is kept here and logged nowhere, and only an
address of Slack (or of the API that is configured) is believed to be one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Literal
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.renderers.slack import SlackMessage
from bot.renderers.slack_limits import validate
from bot.secrets import safe_address
from bot.transports.slack_calls import quiet, trust
from bot.transports.slack_errors import BLOCKS_REFUSED, FAULTS, explained
from jobs.errors import UsageError

USES = 5
SECONDS = 30 * 60 - 30  # a little less than Slack gives
_REQUEST = 5  # seconds
_SLACK = (".slack.com", ".slack-gov.com")
_NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel"})

Sent = Literal["taken", "refused", "blocks", "unclear"]
"""blocks: refused for how it is drawn. unclear: the answer was lost, it may stand in the channel."""

_QUIET = quiet("bot.slack.reply.sdk")
log = structlog.get_logger(__name__)


@dataclass
class Reply:
    """Where the answers to one person in one channel go. Used by one thread at a time."""

    client: WebClient = field(repr=False)
    person: str
    channel: str  # C… or D…; U… where there is none: the person is written to
    url: str = field(default="", repr=False)
    thread: str = ""  # the thread that was spoken in
    under: str = ""  # the message that asked: what is shared goes below it
    clock: Callable[[], float] = time.monotonic
    uses: int = field(default=0, init=False)
    _begun: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()
        if self.url and not _believed(self.url, self.client):
            log.warning("slack: a response_url that is not Slack's is not used")
            self.url = ""

    @property
    def open_to_others(self) -> bool:
        """Whether there is a channel to share with. A slash command may come from a direct message between
        two people, and what the one may see the other may not."""
        return self.channel[:1] in ("C", "G")

    def private(self, drawn: SlackMessage, *, instead: bool = False, or_text: bool = True) -> bool:
        """Only the person sees it. `instead` of the message that was clicked. Whether it arrived.

        or_text: as text alone where Slack does not take how it is drawn.
        """
        how: dict[str, object] = {"response_type": "ephemeral", "replace_original": instead}
        sent = self._send(drawn, how, self._to_person, or_text)
        return sent in ("taken", "unclear")

    def shared(self, drawn: SlackMessage, *, or_text: bool = True) -> bool:
        """Everybody in the channel sees it. A direct message is no channel: see `open_to_others`."""
        how: dict[str, object] = {"response_type": "in_channel", "replace_original": False}
        return self._send(drawn, how, self._to_channel, or_text) in ("taken", "unclear")

    def _send(
        self, drawn: SlackMessage, how: dict[str, object], call: Callable[[SlackMessage], Sent], or_text: bool
    ) -> Sent:
        if drawn.blocks and not drawn.checked and (wrong := validate(drawn.blocks)):
            log.error("slack: these blocks are not fit to send", wrong=wrong)
            drawn = SlackMessage(drawn.text, [])
        sent: Sent = "refused"
        for form in (drawn, SlackMessage(drawn.text, [])) if drawn.blocks and or_text else (drawn,):
            sent = self._by_url(form, how)
            if sent == "refused":
                sent = call(form)
            if sent != "blocks":
                return sent
        return sent

    def _by_url(self, drawn: SlackMessage, how: dict[str, object]) -> Sent:
        if not self.url or self.uses >= USES or self.clock() - self._begun > SECONDS:
            return "refused"
        self.uses += 1
        blocks = {"blocks": drawn.blocks} if drawn.blocks else {}
        try:
            done = _webhook(self.url).send_dict({"text": drawn.text, **blocks, **how})
        except ConnectionRefusedError:
            return "refused"
        except (SlackClientError, OSError, HTTPException) as error:  # its text may hold the address
            log.warning("slack: whether a reply was taken is not known", why=type(error).__name__)
            return "unclear"
        return _read(done)

    def _to_person(self, drawn: SlackMessage) -> Sent:
        if self.channel[:1] in ("C", "G"):
            call, more = self.client.chat_postEphemeral, {"user": self.person}
        else:
            call, more = self.client.chat_postMessage, {}
        sent = self._call(call, drawn, channel=self.channel or self.person, thread=self.thread, **more)
        # The app need not be where it is asked. The person can always be written to.
        return (
            self._call(self.client.chat_postMessage, drawn, channel=self.person)
            if sent == "refused"
            else sent
        )

    def _to_channel(self, drawn: SlackMessage) -> Sent:
        return self._call(
            self.client.chat_postMessage, drawn, channel=self.channel, thread=self.thread or self.under
        )

    def _call(
        self, method: Callable[..., object], drawn: SlackMessage, *, thread: str = "", **where: str
    ) -> Sent:
        at = {"thread_ts": thread} if thread else {}
        try:
            method(text=drawn.text, blocks=drawn.blocks or None, **where, **at)
        except FAULTS as error:
            code = str(error.response.get("error", "")) if isinstance(error, SlackApiError) else ""
            if code in BLOCKS_REFUSED:
                return "blocks"
            log.warning("slack: an answer could not be given", why=str(explained(error)))
            return "refused" if code in _NOT_THERE else "unclear"
        return "taken"


def _read(done: WebhookResponse) -> Sent:
    """What a response_url says: `ok`, or an error's name, as text or as JSON, with one status or another."""
    try:
        told = json.loads(done.body)
    except ValueError:
        told = done.body
    error = str(told.get("error") or "") if isinstance(told, dict) else str(told).strip()
    if done.status_code == 200 and error in ("", "ok"):
        return "taken"
    about_blocks = error in BLOCKS_REFUSED
    log.warning("slack: a reply was refused", status=done.status_code, blocks=about_blocks)
    return "blocks" if about_blocks else "refused"


def _webhook(url: str) -> WebhookClient:
    return WebhookClient(url, timeout=_REQUEST, ssl=trust(), logger=_QUIET, retry_handlers=[])


def _believed(url: str, client: WebClient) -> bool:
    try:
        host = urlsplit(safe_address(url, "response_url")).hostname or ""
    except UsageError:
        return False
    return host.endswith(_SLACK) or host == urlsplit(client.base_url).hostname
