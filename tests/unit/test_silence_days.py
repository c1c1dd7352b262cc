"""Which silence holds on a day, how long one lasts, how long a close holds: pure, over days and months."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lifecycle import Silence, episodes, months_later, silence_on, stays_closed
from rules.month import Month

START = dt.date(2022, 1, 1)
days = st.integers(0, 500).map(lambda n: START + dt.timedelta(days=n))
silences = st.builds(
    lambda a, b, why: Silence("somebody", why, min(a, b), max(a, b)), days, days, st.text(max_size=3)
)


@given(st.lists(silences, max_size=6), days)
def test_it_is_silent_while_any_holds_and_named_is_the_one_that_ends_last(
    found: list[Silence], day: dt.date
) -> None:
    holding = [s for s in found if s.first <= day <= s.last]
    named = silence_on(day, found)
    assert (named is None) == (not holding)
    assert named is None or named.last == max(s.last for s in holding)


def test_a_month_of_silence_over_a_sequence_of_months() -> None:
    """A rule fires every month of 2022 and is looked at on the fifth of each next month."""
    quiet = [Silence("a", "x", dt.date(2022, 3, 1), dt.date(2022, 5, 31)),
             Silence("b", "y", dt.date(2022, 5, 5), dt.date(2022, 8, 4))]  # fmt: skip
    looked = [(Month(2022, 1) + n).first_day + dt.timedelta(days=4) for n in range(1, 12)]
    told = [d.month for d in looked if silence_on(d, quiet) is None]
    assert told == [2, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2022-08-31", 1, "2022-09-30"),
        ("2022-11-30", 3, "2023-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2022-10-30", 1, "2022-11-30"),
        ("2022-03-26", 12, "2023-03-26"),
    ],
)
def test_the_same_day_of_a_later_month(day: str, months: int, later: str) -> None:
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


@given(st.sets(st.integers(0, 20), min_size=1), st.integers(0, 20))
def test_a_close_holds_until_the_rule_fires_in_a_later_month(fired: set[int], through: int) -> None:
    start = Month(2022, 1)
    (*_, last) = episodes([start + n for n in fired], [start + n for n in range(21)])
    assert stays_closed(last, start + through) == (max(fired) <= through)
    assert not stays_closed(last, None)
