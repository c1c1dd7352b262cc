"""Delivery to Slack by the real client, over a real socket, to a strict stand-in: one message each."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bot.delivery import Delivery, notice_message
from bot.transports.slack import SlackChannel
from bot.works import BUILDERS
from jobs.store import letters, outbox
from jobs.store.engine import Store
from tests.integration.killed_slack import CHANNEL, PNG, build, channel
from tests.unit.renderers.every_kind import PAYLOADS, built
from tests.wire.faults import dropped, late, limited, refused, status, taken_but, unheard
from tests.wire.slack import TOKEN, SlackStandIn, slack_stand_in

OPS = "C0OPS"
REQUEST = 1.5  # seconds: a busy machine answers in time
GRACE = 7 * REQUEST + 5
POST, UPDATE = "chat.postMessage", "chat.update"


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


def put(delivery: Delivery, clock, *keys: str, count: int = 1, picture: bool = False) -> None:
    with delivery.store.write() as connection:
        for key in keys:
            payload = json.dumps({"title": key, "count": count, "picture": picture})
            outbox.enqueue(connection, key, "jag", "alert", payload, clock.now)


def drained(delivery: Delivery, clock, times: int = 4) -> None:
    for _ in range(times):
        delivery.drain()
        clock.advance(seconds=GRACE)


def states(delivery: Delivery) -> dict[tuple[str, str], int]:
    with delivery.store.read() as connection:
        return {(s.channel, s.state): s.count for s in letters.standings(connection)}


def texts(slack: SlackStandIn, name: str = CHANNEL) -> list[str]:
    return [m["text"] for m in slack.channels[name].top]


def types(message) -> list[str]:
    return [b["type"] for b in message.get("blocks", [])]


def test_a_message_carries_its_key_its_picture_and_nothing_that_unfolds(delivery, clock, slack):
    put(delivery, clock, "A-1", picture=True)
    delivery.drain()
    (shown,) = slack.wall(CHANNEL)["A-1"]
    assert shown["text"] == "1 recorded in A-1."
    assert types(shown) == ["header", "section", "section", "image"]
    assert shown["metadata"]["event_type"] == "tocsin_message"
    assert shown["metadata"]["event_payload"]["rev"] == 1
    (file,) = slack.files.values()
    assert (file.data, file.alt, shown["blocks"][3]["slack_file"]) == (
        PNG,
        "Chart: 1 recorded.",
        {"id": file.id},
    )
    asked = next(r for name, r in slack.requests if name == POST).values
    assert asked["unfurl_links"] is asked["unfurl_media"] is False


def test_a_change_is_an_edit_in_place_with_a_line_in_the_thread(delivery, clock, slack):
    put(delivery, clock, "A-1")
    delivery.drain()
    put(delivery, clock, "A-1", count=7)
    drained(delivery, clock)
    (shown,) = slack.wall(CHANNEL)["A-1"]
    assert shown["text"] == "7 recorded in A-1."
    assert shown["metadata"]["event_payload"]["rev"] == 2
    assert [r["text"] for r in slack.channels[CHANNEL].thread(shown["ts"])] == [
        "Revision 2: A-1: 7 recorded."
    ]
    assert slack.count(POST) == 2


FAULTS = {
    "dropped": dropped(),
    "late": late(REQUEST + 0.3),
    "unheard": unheard(),
    "500": status(500),
    "500, but taken": taken_but(500),
    "503 page": status(503, b"<html>sorry</html>"),
    "429": limited(3),
    "internal_error": refused("internal_error"),
    "a page of a proxy": status(200, b"<html>log in</html>"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_message_whatever_becomes_of_the_post(fault, store, clock, slack, there):
    delivery = delivery_on(store, clock, slack, there)
    put(delivery, clock, "A-1", "A-2")
    slack.fail(POST, FAULTS[fault])
    drained(delivery, clock)
    assert texts(slack) == ["1 recorded in A-1.", "1 recorded in A-2."]
    assert states(delivery) == {("jag", "sent"): 2}
    assert slack.count(POST) == (2 if fault in ("dropped", "late", "500, but taken") else 3)


@pytest.mark.parametrize("fault", ["dropped", "unheard", "500", "429"])
@pytest.mark.parametrize("door", [POST, UPDATE, "conversations.history", "conversations.replies"])
def test_one_message_and_one_line_whatever_becomes_of_an_edit(fault, door, delivery, clock, slack):
    put(delivery, clock, "A-1")
    delivery.drain()
    put(delivery, clock, "A-1", count=2)
    slack.fail(door, FAULTS[fault])
    drained(delivery, clock)
    assert texts(slack) == ["2 recorded in A-1."]
    assert len(slack.channels[CHANNEL].messages) == 2, "the message and one line"
    assert states(delivery) == {("jag", "sent"): 1}


def test_nothing_is_posted_before_the_grace_is_over_and_a_limit_is_kept(delivery, clock, slack):
    put(delivery, clock, "A-1")
    slack.fail(POST, dropped(), limited(30))
    delivery.drain()
    clock.advance(seconds=GRACE - 1)
    assert delivery.drain() == 0
    clock.advance(seconds=1)
    assert delivery.drain() == 1
    assert slack.count(POST) == 1
    put(delivery, clock, "A-2")
    delivery.drain()
    clock.advance(seconds=29)
    assert delivery.drain() == 0
    clock.advance(seconds=1)
    assert delivery.drain() == 1


def test_a_slack_that_cannot_be_reached_is_waited_for(delivery, clock, slack, sqlite_store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        api = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        away = delivery_on(sqlite_store, clock, slack, channel(api, request=REQUEST))
        put(away, clock, "A-1")
        away.drain()
    assert states(away) == {("jag", "pending"): 1}
    drained(delivery, clock)
    assert texts(slack) == ["1 recorded in A-1."]


PERMANENT: dict[str, Callable[[SlackStandIn], object]] = {
    "channel_not_found": lambda slack: slack.channels.pop(CHANNEL),
    "not_in_channel": lambda slack: setattr(slack.channels[CHANNEL], "joined", False),
    "is_archived": lambda slack: setattr(slack.channels[CHANNEL], "archived", True),
    "missing_scope": lambda slack: slack.scopes.discard("chat:write"),
    "token_revoked": lambda slack: slack.fail(POST, refused("token_revoked"), refused("token_revoked")),
    "invalid_auth": lambda slack: slack.fail(POST, refused("invalid_auth"), refused("invalid_auth")),
    "msg_too_long": lambda slack: slack.fail(POST, refused("msg_too_long"), refused("msg_too_long")),
    "a_new_error": lambda slack: slack.fail(POST, refused("a_new_error"), refused("a_new_error")),
}


@pytest.mark.parametrize("code", PERMANENT)
def test_permanent_faults_are_dead_letters_told_once_with_how_to_mend_them(code, delivery, clock, slack):
    put(delivery, clock, "A-1", "A-2")
    PERMANENT[code](slack)
    delivery.drain()
    slack.scopes.add("chat:write")
    drained(delivery, clock, 2)
    assert states(delivery)["jag", "dead"] == 2
    if code == "missing_scope":  # the operator's channel is Slack too
        assert states(delivery)["ops", "dead"] == 1
        with delivery.store.read() as connection:
            assert "chat:write" in letters.given_up(connection)[0].error
        return
    (notice,) = slack.channels[OPS].top
    assert code in notice["text"]
    assert len([b for b in notice["blocks"] if b["type"] == "section"]) == 1


def test_what_the_operator_reads_says_how_to_mend_it(delivery, clock, slack):
    slack.channels[CHANNEL].joined = False
    put(delivery, clock, "A-1")
    delivery.drain()
    assert "The app is not in the channel. In the channel: ˋ/invite @Tocsinˋ." in texts(slack, OPS)[0]


@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
def test_refused_blocks_go_once_more_as_text(error, delivery, clock, slack):
    put(delivery, clock, "A-1")
    slack.fail(POST, refused(error))
    delivery.drain()
    (shown,) = slack.wall(CHANNEL)["A-1"]
    assert shown["text"] == "A-1\nA-1: 1 recorded. Data to June 2022.\nOwner: nobody"
    assert "blocks" not in shown
    put(delivery, clock, "A-1", count=2)
    slack.fail(UPDATE, refused(error))
    delivery.drain()
    assert slack.wall(CHANNEL)["A-1"][0]["text"].startswith("A-1\nA-1: 2 recorded.")


def test_text_refused_too_is_a_dead_letter(delivery, clock, slack):
    put(delivery, clock, "A-1")
    slack.fail(POST, refused("invalid_blocks"), refused("invalid_blocks"))
    delivery.drain()
    assert states(delivery) == {("jag", "dead"): 1, ("ops", "sent"): 1}


def test_a_post_that_is_made_again_does_not_upload_again(delivery, clock, slack):
    put(delivery, clock, "A-1", picture=True)
    slack.fail(POST, limited(1), unheard())
    drained(delivery, clock)
    assert len(slack.files) == 1
    assert types(slack.wall(CHANNEL)["A-1"][0])[-1] == "image"


def test_a_hundred_alerts_keep_slacks_pace(delivery, clock, slack, there, monkeypatch):
    """The real distance of one second, by a clock that only sleeping moves; any closer would be a 429."""
    now = [0.0]
    still = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda s: now.__setitem__(0, now[0] + s))
    monkeypatch.setattr("bot.delivery.time", still)
    slack.clock, slack.spacing = lambda: now[0], 1.0
    there.pace = 1.0
    put(delivery, clock, *(f"A-{n}" for n in range(100)))
    assert delivery.drain() == 100
    assert texts(slack) == [f"1 recorded in A-{n}." for n in range(100)]
    assert slack.count(POST) == 100, "none was refused"
    assert 98.9 < now[0] < 99.1


def test_too_fast_is_told_by_slack_and_waited_for(delivery, clock, slack):
    slack.spacing = 3600.0
    slack.clock = lambda: clock().timestamp()
    put(delivery, clock, "A-1", "A-2")
    delivery.drain()
    assert states(delivery) == {("jag", "sent"): 1, ("jag", "pending"): 1}
    clock.advance(seconds=3601)
    delivery.drain()
    assert len(texts(slack)) == 2


def test_without_the_history_an_unknown_outcome_is_parked_and_the_operator_asked(delivery, clock, slack):
    slack.scopes -= {"channels:history", "groups:history"}
    put(delivery, clock, "A-1")
    slack.fail(POST, dropped())
    drained(delivery, clock, 2)
    assert states(delivery) == {("jag", "unknown"): 1, ("ops", "sent"): 1}
    assert texts(slack) == ["1 recorded in A-1."]
    assert "channels:history" in texts(slack, OPS)[0]


def test_a_message_that_somebody_deleted_is_put_up_again_once(delivery, clock, slack):
    put(delivery, clock, "A-1")
    delivery.drain()
    slack.channels[CHANNEL].messages.clear()
    put(delivery, clock, "A-1", count=2)
    slack.fail(POST, dropped())
    drained(delivery, clock)
    assert texts(slack) == ["2 recorded in A-1."]
    put(delivery, clock, "A-1", count=3)
    drained(delivery, clock)
    assert texts(slack) == ["3 recorded in A-1."]


@pytest.mark.parametrize("name", PAYLOADS)
def test_every_kind_of_payload_is_shown(name, sqlite_store, clock, slack, there):
    kind, payload = PAYLOADS[name]
    with sqlite_store.write() as connection:
        outbox.enqueue(connection, f"{kind}:{name}", "jag", kind, payload, clock.now)
    delivery = Delivery(sqlite_store, {"jag": there}, BUILDERS, clock=clock)
    there.timeout = 60.0  # real charts are drawn
    there._calls.limit = 60.0
    delivery.drain()
    (shown,) = slack.channels[CHANNEL].top
    assert shown["blocks"][0]["text"]["text"] == built(name).title
    assert types(shown).count("image") == len(built(name).pictures)
    assert slack.count(POST) == 1, "nothing was refused"


def test_the_token_is_in_no_log_and_no_error(delivery, clock, slack, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    slack.fail(POST, refused("invalid_auth"), *FAULTS.values())
    slack.fail("files.getUploadURLExternal", status(500))
    put(delivery, clock, "A-1", "A-2", "A-3", picture=True)
    drained(delivery, clock, 14)
    with delivery.store.read() as connection:
        said = " ".join(letter.error for letter in letters.given_up(connection))
    printed = capsys.readouterr()
    for where in (said, printed.err, printed.out, caplog.text):
        assert TOKEN not in where
        assert "xoxb" not in where
    assert "Slack does not know the token." in said
