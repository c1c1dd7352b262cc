"""One Slack channel: post, edit in place with the history in the thread, find again after an interruption."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from functools import partial

import structlog
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.message import Message
from bot.renderers.sheet import first, more_of
from bot.renderers.slack import Block, SlackMessage, message_blocks, message_text
from bot.renderers.slack_limits import validate
from bot.renderers.slack_text import mrkdwn_to_fit
from bot.secrets import required
from bot.transports.base import Undeliverable
from bot.transports.slack_calls import API, BlocksRefused, SlackCalls, slack_client
from bot.transports.slack_files import FILE, share
from bot.transports.slack_history import SlackHistory, changes, metadata, pieces
from bot.transports.slack_pictures import SlackPictures
from jobs.errors import UsageError

_REQUESTS = 7  # of a post or edit: three of an upload, two of reading, the thread, the message
_UPLOAD = (
    5  # requests that must still fit for an upload to begin: its three, the message, and once more as text
)
_TOLD = 4  # things that a line in the thread says have changed
_ID = re.compile(r"[CGD][A-Z0-9]{2,}")

log = structlog.get_logger(__name__)


class SlackChannel:
    """The transport of one channel. Used by one thread at a time."""

    can_find: bool = True
    may_repeat: bool = False

    def __init__(self, channel: str, client: WebClient, *, pace: float = 1.0, settle: float = 1.0) -> None:
        """`channel` is an id; `settle`: seconds that Slack is given to look at an uploaded picture."""
        if not _ID.fullmatch(channel):
            raise UsageError(
                f"{channel!r} is not the id of a Slack channel",
                "give the id as `address` (C…): at the end of the channel's details in Slack",
            )
        self.timeout: float = _REQUESTS * client.timeout
        self.pace = pace
        self._settle = settle
        self._post = partial(client.chat_postMessage, unfurl_links=False, unfurl_media=False)
        self._update = client.chat_update
        self._calls = SlackCalls(client, channel, self.timeout)
        self._history = SlackHistory(client, channel)
        self._pictures = SlackPictures(client)

    @classmethod
    def from_environment(cls, channel: str) -> SlackChannel:
        """With TOCSIN_SLACK_BOT_TOKEN (or _FILE), and TOCSIN_SLACK_API_URL where that is set."""
        token = required("TOCSIN_SLACK_BOT_TOKEN", "the app's bot token (xoxb-…)")
        return cls(channel, slack_client(token, os.environ.get("TOCSIN_SLACK_API_URL") or API))

    def post(self, message: Message) -> str:
        """Put it up; the reference is its ts, or `file:ID`."""
        self._calls.begin()
        if message.file is not None:
            return share(self._calls, message)
        return self._show(message, self._post, **_where(message))

    def edit(self, reference: str, message: Message) -> str:
        """Say in its thread what has changed, then bring it up to date.

        Where somebody has deleted it, it is put up again; the reference is then a new one. A file stays as
        it went up.
        """
        if message.file is not None:
            return reference
        self._calls.begin()
        if not self._tell(reference, message):
            return reference
        try:
            return self._show(message, self._update, ts=reference)
        except Undeliverable as error:
            if error.code != "message_not_found":
                raise
        found = self.find(message)  # put up again by an edit like this one, then interrupted
        if found is not None and found != reference:
            return self._show(message, self._update, ts=found)
        return self._show(message, self._post, **_where(message))

    def find(self, message: Message) -> str | None:
        """By the key in the metadata of the channel's newest 10,000 messages, or of those in its thread; a
        file by its name in the thread."""
        if message.file is not None:
            found = self._history.shared(message.thread, message.file.name)
            return found and f"{FILE}{found}"
        if message.thread:
            return self._history.replied(message.thread, message.key)
        return self._history.find(message.key)

    def _tell(self, reference: str, message: Message) -> bool:
        """History first, then the message: while it shows the old text, what has changed can be seen.

        False when it shows something newer already.
        """
        try:
            seen = self._history.at(reference, message.thread)
            if seen is None:
                return True
            if seen.revision > message.revision:
                log.warning("the channel shows a newer revision", key=message.key, shown=seen.revision)
                return False
            if message.thread or not message.history:
                return True
            news, key = changes(seen, message), f"{message.key}#{message.revision}"
            if news and self._history.replied(reference, key) is None:
                carried = metadata(key, message.revision)
                self._calls(
                    self._post,
                    thread_ts=reference,
                    text=_line(message, news),
                    metadata=carried,
                )
        except Undeliverable as error:  # the thread is worth less than the message
            log.warning("no line in the thread", key=message.key, code=error.code, advice=error.advice)
        return True

    def _show(self, message: Message, method: Callable[..., SlackResponse], **at: object) -> str:
        """With blocks and pictures if Slack takes them, as text if not."""
        carried = metadata(message.key, message.revision, pieces(message))
        empty: list[Block] | None = [] if "ts" in at else None  # an update without blocks keeps the old ones

        def send(drawn: SlackMessage) -> str:
            done = self._calls(method, text=drawn.text, blocks=drawn.blocks or empty, metadata=carried, **at)
            return str(done["ts"])

        return self._with_blocks(message, send) or send(SlackMessage(message_text(message), []))

    def _with_blocks(self, message: Message, send: Callable[[SlackMessage], str]) -> str | None:
        """None when the blocks are refused, by us or by Slack. A refused message was certainly not taken.

        Slack looks at an uploaded picture in its own time, and refuses it until then: once more after a
        while, then without.
        """
        files = self._pictures.put_up(message.pictures, lambda: self._calls.time_for(_UPLOAD))
        for shown in (files, files, {}) if files else ({},):
            if files and not shown:
                self._pictures.forget(message.pictures)
            drawn = message_blocks(message, shown)
            if wrong := validate(drawn.blocks):
                log.error("these blocks are not fit to send", key=message.key, wrong=wrong)
                return None
            try:
                return send(drawn)
            except BlocksRefused as refusal:
                log.warning("Slack refuses the blocks", key=message.key, complaints=refusal.complaints)
                if not (shown and refusal.about_a_file):
                    return None
                time.sleep(self._settle)
        return None


def _where(message: Message) -> dict[str, object]:
    return {"thread_ts": message.thread} if message.thread else {}


def _line(message: Message, news: tuple[str, ...]) -> str:
    kept, left = first(news, _TOLD)
    return mrkdwn_to_fit(
        f"Revision {message.revision}: {' · '.join((*kept, *more_of(left, 'change')))}", 1_000
    )
