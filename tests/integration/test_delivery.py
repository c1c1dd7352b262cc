"""Delivery: nothing lost, nothing doubled, in order, and the undeliverable is visible."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.delivery import REPEATED, Delivery, notice_message
from bot.message import Message
from bot.transports.base import Unclear, Undeliverable
from bot.transports.console import Console
from jobs.errors import Retry
from jobs.store import letters, outbox, sending
from jobs.store.engine import Store, as_utc
from jobs.store.tables import outbox as table


@dataclass
class Wall:
    """A channel that keeps what is put up, and answers as it is told."""

    can_find: bool = True
    may_repeat: bool = False
    timeout: float = 10.0
    pace: float = 0.0
    shown: dict[str, Message] = field(default_factory=dict)  # reference -> the message as it stands
    posts: list[str] = field(default_factory=list)
    answers: list[BaseException | str] = field(default_factory=list)
    """For each coming call: an error; or "lost" for an error after the message went up."""
    blind: float | None = None  # it cannot be read; the seconds of pause that it asks for, 0 for none

    def post(self, message: Message) -> str:
        reference = f"ts-{len(self.shown) + 1}"
        self._answer(lambda: self._put(reference, message))
        self.posts.append(message.key)
        return reference

    def edit(self, reference: str, message: Message) -> str:
        self._answer(lambda: None)
        self.shown[reference] = message
        return reference

    def find(self, message: Message) -> str | None:
        if self.blind is not None:
            raise Retry("the history cannot be read", after=self.blind or None)
        return next((r for r, m in self.shown.items() if m.key == message.key), None)

    def _put(self, reference: str, message: Message) -> None:
        self.shown[reference] = message

    def _answer(self, put: Callable[[], None]) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        put()
        if answer == "lost":
            raise Unclear("the answer was lost")


def build(payload: str) -> Message:
    return Message("", 0, payload, payload)


def put(store: Store, clock, *keys: str, channel: str = "jag", payload: str = "text", kind: str = "alert"):
    with store.write() as connection:
        for key in keys:
            outbox.enqueue(connection, key, channel, kind, payload, clock.now)


def standings(store: Store) -> dict[tuple[str, str], int]:
    with store.read() as connection:
        return {(s.channel, s.state): s.count for s in letters.standings(connection)}


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def ops() -> Wall:
    return Wall()


@pytest.fixture
def delivery(store: Store, clock, wall: Wall, ops: Wall) -> Delivery:
    builders = {"alert": build, "notice": notice_message}
    return Delivery(store, {"jag": wall, "ops": ops}, builders, operator="ops", clock=clock)


def titles(wall: Wall) -> list[tuple[str, int, str]]:
    return [(m.key, m.revision, m.title) for m in wall.shown.values()]


def test_what_is_put_up_is_posted_once_in_order_and_edited_in_place(store, clock, wall, delivery):
    put(store, clock, "A-1", "A-2")
    assert delivery.drain() == 2
    assert delivery.drain() == 0
    assert titles(wall) == [("A-1", 1, "text"), ("A-2", 1, "text")]
    put(store, clock, "A-1", payload="newer")
    assert delivery.drain() == 1
    assert titles(wall) == [("A-1", 2, "newer"), ("A-2", 1, "text")]
    assert standings(store) == {("jag", "sent"): 2}


def test_a_lost_answer_is_looked_for_and_not_posted_again(store, clock, wall, delivery):
    put(store, clock, "A-1", "A-2")
    wall.answers = ["lost"]
    delivery.drain()
    assert standings(store) == {("jag", "sending"): 1, ("jag", "pending"): 1}
    assert len(wall.shown) == 1, "A-2 waits for A-1"
    clock.advance(seconds=14)
    assert delivery.drain() == 0, "10 s the client may take, and 5 s of margin"
    clock.advance(seconds=1)
    assert delivery.drain() == 2
    assert wall.posts == ["A-2"], "A-1 was found, not posted again"
    assert [key for key, _, _ in titles(wall)] == ["A-1", "A-2"]
    assert standings(store) == {("jag", "sent"): 2}


def test_what_was_never_taken_is_posted_after_looking(store, clock, wall, delivery):
    put(store, clock, "A-1")
    wall.answers = [Unclear("timed out"), KeyError("a surprise")]
    for _ in range(3):
        delivery.drain()
        clock.advance(seconds=15)
    assert titles(wall) == [("A-1", 1, "text")]


def test_not_being_able_to_look_is_no_licence_to_post(store, clock, wall, delivery):
    put(store, clock, "A-1")
    wall.answers = ["lost"]
    delivery.drain()
    wall.blind = 0.0
    for _ in range(3):
        clock.advance(seconds=15)
        delivery.drain()
    assert standings(store) == {("jag", "sending"): 1}
    wall.blind = None
    clock.advance(seconds=15)
    delivery.drain()
    assert len(wall.shown) == 1
    assert standings(store) == {("jag", "sent"): 1}


def test_a_pause_that_the_far_side_asks_for_is_kept_before_it_is_looked_at_again(
    store, clock, wall, delivery
):
    put(store, clock, "A-1")
    wall.answers = ["lost"]
    delivery.drain()
    wall.blind = 60.0
    clock.advance(seconds=15)
    delivery.drain()
    wall.blind = None
    clock.advance(seconds=59)
    assert delivery.drain() == 0
    clock.advance(seconds=1)
    assert delivery.drain() == 1
    assert standings(store) == {("jag", "sent"): 1}


def test_a_change_during_an_interruption_still_reaches_the_wall(store, clock, wall, delivery):
    put(store, clock, "A-1")
    wall.answers = ["lost"]
    delivery.drain()
    put(store, clock, "A-1", payload="newer")
    clock.advance(seconds=15)
    delivery.drain()
    assert titles(wall) == [("A-1", 2, "newer")]
    assert wall.posts == []


def test_an_interrupted_edit_is_made_again(store, clock, wall, delivery):
    put(store, clock, "A-1")
    delivery.drain()
    put(store, clock, "A-1", payload="newer")
    wall.answers = [Unclear("timed out")]
    delivery.drain()
    clock.advance(seconds=15)
    delivery.drain()
    assert titles(wall) == [("A-1", 2, "newer")]
    assert len(wall.posts) == 1


def test_a_limit_is_kept_and_passing_faults_back_off(store, clock, wall, delivery):
    put(store, clock, "A-1", "A-2")
    wall.answers = [Retry("429", after=30), Retry("refused"), Retry("refused")]
    seen = []
    for _ in range(60):
        if delivery.drain():
            seen.append((clock.now - dt.datetime(2022, 9, 1, 8, tzinfo=dt.UTC)).total_seconds())
        clock.advance(seconds=1)
    assert seen == [0, 30, 32, 36]
    assert wall.posts == ["A-1", "A-2"]


def test_a_limit_of_nothing_is_no_reason_to_hammer(store, clock, wall, delivery):
    put(store, clock, "A-1")
    wall.answers = [Retry("429", after=0) for _ in range(3)]
    assert delivery.drain() == 1


def test_permanent_faults_are_dead_letters_told_once_and_other_channels_go_on(
    store, clock, wall, ops, delivery
):
    put(store, clock, "A-1", "A-2", "A-3")
    put(store, clock, "A-1", channel="ops")
    gone = Undeliverable("channel_not_found", "Slack knows no such channel.", "Check `address`.")
    wall.answers = [gone, gone]
    delivery.drain()
    assert standings(store) == {("jag", "dead"): 2, ("jag", "sent"): 1, ("ops", "sent"): 2}
    assert [title for _, _, title in titles(ops)] == ["text", "Messages to jag cannot be delivered"]
    notice = list(ops.shown.values())[-1]
    assert "channel_not_found: Slack knows no such channel. Check `address`." in notice.summary
    with store.read() as connection:
        assert [letter.key for letter in letters.given_up(connection)] == ["A-1", "A-2"]


def test_a_payload_that_cannot_be_shown_stops_nobody(store, clock, wall, delivery):
    put(store, clock, "A-1", kind="nonsense")
    put(store, clock, "A-2")
    assert delivery.drain() >= 2
    assert standings(store)["jag", "dead"] == 1
    assert wall.posts == ["A-2"]


def test_a_dead_operators_channel_tells_nobody_and_ends(store, clock, ops, delivery):
    put(store, clock, "A-1", channel="ops")
    ops.answers = [Undeliverable("token_revoked", "The token was revoked.")]
    delivery.drain()
    assert standings(store) == {("ops", "dead"): 1}


def test_where_nothing_can_be_read_back_it_is_parked_and_the_operator_asked(
    store, clock, wall, ops, delivery
):
    wall.can_find = False
    put(store, clock, "A-1", "A-2")
    wall.answers = ["lost"]
    delivery.drain()
    clock.advance(seconds=15)
    delivery.drain()
    assert standings(store) == {("jag", "unknown"): 1, ("jag", "sent"): 1, ("ops", "sent"): 1}
    assert len(ops.shown) == 1


def test_a_far_side_that_never_answers_clearly_is_given_up(store, clock, wall, delivery):
    put(store, clock, "A-1")
    wall.answers = [Unclear("500") for _ in range(20)]
    delivery.drain()
    for pause in (15, 15, 15, 15, 16, 32, 64, 128, 256, 512, 900, 900, 900):  # about an hour
        assert standings(store) == {("jag", "sending"): 1}
        clock.advance(seconds=pause - 1)
        assert delivery.drain() == 0
        clock.advance(seconds=1)
        assert delivery.drain() > 0
    assert standings(store) == {("jag", "unknown"): 1, ("ops", "sent"): 1}
    assert len(wall.answers) == 6


def test_a_message_that_takes_too_long_to_draw_and_is_taken_over_is_not_posted(store, clock, wall):
    def slow(payload: str) -> Message:
        clock.advance(seconds=wall.timeout + 1)
        grace = dt.timedelta(seconds=wall.timeout)
        assert sending.claim_next(store, "jag", clock.now, grace) is not None, "another worker takes it"
        return build(payload)

    put(store, clock, "a")
    Delivery(store, {"jag": wall}, {"alert": slow}, clock=clock, margin=0.0).drain_channel("jag")
    assert wall.shown == {}
    assert standings(store) == {("jag", "sending"): 1}


def test_a_fresh_intent_is_committed_once(store, clock, wall):
    """A commit less a message: nobody takes the row before timeout and margin are over."""
    put(store, clock, "a")
    claimed = clock.now
    Delivery(
        store, {"jag": wall}, {"alert": build}, clock=lambda: clock.advance(seconds=1), margin=3600.0
    ).drain_channel("jag")
    with store.read() as connection:
        (at,) = connection.execute(select(table.c.intent_at)).scalars()
    assert wall.posts == ["a"]
    assert as_utc(at) == claimed + dt.timedelta(seconds=1)


def test_the_terminal_repeats_with_a_mark(store, clock):
    printed: list[tuple[str, bool]] = []
    stop = [True]

    def printer(message: Message, changed: bool) -> None:
        printed.append((message.title, changed))
        if stop.pop():
            raise KeyboardInterrupt

    delivery = Delivery(store, {"console": Console(printer)}, {"alert": build}, clock=clock)
    put(store, clock, "A-1", channel="console")
    with pytest.raises(KeyboardInterrupt):
        delivery.drain()
    stop.append(False)
    clock.advance(seconds=4)
    assert delivery.drain() == 0
    clock.advance(seconds=1)
    assert delivery.drain() == 1
    assert printed == [("text", False), (f"text {REPEATED}", False)]
    stop.append(False)
    put(store, clock, "A-1", channel="console", payload="newer")
    delivery.drain()
    assert printed[-1] == ("newer", True)


def test_a_channel_keeps_its_pace_and_slow_ones_hold_up_nobody(store, clock):
    """Two messages in each of ten channels, 0.2 s apart; the first holds up none of the others."""
    walls = {f"c{n}": Wall(pace=0.2) for n in range(10)}
    others = threading.Event()

    def built(payload: str) -> Message:
        if payload == "slow":
            assert others.wait(10), "a channel that takes its time holds up the others"
        return build(payload)

    for channel in walls:
        put(store, clock, "A-1", channel=channel)
        put(store, clock, "A-2", channel=channel, payload="slow" if channel == "c0" else "text")
    stop = threading.Event()
    worker = threading.Thread(
        target=Delivery(store, walls, {"alert": built}, clock=clock).run, args=(stop, 0.02)
    )
    started = time.monotonic()
    worker.start()
    while standings(store) != {(c, "sent"): 2 for c in walls} and time.monotonic() < started + 20:
        if all(len(w.posts) == 2 for c, w in walls.items() if c != "c0"):
            others.set()
        time.sleep(0.01)
    took = time.monotonic() - started
    stop.set()
    worker.join()
    assert all(w.posts == ["A-1", "A-2"] for w in walls.values())
    assert took >= 0.2


def test_a_database_that_fails_ends_a_pass_and_no_more(bare_store, clock, wall):
    delivery = Delivery(bare_store, {"jag": wall}, {"alert": build}, clock=clock)
    assert delivery.drain() == 0
    assert delivery.drain_channel("jag") == 0


def test_messages_of_channels_that_are_not_configured_wait(store, clock, delivery):
    put(store, clock, "A-1", channel="gone")
    assert delivery.drain() == 0
    assert standings(store) == {("gone", "pending"): 1}


def test_a_notice_reads_as_a_message():
    payload = json.dumps(
        {"title": "Messages to jag cannot be delivered", "text": "why", "advice": "what to do"}
    )
    message = notice_message(payload)
    assert message.summary == "Messages to jag cannot be delivered. why"
    assert message.lines == ("why", "what to do")


def test_the_terminal_shows_the_whole_message(capsys):
    Console().post(Message("A-1", 1, "Burglary in Ibstock", "summary", ("9 recorded in June 2022.",)))
    assert "Burglary in Ibstock" in (shown := capsys.readouterr().out)
    assert "9 recorded in June 2022." in shown
