"""The months in which a series is high: what is a season, what is a trend, a bad June, or chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.baselines.pooled.season import DAYS
from rules.baselines.tails import Floats
from rules.model import Break, Event, Month
from rules.season_profile import SeasonProfile, profile_of, season_profile
from tests.unit.stories.county import OUR, SITE
from tests.unit.stories.story import years
from tests.unit.stories.test_statements import JUNE_DECEMBER
from tests.unit.stories.world import Row, World, judged

APRIL = Month(2015, 4)
DEC_2020 = Month(2020, 12)


def row(level: float, months: int, season: dict[int, float] | None = None, growth: float = 0.0) -> Floats:
    """Counts without noise, April first; `season` by calendar month, 1 = January."""
    calendar = (np.arange(months) + 3) % 12
    factors = np.array([(season or {}).get(m + 1, 1.0) for m in range(12)])
    counts: Floats = level * DAYS[calendar] * factors[calendar] * np.exp(growth * np.arange(months))
    return counts


def known(counts: Floats, first: Month = APRIL) -> SeasonProfile:
    found = season_profile(counts, first)
    assert found is not None
    return found


def test_two_high_months_are_the_peaks_with_the_years_behind_them() -> None:
    found = known(np.rint(row(50, 60, {6: 1.4, 12: 1.3})))
    assert (found.peaks, found.years) == ((6, 12), 4)
    assert found.factors[5] == pytest.approx(1.4 / (1 + 0.7 / 12), abs=0.03)
    assert (found.window.first, found.window.last) == (APRIL + 6, APRIL + 53)


def test_a_steady_rise_is_no_season() -> None:
    found = known(row(400, 96, growth=0.01))
    assert (found.peaks, found.lows) == ((), ())


def test_february_is_short_and_not_low() -> None:
    found = known(np.rint(row(2000, 60)))
    assert found.factors[1] == pytest.approx(1.0, abs=0.01)


def test_one_bad_june_of_five_is_no_season() -> None:
    counts = row(30, 72)
    counts[26] *= 4  # June 2017
    assert 6 not in known(counts).peaks


@pytest.mark.parametrize(("months", "enough"), [(24, False), (35, False), (36, True)])
def test_three_whole_years_are_needed(months: int, enough: bool) -> None:
    found = season_profile(row(30, months), APRIL)
    assert (found is not None) is enough
    assert found is None or found.years == 2


def test_a_gap_is_not_filled_in() -> None:
    counts = row(30, 72, {6: 1.5})
    counts[30] = np.nan
    found = known(counts)
    assert found.years == 3
    assert season_profile(np.where(np.arange(72) % 12 == 5, np.nan, counts), APRIL) is None


def test_nothing_recorded_is_no_profile() -> None:
    assert season_profile(np.zeros(72), APRIL) is None


@given(st.integers(0, 11), st.integers(1, 400))
@settings(max_examples=40, deadline=None)
def test_a_later_first_month_only_turns_the_year(turn: int, level: int) -> None:
    """The same counts, called by other months: the peak is where the month is."""
    calendar = (np.arange(60) + turn) % 12
    counts = level * DAYS[calendar] * np.where(calendar == 5, 1.5, 1.0)
    found = known(counts, Month(2015, turn + 1))
    assert max(range(12), key=lambda m: found.factors[m]) == 5
    assert sum(found.seen) == 48


# Made up, with the season of S17.
DOMESTIC = World(
    DEC_2020, (Row("domestic", years(*(900,) * 6), years(), (950,) * 6, season=JUNE_DECEMBER),)
)  # fmt: skip


def test_masked_months_are_left_out_and_festivals_are_not() -> None:
    pandemic = Break("p", "p", Month(2020, 3), None, "relative-only", ("*",), ("*",))
    festival = Event("f", "f", SITE, tuple(Month(y, 6) for y in range(2015, 2021)), held=True, verified=True)
    month = judged(replace(DOMESTIC, breaks=(pandemic,), events=(festival,)))
    found = profile_of(month.cube, month.context, "domestic", OUR)
    assert found is not None
    assert found.window.last <= Month(2019, 8)
    assert 6 in found.peaks


def test_nothing_before_a_break_is_the_same_series() -> None:
    known_break = Break("b", "b", Month(2019, 1), None, "straddle", ("*",), ("*",))
    month = judged(replace(DOMESTIC, breaks=(known_break,)))
    assert profile_of(month.cube, month.context, "domestic", OUR) is None
