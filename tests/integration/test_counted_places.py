"""Counts given for wards, stations, towns and districts as such: counted once, printed as judged."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.counting.feeds import Feed, by_month, by_unit, feeds, prints, total_of
from jobs.counting.frames import build_cube
from jobs.counting.hot import rank_areas
from jobs.counting.scores import scoreboard
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection, Store
from rules.model import Classification, Cube, Month, Window
from tests.integration import small_county as small
from tests.integration.small_county import (
    BARE_WARD,
    COUNTY,
    DISTRICT,
    HOME_UNITS,
    NEW,
    OLD,
    OTHER,
    OTHER_UNITS,
    STATIONS,
    Cells,
    SmallHouse,
    put,
)

TABLE = small.source("open", baskets=["fires-deliberate"])
ROWS = small.source("open", reader="incidents", baskets=["fires-deliberate"])
A, B = HOME_UNITS[:2]
JAN, FEB, MAR = small.months("2022-01", 3)
QUARTER = Window(Month(2022, 1), Month(2022, 3))
WARD, MSOA, TOWN, SITE = "ward03-coalville", "E02000001", "town-coalville", "site-donington-park"
FIRES = "fires-secondary"


def monthly(connection: Connection, house: SmallHouse, series: str) -> Feed:
    (feed,) = (f for f in feeds(connection, house, series, None) if f.span == 1)
    return feed


def both(
    connection: Connection, house: SmallHouse, source: SourceSettings, area: str, series: str = FIRES
) -> dict[str, float | None]:
    """Month -> count, asked for as answers and as alerts ask; None where it is unknown."""
    cube = build_cube(connection, source, house.geography, house.lexicon, None)
    assert cube is not None
    return agreed(connection, cube, monthly(connection, house, series), series, area)


def agreed(connection: Connection, cube: Cube, feed: Feed, series: str, area: str) -> dict[str, float | None]:
    """What is printed of an area, which is what is judged where the area has a row in the cube."""
    counts = by_month(connection, feed, Window(Month(2000, 1), Month(2100, 1)), area)
    printed = {str(m): None if math.isnan(n) else n for m, n in sorted(counts.items())}
    if area in cube.areas:
        judged = {str(cube.first + i): n for i, n in enumerate(cube.row(series, area).tolist())}
        known = {m: n for m, n in printed.items() if n is not None}
        assert {m: n for m, n in judged.items() if not math.isnan(n)} == known, (series, area)
    return printed


def figures(store: Store, cells: Cells, *areas: str, source: SourceSettings = TABLE) -> list[float | None]:
    """January's fires in these areas."""
    house = small.house(store, source)
    with small.rolled_back(store) as connection:
        put(connection, "open", cells, covers=[JAN])
        return [both(connection, house, source, area)[JAN] for area in areas]
    raise AssertionError


@pytest.mark.parametrize("part", [STATIONS[0], BARE_WARD, WARD, MSOA, TOWN, SITE, A])
def test_the_districts_own_count_stands_for_its_parts_in_its_month(store: Store, part: str) -> None:
    house = small.house(store, TABLE)
    with store.write() as connection:
        put(connection, "open", {(FIRES, DISTRICT, JAN): 10, (FIRES, part, JAN): 3, (FIRES, part, FEB): 4})
        for area in (DISTRICT, COUNTY):
            assert both(connection, house, TABLE, area) == {JAN: 10, FEB: 4}
        assert both(connection, house, TABLE, part) == {JAN: 3, FEB: 4}


def test_incidents_are_counted_one_by_one_however_closely_they_are_placed(store: Store) -> None:
    cells = {(FIRES, DISTRICT, JAN): 10, (FIRES, WARD, JAN): 4, (FIRES, A, JAN): 3}
    assert figures(store, cells, DISTRICT, COUNTY, WARD, A, source=ROWS) == [17, 17, 7, 3]


def test_a_county_takes_the_own_count_of_one_district_and_the_parts_of_another(store: Store) -> None:
    cells = {(FIRES, DISTRICT, JAN): 10, (FIRES, A, JAN): 3, (FIRES, OTHER_UNITS[0], JAN): 5}
    assert figures(store, cells, DISTRICT, OTHER, COUNTY, A, B) == [10, 5, 15, 3, 0]


def test_a_wards_own_count_stands_for_its_lsoas(store: Store) -> None:
    cells = {(FIRES, WARD, JAN): 9, (FIRES, A, JAN): 3, (FIRES, B, JAN): 4, (FIRES, HOME_UNITS[9], JAN): 1}
    assert figures(store, cells, WARD, A, DISTRICT, COUNTY) == [9, 3, 10, 10]


def test_a_town_and_the_ward_in_it_are_not_added_up(store: Store) -> None:
    cells = {(FIRES, TOWN, JAN): 9, (FIRES, WARD, JAN): 4, (FIRES, STATIONS[0], JAN): 1}
    assert figures(store, cells, TOWN, WARD, DISTRICT) == [9, 4, 10]


def test_a_site_lies_in_its_lsoa_and_does_not_stand_for_it(store: Store) -> None:
    cells = {(FIRES, SITE, JAN): 3, (FIRES, HOME_UNITS[6], JAN): 5}
    assert figures(store, cells, SITE, HOME_UNITS[6], DISTRICT) == [3, 5, 8]


def test_what_was_withheld_is_unknown_only_where_it_counts(store: Store) -> None:
    assert figures(store, {(FIRES, DISTRICT, JAN): None, (FIRES, WARD, JAN): 4}, DISTRICT, WARD) == [None, 4]
    assert figures(store, {(FIRES, DISTRICT, JAN): 10, (FIRES, WARD, JAN): None}, DISTRICT, WARD) == [
        10,
        None,
    ]


def test_a_place_that_is_named_has_zero_in_a_series_counted_by_its_kind(store: Store) -> None:
    house = small.house(store, TABLE)
    with store.write() as connection:
        cells = {(FIRES, STATIONS[0], JAN): 7, ("hoax-calls", STATIONS[1], JAN): 1, ("rtc", A, JAN): 1}
        put(connection, "open", cells)
        assert both(connection, house, TABLE, STATIONS[1]) == {JAN: 0}
        assert both(connection, house, TABLE, STATIONS[1], "rtc") == {JAN: None}
        assert both(connection, house, TABLE, OTHER) == {JAN: None}
        assert both(connection, house, TABLE, OTHER, "rtc") == {JAN: 0}
        assert not prints(connection, monthly(connection, house, FIRES), [])


_PLACES = st.sampled_from(
    [A, B, OLD, NEW, *OTHER_UNITS, *STATIONS, BARE_WARD, WARD, MSOA, TOWN, SITE, DISTRICT, OTHER, COUNTY, ""]
)
_SERIES = st.sampled_from(["fires-primary-vehicle", FIRES, "asb"])
_CELLS = st.dictionaries(
    st.tuples(_SERIES, _PLACES, st.sampled_from([JAN, FEB])), st.none() | st.integers(0, 99), min_size=1
)


@pytest.mark.parametrize("source", [TABLE, ROWS], ids=["ready counts", "incidents"])
def test_whatever_the_places_what_is_printed_is_what_is_judged(
    sqlite_store: Store, source: SourceSettings
) -> None:
    house = small.house(sqlite_store, source)

    @settings(max_examples=15, deadline=None)
    @given(_CELLS, _CELLS)
    def agree(cells: Cells, later: Cells) -> None:
        with small.rolled_back(sqlite_store) as connection:
            put(connection, "open", cells, covers=[JAN, MAR, FEB])
            put(connection, "open", later, covers=[JAN, FEB], dataset="second")
            cube = build_cube(connection, source, house.geography, house.lexicon, None)
            assert cube is not None
            for series in cube.series:
                feed = monthly(connection, house, series)
                for area in (A, OLD, STATIONS[0], WARD, MSOA, SITE, DISTRICT, OTHER, COUNTY):
                    agreed(connection, cube, feed, series, area)

    agree()


# What answers make of it


def test_areas_are_not_ranked_by_counts_of_stations(store: Store) -> None:
    house = small.house(store, TABLE)
    with store.write() as connection:
        put(connection, "open", {(FIRES, STATIONS[0], m): 7 for m in (JAN, FEB, MAR)})
        feed = monthly(connection, house, FIRES)
        hot = rank_areas(connection, house, feed, QUARTER, house.geography[DISTRICT], FIRES)
    assert (hot.rows, hot.total) == ((), 21)


def test_a_ranking_leaves_out_months_in_which_a_part_was_not_published(store: Store) -> None:
    house = small.house(store, TABLE)
    with store.write() as connection:
        put(connection, "open", {("fires-primary-vehicle", A, m): 30 for m in (JAN, FEB, MAR)})
        put(connection, "open", {(FIRES, A, m): 20 for m in (JAN, MAR)}, dataset="second")
        feed = monthly(connection, house, "fires-deliberate")
        assert by_unit(connection, feed, QUARTER, [A]).to_dict() == {A: 100}
        hot = rank_areas(connection, house, feed, QUARTER, house.geography[DISTRICT], "fires-deliberate")
        assert (hot.rows[0].count, hot.total) == (100, 100)
        # Over the gap of February no year is made: the scoreboard tells March alone.
        scores = scoreboard(connection, house, house.geography[A], None, Classification.PUBLIC)
        (score,) = (s for s in scores if s.series == "fires-deliberate")
        assert (score.count, str(score.window)) == (50, MAR)


def test_a_months_count_is_never_a_years_total(store: Store) -> None:
    house = small.house(store, TABLE)
    with store.write() as connection:
        put(connection, "open", {(FIRES, DISTRICT, m): 5 for m in small.months("2021-01", 12)})
        year = Window.ending(Month(2021, 12), 12)
        assert total_of(connection, house, FIRES, year, DISTRICT, "open") is None
        half = {("fires-primary", DISTRICT, "2021-12"): 8, (FIRES, COUNTY, "2021-12"): 9}
        put(connection, "open", half, dataset="years", span=12)
        assert total_of(connection, house, "fires-deliberate", year, DISTRICT, "open") is None
        put(connection, "open", {(FIRES, DISTRICT, "2021-12"): 60}, dataset="whole", span=12)
        assert total_of(connection, house, FIRES, year, DISTRICT, "open") == 60
