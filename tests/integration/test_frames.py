"""From stored counts to the cube: what is zero, what is unknown, and what adds up to what."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.counting.frames import build_cube
from jobs.folder.lexicon import load_lexicon
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection, Store
from rules.model import Area, AreaKind, Counts, Cube, Month
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
    put,
)

PLACE = small.place()
LEXICON = load_lexicon()
POLICE = small.source(
    "police", reader="police-street", forces=["x"], layouts=[], id="police", archive_url=None
)
OPEN = small.source("open", baskets=["vehicle-crime", "burglary"])
A, B, C = HOME_UNITS[0], HOME_UNITS[1], HOME_UNITS[3]  # A and B lie in one MSOA, C in the next
JAN, FEB, MAR, APR = small.months("2022-01", 4)
MSOA, TOWN = "E02000001", "town-coalville"


def cube_of(
    connection: Connection, source: SourceSettings = OPEN, until: str | None = None, **changes: Any
) -> Cube:
    place = replace(PLACE, **changes)
    cube = build_cube(connection, source, place, LEXICON, Month.parse(until) if until else None)
    assert cube is not None
    assert cube.counts.shape == (len(cube.series), len(cube.areas), cube.last - cube.first + 1)
    assert cube.unlocated.shape == (len(cube.series), cube.last - cube.first + 1)
    return cube


def at(cube: Cube, series: str, area: str, month: str) -> float | None:
    """A count; None where it is unknown."""
    n = cube.at(series, area, Month.parse(month))
    return None if math.isnan(n) else n


def made(store: Store, cells: Cells, covers: list[str] | None = None, **more: Any) -> Cube:
    with store.write() as connection:
        put(connection, "open", cells, covers, **more)
        return cube_of(connection)


def test_nothing_published_is_no_cube(store: Store) -> None:
    with store.read() as connection:
        assert build_cube(connection, OPEN, PLACE, LEXICON, None) is None


def test_a_file_of_which_nothing_is_counted_is_no_cube_either(store: Store) -> None:
    """A first month with nothing but chimney fires, which the layout knows and does not count."""
    with store.write() as connection:
        put(connection, "open", {}, covers=[JAN])
        assert build_cube(connection, OPEN, PLACE, LEXICON, None) is None


def test_a_month_without_rows_is_zero_and_a_month_without_a_file_is_unknown(store: Store) -> None:
    cube = made(store, {("burglary", A, JAN): 3, ("burglary", A, APR): 4}, covers=[JAN, FEB, APR])
    for area in (A, MSOA, DISTRICT, COUNTY):
        assert [at(cube, "burglary", area, m) for m in (JAN, FEB, MAR, APR)] == [3, 0, None, 4]
    assert [at(cube, "burglary", B, m) for m in (JAN, FEB, MAR, APR)] == [0, 0, None, 0]
    assert np.isnan(cube.unlocated[0]).tolist() == [False, False, True, False]
    assert at(cube, "burglary", A, "2022-05") is None
    assert at(cube, "burglary", A, "2021-12") is None


def test_a_series_is_known_in_the_months_of_the_datasets_that_carry_it(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", {("robbery", A, JAN): 1, ("drugs", A, JAN): 2}, covers=[JAN, FEB])
        put(connection, "open", {("asb", A, FEB): 5}, covers=[FEB, MAR], dataset="open-second")
        cube = cube_of(connection)
    assert [at(cube, "robbery", A, m) for m in (JAN, FEB, MAR)] == [1, 0, None]
    assert [at(cube, "asb", A, m) for m in (JAN, FEB, MAR)] == [None, 5, 0]


def test_until_leaves_later_months_out(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", {("robbery", A, m): 1 for m in (JAN, FEB, MAR)})
        put(connection, "open", {("asb", A, MAR): 5}, dataset="open-second")
        early, all_ = cube_of(connection, until=FEB), cube_of(connection)
        assert build_cube(connection, OPEN, PLACE, LEXICON, Month(2021, 12)) is None
    assert (str(early.last), str(all_.last)) == (FEB, MAR)
    assert (early.series, all_.series) == (("robbery",), ("robbery", "asb"))


def test_a_suppressed_count_makes_its_place_and_what_contains_it_unknown(store: Store) -> None:
    cube = made(store, {("burglary", A, JAN): None, ("burglary", B, JAN): 4, ("burglary", C, JAN): 2})
    for area in (A, MSOA, DISTRICT, COUNTY):
        assert at(cube, "burglary", area, JAN) is None
    assert at(cube, "burglary", B, JAN) == 4
    assert at(cube, "burglary", "E02000002", JAN) == 2
    assert at(cube, "burglary", OTHER, JAN) == 0


def test_the_halves_of_a_split_area_add_up_to_the_older_one(store: Store) -> None:
    cube = made(store, {("burglary", OLD, JAN): 3, ("burglary", NEW, JAN): 4, ("burglary", NEW, FEB): 5})
    assert [at(cube, "burglary", OLD, m) for m in (JAN, FEB)] == [7, 5]
    assert NEW not in cube.areas
    assert at(cube, "burglary", "E02000003", JAN) == 7
    assert at(cube, "burglary", COUNTY, FEB) == 5


def test_half_of_a_split_area_suppressed_makes_the_whole_unknown(store: Store) -> None:
    cube = made(store, {("burglary", OLD, JAN): 3, ("burglary", NEW, JAN): None})
    assert at(cube, "burglary", OLD, JAN) is None


def test_rows_without_a_place_are_in_no_area_and_are_told_apart(store: Store) -> None:
    cube = made(store, {("burglary", A, JAN): 3, ("burglary", "", JAN): 9})
    assert at(cube, "burglary", COUNTY, JAN) == 3
    assert cube.unlocated.tolist() == [[9]]


def test_rows_of_another_county_are_in_no_area(store: Store) -> None:
    cube = made(store, {("burglary", A, JAN): 3, ("burglary", "E01099999", JAN): 50})
    assert at(cube, "burglary", COUNTY, JAN) == 3
    assert cube.unlocated.tolist() == [[0]]


def test_counts_of_fire_stations_roll_up_to_district_and_county(store: Store) -> None:
    cube = made(
        store,
        {("fires-secondary", STATIONS[0], JAN): 3, ("fires-secondary", STATIONS[1], JAN): 4,
         ("fires-secondary", STATIONS[1], FEB): None, ("fires-secondary", STATIONS[0], FEB): 1},
    )  # fmt: skip
    assert [at(cube, "fires-secondary", s, JAN) for s in STATIONS] == [3, 4]
    assert [at(cube, "fires-secondary", d, JAN) for d in (DISTRICT, COUNTY)] == [7, 7]
    assert [at(cube, "fires-secondary", d, FEB) for d in (*STATIONS, DISTRICT, COUNTY)] == [
        1,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("code", ["ward03-coalville", BARE_WARD, "E02000001", "site-donington-park", TOWN])
def test_counts_given_for_any_kind_of_place_reach_the_district(store: Store, code: str) -> None:
    """A place that the cube has no row for is still in its district."""
    cube = made(store, {("fly-tipping", code, JAN): 3, ("fly-tipping", code, FEB): 5})
    assert [at(cube, "fly-tipping", DISTRICT, m) for m in (JAN, FEB)] == [3, 5]
    assert at(cube, "fly-tipping", COUNTY, JAN) == 3


def test_counts_by_station_say_nothing_of_the_places_around(store: Store) -> None:
    """Not zero: nobody has said. A source that gives LSOAs, though, speaks for every one of them."""
    cells: Cells = {("fires-secondary", STATIONS[0], JAN): 3, ("hoax-calls", A, JAN): 1}
    cube = made(store, cells | {("fires-secondary", STATIONS[1], FEB): 4})  # type: ignore[operator]
    for area in (A, MSOA, OTHER, OTHER_UNITS[0], "site-donington-park"):
        assert [at(cube, "fires-secondary", area, m) for m in (JAN, FEB)] == [None, None], area
    assert [at(cube, "fires-secondary", STATIONS[0], m) for m in (JAN, FEB)] == [3, 0]
    assert [at(cube, "hoax-calls", a, JAN) for a in (A, B, MSOA, OTHER)] == [1, 0, 1, 0]


def test_counts_given_for_districts_add_up_to_the_county(store: Store) -> None:
    cube = made(store, {("asb", DISTRICT, JAN): 10, ("asb", OTHER, JAN): 5})
    assert [at(cube, "asb", d, JAN) for d in (DISTRICT, OTHER, COUNTY)] == [10, 5, 15]


def test_baskets_are_the_sum_of_their_parts_or_unknown(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", {("theft-from-vehicle", A, m): 2 for m in (JAN, FEB)})
        put(connection, "open", {("theft-of-vehicle", A, JAN): 3, ("theft-of-vehicle", "", JAN): 1},
            dataset="open-second")  # fmt: skip
        cube = cube_of(connection)
    assert [at(cube, "vehicle-crime", DISTRICT, m) for m in (JAN, FEB)] == [5, None]
    assert cube.unlocated[cube.series.index("vehicle-crime")].tolist()[0] == 1
    assert "serious-acquisitive" not in cube.series, "a basket that the source does not fill is not made"


def test_a_parent_that_is_given_stays_as_it_was_given(store: Store) -> None:
    cube = made(store, {("vehicle-crime", A, JAN): 50, ("theft-of-vehicle", A, JAN): 3})
    assert at(cube, "vehicle-crime", A, JAN) == 50


def test_total_recorded_crime_is_without_anti_social_behaviour(store: Store) -> None:
    types = ["asb", "burglary", "robbery", "vehicle-crime", "shoplifting", "violence", "drugs", "other-crime"]
    with store.write() as connection:
        put(connection, "police", {(s, A, JAN): 2**i for i, s in enumerate(types)}, dataset="x-street")
        cube = cube_of(connection, POLICE)
    assert at(cube, "serious-acquisitive", A, JAN) == 2 + 4 + 8
    assert at(cube, "total", A, JAN) == 2**8 - 1 - 1


_UNITS = st.sampled_from([*HOME_UNITS, *OTHER_UNITS, NEW])
_TYPES = st.sampled_from(["burglary", "robbery", "theft-from-vehicle", "theft-of-vehicle", "asb"])
_CELLS = st.dictionaries(
    st.tuples(_TYPES, _UNITS, st.sampled_from([JAN, FEB])), st.integers(0, 500), min_size=1
)


def test_the_county_is_the_sum_of_its_districts_and_these_of_their_parts(sqlite_store: Store) -> None:
    @settings(max_examples=40, deadline=None)
    @given(_CELLS)
    def adds_up(cells: dict[tuple[str, str, str], int]) -> None:
        with small.rolled_back(sqlite_store) as connection:
            put(connection, "open", dict.fromkeys(((s, "", JAN) for s, _, _ in cells), 7) | cells,
                covers=[JAN, FEB])  # fmt: skip
            cube = cube_of(connection)
        code = {c: i for i, c in enumerate(cube.areas)}

        def total(*areas: str) -> Counts:
            found: Counts = cube.counts[:, [code[a] for a in areas], :].sum(axis=1)
            return found

        np.testing.assert_array_equal(total(COUNTY), total(DISTRICT, OTHER))
        np.testing.assert_array_equal(total(DISTRICT), total(*HOME_UNITS))
        np.testing.assert_array_equal(total(OTHER), total(*OTHER_UNITS))
        inside = [a.code for a in PLACE.of_kind(AreaKind.MSOA, inside=DISTRICT)]
        np.testing.assert_array_equal(total(DISTRICT), total(*inside))
        for area in cube.areas:
            units = [u for u in PLACE[area].units if u in code]
            if units:
                np.testing.assert_array_equal(total(area), total(*units), err_msg=area)
        whole = sum(n for (s, _, _), n in cells.items() if s != "asb")
        crimes = [s for s in ("burglary", "robbery", "vehicle-crime") if s in cube.series]
        assert sum(cube.row(s, COUNTY).sum() for s in crimes) == whole

    adds_up()


def test_areas_without_places_in_the_county_are_not_judged(store: Store) -> None:
    """An LSOA of another census, a place over the border and a town have no row of their own."""
    foreign = Area("E02099999", "Elsewhere", AreaKind.MSOA, frozenset({"E01099999"}), 2011, None)
    with store.write() as connection:
        put(connection, "open", {("burglary", A, JAN): 1})
        cube = cube_of(connection, areas=PLACE.areas | {foreign.code: foreign})
    assert {NEW, foreign.code} & set(cube.areas) == set()
    assert {COUNTY, DISTRICT, OTHER, MSOA, A, *STATIONS} <= set(cube.areas)
    assert len(set(cube.areas)) == len(cube.areas)
