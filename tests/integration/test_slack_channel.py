"""The transport of a Slack channel by itself: pictures, threads, edits, settings; to a strict stand-in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest

import bot.transports.slack
from bot.message import Message, Picture
from bot.renderers.slack import SlackMessage
from bot.transports.slack import SlackChannel
from jobs.errors import Retry, UsageError
from tests.integration.killed_slack import CHANNEL, PNG, build, channel
from tests.wire.faults import Fault, as_json, dropped, late, refused, status
from tests.wire.slack import TOKEN, SlackStandIn, slack_stand_in

REQUEST = 1.5  # seconds: a busy machine answers in time
POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.fixture
def slack():
    with slack_stand_in(CHANNEL) as far:
        yield far


@pytest.fixture
def there(slack) -> SlackChannel:
    return channel(slack.api, request=REQUEST)


def types(message) -> list[str]:
    return [b["type"] for b in message.get("blocks", [])]


def message(count: int = 1, revision: int = 1, key: str = "A-1", **changes) -> Message:
    said = build(json.dumps({"title": "A-1", "count": count}))
    return replace(said, key=key, revision=revision, **changes)


def texts(slack: SlackStandIn) -> list[str]:
    return [m["text"] for m in slack.channels[CHANNEL].top]


PICTURE = Picture("chart", "A chart", "Chart: 1 recorded.", partial(bytes, PNG))


def test_a_picture_that_slack_is_still_looking_at_is_shown_a_moment_later(there, slack):
    slack.slow_files = 1
    there.post(message(pictures=(PICTURE,)))
    assert types(slack.wall(CHANNEL)["A-1"][0])[-1] == "image"
    assert slack.count(POST) == 2


broken = partial(bytes.fromhex, "no such font")


NO_PICTURE: dict[str, Callable[[SlackStandIn], object]] = {
    "Slack never takes it": lambda slack: setattr(slack, "slow_files", 9),
    "no scope": lambda slack: slack.scopes.discard("files:write"),
    "500": lambda slack: slack.fail("upload", status(500)),
    "dropped": lambda slack: slack.fail("files.completeUploadExternal", dropped()),
    "late": lambda slack: slack.fail("files.getUploadURLExternal", late(REQUEST + 0.3)),
    "nonsense": lambda slack: slack.fail("files.completeUploadExternal", Fault(as_json({"ok": True}))),
    "no drawing": lambda _: None,
}


@pytest.mark.parametrize("cause", NO_PICTURE)
def test_a_message_goes_without_its_picture_and_says_what_it_shows(cause, there, slack, capsys):
    NO_PICTURE[cause](slack)
    picture = replace(PICTURE, draw=broken) if cause == "no drawing" else PICTURE
    there.post(message(pictures=(picture,)))
    (shown,) = slack.wall(CHANNEL)["A-1"]
    assert types(shown)[-1] == "context"
    assert shown["blocks"][-1]["elements"][-1]["text"] == PICTURE.alt
    said = capsys.readouterr().err
    assert "goes without it" in said or "invalid slack file" in said


def test_an_edit_that_changes_no_word_says_nothing_in_the_thread(there, slack):
    reference = there.post(message())
    there.edit(reference, message(revision=2))
    assert slack.channels[CHANNEL].thread(reference) == []
    assert slack.wall(CHANNEL)["A-1"][0]["metadata"]["event_payload"]["rev"] == 2


def test_a_line_in_the_thread_counts_what_it_leaves_out(there, slack):
    reference = there.post(message())
    there.edit(reference, message(revision=2, lines=tuple(f"Line {n} is new." for n in range(9))))
    (line,) = slack.channels[CHANNEL].thread(reference)
    assert line["text"].endswith("Line 3 is new. · and 5 more changes")


def test_an_edit_as_text_takes_the_old_blocks_away(there, slack):
    reference = there.post(message())
    slack.fail(UPDATE, refused("invalid_blocks"))
    there.edit(reference, message(2, 2))
    assert "blocks" not in slack.wall(CHANNEL)["A-1"][0]


@pytest.mark.parametrize("checked", [True, False])
def test_blocks_that_slack_does_not_know_never_stop_a_message(checked, there, slack, monkeypatch):
    """Found by our own checks before sending; and, were those blind, by Slack."""
    bad = SlackMessage("text", [{"type": "data_table", "rows": []}])
    monkeypatch.setattr(bot.transports.slack, "message_blocks", lambda *_: bad)
    if not checked:
        monkeypatch.setattr(bot.transports.slack, "validate", lambda _: [])
    there.post(message())
    assert slack.count(POST) == (1 if checked else 2)
    assert texts(slack)[0].startswith("A-1\nA-1: 1 recorded.")


def test_without_the_history_an_edit_is_made_and_its_thread_stays_empty(there, slack):
    reference = there.post(message())
    slack.scopes -= {"channels:history", "groups:history"}
    there.edit(reference, message(2, 2))
    assert texts(slack) == ["2 recorded in A-1."]
    assert slack.channels[CHANNEL].thread(reference) == []


def test_a_key_is_found_on_a_far_page_and_only_as_a_whole(there, slack):
    reference = there.post(message())
    others = slack.channels[CHANNEL].messages
    others += [
        {"type": "message", "user": "U2", "bot_id": "", "ts": f"{1_670_000_000 + n}.000000", "text": "hello"}
        for n in range(450)
    ]
    assert there.find(message()) == reference
    assert slack.count("conversations.history") == 3
    assert there.find(message(key="A-")) is None


def test_a_late_worker_does_not_put_an_older_text_over_a_newer(there, slack):
    reference = there.post(message(5, 5))
    assert there.edit(reference, message(4, 4)) == reference
    assert texts(slack) == ["5 recorded in A-1."]


def test_a_reply_is_put_into_a_thread_once(there, slack):
    reference = there.post(message())
    more = message(9, key="A-1:more")
    first = there.post(replace(more, thread=reference))
    assert there.find(replace(more, thread=reference)) == first
    assert there.find(more) is None, "it is not in the channel itself"
    assert [r["text"] for r in slack.channels[CHANNEL].thread(reference)] == ["9 recorded in A-1."]


def test_out_of_time_nothing_is_sent_any_more(there, slack, monkeypatch):
    """Another worker may be looking for the message by then."""
    now = [0.0]
    monkeypatch.setattr("bot.transports.slack_calls.time", SimpleNamespace(monotonic=lambda: now[0]))

    def slow(_picture: object) -> bytes:
        now[0] += there.timeout
        return PNG

    monkeypatch.setattr(there._pictures, "draw", slow)
    with pytest.raises(Retry, match="was not sent"):
        there.post(message(pictures=(PICTURE,)))
    assert slack.count(POST) == 0


@pytest.fixture
def environment(monkeypatch):
    for name in ("TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_BOT_TOKEN_FILE", "TOCSIN_SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_token_and_address_come_from_the_environment(environment, slack, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    environment.setenv("TOCSIN_SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    environment.setenv("TOCSIN_SLACK_API_URL", slack.api)
    there = SlackChannel.from_environment(CHANNEL)
    assert there.timeout == 70.0
    assert there.post(message()) == slack.wall(CHANNEL)["A-1"][0]["ts"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TOCSIN_SLACK_BOT_TOKEN", "", "TOCSIN_SLACK_BOT_TOKEN is not set"),
        ("TOCSIN_SLACK_BOT_TOKEN", f"{TOKEN}\r\nX-Evil: 1", "holds characters"),
        ("TOCSIN_SLACK_BOT_TOKEN_FILE", "/nowhere/at/all", "TOCSIN_SLACK_BOT_TOKEN_FILE cannot be read"),
        ("TOCSIN_SLACK_API_URL", "http://slack.example/api/", "TOCSIN_SLACK_API_URL is not an https address"),
        ("TOCSIN_SLACK_API_URL", "file:///etc/passwd", "TOCSIN_SLACK_API_URL is not an https address"),
        ("TOCSIN_SLACK_API_URL", "https://", "TOCSIN_SLACK_API_URL is not an https address"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_no_secret_told(environment, name, value, told):
    if name == "TOCSIN_SLACK_API_URL":
        environment.setenv("TOCSIN_SLACK_BOT_TOKEN", TOKEN)
    environment.setenv(name, value)
    with pytest.raises(UsageError, match=told) as error:
        SlackChannel.from_environment(CHANNEL)
    assert "xoxb" not in str(error.value)


def test_a_channel_is_given_by_its_id(slack):
    with pytest.raises(UsageError, match="'#jag' is not the id"):
        channel(slack.api, "#jag")
