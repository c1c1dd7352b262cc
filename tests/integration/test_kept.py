"""What is kept between questions is never older than the extracts: whoever asks next sees what has landed."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import delete

from bot.answers import hotspots
from bot.grammar.query import Place, Query, Rank
from jobs.counting.feeds import by_month, by_unit, feeds
from jobs.counting.freshness import source_facts
from jobs.counting.hot import rank_areas
from jobs.counting.planned import released
from jobs.counting.released import Released
from jobs.sources.base import Outcome
from jobs.store import kept as store_kept
from jobs.store.engine import Store, looking, remembered
from jobs.store.extracts import list_extracts
from jobs.store.held import turn_down
from jobs.store.kept import Shelf, kept, version_of
from jobs.store.tables import extracts
from jobs.store.write import put_aside
from rules.model import Classification, Month, Window
from tests.integration import small_county as small
from tests.integration.small_county import DISTRICT, HOME_UNITS, NOON, SmallHouse, put

A, B = HOME_UNITS[:2]
OPEN, TABLES = small.source("open"), small.source("tables", cadence="annual")
QUARTER = Window(Month(2022, 1), Month(2022, 3))
ASKED = Query("hotspots", (Place(DISTRICT, "here"),), "burglary", window=QUARTER)
MONTHS = ["2022-01", "2022-02", "2022-03"]

# Landings in turn: a month, its second edition, a withheld figure, a month more, a table, another series.
LANDINGS: list[tuple[str, dict[tuple[str, str, str], int | None], int]] = [
    ("open", {("burglary", A, "2022-01"): 3, ("burglary", B, "2022-01"): 2}, 1),
    ("open", {("burglary", A, "2022-01"): 4}, 1),
    ("open", {("burglary", A, "2022-02"): None, ("burglary", B, "2022-02"): 1}, 1),
    ("open", {("burglary", A, "2022-02"): 7, ("drugs", B, "2022-02"): 1}, 1),
    ("open", {("burglary", A, "2022-03"): 5, ("burglary", B, "2022-03"): 9}, 1),
    ("tables", {("burglary", A, "2022-03"): 40}, 12),
    ("tables", {("burglary", B, "2022-03"): 41}, 12),
]


def seen(house: SmallHouse) -> list[object]:
    """Everything that is kept, as questions see it."""
    with house.store.read() as connection:
        told: list[object] = [str(source_facts(connection, s)) for s in (OPEN, TABLES)]
        for feed in feeds(connection, house, "burglary", None):
            told.append((feed.source.id, feed.months, feed.parts))
            told.append(by_unit(connection, feed, QUARTER, HOME_UNITS).to_dict())
            told.append(by_month(connection, feed, QUARTER, DISTRICT))
            hot = rank_areas(connection, house, feed, QUARTER, house.geography[DISTRICT], "burglary", top=3)
            told.append([(r.code, r.count, r.rank) for r in hot.rows] + [hot.total])
    told += [hotspots.answer(house, asked) for asked in (ASKED, replace(ASKED, by=Rank.RATE, top=1))]
    return [repr(what) for what in told]


def test_whatever_lands_the_next_question_sees_it(store: Store) -> None:
    house = small.house(store, OPEN, TABLES)
    before = seen(house)
    for source, cells, span in LANDINGS:
        with store.write() as connection:
            put(connection, source, cells, span=span)
        now = seen(house)
        fresh = small.house(Store.at(store.url.render_as_string(hide_password=False)), OPEN, TABLES)
        assert now == seen(fresh), "as somebody sees it who has kept nothing"
        assert now != before, "and it has changed"
        assert now == seen(house)
        fresh.store.close()
        before = now


def test_an_answer_is_kept_for_those_who_may_read_it_and_for_nobody_else(store: Store) -> None:
    house = small.house(store, OPEN, small.source("closed", classification="partner"))
    with store.write() as connection:
        put(connection, "open", {("burglary", A, "2022-01"): 3, ("burglary", B, "2022-01"): 2})
        put(connection, "closed", {("drugs", u, f"2021-{m:02}"): 9 for u in HOME_UNITS for m in range(1, 13)})
    one = hotspots.answer(house, ASKED)
    assert hotspots.answer(house, replace(ASKED, asker="Usomebody", share=True)) is one
    assert hotspots.answer(house, replace(ASKED, top=1)) is not one

    drugs = replace(ASKED, series="drugs", window=None)
    inside = replace(drugs, clearance=Classification.PARTNER)
    for _ in range(2):
        assert hotspots.answer(house, inside).sources == ("closed",)
        assert hotspots.answer(house, drugs).sources == ()


def test_streets_are_not_kept_since_retention_takes_them(store: Store) -> None:
    house, asked = small.house(store, OPEN), replace(ASKED, places=(Place(A, "there"),))
    with store.write() as connection:
        put(connection, "open", {("burglary", A, "2022-01"): 3, ("burglary", B, "2022-01"): 2})
    assert hotspots.answer(house, asked) is not hotspots.answer(house, asked)


def test_a_reader_that_began_before_a_landing_goes_on_with_what_it_began_with(store: Store) -> None:
    house = small.house(store, OPEN)

    def january(connection) -> dict[Month, float]:
        (feed,) = feeds(connection, house, "burglary", None)
        return by_month(connection, feed, QUARTER, A)

    with store.write() as connection:
        put(connection, "open", {("burglary", A, "2022-01"): 3})
    with store.read() as early:
        assert january(early) == {Month(2022, 1): 3}
        with store.write() as connection:
            put(connection, "open", {("burglary", A, "2022-01"): 8})
        with store.read() as late:
            assert january(late) == {Month(2022, 1): 8}
        assert january(early) == {Month(2022, 1): 3}


def test_a_held_file_changes_the_version_and_so_does_forgetting_it(store: Store) -> None:
    marks = []

    def mark() -> None:
        with store.read() as connection:
            marks.append(version_of(connection))

    mark()
    with store.write() as connection:
        put_aside(
            connection, "open", small.raw("held.csv", b"held"), Outcome.HOLD, dataset="d", physical_rows=1,
            reason="few", advice="look", now=NOON,
        )  # fmt: skip
    mark()
    with store.write() as connection:
        turn_down(connection, list_extracts(connection)[0].id)
    mark()
    with store.write() as connection:
        connection.execute(delete(extracts))
        put(
            connection, "open", {("burglary", A, "2022-01"): 3}
        )  # on SQLite with the number of the one before
    mark()
    assert len(set(marks)) == 4


def test_a_connection_that_writes_keeps_nothing(store: Store) -> None:
    with store.write() as connection:
        assert [kept(connection, ("n",), lambda n=n: n) for n in (1, 2)] == [1, 2]  # type: ignore[misc]
    with store.read() as connection:
        assert [kept(connection, ("n",), lambda n=n: n) for n in (1, 2)] == [1, 1]  # type: ignore[misc]
    with store.read() as connection:
        assert kept(connection, ("n",), lambda: 3) == 1, "another connection, the same extracts"


@pytest.mark.parametrize("keep", [remembered, kept])
def test_while_nothing_is_written_a_connection_that_writes_remembers(
    keep: Callable[..., int], store: Store
) -> None:
    with store.write() as connection:

        def told(n: int) -> int:
            return keep(connection, ("n",), lambda: n)

        assert [told(1), told(2)] == [1, 2]
        with looking(connection):
            assert [told(3), told(4)] == [3, 3]
            with looking(connection):
                assert told(5) == 3
            assert told(6) == 3
        assert [told(7), told(8)] == [7, 8], "what is written next is seen"


def test_the_plan_of_a_closed_source_is_kept_until_a_month_lands(store: Store) -> None:
    house = small.house(store, small.source("closed", classification="partner"))

    def months() -> set[str]:
        with store.read() as connection:
            (feed,) = feeds(connection, house, "burglary", None)
            plans.append(released(connection, feed))
        return {str(month) for _, month in plans[-1].months}

    plans: list[Released] = []
    for landed in (1, 2):
        with store.write() as connection:
            put(connection, "closed", {("burglary", A, MONTHS[landed - 1]): 30})
        assert months() == months() == set(MONTHS[:landed])
        assert plans[-1] is plans[-2]
    assert plans[1] is not plans[2]


def test_one_reads_while_the_others_wait() -> None:
    shelf, reads, gate = Shelf(), [], threading.Event()

    def slow() -> int:
        reads.append(1)
        assert gate.wait(10)
        return 7

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(shelf.take, (1,), ("key",), slow) for _ in range(4)]
        gate.set()
        assert [w.result(10) for w in waiting] == [7] * 4
    assert len(reads) == 1


def test_what_cannot_be_read_is_asked_again() -> None:
    shelf = Shelf()
    with pytest.raises(ZeroDivisionError):
        shelf.take((1,), ("key",), lambda: 1 // 0)
    assert shelf.take((1,), ("key",), lambda: 5) == 5


def test_the_shelf_has_an_end() -> None:
    shelf, most = Shelf(), store_kept._MOST
    for n in range(most + 1):
        shelf.take((1,), (n,), lambda n=n: n)  # type: ignore[misc]
    assert shelf.take((1,), (most,), lambda: -1) == most
    assert shelf.take((1,), (0,), lambda: -1) == -1, "the oldest is gone"
    for version in range(3):
        shelf.take((version,), ("v",), lambda: 0)
    assert shelf.take((1,), (most,), lambda: -1) == most, "of the two newest versions nothing is"


def test_withheld_stays_withheld(store: Store) -> None:
    house = small.house(store, OPEN)
    with store.write() as connection:
        put(connection, "open", {("burglary", A, m): None if m == MONTHS[1] else 2 for m in MONTHS})
        put(connection, "open", {("burglary", B, m): 5 for m in MONTHS}, dataset="other")
    with store.read() as connection:
        (feed,) = feeds(connection, house, "burglary", None)
        units = by_unit(connection, feed, QUARTER, [A, B])
        months = by_month(connection, feed, QUARTER, DISTRICT)
    assert math.isnan(units[A])
    assert units[B] == 15
    assert [n if not math.isnan(n) else None for n in months.values()] == [7, None, 7]
