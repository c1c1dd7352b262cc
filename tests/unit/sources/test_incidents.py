"""A partner's incidents, row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile, Reading
from jobs.sources.readers import read
from tests.unit.sources.world import cells, context, counts_of, source, table, workbook

LAYOUT: dict[str, Any] = {
    "id": "fires",
    "columns": {
        "id": "Incident number",
        "date": "Call",
        "category": "Type",
        "area": "Ward",
        "lon": "Lon",
        "lat": "Lat",
        "street": "Street",
    },
    "date_format": "%d/%m/%Y %H:%M",
    "categories": {"Deliberate": "fires-secondary", "Car ": "fires-primary-vehicle", "Animal": "-"},
    "flags": {"alcohol-flagged": "Drink"},
}
HEAD = "Incident number,Call,Type,Ward,Lon,Lat,Street,Drink"


def take(*rows: str, today: dt.date = dt.date(2025, 7, 20), **more: Any) -> Reading:
    reading = read(table(HEAD, *rows), context(source("incidents", {**LAYOUT, **more}), today=today))
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows == len(rows)
    assert reading.incidents is not None
    assert reading.counts["count"].sum() == len(reading.incidents)
    return reading


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(b.line, b.reason) for b in reading.bad]


def test_incidents_are_rows_and_counts() -> None:
    reading = take(
        "139091,01/03/2025 03:01,Deliberate,MEASHAM,-1.5,52.7, High Street ,no",
        "064958-31052021,31/03/2025 23:59,Car ,Measham,NULL,NULL,,",
        "x,02/04/2025 00:00,Animal,Measham,,,,",
    )
    assert reading.dataset == "fires"
    assert [str(w) for w in reading.windows] == ["2025-03", "2025-04"]
    assert counts_of(reading) == {
        ("fires-secondary", "ward-measham", 202503, 1): 1,
        ("fires-primary-vehicle", "ward-measham", 202503, 1): 1,
    }
    frame = reading.incidents
    assert frame is not None
    assert frame["street"].tolist() == ["High Street", ""]
    assert frame["line"].tolist() == [2, 3]
    assert frame["crime_key"].notna().all()
    assert reading.verbatim(2).startswith("139091,")


def test_null_is_missing_wherever_it_stands() -> None:
    reading = take(
        "NULL,01/03/2025 03:01,Deliberate,NULL,NULL,NULL,,NULL",
        "NULL,NULL,Deliberate,Measham,,,,",
        ",01/03/2025 03:01,Deliberate,,,,,",
    )
    assert reasons(reading) == [(3, "date-missing")]
    assert reading.unlocated_rows == 2
    assert reading.incidents is not None
    assert reading.incidents["crime_key"].isna().all(), "without an id no two rows are the same incident"


def test_rows_that_cannot_be_right_are_quarantined() -> None:
    reading = take(
        "1,01/03/2025 03:01,Deliberate,Measham,,,,",
        "1,01/03/2025 03:01,Deliberate,Measham,,,,",
        "2,2025-03-01,Deliberate,Measham,,,,",
        "3,21/07/2025 00:00,Deliberate,Measham,,,,",
        "4,01/03/2025 03:01,Flood,Measham,,,,",
        "5,01/03/2025 03:01,Deliberate,Atlantis,,,,",
        "6,01/03/2025 03:01,Deliberate,Measham,1.0,,,",
        "7,01/03/2025 03:01,Deliberate,Measham,,,,perhaps",
    )
    assert reasons(reading) == [
        (3, "duplicate-id"),
        (4, "date-invalid"),
        (5, "future-date"),
        (6, "unknown-category"),
        (7, "unknown-area"),
        (8, "bad-coordinates"),
        (9, "flag-invalid"),
    ]


def test_a_flagged_incident_counts_for_its_flag_as_well() -> None:
    reading = take(
        "1,01/03/2025 03:01,Deliberate,Measham,,,,yes",
        "2,01/03/2025 03:01,Animal,Measham,,,,Y",
        "3,01/03/2025 03:01,Deliberate,Measham,,,,no",
    )
    assert counts_of(reading) == {
        ("alcohol-flagged", "ward-measham", 202503, 1): 2,
        ("fires-secondary", "ward-measham", 202503, 1): 2,
    }
    assert reading.rows_loaded == 3


def test_a_month_column_serves_where_there_is_no_date() -> None:
    columns = {"month": "Call", "category": "Type", "area": "Ward"}
    reading = take("1,2025-03,Deliberate,Measham,,,,", "1,2025-03,Deliberate,Measham,,,,", columns=columns)
    assert counts_of(reading) == {("fires-secondary", "ward-measham", 202503, 1): 2}
    with pytest.raises(UsageError, match="counts incidents"):
        take("1,2025-03,Deliberate,Measham,,,,", columns=columns, span=12)


def test_without_an_area_nothing_is_placed() -> None:
    columns = {k: v for k, v in LAYOUT["columns"].items() if k != "area"}
    reading = take("1,01/03/2025 03:01,Deliberate,Measham,,,,", columns=columns)
    assert reading.unlocated_rows == 1


def test_a_file_span_covers_quiet_months() -> None:
    rows = ("1,01/01/2025 03:01,Deliberate,Measham,,,,", "2,01/04/2025 03:01,Deliberate,Measham,,,,")
    assert len(take(*rows).windows) == 2
    assert len(take(*rows, covers="file-span").windows) == 4


def test_a_file_without_a_usable_row_is_refused() -> None:
    with pytest.raises(Rejected) as caught:
        take("1,NULL,Deliberate,Measham,,,,")
    assert caught.value.reason == "date-missing"


def test_dates_of_a_workbook_are_dates_whatever_the_layout_says() -> None:
    serial = (dt.date(2025, 3, 1) - dt.date(1899, 12, 30)).days
    sheet = cells(
        HEAD.split(","),
        ("1", None, "Deliberate", "Measham"),
        ("2", "02/03/2025 10:00", "Deliberate", "Measham"),
    )
    sheet = sheet.replace('<c r="C2"', f'<c r="B2" s="1"><v>{serial}.5</v></c><c r="C2"')
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
    raw = RawFile("fires.xlsx", workbook({"Data": sheet}, **{"xl__styles.xml": styles}))
    reading = read(raw, context(source("incidents", LAYOUT)))
    assert reading.bad == []
    assert [str(w) for w in reading.windows] == ["2025-03"]
