"""Months and windows: the arithmetic that every window on every figure rests on."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.month import Month, Window

LOW, HIGH = Month(1900, 1).ordinal, Month(2200, 12).ordinal
months = st.integers(LOW, HIGH).map(Month.from_ordinal)
# Far enough from both ends that a few decades can be added.
middles = st.integers(LOW + 600, HIGH - 600).map(Month.from_ordinal)
spans = st.integers(1, 240)


@given(months)
def test_every_spelling_reads_back_as_the_same_month(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.from_key(month.key) == month
    assert Month.from_ordinal(month.ordinal) == month
    assert Month.of(month.first_day) == month
    assert month.first_day.day == 1


@given(middles, st.integers(-500, 500))
def test_adding_and_subtracting_undo_each_other(month: Month, n: int) -> None:
    assert (month + n) - month == n
    assert (month + n) + -n == month
    assert ((month + n) > month) == (n > 0)


@given(months, months)
def test_order_is_the_order_of_time_in_every_form(a: Month, b: Month) -> None:
    assert (a < b) == (a.first_day < b.first_day) == (a.key < b.key) == (str(a) < str(b))


@given(months, st.integers(1, 28))
def test_a_day_lies_in_its_month(month: Month, day: int) -> None:
    assert Month.of(dt.date(month.year, month.number, day)) == month


@given(middles, st.integers(-5, 40))
def test_until_is_every_month_once_in_order(first: Month, n: int) -> None:
    found = first.until(first + (n - 1))
    assert len(found) == max(n, 0)
    assert found == [first + i for i in range(len(found))]


@pytest.mark.parametrize(
    "text",
    ["", "2022", "2022-6", "2022-06-01", "2022-06\n", " 2022-06", "2022/06", "202206", "June 2022",
     "2022-00", "2022-13", "0999-01", "9999-12", "-022-06", "２０２２-０６", "٢٠٢٢-٠٦", "2022-0６"],
)  # fmt: skip
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_month_or_a_value_error_that_repeats_little_of_it(text: str) -> None:
    try:
        assert str(Month.parse(text)) == text
    except ValueError as error:
        assert len(str(error)) < 150


def test_what_the_calendar_does_not_have_is_refused() -> None:
    for year, number in ((2022, 0), (2022, 13), (1899, 12), (2201, 1)):
        with pytest.raises(ValueError, match="no such month"):
            Month(year, number)
    with pytest.raises(ValueError, match="no such month"):
        _ = Month(2200, 12) + 1


def test_numbers_of_a_database_driver_become_plain_ones() -> None:
    """numpy integers are taken for bytes by sqlite3, so none may come out of a month."""
    for month in (Month.from_key(np.int64(202206)), Month.from_ordinal(np.int64(24269))):  # type: ignore[arg-type]
        assert month == Month(2022, 6)
        assert type(month.key) is int


def test_months_in_words() -> None:
    assert Month(2022, 6).words == "June 2022"
    assert [Month(2022, n).words.split()[0] for n in (1, 2, 12)] == ["January", "February", "December"]


@given(middles, spans)
def test_a_window_has_as_many_months_as_it_says(last: Month, n: int) -> None:
    window = Window.ending(last, n)
    assert window.months == n == len(window.first.until(window.last))
    assert window.last == last
    assert all(m in window for m in window.first.until(window.last))
    assert window.first + -1 not in window
    assert window.last + 1 not in window


@given(middles, spans)
def test_the_window_before_touches_and_does_not_overlap(last: Month, n: int) -> None:
    window = Window.ending(last, n)
    before = Window.ending(window.first + -1, n)
    both = Window(before.first, window.last)
    assert both.months == 2 * n
    assert not set(before.first.until(before.last)) & set(window.first.until(window.last))


@given(months, months)
def test_a_window_runs_forwards_or_is_refused(a: Month, b: Month) -> None:
    if b < a:
        with pytest.raises(ValueError, match="before it starts"):
            Window(a, b)
    else:
        assert Window(a, b).months == b - a + 1


@pytest.mark.parametrize("months_", [0, -1])
def test_a_window_of_no_months_is_refused(months_: int) -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Window.ending(Month(2022, 6), months_)


@given(middles, spans)
def test_a_window_reads_back_as_it_is_written(last: Month, n: int) -> None:
    window = Window.ending(last, n)
    assert Window.parse(str(window)) == window
    assert Window.parse(f"{window.first}..{window.last}") == window


@pytest.mark.parametrize(
    "text", ["", "..", "2022-06..", "..2022-06", "2022-06..2022-05", "2022-04..2022-05..2022-06", "2022"]
)
def test_half_a_window_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Window.parse(text)


def test_windows_in_words_and_as_text() -> None:
    june = Month(2022, 6)
    assert (str(Window(june, june)), Window(june, june).words) == ("2022-06", "June 2022")
    assert str(Window.ending(june, 3)) == "2022-04..2022-06"
    assert Window.ending(june, 3).words == "April 2022 to June 2022"
    assert Window.ending(Month(2012, 9), 12).words == "the year to September 2012"
    assert Window.ending(Month(2023, 12), 12).words == "the year 2023"
