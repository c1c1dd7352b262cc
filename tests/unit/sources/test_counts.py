"""Ready counts of a partner: nothing guessed, nothing added that should not be."""

from __future__ import annotations

import pandas as pd
import pytest

from jobs.errors import Rejected
from tests.unit.sources.partner import fires, own, reasons, take
from tests.unit.sources.world import (
    FLYTIPPING,
    counts_of,
    table,
)


def test_counts_of_an_area_and_month() -> None:
    reading = fires(
        "2025-03,Coalville,Deliberate secondary fire,4", '2025-03,Moira,deliberate secondary FIRE,"1,010"'
    )
    assert reading.dataset == "fire-counts"
    assert counts_of(reading) == {
        ("fires-secondary", "station-coalville", 202503, 1): 4,
        ("fires-secondary", "station-moira", 202503, 1): 1010,
    }


def test_categories_of_one_series_add_up_and_one_that_is_not_counted_is_loaded() -> None:
    rows = [f"2025-03,E05010109,x,{kind},3" for kind in ("Highway", "Railway", "Private")]
    reading = take(table("Month,Ward code,Ward name,Land type,Incidents", *rows), FLYTIPPING)
    assert counts_of(reading) == {("fly-tipping", "E05010109", 202503, 1): 9}
    reading = fires("2025-03,Coalville,Chimney fire,7", "2025-04,Moira,Deliberate secondary fire,1")
    assert reading.bad == []
    assert [str(w) for w in reading.windows] == ["2025-03", "2025-04"], (
        "a month of only uncounted rows is covered"
    )
    assert counts_of(reading) == {("fires-secondary", "station-moira", 202504, 1): 1}


def test_a_figure_given_twice_is_not_added() -> None:
    reading = fires(
        "2025-03,Moira,Deliberate secondary fire,4",
        "2025-03,MOIRA,Deliberate secondary fire,4",
        "2025-04,Moira,Deliberate secondary fire,4",
    )
    assert reasons(reading) == [(3, "duplicate-row")]
    assert counts_of(reading)["fires-secondary", "station-moira", 202503, 1] == 4


def test_areas_that_the_layout_merges_add_up() -> None:
    reading = own(
        {"areas": {"North": "ward-bardon", "South": "ward-bardon"}},
        "m,a,k,n",
        "2025-03,North,Fires,1",
        "2025-03,South,Fires,2",
    )
    assert counts_of(reading) == {("fires-secondary", "ward-bardon", 202503, 1): 3}


def test_what_is_no_count_is_missing_and_not_zero() -> None:
    reading = fires(
        "2025-03,Moira,Deliberate secondary fire,-1",
        "2025-03,Coalville,Deliberate secondary fire,4.5",
        "2025-04,Coalville,Deliberate secondary fire,",
        "2025-05,Coalville,Deliberate secondary fire,<5",
        "2025-06,Coalville,Deliberate secondary fire,0",
    )
    assert reasons(reading) == [
        (2, "count-invalid"),
        (3, "count-invalid"),
        (4, "count-invalid"),
        (5, "suppressed-value"),
    ]
    assert list(counts_of(reading).values()) == [None, None, None, 0, None]
    assert len(reading.windows) == 4, "a month whose figure is missing is covered, as missing"


def test_a_table_whose_figures_are_all_withheld_is_a_reading_of_missing_counts() -> None:
    reading = fires(
        "2025-03,Moira,Deliberate secondary fire,*", "2025-03,Coalville,Deliberate secondary fire,c"
    )
    assert reading.rows_loaded == 0
    assert set(counts_of(reading).values()) == {None}


def test_when_no_row_is_usable_the_file_is_not() -> None:
    with pytest.raises(Rejected) as caught:
        fires("2025-03,Atlantis,Deliberate secondary fire,4")
    assert (caught.value.reason, caught.value.physical_rows) == ("unknown-area", 1)
    assert "Atlantis" in str(caught.value)
    with pytest.raises(Rejected) as caught:
        fires("2025-03,Atlantis,Deliberate secondary fire,4", "2025-13,Moira,Deliberate secondary fire,4")
    assert caught.value.reason == "no-usable-row"


def test_rows_that_do_not_say_what_where_or_when_are_quarantined() -> None:
    reading = fires(
        "2025-03,Coalville,Deliberate secondary fire,4",
        "2025-3,Moira,Deliberate secondary fire,4",
        "2025-03,Nowhere,Deliberate secondary fire,4",
        "2025-03,Moira,Volcano,4",
        "2025-09,Moira,Deliberate secondary fire,4",
        "2025-03,NULL,Deliberate secondary fire,2",
    )
    assert reasons(reading) == [
        (3, "month-invalid"),
        (4, "unknown-area"),
        (5, "unknown-category"),
        (6, "future-month"),
    ]
    assert reading.unlocated_rows == 1
    assert counts_of(reading)["fires-secondary", "", 202503, 1] == 2


def test_names_are_found_without_case_and_punctuation_and_by_alias() -> None:
    reading = fires(
        "2025-03,ASHBY DE LA ZOUCH,Deliberate secondary fire,1",
        "2025-03,donnington,Deliberate secondary fire,2",
        "2025-03,station-moira,Deliberate secondary fire,3",
    )
    assert [area for _, area, _, _ in counts_of(reading)] == [
        "station-ashby",
        "station-donington",
        "station-moira",
    ]


def test_an_ambiguous_name_is_settled_by_the_rest_of_the_table_or_not_at_all() -> None:
    alone = own({}, "m,a,k,n", "2025-03,Bardon,Fires,1", "2025-03,Moira,Fires,1")
    assert reasons(alone) == [(2, "ambiguous-area")]
    assert "ward-bardon" in alone.bad[0].detail
    wards = own({}, "m,a,k,n", "2025-03,Bardon,Fires,1", "2025-03,Measham,Fires,1")
    assert [area for _, area, _, _ in counts_of(wards)] == ["ward-bardon", "ward-measham"]
    areas = own(
        {"vintage": 2001},
        "m,a,k,n",
        "2025-03,Bardon,Fires,1",
        '2025-03,"Diseworth, Belton & Gracedieu",Fires,1',
    )
    assert [area for _, area, _, _ in counts_of(areas)] == ["lsoa-bardon", "lsoa-diseworth"]
    assert areas.vintage == 2001


def test_flags_count_a_row_again() -> None:
    reading = own(
        {"flags": {"alcohol-flagged": "drink"}},
        "m,a,k,n,drink",
        "2025-03,Moira,Fires,4,Yes",
        "2025-03,Moira,Hoax,2,no",
        "2025-04,Moira,Other,7,Y",
        "2025-04,Moira,Fires,7,perhaps",
    )
    assert counts_of(reading) == {
        ("alcohol-flagged", "station-moira", 202503, 1): 4,
        ("alcohol-flagged", "station-moira", 202504, 1): 7,
        ("fires-secondary", "station-moira", 202503, 1): 4,
        ("hoax-calls", "station-moira", 202503, 1): 2,
    }
    assert reasons(reading) == [(5, "flag-invalid")]


def test_counts_have_the_types_that_the_store_takes() -> None:
    frame = fires("2025-03,Moira,Deliberate secondary fire,4", "2025-03,,Deliberate secondary fire,<5").counts
    assert frame["count"].dtype == pd.Int64Dtype()
    assert frame["month"].dtype == frame["span"].dtype == "int64"
    assert frame["area"].isna().sum() == 1
