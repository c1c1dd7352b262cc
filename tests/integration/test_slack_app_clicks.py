"""Buttons of an alert's message, forms, and the App Home: clicked as Slack clicks them."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.renderers.slack import message_blocks
from bot.views.alerts import alert_message
from jobs.facts import ALERT, AlertFacts
from jobs.store.findings import get_alert, list_alerts
from jobs.store.outbox import enqueue
from tests.sample import AS_OF, told_file  # noqa: F401 - a fixture
from tests.slack_shop import ANALYST, JAG, NOON, OFFICER, PASSER, TOWN, Shop, open_shop
from tests.wire.faults import refused


@pytest.fixture
def shop(told_file: Path, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    with open_shop(told_file, tmp_path) as opened:
        yield opened


@pytest.fixture
def alert(shop: Shop) -> AlertFacts:
    """An open alert."""
    with shop.house.store.read() as connection:
        return ALERT.validate_json(list_alerts(connection, open_only=True)[0].facts)


def facts(shop: Shop, id_: str) -> AlertFacts:
    with shop.house.store.read() as connection:
        row = get_alert(connection, id_)
    assert row is not None
    return ALERT.validate_json(row.facts)


def press(
    shop: Shop, person: str, what: str, alert: str, channel: str = JAG, revision: int | None = None
) -> Any:
    """Click; what was shown for it, if anything was."""
    before = len(shop.people.shown)
    metadata = (
        {}
        if revision is None
        else {"metadata": {"event_payload": {"key": f"alert:{alert}", "rev": revision}}}
    )
    shop.send(shop.people.click(person, channel, f"alert:{what}", alert, {"ts": "1.1", **metadata}))
    shop.settle()
    return shop.people.shown[before].body if len(shop.people.shown) > before else None


def test_the_buttons_of_a_message_are_those_that_are_listened_to(shop: Shop, alert: AlertFacts) -> None:
    drawn = message_blocks(alert_message(alert))
    buttons = [e for b in drawn.blocks if b["type"] == "actions" for e in b["elements"]]  # type: ignore[attr-defined]
    assert {b["action_id"].partition(":")[2] for b in buttons} == {
        "acknowledge", "why", "chart", "silence", "useful", "known", "noise", "own"
    }  # fmt: skip
    for button in buttons:
        assert button["value"] == f"{alert.id}@{alert.revision}", "ids, and no data"
        shop.send(shop.people.click(OFFICER, JAG, button["action_id"], button["value"]))
    shop.settle()


def test_acknowledge_and_take_on_are_told_privately_and_stay(shop: Shop, alert: AlertFacts) -> None:
    told = press(shop, OFFICER, "acknowledge", alert.id)
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    assert "Acknowledged by An officer" in told["text"]
    press(shop, OFFICER, "own", alert.id)
    now = facts(shop, alert.id)
    assert (now.acknowledged_by, now.owner) == ("An officer", "An officer")
    kinds = [line.kind for line in shop.audit()]
    assert kinds == ["acknowledge", "own"]


def test_who_may_not_is_told_so_and_it_is_written_down(shop: Shop, alert: AlertFacts) -> None:
    told = press(shop, PASSER, "acknowledge", alert.id)
    assert "takes the role officer" in told["text"]
    assert facts(shop, alert.id).acknowledged_by == ""
    assert shop.audit()[-1].outcome.startswith("refused")
    press(shop, OFFICER, "silence", alert.id)
    assert shop.people.forms == [], "no form for who may not silence"
    assert shop.audit()[-1].kind == "silence"


@pytest.mark.parametrize("verdict", ["useful", "known", "noise"])
def test_feedback_is_counted(shop: Shop, alert: AlertFacts, verdict: str) -> None:
    assert verdict in press(shop, OFFICER, verdict, alert.id)["text"]
    assert shop.audit()[-1].kind == "feedback"


def test_why_and_chart_answer_as_the_question_does(shop: Shop, alert: AlertFacts) -> None:
    assert "p-value" in press(shop, PASSER, "why", alert.id, TOWN)["text"]
    before = len(shop.people.shown)
    words = press(shop, PASSER, "chart", alert.id, TOWN)
    assert alert.area_name in html.unescape(words["text"])
    assert shop.people.shown[before + 1].body["blocks"][-1]["type"] == "image"
    assert {line.query for line in shop.audit()} == {f"why {alert.id}"}


def test_a_click_on_a_stale_message_says_how_things_stand(shop: Shop, alert: AlertFacts) -> None:
    with shop.house.store.write() as connection:
        enqueue(connection, f"alert:{alert.id}", "jag", "alert", ALERT.dump_json(alert).decode(), NOON)
    press(shop, ANALYST, "own", alert.id)
    told = press(shop, OFFICER, "acknowledge", alert.id, revision=1)
    assert "changed since you saw it" in told["text"]
    assert "An analyst" in told["text"], "the present state"
    fresh = press(shop, ANALYST, "acknowledge", alert.id, revision=2)
    assert "changed since" not in fresh["text"]


def test_the_button_itself_says_which_revision_was_looked_at(shop: Shop, alert: AlertFacts) -> None:
    """Some wires drop the metadata of a message; a button comes back as it went out."""
    key = f"alert:{alert.id}"
    with shop.house.store.write() as connection:
        enqueue(connection, key, "jag", "alert", ALERT.dump_json(alert).decode(), NOON)
    press(shop, ANALYST, "own", alert.id)
    for revision, stale in ((1, True), (2, False)):
        drawn = message_blocks(replace(alert_message(alert), key=key, revision=revision))
        (button,) = (
            e for b in drawn.blocks if b["type"] == "actions" for e in b["elements"]  # type: ignore[attr-defined]
            if e["action_id"] == "alert:acknowledge"
        )  # fmt: skip
        assert button["value"] == f"{alert.id}@{revision}", "ids, and no data"
        told = press(shop, OFFICER, "acknowledge", button["value"])
        assert told["response_type"] == "ephemeral"
        assert ("changed since you saw it" in told["text"]) is stale
    press(shop, ANALYST, "silence", f"{alert.id}@1")
    assert json.loads(shop.people.forms[-1]["private_metadata"])["seen"] == 1
    assert "p-value" in press(shop, OFFICER, "why", f"{alert.id}@1")["text"]


def test_one_click_counts_once_and_nonsense_counts_for_nothing(shop: Shop, alert: AlertFacts) -> None:
    click = shop.people.click(OFFICER, JAG, "alert:acknowledge", alert.id)
    for _ in range(2):
        shop.send({**click, "again": _})
    shop.settle()
    assert len(shop.audit()) == 1
    odd = ("A-2022-06-03@", "A-2022-06-03@x", "A-2022-06-03@1@2", "A-2022-06-03@9999999999", "@3")
    for value in ("A-2022-06-03; drop", "", "<!channel>", "A-1", *odd):
        shop.send(shop.people.click(OFFICER, JAG, "alert:acknowledge", value))
    shop.settle()
    assert len(shop.audit()) == 1


def test_silence_by_a_form_there_and_back(shop: Shop, alert: AlertFacts) -> None:
    press(shop, ANALYST, "silence", alert.id)
    (form,) = shop.people.forms
    wrong = shop.send(shop.people.submit(ANALYST, form, until="2022-01-01", reason=" "))
    assert wrong["response_action"] == "errors"
    assert set(wrong["errors"]) == {"until", "reason"}
    until = AS_OF + dt.timedelta(days=60)
    assert (
        shop.send(shop.people.submit(ANALYST, form, until=until.isoformat(), reason="Op <!channel> Tiger"))
        == {}
    )
    shop.settle()
    (told,) = shop.slack.ephemeral
    assert (told["user"], told["channel"]) == (ANALYST, JAG)
    assert "&lt;!channel&gt; Tiger" in told["text"]
    assert "<!channel>" not in str(told)
    assert shop.audit()[-1].outcome == "done"


def test_silence_without_an_alert_by_a_bare_command(shop: Shop) -> None:
    shop.send(shop.people.command(ANALYST, JAG, "/silence", ""))
    shop.settle()
    (form,) = shop.people.forms
    reason = 'a "quoted" reason" until 2099-01-01 "x'
    shop.send(shop.people.submit(ANALYST, form, what="drugs coalville", until="2022-12-31", reason=reason))
    shop.settle()
    (told,) = shop.slack.ephemeral
    assert "until 31 December 2022" in told["text"], told["text"]
    assert "Drug offences in Coalville" in told["text"]


def test_a_note_keeps_its_words_and_no_postcode(shop: Shop, alert: AlertFacts) -> None:
    shop.send(shop.people.command(OFFICER, JAG, "/tocsin", f"note {alert.id}"))
    shop.settle()
    (form,) = shop.people.forms
    long = "asked the site for its own log " * 20
    shop.send(shop.people.submit(OFFICER, form, note=long))
    shop.send(shop.people.submit(OFFICER, form, note="they live at LE67 3AB"))
    shop.settle()
    assert [line.outcome for line in shop.audit()] == ["done", "wrong:postcode"]
    assert "LE67" not in str(shop.slack.ephemeral)
    assert "own log" in shop.ask(OFFICER, JAG, "/why", alert.id)["text"]


def test_subscribe_by_a_form_and_see_it_at_home(shop: Shop) -> None:
    shop.send(shop.people.event(type="app_home_opened", user=OFFICER, channel=f"D{OFFICER[1:]}", tab="home"))
    shop.settle()
    assert "0 subscriptions" in str(shop.people.homes[OFFICER])
    shop.send(shop.people.click(OFFICER, "", "home:subscribe", "subscribe"))
    shop.settle()
    (form,) = shop.people.forms
    shop.send(shop.people.submit(OFFICER, form, what="burglary coalville", severity="2"))
    shop.settle()
    assert "subscribed" in shop.slack.channels[OFFICER].messages[-1]["text"]
    at_home = str(shop.people.homes[OFFICER])
    assert "Burglary in Coalville" in at_home
    assert "open alert" in at_home
    assert "police.uk" in at_home, "how fresh the data are"
    stop = next(
        e for b in shop.people.homes[OFFICER]["blocks"] if b["type"] == "actions" for e in b["elements"]
        if e["action_id"].startswith("home:stop")
    )  # fmt: skip
    shop.send(shop.people.click(OFFICER, "", stop["action_id"], stop["value"]))
    shop.settle()
    assert "0 subscriptions" in str(shop.people.homes[OFFICER])


def test_a_form_that_cannot_be_opened_is_answered_in_words(shop: Shop, alert: AlertFacts) -> None:
    shop.slack.fail("views.open", refused("expired_trigger_id"), refused("expired_trigger_id"))
    assert "It is written" in shop.ask(OFFICER, JAG, "/subscribe")["text"]
    assert "click once more" in press(shop, ANALYST, "silence", alert.id)["text"]
