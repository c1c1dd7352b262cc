"""Tables in the shapes that partners use: wide, printed, mixed, as workbooks; and which layout fits."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile
from tests.unit.sources.partner import HEAD, LAYOUT, own, reasons, take
from tests.unit.sources.world import (
    DISTRICT,
    cells,
    counts_of,
    source,
    table,
    workbook,
)


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
    with pytest.raises(Rejected) as caught:
        own(wide, "category,FY2011,FY2012", "Fires,,")
    assert caught.value.reason == "empty"


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
