"""Messages and files in the thread of a message: after it, once each, and edited where they stand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.delivery import Delivery, notice_message
from bot.message import File
from bot.transports.console import Console
from bot.transports.slack import SlackChannel
from jobs.store import letters, outbox
from jobs.store.engine import Store
from tests.integration.killed_slack import CHANNEL, PAGE, build, channel
from tests.wire.faults import dropped, late, limited, refused, status, taken_but, unheard
from tests.wire.slack import SlackStandIn, slack_stand_in

OPS = "C0OPS"
REQUEST = 1.5  # seconds: a busy machine answers in time
GRACE = 7 * REQUEST + 5
POST, UPDATE, SHARE = "chat.postMessage", "chat.update", "files.completeUploadExternal"


@pytest.fixture
def slack():
    with slack_stand_in(CHANNEL, OPS) as far:
        yield far


@pytest.fixture
def there(slack) -> SlackChannel:
    return channel(slack.api, request=REQUEST)


@pytest.fixture
def delivery(sqlite_store: Store, clock, slack, there) -> Delivery:
    return delivery_on(sqlite_store, clock, slack, there)


def delivery_on(store: Store, clock, slack: SlackStandIn, there: SlackChannel) -> Delivery:
    transports = {"jag": there, "ops": channel(slack.api, OPS, REQUEST)}
    builders = {"alert": build, "notice": notice_message}
    return Delivery(store, transports, builders, operator="ops", clock=clock)


def put(
    delivery: Delivery, clock, key: str, count: int = 1, *, thread: str | None = None, file: bool = False
) -> None:
    payload = json.dumps({"title": key, "count": count, "file": file})
    with delivery.store.write() as connection:
        outbox.enqueue(connection, key, "jag", "alert", payload, clock.now, thread=thread)


def digest(delivery: Delivery, clock) -> None:
    """A message, two replies and a file, put up in one go."""
    put(delivery, clock, "D")
    put(delivery, clock, "D:areas", thread="D")
    put(delivery, clock, "D:method", thread="D")
    put(delivery, clock, "D:page", thread="D", file=True)


def drained(delivery: Delivery, clock, times: int = 4, seconds: float = GRACE) -> None:
    for _ in range(times):
        delivery.drain()
        clock.advance(seconds=seconds)


def states(delivery: Delivery) -> dict[tuple[str, str], int]:
    with delivery.store.read() as connection:
        return {(s.channel, s.state): s.count for s in letters.standings(connection)}


def thread(slack: SlackStandIn) -> list[str]:
    """What stands in the one thread: texts, and names of files."""
    (top,) = slack.channels[CHANNEL].top
    return [
        " ".join((m["text"], *(f["name"] for f in m.get("files", []))))
        for m in slack.channels[CHANNEL].thread(top["ts"])
    ]


WHOLE = ["1 recorded in D:areas.", "1 recorded in D:method.", "1 recorded in D:page. D:page.html"]


def test_replies_and_a_file_stand_in_the_thread_in_their_order(delivery, clock, slack):
    digest(delivery, clock)
    delivery.drain()
    assert thread(slack) == WHOLE
    assert [f.data for f in slack.files.values()] == [PAGE]
    assert states(delivery) == {("jag", "sent"): 4}


def test_a_reply_waits_for_its_message_and_holds_up_nobody(delivery, clock, slack):
    put(delivery, clock, "D:areas", thread="D")
    put(delivery, clock, "A-1")
    delivery.drain()
    assert [m["text"] for m in slack.channels[CHANNEL].messages] == ["1 recorded in A-1."]
    assert states(delivery) == {("jag", "sent"): 1, ("jag", "pending"): 1}
    put(delivery, clock, "D")
    delivery.drain()
    top = slack.wall(CHANNEL)["D"][0]
    assert [m["text"] for m in slack.channels[CHANNEL].thread(top["ts"])] == ["1 recorded in D:areas."]


def test_a_message_that_is_refused_leaves_its_replies_unsent(delivery, clock, slack):
    digest(delivery, clock)
    slack.fail(POST, refused("msg_too_long"))
    drained(delivery, clock)
    assert slack.channels[CHANNEL].messages == []
    assert states(delivery) == {("jag", "dead"): 1, ("jag", "pending"): 3, ("ops", "sent"): 1}
    with delivery.store.write() as connection:
        letters.revive(connection, "jag", clock.now)
    drained(delivery, clock)
    assert thread(slack) == WHOLE


FAULTS = {
    "dropped": dropped(),
    "late": late(REQUEST + 0.3),
    "unheard": unheard(),
    "500": status(500),
    "500, but taken": taken_but(500),
    "429": limited(3),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "door",
    [POST, "upload", "files.getUploadURLExternal", SHARE, "conversations.replies", "conversations.history"],
)
def test_each_once_whatever_becomes_of_a_request(fault, door, store, clock, slack, there):
    delivery = delivery_on(store, clock, slack, there)
    slack.fail(POST, *([FAULTS["dropped"]] if door.startswith("conv") else []))
    slack.fail(door, FAULTS[fault])
    digest(delivery, clock)
    drained(delivery, clock, 6)
    assert thread(slack) == WHOLE
    assert states(delivery) == {("jag", "sent"): 4}


@pytest.mark.parametrize("fault", ["dropped", "unheard", "500, but taken", "429"])
def test_each_reply_once_when_its_own_post_is_in_doubt(fault, delivery, clock, slack):
    put(delivery, clock, "D")
    delivery.drain()
    slack.fail(POST, FAULTS[fault], FAULTS[fault])
    digest(delivery, clock)
    drained(delivery, clock, 6)
    assert thread(slack) == WHOLE


def test_a_changed_reply_is_edited_in_place_and_nothing_is_added(delivery, clock, slack):
    digest(delivery, clock)
    delivery.drain()
    put(delivery, clock, "D:areas", 7, thread="D")
    put(delivery, clock, "D:page", 7, thread="D", file=True)
    slack.fail(UPDATE, FAULTS["dropped"])
    drained(delivery, clock)
    assert thread(slack) == ["7 recorded in D:areas.", *WHOLE[1:]]
    assert len(slack.files) == 1, "a file stays as it went up"
    assert states(delivery) == {("jag", "sent"): 4}


def test_a_deleted_reply_is_put_up_again_in_its_thread_once(delivery, clock, slack):
    digest(delivery, clock)
    delivery.drain()
    messages = slack.channels[CHANNEL].messages
    messages[:] = [m for m in messages if m["text"] != WHOLE[0]]
    put(delivery, clock, "D:areas", 2, thread="D")
    slack.fail(POST, FAULTS["dropped"])
    drained(delivery, clock)
    assert thread(slack) == [*WHOLE[1:], "2 recorded in D:areas."]


def test_a_late_worker_does_not_put_an_older_reply_over_a_newer(delivery, clock, slack, there):
    digest(delivery, clock)
    delivery.drain()
    put(delivery, clock, "D:areas", 5, thread="D")
    delivery.drain()
    (top,) = slack.channels[CHANNEL].top
    reply = slack.channels[CHANNEL].thread(top["ts"])[0]
    stale = build(json.dumps({"title": "D:areas", "count": 1}))
    there.edit(reply["ts"], replace(stale, key="D:areas", revision=1, thread=top["ts"]))
    assert thread(slack)[0] == "5 recorded in D:areas."


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
def test_a_reply_whose_blocks_are_refused_goes_as_text_into_the_thread(error, delivery, clock, slack):
    put(delivery, clock, "D")
    delivery.drain()
    slack.fail(POST, refused(error))
    put(delivery, clock, "D:areas", thread="D")
    delivery.drain()
    assert thread(slack) == ["D:areas\nD:areas: 1 recorded. Data to June 2022.\nOwner: nobody"]


FOR_GOOD = {
    "no scope": lambda slack: slack.scopes.discard("files:write"),
    "refused": lambda slack: slack.fail(SHARE, refused("posting_to_channel_denied")),
    "no room": lambda slack: slack.fail("files.getUploadURLExternal", refused("storage_limit_reached")),
    "never an answer": lambda slack: slack.fail("upload", *[status(500)] * 20),
}


@pytest.mark.parametrize("why", FOR_GOOD)
def test_a_file_that_fails_for_good_leaves_the_rest_and_is_told_once(why, delivery, clock, slack):
    FOR_GOOD[why](slack)
    digest(delivery, clock)
    put(delivery, clock, "A-1")
    drained(delivery, clock, 16, seconds=900)
    top = slack.wall(CHANNEL)["D"][0]
    assert [m["text"] for m in slack.channels[CHANNEL].thread(top["ts"])] == WHOLE[:2]
    assert len(slack.wall(CHANNEL)["A-1"]) == 1, "what comes after it goes out"
    assert len(slack.channels[OPS].top) == 1


def test_a_file_that_cannot_be_made_is_told_and_no_more(sqlite_store, clock, slack, there):
    def broken() -> bytes:
        raise ValueError("no such font")

    def built(payload: str):
        message = build(payload)
        return message if message.file is None else replace(message, file=File("x.html", "X", broken))

    delivery = delivery_on(sqlite_store, clock, slack, there)
    delivery.builders = {"alert": built, "notice": notice_message}
    digest(delivery, clock)
    drained(delivery, clock)
    assert thread(slack) == WHOLE[:2]
    assert "ValueError" in slack.channels[OPS].top[0]["text"]


def test_a_message_that_tells_no_history_is_edited_without_a_line(sqlite_store, clock, slack, there):
    delivery = delivery_on(sqlite_store, clock, slack, there)
    delivery.builders = {"alert": lambda payload: replace(build(payload), history=False)}
    put(delivery, clock, "D")
    delivery.drain()
    put(delivery, clock, "D", 2)
    delivery.drain()
    assert [m["text"] for m in slack.channels[CHANNEL].messages] == ["2 recorded in D."]


def test_where_there_are_no_threads_a_reply_is_a_message_of_its_own(sqlite_store, clock):
    printed: list[str] = []
    paper = Console(lambda message, changed: printed.append(f"{message.key} {changed}"))
    delivery = Delivery(sqlite_store, {"jag": paper}, {"alert": build}, clock=clock)
    digest(delivery, clock)
    delivery.drain()
    assert printed == ["D False", "D:areas False", "D:method False", "D:page False"]
