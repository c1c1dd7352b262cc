"""Ready counts of a partner: by the layout, nothing guessed, nothing added that should not be."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile, Reading
from jobs.sources.readers import read
from tests.unit.sources.world import (
    DISTRICT,
    FIRE,
    FLYTIPPING,
    cells,
    context,
    counts_of,
    source,
    table,
    workbook,
)

HEAD = "Month,Station area,Incident type,Incidents"
LAYOUT: dict[str, Any] = {
    "id": "t",
    "columns": {"month": "m", "area": "a", "category": "k", "count": "n"},
    "categories": {"Fires": "fires-secondary", "Hoax": "hoax-calls", "Other": "-"},
}


def take(raw: RawFile, settings: Any = FIRE, month: str | None = None) -> Reading:
    reading = read(raw, context(settings, month))
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows
    return reading


def fires(*rows: str) -> Reading:
    return take(table(HEAD, *rows))


def own(layout: dict[str, Any], *rows: str, name: str = "table.csv") -> Reading:
    return take(table(*rows, name=name), source("counts", {**LAYOUT, **layout}))


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(b.line, b.reason) for b in reading.bad]


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


def test_a_wide_table_gives_a_figure_for_each_period() -> None:
    wide = {
        "columns": {"category": "category"},
        "constant": {"area": DISTRICT},
        "area_by": "code",
        "span": 12,
        "melt": {"FY2011": "2011-09", "FY2012": "2012-09"},
    }
    reading = own(wide, "category,FY2011,FY2012", 'Fires,"5,060",4931', "Hoax,,12", "Other,1,2")
    assert counts_of(reading) == {
        ("fires-secondary", DISTRICT, 201109, 12): 5060,
        ("fires-secondary", DISTRICT, 201209, 12): 4931,
        ("hoax-calls", DISTRICT, 201209, 12): 12,
    }
    assert [str(w) for w in reading.windows] == ["2010-10..2011-09", "2011-10..2012-09"]
    broken = own(wide, "category,FY2011,FY2012", "Fires,5060,many", "Hoax,1,12")
    assert reasons(broken) == [(2, "count-invalid")]
    assert counts_of(broken)["fires-secondary", DISTRICT, 201209, 12] is None
    assert broken.rows_loaded == 1


def test_rows_of_other_datasets_are_left_out_and_said() -> None:
    where = {"where": {"kind": ["count", "total"]}, "period": "calendar-year"}
    reading = own(
        where,
        "m,a,k,n,kind",
        "2023,Moira,Fires,4,count",
        "2023,Moira,Fires,5.5,pct",
        "2022,Moira,Fires,3,total",
    )
    assert (reading.physical_rows, reading.bad) == (2, [])
    assert "1 of 3 rows are not kind = count or total" in reading.notes[0]
    late = own(
        where, "m,a,k,n,kind", "2023,Moira,Fires,5.5,pct", "2022,Moira,Fires,4,count", "x,Moira,Fires,3,total"
    )
    assert reasons(late) == [(4, "month-invalid")]
    assert late.bad[0].text == "x,Moira,Fires,3,total"
    with pytest.raises(Rejected) as caught:
        own(where, "m,a,k,n,kind", "2023,Moira,Fires,4,other")
    assert caught.value.reason == "empty"


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


PRINTED = {
    "columns": {"area": "name", "count": "n", "rate": "per_1000", "band": "band", "rank": "rank"},
    "constant": {"month": "2012-09", "category": "fires-secondary"},
    "categories": {},
    "span": 12,
}


def test_printed_rates_bands_and_ranks_are_kept_beside_the_counts() -> None:
    reading = own(
        PRINTED, "rank,name,n,per_1000,band", "1,Measham,17,2.8,High", "2,Moira,6,,", "3,Coalville East,5,x2,"
    )
    assert reasons(reading) == [(4, "rate-invalid")]
    assert reading.published is not None
    rows = reading.published.astype(object).where(reading.published.notna(), None)
    assert rows.to_dict("records") == [
        {
            "series": "fires-secondary",
            "area": "ward-measham",
            "month": 201209,
            "span": 12,
            "rate": 2.8,
            "band": "High",
            "rank": 1,
        },
        {
            "series": "fires-secondary",
            "area": "station-moira",
            "month": 201209,
            "span": 12,
            "rate": None,
            "band": None,
            "rank": 2,
        },
    ]
    assert counts_of(reading)["fires-secondary", "ward-measham", 201209, 12] == 17


def test_a_table_of_rates_alone_has_no_counts() -> None:
    rates = {**PRINTED, "columns": {"area": "name", "rate": "per_1000"}}
    reading = own(rates, "name,per_1000", "Measham,78.4")
    assert reading.counts.empty
    assert list(reading.counts.columns) == ["series", "area", "month", "span", "count"]
    assert reading.published is not None
    assert reading.published["rate"].tolist() == [78.4]
    assert len(reading.windows) == 1


def test_a_workbook_is_read_like_a_csv() -> None:
    rows = cells(
        HEAD.split(","),
        ("2025-03", "Coalville", "Deliberate secondary fire", 4.0),
        ("2025-03", "Moira", "Deliberate secondary fire", 4.5),
    )
    reading = take(RawFile("march.xlsx", workbook({"Data": rows})))
    assert reasons(reading) == [(3, "count-invalid")]
    assert reading.bad[0].text == "2025-03,Moira,Deliberate secondary fire,4.5"
    assert counts_of(reading)["fires-secondary", "station-coalville", 202503, 1] == 4


def test_the_layout_is_chosen_by_name_and_by_columns() -> None:
    two = source(
        "counts",
        LAYOUT,
        {**LAYOUT, "id": "more", "columns": {**LAYOUT["columns"], "rate": "r"}},
        {**LAYOUT, "id": "named", "files": "hoax*.csv"},
    )
    assert take(table("m,a,k,n", "2025-03,Moira,Fires,1"), two).dataset == "t"
    assert take(table("m,a,k,n,r", "2025-03,Moira,Fires,1,2"), two).dataset == "more"
    assert take(table("m,a,k,n,r", "2025-03,Moira,Fires,1,2", name="Hoax 2025.csv"), two).dataset == "named"


def test_columns_that_fit_no_layout_are_named() -> None:
    with pytest.raises(Rejected) as caught:
        fires_without = table("Month ending,Station area,Incident type,Incidents", "2025-03,Moira,x,1")
        take(fires_without)
    assert caught.value.reason == "missing-column"
    assert "'Month'" in str(caught.value)
    with pytest.raises(Rejected) as caught:
        take(table("x,y", "1,2"))
    assert caught.value.reason == "no-layout"
    assert "'Station area'" in str(caught.value)
    named = source("counts", {**LAYOUT, "files": "fly*.csv"})
    with pytest.raises(Rejected) as caught:
        take(table("m,a,k,n", "2025-03,Moira,Fires,1"), named)
    assert caught.value.reason == "no-layout"
    assert "fly*.csv" in str(caught.value)


def test_the_month_that_was_asked_for_must_be_in_the_file() -> None:
    rows = table(
        HEAD, "2025-03,Moira,Deliberate secondary fire,4", "2025-04,Moira,Deliberate secondary fire,4"
    )
    assert len(take(rows, month="2025-04").windows) == 2
    with pytest.raises(Rejected) as caught:
        take(rows, month="2025-05")
    assert caught.value.reason == "other-month"


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {**LAYOUT["columns"], "colour": "k"}},
        {"categories": {"Fires": "no-such-series"}},
        {"flags": {"no-such-series": "k"}},
        {"areas": {"Moira": "nowhere"}},
        {"columns": {"month": "m", "area": "a", "category": "k"}},
        {"columns": {"month": "m", "area": "a", "count": "n"}},
    ],
    ids=["role", "category", "flag", "area", "no count", "no category"],
)
def test_a_layout_that_cannot_work_is_the_operators_to_mend(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        own(wrong, "m,a,k,n", "2025-03,Moira,Fires,1")
    assert "'t'" in str(caught.value)
    assert caught.value.advice


def test_counts_have_the_types_that_the_store_takes() -> None:
    frame = fires("2025-03,Moira,Deliberate secondary fire,4", "2025-03,,Deliberate secondary fire,<5").counts
    assert frame["count"].dtype == pd.Int64Dtype()
    assert frame["month"].dtype == frame["span"].dtype == "int64"
    assert frame["area"].isna().sum() == 1
