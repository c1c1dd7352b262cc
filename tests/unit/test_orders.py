"""Commands that do something, as people type them: what goes in, in any order, and what is not guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.deeds import does
from bot.grammar.parse import parse
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Order, Query
from bot.grammar.verbs import VERBS
from jobs.folder.lexicon import load_lexicon
from rules.month import Month
from tests.unit.small_geography import small_geography

GAZETTEER, LEXICON = Gazetteer(small_geography()), load_lexicon()
TOWN = "town-coalville"
ID = "A-2022-06-03"
CHRISTMAS = dt.date(2022, 12, 24)


def ask(text: str) -> Query | Misunderstood:
    return parse(text, GAZETTEER, LEXICON)


def understood(text: str) -> Query:
    found = ask(text)
    assert isinstance(found, Query), found
    return found


@pytest.mark.parametrize(
    ("text", "verb", "order"),
    [
        (f"ack {ID}", "ack", Order(alert=ID)),
        ("ack a-2022-06-03", "ack", Order(alert=ID)),
        (f"acknowledge alert {ID} please", "ack", Order(alert=ID)),
        (f"{ID} ack", "ack", Order(alert=ID)),
        (f"/own {ID}", "own", Order(alert=ID)),
        (f"take on {ID}", "own", Order(alert=ID)),
        (f"release {ID}.", "release", Order(alert=ID)),
        (f"useful {ID}", "useful", Order(alert=ID)),
        (f"known {ID}", "known", Order(alert=ID)),
        (f"@Tocsin noise {ID}", "noise", Order(alert=ID)),
        (f"note {ID} asked the site, area looks fine; see alerts", "note",
         Order(alert=ID, text="asked the site, area looks fine; see alerts")),
        (f'note {ID} "hotspots coalville was open"', "note",
         Order(alert=ID, text="hotspots coalville was open")),
        (f"note {ID}: note the date 2022-06-03 and A-2022-06-04", "note",
         Order(alert=ID, text="note the date 2022-06-03 and A-2022-06-04")),
        (f"close {ID} dealt with in June", "close", Order(alert=ID, text="dealt with in June")),
        (f"close {ID}", "close", Order(alert=ID)),
        (f"unsilence {ID}", "unsilence", Order(alert=ID)),
        ("unsilence 12", "unsilence", Order(number=12)),
        ("unsilence #7", "unsilence", Order(number=7)),
        ("quiet", "quiet", Order()),
        ("quiet 18:00-08:00", "quiet", Order(hours="18:00-08:00")),
        ("quiet 18:00–08:00 here", "quiet", Order(hours="18:00-08:00", here=True)),
        ("quiet 18 to 8", "quiet", Order(hours="18:00-08:00")),
        ("quiet hours off", "quiet", Order(hours="off")),
    ],
)  # fmt: skip
def test_what_is_told_to_a_command(text: str, verb: str, order: Order) -> None:
    found = understood(text)
    assert (found.verb, found.order) == (verb, order)


@pytest.mark.parametrize(
    ("text", "series", "places", "months", "order"),
    [
        ('silence drugs coalville 3m "Op Tiger"', "drugs", [TOWN], 3, Order(text="Op Tiger")),
        ('silence “Op Tiger” 3m in coalville for drugs', "drugs", [TOWN], 3, Order(text="Op Tiger")),
        ("silence drugs coalville 3m 'the market, again'", "drugs", [TOWN], 3,
         Order(text="the market, again")),
        ('silence coalville until 2022-12-24 "x y"', None, [TOWN], None, Order(text="x y", until=CHRISTMAS)),
        ('silence coalville until 24 december 2022 "x"', None, [TOWN], None,
         Order(text="x", until=CHRISTMAS)),
        ('silence coalville until december 2022 "x"', None, [TOWN], None,
         Order(text="x", until=dt.date(2022, 12, 31))),
        ('silence drugs for 2 weeks "x"', "drugs", [], None, Order(text="x", days=14)),
        ('silence drugs 10d "x"', "drugs", [], None, Order(text="x", days=10)),
        ('mute rule:month-spike 1m "noisy"', None, [], 1, Order(text="noisy", rule="month-spike")),
        (f"silence {ID} 3m Op Tiger", None, [], 3, Order(alert=ID, text="Op Tiger")),
        (f"silence {ID} until 2022-12-24 because of Op Tiger", None, [], None,
         Order(alert=ID, text="of Op Tiger", until=CHRISTMAS)),
        (f'silence {ID} until december 2022 "until A-2022-06-04 ends"', None, [], None,
         Order(alert=ID, text="until A-2022-06-04 ends", until=dt.date(2022, 12, 31))),
        (f"silence {ID}", None, [], None, Order(alert=ID)),
        ("silence drugs 3m", "drugs", [], 3, Order()),
        ('silence', None, [], None, Order()),
    ],
)  # fmt: skip
def test_a_silence(
    text: str, series: str | None, places: list[str], months: int | None, order: Order
) -> None:
    found = understood(text)
    assert (found.verb, found.series, [p.code for p in found.places]) == ("silence", series, places)
    assert (found.months, found.window, found.order) == (months, None, order)


@pytest.mark.parametrize(
    ("text", "verb", "series", "places", "order"),
    [
        ("subscribe coalville burglary", "subscribe", "burglary", [TOWN], Order()),
        ("subscribe coalville severity>=2 here", "subscribe", None, [TOWN], Order(severity=2, here=True)),
        ("subscribe coalville severity&gt;=2", "subscribe", None, [TOWN], Order(severity=2)),
        ("subscribe severity 3", "subscribe", None, [], Order(severity=3)),
        ("subscribe everything here", "subscribe", None, [], Order(here=True)),
        ("unsubscribe burglary in coalville", "unsubscribe", "burglary", [TOWN], Order()),
    ],
)
def test_a_subscription(text: str, verb: str, series: str | None, places: list[str], order: Order) -> None:
    found = understood(text)
    assert (found.verb, found.series, [p.code for p in found.places]) == (verb, series, places)
    assert found.order == order


@pytest.mark.parametrize(
    ("text", "part", "suggestion"),
    [
        ("ack", "takes the id of an alert", "alerts open"),
        ("own coalville", "takes the id of an alert", "help own"),
        (f"ack {ID} A-2022-06-04", "one alert at a time", None),
        (f"ack {ID} thank you all", "Words go into a note", f"ack {ID}"),
        ("silence drugs coalville 3m Op Tiger", "in quotes", None),
        ('silence drugz coalville 3m "x"', "drugz", None),
        ('silence wigston 3m "x"', "several areas", None),
        ('silence drugs burglary 3m "x"', "one series", None),
        ('silence drugs until 2022-02-31 "x"', "2022-02-31", None),
        ("unsilence", "number of a silence", "silences"),
        ("subscribe", "It is written", "subscriptions"),
        ("subscribe atlantis", "atlantis", None),
        ("quiet sometimes", "It is written", "quiet off"),
        (f"note {ID} at LE67 3FN", "postcodes", None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_guessed(text: str, part: str, suggestion: str | None) -> None:
    found = ask(text)
    assert isinstance(found, Misunderstood), found
    assert part in found.message
    assert suggestion is None or suggestion in found.suggestions
    assert all(isinstance(ask(s), Query) for s in found.suggestions)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("hotspots coalville close", None),
        ("alerts open coalville", "alerts"),
        ("trend burglary nwl", "trend"),
        ("rules", "rules"),
        ("rules month-spike", "rules"),
        ("silences", "silences"),
        ("subscriptions", "subscriptions"),
        ("help silence", "help"),
        ("define noise", "define"),
    ],
)
def test_questions_are_questions_still(text: str, verb: str | None) -> None:
    found = ask(text)
    assert isinstance(found, Query) is (verb is not None)
    if isinstance(found, Query):
        assert found.verb == verb
        assert not does(found)


def test_only_commands_that_change_something_are_deeds() -> None:
    asked = {
        v.name: ask(v.examples[0].format(place="coalville", district="nwl")) for v in VERBS if v.examples
    }
    deeds = {name for name, query in asked.items() if isinstance(query, Query) and does(query)}
    assert deeds == {
        "ack", "own", "release", "note", "close", "silence", "unsilence", "useful", "known", "noise",
        "subscribe", "unsubscribe", "quiet",
    }  # fmt: skip
    assert not does(understood("quiet"))


words = st.text("abc xyz,.-'0123456789", max_size=40)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["note", "close", "silence"]), words)
def test_free_words_come_through_or_are_asked_for_again(verb: str, text: str) -> None:
    found = ask(f'{verb} {ID} 3m "{text}"' if verb == "silence" else f"{verb} {ID} {text}")
    if isinstance(found, Query):
        assert found.order.alert == ID
        kept = found.order.text if verb == "silence" else found.order.text.strip('"“” ')
        assert kept == " ".join(text.split()).strip('"“” ') or verb == "silence"
        assert verb != "silence" or not text.strip() or kept == " ".join(text.split())
    else:
        assert "ostcode" in found.message


def test_a_month_is_the_last_of_its_days() -> None:
    for month in (Month(2022, 2), Month(2024, 2), Month(2022, 12)):
        until = understood(f'silence drugs until {month.words} "x"').order.until
        assert until is not None
        assert until + dt.timedelta(days=1) == (month + 1).first_day
