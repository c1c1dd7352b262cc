"""Alerts to people who subscribed: a conversation that is opened when it is needed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from bot.message import Message
from bot.slack.direct import Lines, SlackDirect
from bot.transports.base import Undeliverable
from bot.transports.slack_calls import slack_client
from bot.works import delivery_for
from jobs.errors import UsageError
from jobs.house import House
from jobs.store import letters
from jobs.store.engine import Store
from jobs.store.outbox import enqueue
from tests.slack_shop import JAG, NOON, OFFICER, TOWN, slack_partnership
from tests.wire.slack import TOKEN, slack_stand_in
from tests.wire.slack_inbound import Inbound

NOTICE = json.dumps({"title": "T", "text": "x", "advice": "y"})


def test_people_and_channels_are_reached_by_the_same_delivery(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(slack_partnership(tmp_path), sqlite_store, lambda: NOON)
    with slack_stand_in(JAG, TOWN) as slack:
        Inbound(slack).person(OFFICER)
        monkeypatch.setenv("TOCSIN_SLACK_API_URL", slack.api)
        monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", TOKEN)
        with sqlite_store.write() as connection:
            for channel in (f"person:{OFFICER}", "person:U0NOBODY", "person:29:teams", "jag", "partnership"):
                enqueue(
                    connection, f"notice:{channel}", channel, "notice", NOTICE, NOON - dt.timedelta(hours=1)
                )
        delivery_for(house, {"slack"}).drain()
        assert len(slack.channels[OFFICER].messages) == 1
        assert len(slack.channels[JAG].messages) == 1
    with sqlite_store.read() as connection:
        rest = {(r.channel, r.state) for r in letters.standings(connection)}
        told = letters.given_up(connection)
    assert {("person:U0NOBODY", "dead"), ("person:29:teams", "pending"), ("partnership", "pending")} <= rest
    assert "user_not_found" in told[0].error


def test_a_token_is_needed_to_serve_slack(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOCSIN_SLACK_BOT_TOKEN", raising=False)
    with pytest.raises(UsageError, match="TOCSIN_SLACK_BOT_TOKEN is not set"):
        delivery_for(House(slack_partnership(tmp_path), sqlite_store), {"slack"})


def test_a_teams_channel_is_reached_by_its_webhook(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = slack_partnership(tmp_path)
    with (folder / "partnership.toml").open("a", encoding="utf-8") as settings:
        settings.write('[channels.teams]\ntitle = "T"\nplatform = "teams"\naddress = "INVENTED_WEBHOOK"\n')
    house = House(folder, sqlite_store)
    with pytest.raises(UsageError, match="INVENTED_WEBHOOK is not set"):
        delivery_for(house, {"teams"})
    monkeypatch.setenv("INVENTED_WEBHOOK", "https://example.test/hook?sig=x")
    assert set(delivery_for(house, {"teams"}).transports) == {"teams"}


def test_only_people_of_slack_have_a_line() -> None:
    client = slack_client(TOKEN, "http://127.0.0.1:9/api/")
    lines = Lines({}, client)
    assert "person:U0ANN" in lines
    assert lines["person:U0ANN"] is lines["person:U0ANN"]
    assert "person:29:abc" not in lines
    assert "jag" not in lines
    assert "person:U0ANN" not in Lines({})
    with pytest.raises(KeyError):
        lines["jag"]


def test_a_conversation_that_cannot_be_opened_is_undeliverable() -> None:
    with slack_stand_in() as slack:
        Inbound(slack)
        with pytest.raises(Undeliverable):
            SlackDirect("U0GONE", slack_client(TOKEN, slack.api)).find(Message("alert:x", 1, "X", "X"))
