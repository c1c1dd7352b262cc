"""Rolling sums against the same months' level in the sixty months before."""

from __future__ import annotations

import numpy as np
import pytest

from rules.baselines.rolling import ALPHA, predict_sum


def poisson(seed: int, rows: int, mean: float, months: int = 72) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (1, rows, months)).astype(float)


def judged(counts: np.ndarray, span: int, usable: np.ndarray | None = None):
    usable = np.ones(counts.shape, bool) if usable is None else usable
    return predict_sum(counts, usable, np.zeros(counts.shape[1], np.intp), counts.shape[2] - 1, span)


def test_the_sum_its_level_and_its_variance_are_those_of_the_formula():
    found = judged(poisson(1, 400, 20.0), 12)
    assert found.months.min() == 60
    assert found.counted.min() == 12
    flat = found.slope == 0
    assert flat.mean() > 0.97
    assert found.mean[flat].mean() == pytest.approx(240, rel=0.01)
    # phi* = 1.2 phi, and a level that may wander 0.7 % a month.
    assert np.median(found.factor) == pytest.approx(1.2 + 240 * 0.007**2 * 72 / 3, rel=0.1)


def test_a_sum_knows_its_months():
    season = np.tile([30.0, 10, 10, 10, 10, 10], 12)  # two high months a year
    counts = np.round(np.broadcast_to(season, (1, 3, 72)))
    three = judged(counts[:, :, :63], 3)  # month 60 is high
    assert three.total == pytest.approx(50)
    assert three.mean == pytest.approx(50, rel=0.05)


@pytest.mark.parametrize("span", [3, 6, 12])
def test_a_rise_of_half_is_found_and_a_fall_too(span):
    counts = poisson(2, 200, 30.0)
    up, down = counts.copy(), counts.copy()
    up[:, :, -span:] = np.random.default_rng(3).poisson(48, (1, 200, span))
    down[:, :, -span:] = np.random.default_rng(4).poisson(16, (1, 200, span))
    rise, fall = judged(up, span), judged(down, span)
    assert (rise.tails(rise.total)[0] < ALPHA).mean() > 0.75
    assert (fall.tails(fall.total)[1] < ALPHA).mean() > 0.75
    quiet = judged(counts, span)
    assert (quiet.tails(quiet.total)[0] < ALPHA).mean() <= 0.01


def test_an_established_trend_is_carried_on_and_is_no_news():
    rates = 40 * np.exp(0.01 * np.arange(72))
    counts = np.random.default_rng(5).poisson(rates, (1, 200, 72)).astype(float)
    found = judged(counts, 12)
    assert (found.slope > 0).mean() > 0.5
    assert found.slope[found.slope > 0].mean() == pytest.approx(0.01, rel=0.2)
    carried = found.slope > 0
    assert found.mean[carried].mean() == pytest.approx(rates[-12:].sum(), rel=0.05)
    assert (found.tails(found.total)[0][carried] < ALPHA).mean() < 0.03


def test_a_masked_month_counts_on_neither_side():
    counts, usable = poisson(6, 20, 10.0), np.ones((1, 20, 72), bool)
    usable[:, :, [20, 65]] = False
    before = judged(counts, 12, usable)
    counts[:, :, [20, 65]] = 5000
    after = judged(counts, 12, usable)
    np.testing.assert_array_equal(before.mean, after.mean)
    np.testing.assert_array_equal(before.total, after.total)
    assert before.counted.max() == 11
    assert before.mean.mean() == pytest.approx(110, rel=0.1)


def test_missing_months_are_not_zero_and_too_few_are_not_judged():
    counts = poisson(7, 20, 10.0)
    full = judged(counts, 12)
    counts[:, :, 30] = np.nan
    assert judged(counts, 12).mean == pytest.approx(full.mean, rel=0.1)
    counts[:, :, 62:66] = np.nan  # a third of the sum
    assert np.isnan(judged(counts, 12).mean).all()
    assert np.isnan(judged(poisson(8, 4, 10.0, months=35), 12).mean).all()  # 23 months before
    assert np.isfinite(judged(poisson(8, 4, 10.0, months=36), 12).mean).all()
    assert np.isnan(judged(poisson(8, 4, 10.0, months=6), 12).mean).all()


def test_a_row_of_zeros_expects_next_to_nothing_but_not_nothing():
    found = judged(np.zeros((1, 3, 72)), 12)
    assert (found.mean > 0).all()
    assert (found.mean < 0.2).all()
    assert (found.tails(found.total + 1)[0] > 1e-4).all()


def test_rows_are_judged_each_by_itself_whatever_their_order():
    counts = poisson(9, 30, 8.0)
    order = np.random.default_rng(1).permutation(30)
    np.testing.assert_allclose(judged(counts, 6).mean[:, order], judged(counts[:, order], 6).mean, rtol=1e-9)


def test_the_range_holds_nineteen_in_twenty():
    found = judged(poisson(10, 1500, 12.0), 6)
    low, high = found.interval()
    inside = (found.total >= low) & (found.total <= high)
    assert 0.93 < inside.mean() < 0.99
