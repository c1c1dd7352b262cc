"""What cells mean: counts, dates, flags, periods. Strict on purpose."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.folder.partnership import Layout
from jobs.sources.coordinates import coordinates
from jobs.sources.periods import covered, period
from jobs.sources.values import (
    count,
    crime_key,
    crime_keys,
    day,
    flag,
    is_suppressed,
    number,
    per_value,
    plain,
)
from rules.month import Month, Window


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" 12 ", 12),
        ("1,010", 1010),
        ("12,345,678", 12_345_678),
        ("4.0", 4),
        ("1,010.00", 1010),
        ("4.5", None),
        ("-1", None),
        ("two", None),
        ("", None),
        ("1,01", None),
        ("1 010", None),
        ("+4", None),
        ("1e3", None),
        ("٤", None),
        ("<5", None),
        ("99999999999", None),
        ("0x1F", None),
        ("1.", None),
    ],
)
def test_counts_are_plain_whole_numbers(text: str, value: int | None) -> None:
    assert count(text) == value


@given(st.integers(0, 100_000_000))
def test_every_count_is_read_with_and_without_separators(n: int) -> None:
    assert count(str(n)) == count(f"{n:,}") == count(f"{n}.0") == n


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    value = count(text)
    assert value is None or 0 <= value <= 100_000_000
    rate = number(text)
    assert rate is None or np.isfinite(rate)


def test_withheld_figures() -> None:
    tokens = Layout(id="x").suppressed
    assert all(is_suppressed(t, tokens) for t in ("*", "c", "C", "..", ":", "x", "-", "<5", "< 10", "≤4"))
    assert not any(is_suppressed(t, tokens) for t in ("", "0", "5", "-1", "cc", "<", "five"))


def test_yes_and_no() -> None:
    assert [flag(t) for t in ("Yes", " y ", "1", "TRUE")] == [True] * 4
    assert [flag(t) for t in ("no", "N", "0", "False", "", "NULL")] == [False] * 6
    assert [flag(t) for t in ("maybe", "2", "-")] == [None] * 3


def test_dates_only_in_the_form_of_the_layout() -> None:
    first = dt.date(2009, 1, 2)
    assert day("02/01/2009 03:01", "%d/%m/%Y %H:%M", iso=False) == first
    assert day("2009-01-02", "%d/%m/%Y", iso=False) is None
    assert day("2009-01-02", "%d/%m/%Y", iso=True) == first
    assert day("2009-01-02 03:01:00", "%d/%m/%Y", iso=True) == first
    assert day("02/01/2009", "%d/%m/%Y", iso=True) == first
    assert day("0009-01-02", "%Y-%m-%d", iso=True) is None
    assert day("31/02/2009", "%d/%m/%Y", iso=False) is None


def test_names_are_compared_without_case_and_punctuation() -> None:
    assert plain("Diseworth, Belton & Gracedieu") == plain("diseworth  belton and GRACEDIEU")
    assert plain("Hugglescote St. John’s") == plain("Hugglescote St Johns")
    assert plain("Bardon") != plain("Bardon Hill")


@given(st.lists(st.text(max_size=4)))
def test_reading_by_different_values_is_reading_each(cells: list[str]) -> None:
    assert per_value(pd.Series(cells, dtype="str"), str.upper) == [c.upper() for c in cells]


@given(st.lists(st.one_of(st.text("0123456789abcdefABCDEF", min_size=64, max_size=64), st.text(min_size=1))))
def test_keys_in_bulk_are_the_keys_one_by_one(ids: list[str]) -> None:
    keys = crime_keys(np.array(ids, dtype=object))
    assert keys.tolist() == [crime_key(text) for text in ids]
    assert all(0 <= key < 2**60 for key in keys.tolist())


def test_padded_running_numbers_have_different_keys() -> None:
    assert len({crime_key(f"{i:064x}") for i in range(100)}) == 100


@pytest.mark.parametrize(
    ("lon", "lat", "bad"),
    [
        ("-1.3", "52.7", False),
        ("", "", False),
        ("NULL", "NULL", False),
        ("", "52.7", True),
        ("-1.3", "", True),
        ("x", "y", True),
        ("52.7", "-1.3", True),
        ("inf", "inf", True),
        ("0", "0", True),
        ("nan", "nan", True),
    ],
)
def test_coordinates(lon: str, lat: str, bad: bool) -> None:
    x, y, wrong = coordinates(pd.Series([lon], dtype="str"), pd.Series([lat], dtype="str"))
    assert wrong.tolist() == [bad]
    if not bad and lon == "-1.3":
        assert (x[0], y[0]) == (-1.3, 52.7)
    elif not bad:
        assert np.isnan(x[0])
        assert np.isnan(y[0])


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ({}, "2025-03", "2025-03", "2025-03"),
        ({"date_format": "%b-%y"}, "Mar-25", "2025-03", "2025-03"),
        ({"span": 12}, "2012-09", "2011-10", "2012-09"),
        ({"span": 3}, "2025-03", "2025-01", "2025-03"),
        ({"period": "calendar-year", "span": 12}, "2023", "2023-01", "2023-12"),
        ({"period": "calendar-year"}, "2023", "2023-01", "2023-12"),
        ({"period": "financial-year", "span": 12}, "2010/11", "2010-04", "2011-03"),
        ({"period": "financial-year"}, "2010/2011", "2010-04", "2011-03"),
        ({"period": "financial-year"}, "1999/00", "1999-04", "2000-03"),
        ({"period": "range", "span": 12}, "2011-10/2012-09", "2011-10", "2012-09"),
        ({"period": "range"}, "2025-01/2025-03", "2025-01", "2025-03"),
    ],
)
def test_periods(kind: dict[str, object], text: str, first: str, last: str) -> None:
    found = period(text, Layout.model_validate({"id": "x", **kind}), iso=False)
    assert found == Window(Month.parse(first), Month.parse(last))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ({}, "2025-13"),
        ({}, ""),
        ({}, "NULL"),
        ({}, "2025"),
        ({}, "0001-01"),
        ({"period": "calendar-year"}, "23"),
        ({"period": "calendar-year"}, "0000"),
        ({"period": "financial-year"}, "2010/12"),
        ({"period": "financial-year"}, "2010-11"),
        ({"period": "range"}, "2012-09"),
        ({"period": "range"}, "2012-09/2011-10"),
        ({"period": "range"}, "2012-01/2012-05"),
        ({"period": "range", "span": 12}, "2012-01/2012-03"),
    ],
)
def test_what_is_no_period(kind: dict[str, object], text: str) -> None:
    assert period(text, Layout.model_validate({"id": "x", **kind}), iso=False) is None


def test_a_file_span_covers_the_periods_between() -> None:
    months = [Window(Month(2020, 1), Month(2020, 1)), Window(Month(2020, 4), Month(2020, 4))]
    seen = Layout(id="x")
    span = Layout(id="x", covers="file-span")
    assert len(covered(months, seen)) == 2
    assert [str(w) for w in covered(months, span)] == ["2020-01", "2020-02", "2020-03", "2020-04"]
    years = [Window.ending(Month(y, 9), 12) for y in (2008, 2010)]
    assert [w.last.year for w in covered(years, span)] == [2008, 2009, 2010]
    assert covered([], span) == ()
