"""The real app, asked as Slack asks it, by signed HTTP and over a WebSocket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sample import told_file  # noqa: F401 - a fixture
from tests.slack_shop import ANALYST, JAG, OFFICER, OTHER, PASSER, TOWN, Shop, open_shop
from tests.wire.faults import Fault, as_json, status

CLOSED = ("/trend", "fires-secondary nwl")  # of the fire service: partners see it, the public does not


@pytest.fixture(params=["http", "socket"])
def shop(request: pytest.FixtureRequest, told_file: Path, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    with open_shop(told_file, tmp_path, by=request.param) as opened:
        yield opened


@pytest.fixture
def shop_by_http(told_file: Path, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    with open_shop(told_file, tmp_path) as opened:
        yield opened


def buttons(body: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    found = [e for b in body.get("blocks", []) if b["type"] == "actions" for e in b["elements"]]
    return [e for e in found if e["action_id"].startswith(prefix)]


def test_a_slash_command_is_answered_to_the_person_alone(shop: Shop) -> None:
    ack = shop.send(shop.people.command(PASSER, TOWN, "/hotspots", "coalville"))
    shop.settle()
    assert ack == {}
    words, *pictures = shop.people.shown
    assert words.body["response_type"] == "ephemeral"
    assert not words.everybody
    assert "highest areas in Coalville" in words.body["text"]
    assert [p.body["blocks"][-1]["type"] for p in pictures] == ["image"]
    assert "Coalville" in pictures[0].body["blocks"][-1]["alt_text"]
    line = shop.audit()[-1]
    assert (line.who, line.channel, line.kind, line.query) == (
        PASSER,
        "town",
        "question",
        "hotspots coalville",
    )
    assert (line.outcome, line.platform, line.clearance) == ("ok", "slack", "public")


def test_every_verb_may_also_be_typed_after_tocsin(shop_by_http: Shop) -> None:
    one = shop_by_http.ask(PASSER, TOWN, "/define", "TFMV")
    other = shop_by_http.ask(PASSER, TOWN, "/tocsin", "define TFMV")
    assert one["text"] == other["text"]
    assert "help" in shop_by_http.ask(PASSER, TOWN, "/tocsin")["text"].lower()


def test_share_shows_it_to_the_channel_and_a_refusal_stays_private(shop: Shop) -> None:
    assert shop.ask(PASSER, TOWN, "/define", "TFMV share")["response_type"] == "in_channel"
    assert shop.ask(PASSER, TOWN, "/hotspots", "atlantis share")["response_type"] == "ephemeral"


def test_in_a_direct_message_between_two_people_nothing_is_shared(shop_by_http: Shop) -> None:
    shown = shop_by_http.ask(ANALYST, "D0BETWEEN", "/define", "TFMV share")
    assert shown["response_type"] == "ephemeral"


def test_an_ambiguous_question_offers_choices_and_a_choice_asks_again(shop: Shop) -> None:
    question = shop.ask(PASSER, TOWN, "/trend", "theft nwl")
    choices = buttons(question, "ask:")
    assert len(choices) >= 2
    assert all(c["value"].startswith(("trend ", "define ")) for c in choices)
    before = len(shop.people.shown)
    shop.send(shop.people.click(PASSER, TOWN, choices[0]["action_id"], choices[0]["value"]))
    shop.settle()
    answer = shop.people.shown[before].body
    assert answer["replace_original"] is True
    assert "Theft" in answer["text"] or "theft" in answer["text"]
    assert shop.audit()[-1].query == choices[0]["value"]


def test_a_mention_is_answered_where_it_was_made(shop: Shop) -> None:
    shop.send(shop.people.mention(PASSER, TOWN, "hotspots coalville"))
    shop.settle()
    first = shop.slack.ephemeral[0]
    assert (first["user"], first["channel"]) == (PASSER, TOWN)
    assert "highest areas" in first["text"]
    shop.slack.channels[TOWN].messages.append({"ts": "5.5", "bot_id": "B9", "text": "x"})
    shop.send(shop.people.mention(PASSER, TOWN, "define TFMV share", ts="5.5"))
    shop.settle()
    assert shop.slack.channels[TOWN].thread("5.5"), "shared below the question"


def test_a_direct_message_is_answered_in_it_and_bots_are_not(shop: Shop) -> None:
    direct = shop.slack.channels[PASSER]
    shop.send(shop.people.direct(PASSER, "data"))
    shop.settle()
    assert len(direct.messages) == 1
    shop.send(shop.people.direct(PASSER, "data", bot_id="B1"))
    shop.send(shop.people.direct(PASSER, "data", subtype="message_changed"))
    shop.send(shop.people.event(type="message", channel_type="im", channel=direct.id, text="data"))
    shop.settle()
    assert len(direct.messages) == 1


@pytest.mark.parametrize("again", ["command", "event"])
def test_what_slack_sends_twice_is_done_once(shop: Shop, again: str) -> None:
    made = shop.people.command(PASSER, TOWN, "/define", "TFMV")
    payload = made if again == "command" else shop.people.direct(PASSER, "define TFMV")
    shop.send(payload)
    shop.settle()
    shop.send({**payload, "retried": "yes"})  # a request of its own, as Slack signs each retry anew
    shop.settle()
    assert len(shop.people.shown) + len(shop.slack.channels[PASSER].messages) == 1
    assert len(shop.audit()) == 1


def test_the_clearance_is_the_lower_of_person_and_channel(shop_by_http: Shop) -> None:
    shop = shop_by_http

    def outcome(person: str, channel: str) -> str:
        shop.ask(person, channel, *CLOSED)
        return shop.audit()[-1].outcome

    assert outcome(OFFICER, JAG) == "ok"
    assert outcome(OFFICER, f"D{OFFICER[1:]}") == "ok"
    refused = outcome(PASSER, JAG)
    assert refused != "ok"
    assert {outcome(OFFICER, TOWN), outcome(OFFICER, OTHER), outcome(OFFICER, "G0GROUP")} == {refused}


@pytest.mark.parametrize(
    "facts",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"team_id": "T2"},
        {"deleted": True},
    ],
)
def test_guests_and_people_from_elsewhere_read_what_is_public(
    shop_by_http: Shop, facts: dict[str, Any]
) -> None:
    shop_by_http.people.users[OFFICER] |= facts
    shop_by_http.ask(OFFICER, JAG, *CLOSED)
    assert shop_by_http.audit()[-1].outcome != "ok"


@pytest.mark.parametrize("mark", ["is_ext_shared", "is_org_shared", "is_pending_ext_shared"])
def test_a_shared_channel_reads_what_is_public(shop_by_http: Shop, mark: str) -> None:
    shop = shop_by_http
    shop.ask(OFFICER, JAG, *CLOSED)
    assert shop.audit()[-1].outcome == "ok"
    shop.people.facts[JAG] = {mark: True}
    shop.send(shop.people.event(type="channel_shared", connected_team_id="T2", channel=JAG))
    shop.settle()
    shop.ask(OFFICER, JAG, *CLOSED)
    assert shop.audit()[-1].outcome != "ok"


def test_whom_slack_cannot_vouch_for_reads_what_is_public(shop_by_http: Shop) -> None:
    shop_by_http.slack.scopes.discard("users:read")
    shop_by_http.ask(OFFICER, JAG, *CLOSED)
    assert shop_by_http.audit()[-1].outcome != "ok"


def test_an_answer_survives_a_response_url_that_does_not_take_it(shop_by_http: Shop) -> None:
    shop = shop_by_http
    shop.slack.fail("response", Fault(as_json({"ok": False, "error": "expired_url"}, 404)))
    shop.send(shop.people.command(PASSER, TOWN, "/define", "TFMV"))
    shop.settle()
    assert [m["user"] for m in shop.slack.ephemeral] == [PASSER]
    shop.slack.channels[OTHER].joined = False
    shop.slack.fail("response", status(404))
    shop.send(shop.people.command(PASSER, OTHER, "/define", "TFMV"))
    shop.settle()
    assert len(shop.slack.channels[PASSER].messages) == 1, "the app is not in the channel: a direct message"


def test_blocks_that_are_refused_become_text(shop_by_http: Shop) -> None:
    shop = shop_by_http
    shop.slack.fail("response", Fault(as_json({"ok": False, "error": "invalid_blocks"}, 400)))
    assert "blocks" not in shop.ask(PASSER, TOWN, "/define", "TFMV")


def test_a_picture_that_slack_still_looks_at_is_shown_later_or_not_at_all(shop_by_http: Shop) -> None:
    shop_by_http.slack.slow_files = 1
    shop_by_http.ask(PASSER, TOWN, "/hotspots", "coalville")
    assert [s.body["blocks"][-1]["type"] for s in shop_by_http.people.shown][-1] == "image"
    shop_by_http.slack.slow_files = 9
    shown = len(shop_by_http.people.shown)
    shop_by_http.ask(PASSER, TOWN, "/trend", "burglary nwl")
    assert len(shop_by_http.people.shown) == shown + 1, "the words alone, and no text in place of a picture"


def test_slack_is_only_asked_about_who_could_be_told_more(shop_by_http: Shop) -> None:
    shop = shop_by_http
    for _ in range(3):
        shop.ask(PASSER, JAG, "/define", "TFMV")
    assert (shop.slack.count("users.info"), shop.slack.count("conversations.info")) == (0, 0)
    for _ in range(3):
        shop.ask(OFFICER, JAG, "/define", "TFMV")
    assert (shop.slack.count("users.info"), shop.slack.count("conversations.info")) == (1, 1)
    assert shop.slack.count("auth.test") == 1
