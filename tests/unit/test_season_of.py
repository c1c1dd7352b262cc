"""A season from one row of counts, as answers and the look-ahead ask for it: withheld is not zero."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.seasons import season_alt, season_bars
from jobs.figures.event_months import main_month
from jobs.figures.season import profile
from rules.baselines.pooled.season import DAYS
from rules.context import Context
from rules.model import Break, Event, Month
from tests.unit.small_cube import AREAS, COUNTY, HOME, series

FIRST = Month(2015, 1)
PLAIN = Context(AREAS, {"burglary": series("burglary")}, HOME, COUNTY)


def counts(years: int, high: int = 6, factor: float = 1.6) -> dict[Month, float]:
    """A hundred a month, more in one calendar month."""
    months = FIRST.until(FIRST + (12 * years - 1))
    return {m: round(100 * DAYS[m.number - 1] * (factor if m.number == high else 1.0)) for m in months}


def test_a_high_month_with_three_years_behind_it() -> None:
    found = profile(PLAIN, counts(4), "burglary", HOME)
    assert found is not None
    assert (found.peaks, found.years) == ((6,), 3)
    alt = season_alt(found, "Burglary in Home", "police.uk, some months")
    assert "Usually high: June" in alt
    assert "Jun " + f"{100 * found.factors[5]:.0f}" in alt
    assert season_bars(found, "Burglary in Home", "police.uk").startswith(b"\x89PNG")


def test_too_short_a_history_says_nothing() -> None:
    assert profile(PLAIN, counts(2), "burglary", HOME) is None
    assert profile(PLAIN, {}, "burglary", HOME) is None


def test_a_withheld_month_is_left_out_and_is_no_low() -> None:
    told = counts(6)
    withheld = {m: math.nan if m.number == 3 and m.year in {2017, 2018} else n for m, n in told.items()}
    found, whole = profile(PLAIN, withheld, "burglary", HOME), profile(PLAIN, told, "burglary", HOME)
    assert found is None or 3 not in found.lows
    assert whole is not None
    assert 3 not in whole.lows


def test_a_month_not_published_is_as_one_withheld() -> None:
    told = counts(6)
    gap, last = Month(2017, 3), max(told)
    missing = {m: n for m, n in told.items() if m != gap}
    assert last in missing
    assert profile(PLAIN, missing, "burglary", HOME) == profile(
        PLAIN, told | {gap: math.nan}, "burglary", HOME
    )


def test_masked_years_are_no_years() -> None:
    mask = Break("m", "Masked", Month(2016, 1), Month(2018, 12), "relative-only", ("*",), ("*",))
    masked = Context(AREAS, PLAIN.series, HOME, COUNTY, breaks=(mask,))
    assert profile(masked, counts(5), "burglary", HOME) is None


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.one_of(st.just(math.nan), st.integers(0, 500).map(float)), min_size=1, max_size=90))
def test_any_row_is_read(row: list[float]) -> None:
    found = profile(PLAIN, {FIRST + i: n for i, n in enumerate(row)}, "burglary", HOME)
    assert found is None or (found.years >= 2 and set(found.peaks).isdisjoint(found.lows))


@pytest.mark.parametrize(
    ("first", "last", "month"),
    [
        (dt.date(2022, 6, 10), dt.date(2022, 6, 12), Month(2022, 6)),
        (dt.date(2023, 6, 30), dt.date(2023, 7, 2), Month(2023, 7)),
        (dt.date(2023, 6, 29), dt.date(2023, 7, 2), Month(2023, 6)),
        (dt.date(2023, 5, 31), dt.date(2023, 7, 1), Month(2023, 6)),
    ],
)
def test_the_month_of_an_event_is_the_one_with_most_of_its_days(
    first: dt.date, last: dt.date, month: Month
) -> None:
    months = tuple(Month.of(first).until(Month.of(last)))
    assert main_month(Event("e", "Fair", HOME, months, held=True, verified=True, days=(first, last))) == month
    assert main_month(Event("e", "Fair", HOME, months, held=True, verified=True)) == months[0]
