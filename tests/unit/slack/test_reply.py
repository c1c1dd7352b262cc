"""A response_url: five times in thirty minutes, only at Slack's address, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.renderers.slack import SlackMessage
from bot.slack.reply import SECONDS, USES, Reply
from bot.transports.slack_calls import slack_client
from tests.wire.faults import dropped, refused, status
from tests.wire.slack import TOKEN, SlackStandIn, slack_stand_in
from tests.wire.slack_inbound import Inbound

HELLO = SlackMessage("hello", [])


@pytest.fixture
def people() -> Iterator[Inbound]:
    with slack_stand_in("C1") as slack:
        made = Inbound(slack)
        made.person("U1")
        yield made


def reply(people: Inbound, now: list[float] | None = None, **how: str) -> Reply:
    clock = now or [0.0]
    url = how.pop("url", people.response_url("U1", "C1"))
    client = slack_client(TOKEN, people.slack.api, request=2)
    return Reply(client, "U1", how.pop("channel", "C1"), url, clock=lambda: clock[0], **how)


def posted(slack: SlackStandIn) -> list[str]:
    return [name for name, _ in slack.requests]


def test_after_five_uses_the_api_takes_over(people: Inbound) -> None:
    to = reply(people)
    assert all(to.private(HELLO) for _ in range(USES + 2))
    assert posted(people.slack) == ["response"] * USES + ["chat.postEphemeral"] * 2


def test_after_thirty_minutes_too(people: Inbound) -> None:
    now = [0.0]
    to = reply(people, now)
    now[0] = SECONDS + 1.0
    assert to.private(HELLO)
    assert posted(people.slack) == ["chat.postEphemeral"]


@pytest.mark.parametrize(
    "url",
    ["https://example.test/x", "http://hooks.slack.com/x", "https://hooks.slack.com.example.test/x",
     "https://evilslack.com/x", "file:///etc/passwd", "http://169.254.169.254/", "http://[", ""],
)  # fmt: skip
def test_only_slacks_own_addresses_are_believed(people: Inbound, url: str) -> None:
    to = reply(people, url=url)
    assert to.url == ""
    assert to.private(HELLO)
    assert posted(people.slack) == ["chat.postEphemeral"]


def test_slacks_own_is_believed_and_never_printed(people: Inbound) -> None:
    to = reply(people, url="https://hooks.slack.com/commands/T1/2/secret")
    assert to.url
    assert "secret" not in repr(to)


def test_what_may_stand_in_the_channel_is_not_said_again(people: Inbound) -> None:
    people.slack.fail("response", dropped())
    assert reply(people).shared(HELLO)
    assert posted(people.slack) == ["response"]


def test_a_plain_no_goes_on_to_the_next_way(people: Inbound) -> None:
    people.slack.fail("response", status(404))
    people.slack.fail("chat.postEphemeral", refused("user_not_in_channel"))
    assert reply(people).private(HELLO)
    assert posted(people.slack) == ["response", "chat.postEphemeral", "chat.postMessage"]
    assert people.slack.channels["U1"].messages[0]["text"] == "hello"


def test_blocks_that_are_unfit_are_left_out_before_they_are_sent(people: Inbound) -> None:
    assert reply(people).private(SlackMessage("hello", [{"type": "nonsense"}]))
    assert "blocks" not in people.shown[0].body


def test_nobody_is_told_it_is_well_when_it_is_not(people: Inbound) -> None:
    people.slack.fail("response", status(404))
    people.slack.fail("chat.postMessage", refused("channel_not_found"))
    assert not reply(people).shared(HELLO)
