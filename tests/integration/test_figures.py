"""Counts to answer from: one feed at a time, never chained, never added up, never guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.counting.baskets import parts_of
from jobs.counting.feeds import Feed, by_month, by_unit, feeds, prints, total_of
from jobs.counting.frames import build_cube
from jobs.folder.lexicon import load_lexicon
from jobs.store.engine import Connection, Store
from rules.model import Month, Window
from tests.integration import small_county as small
from tests.integration.small_county import (
    BARE_WARD,
    COUNTY,
    DISTRICT,
    HOME_UNITS,
    NEW,
    OLD,
    OTHER_UNITS,
    STATIONS,
    SmallHouse,
    put,
)

LEXICON = load_lexicon()
OPEN = small.source("open", baskets=["vehicle-crime", "fires-deliberate", "fires-primary"])
SECOND, TABLES = small.source("second"), small.source("tables", cadence="annual")
A, B = HOME_UNITS[:2]
JAN, FEB, MAR = small.months("2022-01", 3)
QUARTER = Window(Month(2022, 1), Month(2022, 3))


@pytest.fixture
def house(store: Store) -> SmallHouse:
    return small.house(store, TABLES, OPEN, SECOND)


def monthly(connection: Connection, house: SmallHouse, series: str, source: str = "open") -> Feed:
    (feed,) = (f for f in feeds(connection, house, series, None) if f.span == 1 and f.source.id == source)
    return feed


def told(connection: Connection, feed: Feed, area: str) -> dict[str, float | None]:
    """Month -> count as printed; None where it is unknown."""
    found = by_month(connection, feed, Window(Month(1990, 1), Month(2100, 1)), area)
    return {str(m): None if math.isnan(n) else n for m, n in sorted(found.items())}


def test_two_sources_of_one_series_are_two_feeds_that_are_never_added_up(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", A, m): 3 for m in (JAN, FEB)})
        put(connection, "second", {("burglary", A, m): 100 for m in (FEB, MAR)})
        found = feeds(connection, house, "burglary", None)
        assert [(f.source.id, [str(m) for m in f.months]) for f in found] == [
            ("open", [JAN, FEB]), ("second", [FEB, MAR]),
        ]  # fmt: skip
        assert told(connection, found[0], DISTRICT) == {JAN: 3, FEB: 3}
        assert told(connection, found[1], DISTRICT) == {FEB: 100, MAR: 100}
        window = Window(Month(2022, 2), Month(2022, 2))
        assert by_unit(connection, found[0], window, None).to_dict() == {A: 3}


def test_tables_are_feeds_of_their_own_and_come_after_the_monthly_ones(house: SmallHouse) -> None:
    with house.store.write() as connection:
        for dataset, n in (("t-2012", 4931), ("t-2013", 5000)):
            put(connection, "tables", {("burglary", DISTRICT, "2012-09"): n}, dataset=dataset, span=12)
        put(connection, "open", {("burglary", DISTRICT, "2012-09"): 400})
        found = feeds(connection, house, "burglary", None)
        assert [(f.source.id, f.dataset, f.span) for f in found] == [
            ("open", None, 1), ("tables", "t-2012", 12), ("tables", "t-2013", 12),
        ]  # fmt: skip
        assert [told(connection, f, DISTRICT) for f in found] == [
            {"2012-09": 400}, {"2012-09": 4931}, {"2012-09": 5000},
        ]  # fmt: skip
        assert found[1].windows() == (Window.ending(Month(2012, 9), 12),)


def test_a_year_of_a_source_is_not_mixed_with_its_months(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", DISTRICT, "2012-09"): 4931}, dataset="years", span=12)
        put(connection, "open", {("burglary", DISTRICT, "2012-09"): 400}, dataset="months")
        found = feeds(connection, house, "burglary", None)
        assert [(f.span, told(connection, f, DISTRICT)) for f in found] == [
            (1, {"2012-09": 400}), (12, {"2012-09": 4931}),
        ]  # fmt: skip


def test_what_is_covered(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", A, m): 3 for m in (JAN, MAR)})
        put(connection, "tables", {("burglary", DISTRICT, "2012-09"): 5}, span=12)
        months, table = feeds(connection, house, "burglary", None)
    assert not months.covers(QUARTER)
    assert months.covers(Window(Month(2022, 3), Month(2022, 3)))
    assert table.covers(Window.ending(Month(2012, 9), 12))
    assert not table.covers(Window.ending(Month(2012, 9), 1))
    assert not table.covers(Window.ending(Month(2012, 12), 12))


def test_nothing_after_the_month_asked_for_is_known(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", A, m): 3 for m in (JAN, FEB, MAR)})
        (feed,) = feeds(connection, house, "burglary", Month(2022, 2))
        assert [str(m) for m in feed.months] == [JAN, FEB]
        assert feeds(connection, house, "burglary", Month(2021, 12)) == []


def test_months_published_without_a_row_are_zero_and_others_are_absent(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", A, JAN): 3}, covers=[JAN, MAR])
        feed = monthly(connection, house, "burglary")
        assert told(connection, feed, A) == {JAN: 3, MAR: 0}
        assert told(connection, feed, DISTRICT) == {JAN: 3, MAR: 0}
        assert told(connection, feed, B) == {JAN: 0, MAR: 0}


def test_the_halves_of_a_split_area_are_one(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", OLD, JAN): 3, ("burglary", NEW, JAN): 4})
        feed = monthly(connection, house, "burglary")
        assert told(connection, feed, OLD) == {JAN: 7}
        window = Window(Month(2022, 1), Month(2022, 1))
        assert by_unit(connection, feed, window, [OLD]).to_dict() == {OLD: 7}


# What a series is made of


def test_parts_of_a_series() -> None:
    def parts(series: str, *held: str, baskets: tuple[str, ...] = ()) -> tuple[str, ...]:
        return parts_of(series, set(held), baskets, LEXICON)

    cars = ("theft-from-vehicle", "theft-of-vehicle")
    assert parts("vehicle-crime", "vehicle-crime", *cars) == ("vehicle-crime",), "given directly: as given"
    assert parts("vehicle-crime", *cars) == (), "the source does not say that it gives all of it"
    assert parts("vehicle-crime", *cars, baskets=("vehicle-crime",)) == cars
    nested = parts("serious-acquisitive", "burglary", *cars, baskets=("serious-acquisitive",))
    assert nested == ("burglary", *cars)
    assert parts("serious-acquisitive", "vehicle-crime", *cars, baskets=("serious-acquisitive",)) == (
        "vehicle-crime",
    ), "no crime is counted twice"
    assert parts("burglary", baskets=("burglary",)) == ()


def test_a_basket_is_known_only_in_months_in_which_all_its_parts_are(house: SmallHouse) -> None:
    """Two tables of one source, the second a month behind: half a sum would read as a fall."""
    with house.store.write() as connection:
        put(connection, "open", {("theft-from-vehicle", A, m): 30 for m in (JAN, FEB)})
        put(connection, "open", {("theft-of-vehicle", A, JAN): 20}, dataset="open-second")
        feed = monthly(connection, house, "vehicle-crime")
        assert told(connection, feed, DISTRICT) == {JAN: 50}
        assert [str(m) for m in feed.months] == [JAN]


# Suppressed by the publisher


def test_a_sum_with_a_suppressed_part_is_not_known(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(
            connection,
            "open",
            {("burglary", A, JAN): None, ("burglary", B, JAN): 40, ("burglary", B, FEB): 2},
        )
        feed = monthly(connection, house, "burglary")
        assert told(connection, feed, A) == {JAN: None, FEB: 0}
        assert told(connection, feed, DISTRICT) == {JAN: None, FEB: 2}


def test_an_area_with_a_suppressed_month_has_no_figure_for_the_window(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(
            connection, "open", {("burglary", A, JAN): None, ("burglary", A, FEB): 9, ("burglary", B, FEB): 2}
        )
        feed = monthly(connection, house, "burglary")
        found = by_unit(connection, feed, QUARTER, [A, B])
    assert math.isnan(found[A])
    assert found[B] == 2


def test_a_suppressed_total_is_no_total(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "tables", {("hate", DISTRICT, "2012-09"): None, ("hate", A, "2012-09"): 5}, span=12)
        year = Window.ending(Month(2012, 9), 12)
        assert total_of(connection, house, "hate", year, DISTRICT, "tables") is None


# What came for a place as such


@pytest.mark.parametrize("code", [*STATIONS, BARE_WARD, "ward03-coalville", "E02000001", "town-coalville"])
def test_a_count_given_for_a_place_is_in_the_figure_of_its_district(house: SmallHouse, code: str) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("fires-secondary", code, JAN): 7, ("fires-secondary", code, FEB): 0})
        feed = monthly(connection, house, "fires-secondary")
        assert told(connection, feed, code) == {JAN: 7, FEB: 0}
        for area in (DISTRICT, COUNTY):
            assert told(connection, feed, area) == {JAN: 7, FEB: 0}


def test_a_source_that_counts_by_station_has_no_figure_for_the_places_around(house: SmallHouse) -> None:
    """Or else the answer to `hotspots` would be ten places with nought recorded."""
    with house.store.write() as connection:
        put(connection, "open", {("fires-secondary", STATIONS[0], JAN): 7, ("hoax-calls", A, JAN): 1})
        feed = monthly(connection, house, "fires-secondary")
        by_lsoa = monthly(connection, house, "hoax-calls")
        said = {
            area: prints(connection, feed, [area])
            for area in (STATIONS[0], STATIONS[1], DISTRICT, COUNTY, A, "E02000001")
        }
        assert said == {
            STATIONS[0]: True, STATIONS[1]: False, DISTRICT: True, COUNTY: True, A: False, "E02000001": False,
        }  # fmt: skip
        assert prints(connection, by_lsoa, [B])


_CELLS = st.dictionaries(
    st.tuples(
        st.sampled_from(["fires-primary-vehicle", "fires-primary-other", "fires-secondary", "asb"]),
        st.sampled_from([*HOME_UNITS[:4], *OTHER_UNITS, OLD, NEW, ""]),
        st.sampled_from([JAN, FEB]),
    ),
    st.integers(0, 99),
    min_size=1,
)


def test_what_is_printed_is_what_is_judged(sqlite_store: Store) -> None:
    """Answers and alerts take two ways to the counts; they must arrive at the same figures."""
    house = small.house(sqlite_store, OPEN)

    @settings(max_examples=15, deadline=None)
    @given(_CELLS)
    def agree(cells: dict[tuple[str, str, str], int]) -> None:
        with small.rolled_back(sqlite_store) as connection:
            put(connection, "open", cells, covers=[JAN, MAR, FEB])
            cube = build_cube(connection, OPEN, house.geography, LEXICON, None)
            assert cube is not None
            for series in cube.series:
                feed = monthly(connection, house, series)
                for area in (
                    A,
                    NEW if NEW in cube.areas else OLD,
                    "E02000001",
                    "E02000003",
                    DISTRICT,
                    COUNTY,
                ):
                    judged = {str(cube.first + i): n for i, n in enumerate(cube.row(series, area).tolist())}
                    assert told(connection, feed, area) == judged, (series, area)

    agree()


def test_a_basket_of_baskets_is_the_same_printed_and_judged(house: SmallHouse) -> None:
    """A partnership that names only the outer basket: all of the family counts, printed as judged."""
    outer = small.source("outer", baskets=["fires-deliberate"])
    own = small.house(house.store, outer)
    with house.store.write() as connection:
        put(connection, "outer", {("fires-primary-vehicle", A, JAN): 3, ("fires-secondary", A, JAN): 5})
        cube = build_cube(connection, outer, own.geography, LEXICON, None)
        feed = monthly(connection, own, "fires-deliberate", "outer")
        assert cube is not None
        assert told(connection, feed, DISTRICT) == {JAN: 8}
        assert cube.at("fires-deliberate", DISTRICT, Month(2022, 1)) == 8


# Tables


def test_a_table_gives_the_figure_it_printed_or_that_of_the_parts(house: SmallHouse) -> None:
    cells = {
        ("burglary", DISTRICT, "2012-09"): 100,
        ("burglary", A, "2012-09"): 30,
        ("burglary", B, "2012-09"): 9,
    }
    with house.store.write() as connection:
        put(connection, "tables", cells, span=12)
        (feed,) = feeds(connection, house, "burglary", None)
        assert told(connection, feed, DISTRICT) == {"2012-09": 100}
        assert told(connection, feed, A) == {"2012-09": 30}
        assert told(connection, feed, "E02000001") == {"2012-09": 39}
        assert prints(connection, feed, [A])
        assert not prints(connection, feed, [HOME_UNITS[5]])


def test_a_total_is_the_areas_own_figure_for_exactly_the_window(house: SmallHouse) -> None:
    def total(series: str, last: Month, months: int = 12, source: str = "tables") -> float | None:
        return total_of(connection, house, series, Window.ending(last, months), DISTRICT, source)

    with house.store.write() as connection:
        put(connection, "tables", {("burglary", A, "2012-09"): 30}, span=12, dataset="top-ten")
        put(connection, "tables", {("burglary", DISTRICT, "2012-09"): 100}, span=12, dataset="by-year")
        hate = {("hate-incidents", DISTRICT, "2012-09"): 40, ("hate-offences", DISTRICT, "2012-09"): 13}
        put(connection, "tables", hate, span=12, dataset="key-figures")
        assert total("burglary", Month(2012, 9)) == 100
        assert total("burglary", Month(2012, 10)) is None
        assert total("burglary", Month(2012, 9), 1) is None
        assert total("burglary", Month(2012, 9), source="open") is None
        assert total("hate", Month(2012, 9)) == 53, "both children are given, so they make the whole"
        assert total("domestic", Month(2012, 9)) is None


def test_one_child_alone_does_not_make_the_parent(house: SmallHouse) -> None:
    with house.store.write() as connection:
        put(connection, "tables", {("hate-incidents", DISTRICT, "2012-09"): 40}, span=12)
        year = Window.ending(Month(2012, 9), 12)
        assert total_of(connection, house, "hate", year, DISTRICT, "tables") is None
