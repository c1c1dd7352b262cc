"""Draining the outbox so that nothing is lost and nothing doubled, also when it is killed half-way.

    claim (intent committed) -> render -> renew the intent, unless it is fresh -> post -> record

A post whose outcome is unknown is left alone for longer than it can still be under way, then looked for on
the far side, and only then marked sent or posted. Each channel has its own order, pace and failures.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Literal

import structlog

from bot.message import Message
from bot.transports.base import Transport, Unclear, Undeliverable
from jobs.clock import utc_now
from jobs.errors import Retry
from jobs.runs import back_off
from jobs.store import sending
from jobs.store.engine import Store

Builder = Callable[[str], Message]
"""A payload to a message; key, revision and thread are the outbox's and are filled in here."""

MARGIN = 5.0  # seconds on top of a transport's own timeout before an interrupted post is looked for
REPEATED = "(repeated after an interruption)"
_FRESH = 0.25  # of the margin: an intent no older than that is not written anew before the post
_FIRST_REST, _LONGEST_REST = dt.timedelta(seconds=1), dt.timedelta(minutes=15)
_LOOK = "it may or may not be there; look, then `send again`"
_TRIES = 14  # without a clear answer, in about an hour, before a message is given up

log = structlog.get_logger(__name__)


def notice_message(payload: str) -> Message:
    """The operator's notice of a dead letter: `{"title", "text", "advice"}` as JSON."""
    facts = json.loads(payload)
    return Message(
        "", 1, facts["title"], f"{facts['title']}. {facts['text']}", (facts["text"], facts["advice"])
    )


@dataclass
class Delivery:
    """Posts what the outbox holds. `transports` by channel id; `builders` by kind.

    `operator` is the channel that is told of dead letters; without it they are only in the log and in
    `tocsin status`.
    """

    store: Store
    transports: Mapping[str, Transport]
    builders: Mapping[str, Builder]
    operator: str | None = None
    clock: Callable[[], dt.datetime] = utc_now
    margin: float = MARGIN
    _posted: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    def drain(self, stop: Event | None = None) -> int:
        """Send everything that is due now, channel after channel; how many rows were dealt with."""
        dealt = 0
        # Again until a round finds nothing: a dead letter puts a notice in a channel that was passed already.
        while round_ := sum(self.drain_channel(channel, stop) for channel in self._due()):
            dealt += round_
        return dealt

    def drain_channel(self, channel: str, stop: Event | None = None) -> int:
        """Send what is due in one channel, oldest first. A failing database or channel ends it, no more."""
        dealt = 0
        try:
            while not (stop and stop.is_set()) and self._one(channel):
                dealt += 1
        except Exception:
            log.exception("a channel was cut short", channel=channel)
        return dealt

    def run(self, stop: Event, pause: float = 1.0) -> None:
        """Keep at it until `stop` is set: a thread a channel, so that a slow one holds up nobody else."""
        busy: dict[str, Future[int]] = {}
        with ThreadPoolExecutor(max(len(self.transports), 1), thread_name_prefix="delivery") as pool:
            while not stop.is_set():
                for channel in self._due():
                    if channel not in busy or busy[channel].done():
                        busy[channel] = pool.submit(self.drain_channel, channel, stop)
                stop.wait(pause)

    def _due(self) -> list[str]:
        try:
            shortest = min((self._grace(c) for c in self.transports), default=dt.timedelta())
            due = sending.due_channels(self.store, self.clock(), shortest)
        except Exception:
            log.exception("the outbox cannot be read")
            return []
        return [channel for channel in due if channel in self.transports]

    def _grace(self, channel: str) -> dt.timedelta:
        return dt.timedelta(seconds=self.transports[channel].timeout + self.margin)

    def _one(self, channel: str) -> bool:
        """Deal with the next row; False when there is none."""
        transport = self.transports[channel]
        begun = time.monotonic()
        item = sending.claim_next(self.store, channel, self.clock(), self._grace(channel))
        if item is None:
            return False
        message = self._render(item)
        if message is not None and item.unknown:
            message = self._reconcile(transport, item, message)
        if message is not None:
            self._pace(transport, channel)
            if self._may_post(item, time.monotonic() - begun):
                self._send(transport, item, message)
        return True

    def _may_post(self, item: sending.Item, age: float) -> bool:
        """Whether the row is still ours, for as long as a post takes; `age` in seconds of its intent.

        Nobody takes it before timeout and margin are over. Of a fresh intent most of the margin is left, and
        a commit less a message is what a slow disk needs to keep a storm's pace.
        """
        return age <= _FRESH * self.margin or sending.renew_intent(self.store, item, self.clock())

    def _render(self, item: sending.Item) -> Message | None:
        """The message; None when the payload cannot be shown, and the row is dead."""
        try:
            message = self.builders[item.kind](item.payload)
        except Exception as error:
            log.exception("a payload cannot be shown", kind=item.kind, key=item.key)
            self._give_up(item, "cannot-be-shown", f"a payload of kind {item.kind!r}: {type(error).__name__}")
            return None
        return replace(message, key=item.key, revision=item.revision, thread=item.thread or "")

    def _reconcile(self, transport: Transport, item: sending.Item, message: Message) -> Message | None:
        """What is left to send after an interruption; None when nothing is."""
        if not transport.can_find and transport.may_repeat:
            return replace(message, title=f"{message.title} {REPEATED}")
        if item.reference is not None:
            return message  # an edit may be made twice
        if not transport.can_find:
            self._give_up(item, "unknown", _LOOK, "unknown")
            return None
        try:
            reference = transport.find(message)
        except Undeliverable as error:
            self._give_up(item, "unknown", f"{_LOOK}. {error} {error.advice}".strip(), "unknown")
            return None
        except Exception as error:
            # Not knowing is no licence to post: it stays in `sending`, and is looked for again.
            log.warning("an interrupted post cannot be looked for", key=item.key, exc_info=True)
            self._unclear(item, error)
            return None
        if reference is None:
            return message
        # Which revision is on the wall is not known; if there was more than one, the newest is put there.
        sending.mark_sent(self.store, item, reference, 1, self.clock())
        return None

    def _send(self, transport: Transport, item: sending.Item, message: Message) -> None:
        try:
            if item.reference is None:
                reference = transport.post(message)
            else:
                reference = transport.edit(item.reference, message)
        except Retry as error:
            self._later(item, error)
        except Undeliverable as error:
            self._give_up(item, error.code, f"{error} {error.advice}".strip())
        except Exception as error:
            if not isinstance(error, Unclear):
                log.exception("a transport failed", channel=item.channel, key=item.key)
            self._unclear(item, error)
        else:
            if not sending.mark_sent(self.store, item, reference, item.revision, self.clock()):
                log.error("another worker took the message over", channel=item.channel, key=item.key)

    def _pace(self, transport: Transport, channel: str) -> None:
        """Keep the platform's distance between two posts in a channel."""
        rest = self._posted.get(channel, -1e9) + transport.pace - time.monotonic()
        if rest > 0:
            time.sleep(rest)
        self._posted[channel] = time.monotonic()

    def _later(self, item: sending.Item, error: Retry) -> None:
        rest = _rest(item, error)
        log.info(
            "a message waits", channel=item.channel, key=item.key, seconds=rest.total_seconds(),
            error=str(error),
        )  # fmt: skip
        sending.mark_retry(self.store, item, self.clock() + rest, str(error))

    def _unclear(self, item: sending.Item, error: Exception) -> None:
        if item.attempts >= _TRIES:
            self._give_up(item, "unknown", f"{_TRIES} tries without a clear answer: {error}", "unknown")
            return
        # Looked for after the grace at the earliest: a request may be under way for as long as that.
        grace = self._grace(item.channel)
        since = self.clock() + max(_rest(item, error) - grace, dt.timedelta())
        sending.mark_unclear(self.store, item, since, f"{type(error).__name__}: {error}")

    def _give_up(
        self, item: sending.Item, code: str, error: str, state: Literal["dead", "unknown"] = "dead"
    ) -> None:
        log.error("a message was given up", channel=item.channel, key=item.key, code=code, error=error)
        now = self.clock()
        notice = None
        if self.operator is not None and self.operator != item.channel:
            payload = {
                "title": f"Messages to {item.channel} cannot be delivered",
                "text": f"{code}: {error}",
                "advice": "Mend the channel, then see `tocsin status` for what is still to be sent.",
            }
            # One a day for a channel and a cause, however many messages it hits.
            key = f"dead:{item.channel}:{code[:20]}:{now.date()}"
            notice = sending.Notice(key, self.operator, json.dumps(payload, sort_keys=True))
        sending.mark_dead(self.store, item, error, now, notice=notice, state=state)


def _rest(item: sending.Item, error: Exception) -> dt.timedelta:
    """As long as the far side asks for, else longer with every failed try."""
    if isinstance(error, Retry) and error.after is not None:
        return max(dt.timedelta(seconds=error.after), _FIRST_REST)
    return back_off(item.attempts, _FIRST_REST, _LONGEST_REST)
