"""Silences: kept and listed, not posted; shown where the alert is up; told when over and it still rings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jobs.attention.people import Role
from jobs.store.engine import Store
from tests.integration import small_county as small
from tests.integration.desk import ANALYST, PARTNER, SENSITIVE, Desk, who
from tests.integration.story import A, B, C, Fired

JUN, JUL, AUG, SEP = small.months("2022-06", 4)
ONE, TWO = "A-2022-06-01", "A-2022-07-01"
DECEMBER = dt.date(2022, 12, 31)
TOWN = "town-coalville"  # A and B lie in it, C does not


@pytest.fixture
def desk(store: Store) -> Desk:
    """One channel, and a clock at noon of 1 September 2022."""
    return Desk.at(store)


def test_an_alert_that_is_up_says_that_it_is_silenced(desk: Desk) -> None:
    desk.told(JUN, Fired(), Fired(B))
    outcome = desk.do("silence", ONE, text="Op Tiger", until=DECEMBER)
    assert (outcome.result, outcome.touched, outcome.number) == ("done", (ONE,), 1)
    shown = desk.shown(ONE)
    assert (shown.silenced_until, shown.silenced_by, shown.silenced_why) == (DECEMBER, "Uanalyst", "Op Tiger")
    assert (desk.revision(ONE), desk.facts(ONE).revision) == (2, 2)
    assert desk.shown("A-2022-06-02").silenced_until is None, "another place is not silenced"
    assert (desk.diary(ONE)[-1].kind, desk.diary(ONE)[-1].detail) == (
        "silenced",
        "until 2022-12-31: Op Tiger",
    )


def test_what_is_found_while_it_is_silent_is_kept_and_not_posted(desk: Desk) -> None:
    desk.do("silence", series="burglary", area=TOWN, text="Op Tiger", until=DECEMBER)
    desk.told(JUN, Fired(A, score=9), Fired(B), Fired(C))
    by_area = {a: desk.facts(f"A-2022-06-0{n}") for n, a in enumerate((A, B, C), 1)}
    assert {a: f.area for a, f in by_area.items()} == {A: A, B: B, C: C}
    assert [by_area[a].silenced_until for a in (A, B, C)] == [DECEMBER, DECEMBER, None]
    assert desk.up_in() == {"alert:A-2022-06-03"}, "nor are they named in the line of lower signals"


def test_when_it_ends_and_still_rings_it_is_told(desk: Desk) -> None:
    desk.do("silence", series="burglary", text="Op Tiger", until=dt.date(2022, 9, 30))
    desk.told(JUN, Fired())
    for day in (dt.date(2022, 9, 2), dt.date(2022, 9, 30)):
        desk.goes_to(day)
        desk.morning()
        assert desk.up_in() == set()
    desk.goes_to(dt.date(2022, 10, 1))
    desk.morning()
    assert desk.shown(ONE).silenced_until is None
    assert [e.kind for e in desk.diary(ONE)] == ["new", "silence-over", "posted"]
    revision = desk.facts(ONE).revision
    desk.morning()
    assert (desk.facts(ONE).revision, desk.revision(ONE)) == (revision, 1), "told again, nothing"


def test_the_next_month_tells_it_too_when_nobody_ran_the_daily_job(desk: Desk) -> None:
    desk.do("silence", series="burglary", text="Op Tiger", until=dt.date(2022, 9, 30))
    desk.told(JUN, Fired())
    desk.goes_to(dt.date(2022, 10, 5))
    desk.told(JUL, Fired())
    assert (desk.shown(ONE).status, desk.shown(ONE).silenced_until) == ("continuing", None)


def test_when_it_ends_and_rings_no_more_nobody_is_told(desk: Desk) -> None:
    desk.do("silence", series="burglary", text="Op Tiger", until=dt.date(2022, 9, 30))
    desk.told(JUN, Fired())
    desk.told(JUL)
    desk.goes_to(dt.date(2022, 10, 1))
    desk.morning()
    assert (desk.facts(ONE).silenced_until, desk.up_in()) == (None, set())


def test_an_alert_that_is_up_goes_on_being_edited_in_silence(desk: Desk) -> None:
    desk.told(JUN, Fired())
    desk.do("silence", ONE, text="Op Tiger", until=DECEMBER)
    desk.told(JUL, Fired(count=12))
    assert (desk.shown(ONE).count, desk.shown(ONE).silenced_until) == (12, DECEMBER)
    desk.told(AUG)
    desk.told(SEP)
    assert desk.shown(ONE).status == "ended"


@pytest.mark.parametrize(
    ("asked", "moment", "told"),
    [
        # Summer time ends on 30 October 2022 at 01:00 UTC, begins on 26 March 2023 at 01:00 UTC.
        ("2022-10-29", "2022-10-29T22:59", False),
        ("2022-10-29", "2022-10-29T23:00", True),
        ("2022-10-30", "2022-10-30T23:59", False),
        ("2022-10-30", "2022-10-31T00:00", True),
        ("2023-03-25", "2023-03-25T23:59", False),
        ("2023-03-25", "2023-03-26T00:00", True),
        ("2023-03-26", "2023-03-26T22:59", False),
        ("2023-03-26", "2023-03-26T23:00", True),
    ],
)
def test_a_silence_ends_with_its_local_day(desk: Desk, asked: str, moment: str, told: bool) -> None:
    desk.do("silence", series="burglary", text="Op Tiger", until=dt.date.fromisoformat(asked))
    desk.told(JUN, Fired())
    desk.goes_to(dt.datetime.fromisoformat(f"{moment}+00:00"))
    desk.morning()
    assert bool(desk.up_in()) is told


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"until": DECEMBER, "series": "drugs"}, "text"),
        ({"text": "x", "series": "drugs"}, "end"),
        ({"text": "x", "until": dt.date(2022, 8, 31), "series": "drugs"}, "past"),
        ({"text": "x", "until": dt.date(2023, 9, 2), "series": "drugs"}, "far"),
        ({"text": "x", "until": DECEMBER}, "scope"),
        ({"text": "x", "until": DECEMBER, "series": "witchcraft"}, "series"),
        ({"text": "x", "until": DECEMBER, "area": "atlantis"}, "area"),
        ({"text": "x", "until": DECEMBER, "rule": "no-such-rule"}, "rule"),
        ({"text": "x" * 201, "until": DECEMBER, "series": "drugs"}, "long"),
        ({"text": "by LE67 3FN", "until": DECEMBER, "series": "drugs"}, "postcode"),
    ],
)
def test_a_silence_always_says_why_of_what_and_until_when(desk: Desk, more: Any, why: str) -> None:
    outcome = desk.do("silence", **more)
    assert (outcome.result, outcome.why) == ("wrong", why)
    desk.told(JUN, Fired(series="drugs"))
    assert desk.up_in()


def test_twelve_months_are_the_most(desk: Desk) -> None:
    assert desk.do("silence", series="drugs", text="x", until=dt.date(2023, 9, 1)).result == "done"


@pytest.mark.parametrize(
    ("wish", "fired", "silent"),
    [
        ({"series": "violence"}, Fired(series="violence-with-injury"), True),
        ({"series": "violence-with-injury"}, Fired(series="violence"), False),
        ({"series": "total"}, Fired(series="total"), True),
        ({"series": "total"}, Fired(series="burglary"), False),
        ({"area": TOWN}, Fired(A), True),
        ({"area": TOWN}, Fired(C), False),
        ({"area": small.DISTRICT}, Fired(C), True),
        ({"area": A}, Fired(small.DISTRICT), False),
        ({"area": TOWN, "series": "drugs"}, Fired(A), False),
        ({"rule": "month-spike"}, Fired(), True),
        ({"rule": "month-spike", "area": TOWN}, Fired(C), False),
    ],
)
def test_how_far_a_silence_reaches(desk: Desk, wish: Any, fired: Fired, silent: bool) -> None:
    assert desk.do("silence", text="x", until=DECEMBER, **wish).result == "done"
    desk.told(JUN, fired)
    assert (desk.facts(ONE).silenced_until is not None) is silent
    assert (f"alert:{ONE}" in desk.up_in()) is not silent


def test_a_silence_made_for_an_alert_is_about_that_and_nothing_inside_it(desk: Desk) -> None:
    desk.told(JUN, Fired(TOWN))
    desk.do("silence", ONE, text="x", until=DECEMBER)
    desk.told(JUL, Fired(TOWN), Fired(A))
    assert desk.facts(TWO).area == A
    assert "alert:A-2022-07-01" in desk.up_in()


def test_nobody_silences_what_they_may_not_see(store: Store) -> None:
    source = small.source("open", classification="partner")
    desk = Desk.at(
        store, small.channel(clearance="sensitive", sensitive_series=["hate-offences"]), source=source
    )
    low, high = (who("Uanalyst", Role.ANALYST, c) for c in (PARTNER, SENSITIVE))
    desk.do("silence", by=low, area=small.DISTRICT, text="x", until=DECEMBER)
    desk.told(JUN, Fired(series="hate-offences", score=9), Fired(B))
    assert desk.up_in() == {f"alert:{ONE}"}
    assert desk.facts(ONE).series == "hate-offences"
    desk.do("silence", by=high, series="hate-offences", text="y", until=DECEMBER)
    assert desk.shown(ONE).silenced_why == "y"
    assert desk.do("unsilence", by=low, number=2).why == "silence", "and does not know of it"


def test_of_two_silences_the_one_that_ends_last_is_named_and_holds(desk: Desk) -> None:
    desk.told(JUN, Fired())
    desk.do("silence", ONE, text="long", until=DECEMBER)
    desk.do("silence", series="burglary", text="short", until=dt.date(2022, 9, 30))
    assert desk.shown(ONE).silenced_why == "long"
    desk.goes_to(dt.date(2022, 10, 1))
    desk.morning()
    assert desk.shown(ONE).silenced_until == DECEMBER


# Lifted


def test_a_silence_that_is_lifted_tells_what_rings_still(desk: Desk) -> None:
    desk.do("silence", series="burglary", text="Op Tiger", until=DECEMBER)
    desk.told(JUN, Fired())
    outcome = desk.do("unsilence", number=1)
    assert (outcome.result, outcome.touched) == ("done", (ONE,))
    assert desk.shown(ONE).silenced_until is None
    assert desk.do("unsilence", number=1).why == "silence"


def test_an_alerts_own_silence_is_lifted_by_the_alert_and_a_wider_one_only_by_its_number(desk: Desk) -> None:
    desk.told(JUN, Fired())
    assert desk.do("unsilence", ONE).why == "silence"
    desk.do("silence", ONE, text="own", until=DECEMBER)
    desk.do("silence", series="burglary", text="wide", until=DECEMBER)
    assert desk.do("unsilence", ONE).result == "done"
    assert desk.shown(ONE).silenced_why == "wide"
    outcome = desk.do("unsilence", ONE)
    assert (outcome.result, outcome.why, outcome.number) == ("wrong", "wider", 2)
    assert desk.do("unsilence", number=2).result == "done"
    assert desk.shown(ONE).silenced_until is None


def test_a_silence_is_a_deed_with_a_role_and_an_audit(desk: Desk) -> None:
    officer = who("Uofficer", Role.OFFICER)
    assert desk.do("silence", by=officer, series="drugs", text="x", until=DECEMBER).why == "role"
    desk.do("silence", by=ANALYST, series="drugs", text="Op Tiger", until=DECEMBER)
    done, refused = desk.audit()
    assert (refused.outcome, done.outcome) == ("refused:role", "done")
    assert done.query == "silence drugs 2022-12-31 Op Tiger"
