"""Time words: every form that people use, and nothing that breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar.periods import FIRST_YEAR, MOST_MONTHS, Period, looks_like_period, read_period, split
from rules.month import Month, Window


def window(text: str) -> Window:
    first, _, last = text.partition("..")
    return Window(Month.parse(first), Month.parse(last or first))


def find_period(text: str) -> Period | None:
    """A text that is a period and nothing else; None otherwise."""
    tokens = split(text.lower().split())
    found = read_period(tokens)
    return found[0] if found and found[1] == len(tokens) else None


def meant(typed: str) -> Window | None:
    found = find_period(typed)
    return found.window if found else None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("2022-06", "2022-06"),
        ("june 2022", "2022-06"),
        ("June 2022", "2022-06"),
        ("jun 22", "2022-06"),
        ("jun-22", "2022-06"),
        ("june22", "2022-06"),
        ("sept 2012", "2012-09"),
        ("2012", "2012-01..2012-12"),
        ("year 2012", "2012-01..2012-12"),
        ("2021-01..2021-12", "2021-01..2021-12"),
        ("2021-01 .. 2021-12", "2021-01..2021-12"),
        ("2021-01 to 2021-12", "2021-01..2021-12"),
        ("jan 2021 to mar 2021", "2021-01..2021-03"),
        ("2019..2023", "2019-01..2023-12"),
        ("2019-2023", "2019-01..2023-12"),
        ("2019–2023", "2019-01..2023-12"),
        ("2023..2019", "2019-01..2023-12"),
        ("oct 2011..sep 2012", "2011-10..2012-09"),
        ("year to sep 2012", "2011-10..2012-09"),
        ("year to 2012-09", "2011-10..2012-09"),
        ("year ending september 2012", "2011-10..2012-09"),
        ("ye sep 2012", "2011-10..2012-09"),
        ("12 months to september 2012", "2011-10..2012-09"),
        ("3m to june 2022", "2022-04..2022-06"),
        ("fy 2021/22", "2021-04..2022-03"),
        ("fy2021/22", "2021-04..2022-03"),
        ("FY 2021/2022", "2021-04..2022-03"),
        ("fy 99/00", None),
        ("financial year 2021/22", "2021-04..2022-03"),
        ("2021/22", "2021-04..2022-03"),
        ("fy 1999/00", "1999-04..2000-03"),
    ],
)
def test_a_window(typed, wanted):
    assert meant(typed) == (wanted and window(wanted))


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ("3m", 3), ("12m", 12), ("24m", 24), ("6y", 72), ("6 years", 72), ("12 months", 12), ("1yr", 12),
        ("last month", 1), ("last 3 months", 3), ("latest month", 1), ("past year", 12), ("last 2y", 24),
    ],
)  # fmt: skip
def test_the_last_so_many_months(typed, months):
    found = find_period(typed)
    assert found is not None
    assert (found.window, found.months) == (None, months)


@pytest.mark.parametrize(
    "typed",
    ["", "june", "2021-13", "2021-00", "2022/06", "2021/23", "0m", "0000m", "9999m", "99y", "1066", "3000",
     "m", "²m", "fy", "fy 2021", "year to", "last", "to 2012", "..", "2012..", "coalville", "13/14"],
)  # fmt: skip
def test_what_is_no_period_is_left_alone(typed):
    assert find_period(typed) is None


@pytest.mark.parametrize(
    ("text", "used"),
    [("2012 to coalville", 1), ("june 2022 burglary", 2), ("year to sep 2012 nwl", 4), ("3 months nwl", 2),
     ("2019 .. 2023 total", 3), ("last 12 months", 3)],
)  # fmt: skip
def test_it_takes_the_longest_and_no_more(text, used):
    found = read_period(split(text.split()))
    assert found is not None
    assert found[1] == used


def test_a_month_and_a_financial_year_that_look_alike_are_told_apart():
    assert meant("2011-12") == window("2011-12")
    assert meant("2011/12") == window("2011-04..2012-03")


months = st.builds(Month, st.integers(FIRST_YEAR, 2099), st.integers(1, 12))


@settings(deadline=None, derandomize=True)
@given(months, months)
def test_a_window_reads_back_what_it_prints(a, b):
    asked = Window(min(a, b), max(a, b))
    assert meant(str(asked)) == asked
    assert meant(f"{asked.first.words} to {asked.last.words}") == asked
    assert meant(f"{b}..{a}") == asked


@settings(deadline=None, derandomize=True)
@given(months, st.integers(1, MOST_MONTHS))
def test_months_to_a_month(last, count):
    assert meant(f"{count} months to {last}") == Window.ending(last, count)


words = st.sampled_from(
    ["2012", "2022-06", "jun", "june", "22", "3m", "to", "..", "year", "last", "month", "fy", "2021/22", "6y",
     "ye", "ending", "0", "-", "financial", "9999", "nwl"],
)  # fmt: skip


@settings(deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=60), st.lists(words, max_size=8).map(" ".join)))
def test_it_never_raises_and_says_either_window_or_months(text):
    tokens = split(text.lower().split())
    found = read_period(tokens)
    looks_like_period(text)
    if found:
        period, used = found
        assert (period.window is None) != (period.months is None)
        assert 0 < used <= len(tokens)
