"""From counts to posts: months judged as they come in, revised, and told once."""

from __future__ import annotations

import datetime as dt

import pytest

from jobs.facts import ALERT
from jobs.judging.evaluate import evaluate, evaluate_within
from jobs.store.engine import Store
from tests.integration import small_county as small
from tests.integration.small_county import HOME_UNITS, NOON, OTHER_UNITS, put
from tests.integration.story import A, C, Story

JAN, FEB, MAR, APR, MAY, JUN = small.months("2022-01", 6)


FIRST = "2020-06"
MONTHS = small.months(FIRST, 26)  # to July 2022


def quiet(*changes: tuple[str, str, int]) -> dict[tuple[str, str, str], int | None]:
    """Two burglaries a month in every LSOA, but for the changes (area, month, count)."""
    every = {("burglary", u, m): 2 for m in MONTHS for u in (*HOME_UNITS, *OTHER_UNITS)}
    cells: dict[tuple[str, str, str], int | None] = dict(every)
    return cells | {("burglary", area, month): n for area, month, n in changes}


def test_the_first_evaluation_rings_for_the_newest_month_and_the_second_for_nothing(store: Store) -> None:
    house = small.house(store, small.source("open"), channels=[small.channel()])
    with store.write() as connection:
        put(connection, "open", quiet((C, MONTHS[-4], 30), (A, MONTHS[-1], 30)))
    assert [str(j.month) for j in evaluate(house)] == MONTHS
    with store.read() as connection:
        story = Story(house, connection, small.source("open"))
        stood = {a.status: house.geography[a.area].units for a in story.alerts() if a.parent is None}
        assert set(stood) == {"ended", "new"}
        assert C in stood["ended"]
        assert A in stood["new"]
        before = story.posts()
        (key,) = before
        assert A in house.geography[story.shown(key).area].units
        assert story.shown(key).month == MONTHS[-1]
    assert list(evaluate(house)) == []
    with store.read() as connection:
        assert Story(house, connection, small.source("open")).posts() == before


def test_an_extract_and_what_follows_from_it_are_one_transaction(store: Store) -> None:
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        put(connection, "open", quiet((A, MONTHS[-1], 17)))
        assert evaluate_within(connection, house, own)[-1].rung
        raise ZeroDivisionError
    with store.read() as connection:
        assert Story(house, connection, own).alerts() == []
        assert Story(house, connection, own).posts() == {}


def test_a_revised_month_is_judged_again_with_those_after_it_and_only_changes_are_told(store: Store) -> None:
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    with store.write() as connection:
        put(connection, "open", quiet((A, MONTHS[-2], 17)))
        evaluate_within(connection, house, own)
        last = {k: n for k, n in quiet((A, MONTHS[-2], 16)).items() if k[2] == MONTHS[-2]}
        put(connection, "open", last, now=NOON + dt.timedelta(days=1))
        judged = evaluate_within(connection, house, own)
        story = Story(house, connection, own)
        assert [str(j.month) for j in judged] == MONTHS[-2:]
        assert story.posts() == {}, "it was no news when the history came in, and is none now"
        assert story.alerts()[0].revision == 2


def test_a_gap_that_is_filled_later_rings_no_second_time(store: Store) -> None:
    """A month comes in after later ones: the open alert's story is told from its new beginning."""
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    cells = quiet((A, MONTHS[-2], 17), (A, MONTHS[-1], 90))
    late = {k: n for k, n in cells.items() if k[2] == MONTHS[-2]}
    with store.write() as connection:
        put(connection, "open", {k: n for k, n in cells.items() if k not in late})
        evaluate_within(connection, house, own)
        story = Story(house, connection, own)
        (key,) = story.posts()
        put(connection, "open", late)
        evaluate_within(connection, house, own)
        assert set(story.posts()) == {key}
        (told,) = (a for a in story.alerts() if a.area == A and a.status != "withdrawn")
        assert (str(told.opened), str(told.last)) == (MONTHS[-2], MONTHS[-1])
        assert ALERT.validate_json(told.facts).months_running == 2
