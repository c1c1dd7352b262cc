"""The process that answers: it says what the program would say, and when it dies the program says it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.slack.backroom import Away, Backroom
from bot.slack.drawn import said
from bot.slack.told import answered
from jobs.attention.people import actor_of
from jobs.house import House
from jobs.store.tables import alert_events, alerts
from tests.sample import told_file  # noqa: F401 - a fixture
from tests.slack_shop import JAG, NOON, OFFICER, PASSER, TOWN, Shop, open_shop


@pytest.fixture
def shop(told_file: Path, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    with open_shop(told_file, tmp_path) as opened:
        yield opened


@pytest.fixture
def back(shop: Shop) -> Iterator[Backroom]:
    own = shop.voice.desk.house
    noon = partial(dt.datetime.fromisoformat, NOON.isoformat())
    made = Backroom(House(own.folder, own.store, noon))
    shop.voice.backroom = made
    yield made
    made.close()


def pid(back: Backroom) -> int:
    assert back._process is not None
    return back._process.pid


def test_what_it_says_is_what_the_program_says(shop: Shop, back: Backroom) -> None:
    house = shop.voice.desk.house
    for person, channel in ((PASSER, TOWN), (OFFICER, JAG)):
        actor = actor_of(house.partnership, "slack", person, channel)
        for text in (
            "hotspots coalville burglary",
            "alerts open",
            "define TFMV share",
            "hotspot colvile",
            "data",
        ):
            there, there_shared = back.ask(text, actor, "")
            answer, here_shared = answered(shop.voice.desk, text, actor, "")
            here = said(answer)
            assert there.drawn == here.drawn
            assert there_shared is here_shared is text.endswith("share")
            assert [p.alt for p in there.pictures] == [p.alt for p in here.pictures]
    assert len(shop.audit()) == 20, "each is written down where it is answered"


def test_pictures_can_be_drawn_from_what_it_hands_over(shop: Shop, back: Backroom) -> None:
    actor = actor_of(shop.voice.desk.house.partnership, "slack", PASSER, TOWN)
    (picture,) = back.ask("hotspots coalville burglary", actor, "")[0].pictures
    assert picture.draw().startswith(b"\x89PNG")


def test_killed_between_questions(shop: Shop, back: Backroom) -> None:
    assert "recorded" in shop.ask(PASSER, TOWN, "/hotspots", "coalville burglary")["text"]
    first = pid(back)
    os.kill(first, signal.SIGKILL)
    shown = shop.ask(PASSER, TOWN, "/hotspots", "coalville burglary")
    assert "recorded" in shown["text"], "the program answers for itself"
    back._rests = 0.0  # the time after a start has passed
    assert "recorded" in shop.ask(PASSER, TOWN, "/hotspots", "coalville burglary")["text"]
    assert pid(back) != first, "and there is a new one"


def test_killed_over_a_question(shop: Shop, back: Backroom) -> None:
    back.start()
    os.kill(pid(back), signal.SIGSTOP)
    shop.send(shop.people.command(PASSER, TOWN, "/define", "TFMV"))
    time.sleep(0.2)
    os.kill(pid(back), signal.SIGKILL)
    shop.settle()
    assert len(shop.people.shown) == 1


def test_a_command_that_was_given_twice_is_done_once(shop: Shop, back: Backroom) -> None:
    house = shop.voice.desk.house
    with house.store.read() as connection:
        alert = connection.execute(select(alerts.c.id).where(alerts.c.ended.is_(None))).scalars().first()
    actor = actor_of(house.partnership, "slack", OFFICER, JAG)
    back.ask(f"note {alert} seen on foot", actor, "click-1")
    answered(shop.voice.desk, f"note {alert} seen on foot", actor, "click-1")
    notes = select(func.count()).where(alert_events.c.alert_id == alert, alert_events.c.kind == "note")
    with house.store.read() as connection:
        assert connection.execute(notes).scalar_one() == 1


def test_closed_it_answers_nothing_and_is_gone(shop: Shop, back: Backroom) -> None:
    back.start()
    process = back._process
    back.close()
    assert process is not None
    assert process.poll() is not None
    with pytest.raises(Away):
        back.ask("define TFMV", actor_of(shop.voice.desk.house.partnership, "slack", PASSER, TOWN), "")
    assert len(shop.ask(PASSER, TOWN, "/define", "TFMV")["text"]) > 0
