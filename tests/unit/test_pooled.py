"""The short-history model: what it borrows, what it ignores, and how surely it rings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.baselines.auto import predict_auto
from rules.baselines.pooled import Prediction, predict_here, predict_share
from rules.baselines.pooled.dispersion import shrink
from rules.baselines.pooled.level import Months, follow
from rules.baselines.pooled.season import DAYS, month_factors

HISTORY = 36
SEASON = 1 + 0.3 * np.cos(2 * np.pi * np.arange(12) / 12)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def county(seed: int, rows: int = 40, mean: float = 10.0, months: int = HISTORY + 1, wave: bool = True):
    """Poisson rows (1, rows, months) and the rest of their county (1, months), one season for all."""
    factors = (SEASON if wave else np.ones(12))[np.arange(months) % 12]
    counts = rng(seed).poisson(mean * factors, (1, rows, months)).astype(float)
    return counts, rng(seed + 1000).poisson(800 * factors, (1, months)).astype(float)


def here(counts, rest, usable=None, events=None, t=None) -> Prediction:
    usable = np.ones(counts.shape, bool) if usable is None else usable
    alike = np.zeros(counts.shape[1], np.intp)
    return predict_here(counts, rest, usable, alike, counts.shape[2] - 1 if t is None else t, 0, events)


def share(counts, whole) -> Prediction:
    alike = np.zeros(counts.shape[1], np.intp)
    return predict_share(counts, whole, np.ones(counts.shape, bool), alike, counts.shape[2] - 1)


# What is expected


def test_the_level_is_the_rows_own_and_the_season_the_countys():
    months = HISTORY + 1
    means = np.array([2.0, 10.0, 50.0])
    counts = rng(1).poisson(means[:, None] * SEASON[np.arange(months) % 12], (300, 3, months)).astype(float)
    rest = rng(2).poisson(2000 * SEASON[np.arange(months) % 12], (300, months)).astype(float)
    found = here(counts, rest)
    np.testing.assert_allclose(found.mean.mean(axis=0), means * SEASON[HISTORY % 12], rtol=0.05)


def test_month_factors_are_learned_where_seen_and_doubted_where_not():
    months = 48
    truth = SEASON * DAYS
    rest = rng(3).poisson(3000 * truth[np.arange(months) % 12], (1, months)).astype(float)
    all_seen = np.ones((1, months), bool)
    factors, doubt = month_factors(rest, all_seen, 0)
    np.testing.assert_allclose(factors[0] / factors[0].mean(), truth / truth.mean(), rtol=0.05)
    but_march = all_seen.copy()
    but_march[:, 2::12] = False
    read_off, unsure = month_factors(rest, but_march, 0)
    assert unsure[0, 2] > 3 * doubt[0, 2]
    assert read_off[0, 2] / read_off[0].mean() == pytest.approx(truth[2] / truth.mean(), rel=0.12)
    nothing, widest = month_factors(rest, np.zeros_like(all_seen), 0)
    np.testing.assert_allclose(nothing[0], DAYS)
    assert (widest > 0.01).all()


def test_a_busy_row_follows_a_new_level_and_a_quiet_one_remembers():
    counts = np.vstack([np.full((30, 2), [100.0, 1.0]), np.full((7, 2), [200.0, 2.0])])
    months = Months(counts, np.ones_like(counts), np.ones(counts.shape, bool), None, None, np.zeros(2))
    found = follow(months, np.array([1.5, 1.5]), np.array([120.0, 1.2]))
    assert found.rate[0] == pytest.approx(200, rel=0.1)
    assert found.rate[1] < 1.5


def test_one_wild_month_hardly_moves_a_level_but_two_running_do():
    calm = np.full((31, 3), 50.0)
    calm[28, 1] = 150
    calm[27:29, 2] = 150
    months = Months(calm, np.ones_like(calm), np.ones(calm.shape, bool), None, None, np.zeros(3))
    found = follow(months, np.full(3, 1.5), np.full(3, 50.0))
    assert found.rate[1] < 56
    assert found.rate[2] > 60


def test_a_gap_widens_the_doubt_but_moves_nothing():
    counts, rest = county(4, wave=False)
    usable = np.ones(counts.shape, bool)
    usable[:, :, 24:] = False
    known, gap = here(counts, rest), here(counts, rest, usable)
    assert (gap.doubt > known.doubt + 0.02).all()
    np.testing.assert_array_equal(gap.last, 23)
    np.testing.assert_array_equal(gap.months, 24)
    assert gap.mean.mean() == pytest.approx(known.mean.mean(), rel=0.1)


def test_dispersion_is_drawn_to_rows_alike_and_never_below_poisson():
    alike = np.zeros(200, np.intp)
    freedom = np.full(200, 20.0)
    truth = np.repeat([1.0, 3.0], 100)
    squares = truth * rng(5).chisquare(20, 200)
    found = shrink(squares, freedom, np.full(200, 10.0), alike)
    own = squares / freedom
    assert (found >= 1).all()
    assert found[:100].mean() < 1.6
    assert found[100:].mean() == pytest.approx(3, rel=0.15)
    assert found[100:].std() < own[100:].std()
    lonely = shrink(np.array([60.0]), np.array([20.0]), np.array([10.0]), np.zeros(1, np.intp))
    assert 1.4 < lonely[0] < 3


# What does not matter


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), t=st.integers(14, 40))
def test_neither_masked_months_nor_the_future_nor_the_month_itself_matter(seed, t):
    counts, rest = county(seed, rows=6, mean=4.0, months=44)
    usable = np.ones(counts.shape, bool)
    usable[:, :, 3:9] = False
    before = here(counts, rest, usable, t=t)
    changed, around = counts.copy(), rest.copy()
    changed[:, :, 3:9] += 1000
    changed[:, :, t:] += 77
    around[:, 3:9] *= 9
    around[:, t:] *= 7
    after = here(changed, around, usable, t=t)
    np.testing.assert_array_equal(before.mean, after.mean)
    np.testing.assert_array_equal(before.factor, after.factor)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_areas_may_come_in_any_order_and_series_do_not_see_each_other(seed):
    counts, rest = county(seed, rows=12, mean=3.0)
    order = rng(seed).permutation(12)
    np.testing.assert_allclose(
        here(counts[:, order], rest).mean, here(counts, rest).mean[:, order], rtol=1e-9
    )
    other, around = county(seed + 7, rows=12, mean=50.0)
    together = here(np.concatenate([counts, other]), np.concatenate([rest, around]))
    np.testing.assert_allclose(together.mean[0], here(counts, rest).mean[0], rtol=1e-9)
    np.testing.assert_allclose(together.factor[0], here(counts, rest).factor[0], rtol=1e-9)


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_recorded_the_figures_are_finite_and_ordered(data):
    months = data.draw(st.integers(14, 70))
    cell = st.one_of(st.integers(0, 3), st.integers(0, 100_000), st.none())
    row = st.lists(cell, min_size=months, max_size=months)
    counts = np.array([[data.draw(row), data.draw(row)]], dtype=float)
    rest = np.array([data.draw(row)], dtype=float)
    found = here(counts, rest)
    low, high = found.interval()
    judged = ~np.isnan(found.mean)
    np.testing.assert_array_equal(judged, found.months >= 12)
    assert (found.mean[judged] > 0).all()
    assert (found.factor[judged] >= 1).all()
    assert np.isfinite(found.factor[judged]).all()
    assert (low[judged] <= high[judged]).all()
    mean, lower, upper = found.history(0, 0)
    assert mean.shape == lower.shape == upper.shape == (months,)


def test_missing_is_not_zero_and_less_than_a_year_is_not_judged():
    counts, rest = county(8)
    counts[:, :20, 10:16] = np.nan
    found = here(counts, rest)
    np.testing.assert_array_equal(found.months[:, :20], 30)
    assert found.mean[:, :20].mean() == pytest.approx(found.mean[:, 20:].mean(), rel=0.15)
    short = here(counts[:, 20:, :12], rest[:, :12])  # eleven months before the one judged
    assert np.isnan(short.mean).all()
    assert np.isfinite(here(counts[:, 20:, :13], rest[:, :13]).mean).all()


def test_a_row_that_holds_its_county_has_no_season_of_its_own():
    _, rest = county(9)
    whole = np.concatenate([rest[:, None] + 40, rest[:, None] / 40], axis=1)
    found = here(whole, rest)
    assert found.doubt[0, 0] < found.doubt[0, 1]


# What rings


def test_seven_burglaries_where_one_in_two_months_is_usual_ring():
    quiet = rng(10).poisson(0.6, (1, 60, 25)).astype(float)
    rest = np.full((1, 25), 190.0)
    found = here(quiet, rest)
    high, _ = found.tails(np.full(quiet.shape[:2], 7.0))
    assert (high < 0.001).mean() > 0.95
    assert np.median(high) < 1e-4
    assert (found.tails(np.full(quiet.shape[:2], 1.0))[0] > 0.05).all()


@pytest.mark.parametrize("history", [24, 36, 60])
def test_quiet_rows_stay_quiet_and_outbreaks_are_found(history):
    counts, rest = county(11, rows=3000, mean=10.0, months=history + 1)
    found = here(counts, rest)
    now = counts[:, :, -1]
    mean = 10 * SEASON[history % 12]
    outbreak = now + rng(12).poisson(5 * np.sqrt(mean), now.shape)
    assert (found.tails(now)[0] < 0.005).mean() <= 0.01
    assert (found.tails(now)[1] < 0.005).mean() <= 0.01
    assert (found.tails(outbreak)[0] < 0.005).mean() >= 0.8


def test_a_month_in_which_everybody_rises_is_nobodys_local_rise():
    counts, rest = county(13, rows=300, mean=60.0)
    everybody = counts.copy()
    everybody[:, :, -1] = rng(14).poisson(60 * 1.6 * SEASON[0], (1, 300))
    around = rest.copy()
    around[:, -1] *= 1.6
    own = here(everybody, around).tails(everybody[:, :, -1])[0]
    against = share(everybody, around + everybody.sum(axis=1)).tails(everybody[:, :, -1])[0]
    assert (own < 0.005).mean() > 0.8
    assert (against < 0.005).mean() < 0.01
    alone = everybody[:, :, -1] * 2
    against = share(everybody, around + everybody.sum(axis=1)).tails(alone)[0]
    assert (against < 0.005).mean() > 0.95


def test_a_county_without_figures_is_no_comparison():
    counts, rest = county(15, rows=4)
    assert np.isnan(share(counts, np.full_like(rest, np.nan)).mean).all()
    only = counts[:, :1]
    assert np.isnan(share(only, only[:, 0]).mean).all()  # the area is all there is


def test_an_ordinary_festival_is_expected_and_a_larger_one_rings():
    counts, rest = county(16, rows=200, mean=5.0)
    june = np.zeros(counts.shape, bool)
    june[:, :, HISTORY % 12 :: 12] = True
    counts[june] = rng(17).poisson(40, june.sum())
    found = here(counts, rest, events=june)
    usual = counts[:, :, -1]
    assert found.mean.mean() == pytest.approx(40, rel=0.05)
    assert (found.tails(usual)[0] < 0.005).mean() <= 0.01
    assert (found.tails(usual * 2.5)[0] < 0.005).mean() > 0.9
    blind = here(counts, rest)
    assert (blind.tails(usual)[0] < 0.005).mean() > 0.9
    mean, _, upper = found.history(0, 0)
    assert mean[HISTORY - 12] > 25  # the chart's range has the festival in it
    assert mean[HISTORY - 11] < 10
    assert upper[HISTORY - 12] > 40


def test_a_first_event_is_compared_with_ordinary_months():
    counts, rest = county(18, rows=20)
    first = np.zeros(counts.shape, bool)
    first[:, :, -1] = True
    np.testing.assert_allclose(here(counts, rest, events=first).mean, here(counts, rest).mean)


# Which baseline


def test_below_five_usable_years_auto_is_the_pooled_model():
    counts, rest = county(19, months=60)
    usable = np.ones(counts.shape, bool)
    alike = np.zeros(counts.shape[1], np.intp)
    found = predict_auto(counts, rest, usable, alike, 59, 0)
    np.testing.assert_array_equal(found.mean, here(counts, rest).mean)


def test_from_five_years_a_festival_in_no_calendar_is_ordinary():
    counts, rest = county(20, rows=300, mean=8.0, months=85)
    counts[:, :150, ::12] = rng(21).poisson(30, counts[:, :150, ::12].shape)
    usable = np.ones(counts.shape, bool)
    found = predict_auto(counts, rest, usable, np.zeros(300, np.intp), 84, 0)
    festive, plain = found.tails(counts[:, :, -1])[0][0, :150], found.tails(counts[:, :, -1])[0][0, 150:]
    assert (festive < 0.005).mean() <= 0.02
    assert (plain < 0.005).mean() <= 0.02
    assert (found.tails(counts[:, :, -1] * 2.4)[0][0, :150] < 0.005).mean() > 0.9
    mean, _, _ = found.history(0, 0)
    assert mean[84] == pytest.approx(found.mean[0, 0])
    assert mean[72] > 2 * mean[73]  # the chart knows the festival
    assert found.months[0, 0] == 84
    assert found.first[0, 0] == 0
