"""Sums of months against what was known when the first of them began."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.baselines.pooled import Ahead, follow_rows, predict_here, predict_share
from rules.baselines.pooled.ahead import SLOW
from rules.baselines.pooled.season import DAYS
from rules.baselines.tails import mid_p, quantile

ALPHA = 0.002
MONTHS = 72


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def days(months: int) -> np.ndarray:
    return DAYS[np.arange(months) % 12]


def poisson(seed: int, rows: int, mean: float, months: int = MONTHS) -> np.ndarray:
    return rng(seed).poisson(mean * days(months), (1, rows, months)).astype(float)


def judged(counts: np.ndarray, span: int, usable=None, rest=None, *, restarts=None, share=False) -> Ahead:
    """The sum of the last `span` months; arrays (rows,)."""
    usable = np.ones(counts.shape, bool) if usable is None else usable
    rest = np.round(4000 * days(counts.shape[2]))[None] if rest is None else rest
    alike, t = np.zeros(counts.shape[1], np.intp), counts.shape[2] - 1
    if share:
        month = predict_share(counts, rest, usable, alike, t, None, restarts)
    else:
        month = predict_here(counts, rest, usable, alike, t, 0, None, restarts)
    followed = follow_rows(counts, usable, month, alike, t, 0, restarts, share=share)
    return followed.ahead(t - span + 1, np.ones((span, counts.shape[1]), bool), np.arange(counts.shape[1]))


def tails(found: Ahead, counts: np.ndarray, span: int) -> tuple[np.ndarray, np.ndarray]:
    return mid_p(counts[0, :, -span:].sum(axis=1), found.mean, found.factor)


# What is expected


@pytest.mark.parametrize("share", [False, True])
def test_a_sum_is_expected_at_its_level_with_the_doubt_of_five_years(share):
    found = judged(poisson(1, 400, 20.0), 12, share=share)
    assert found.mean.mean() == pytest.approx(240, rel=0.01)
    assert found.phi.mean() == pytest.approx(1, abs=0.15)
    # Sixty months of twenty know a level to 2.9 %; it may wander by 0.7 % a month.
    assert 0.03**2 < np.median(found.doubt) < 0.06**2
    spread = found.factor - found.mean * found.doubt
    assert (spread >= found.phi - 1e-9).all()
    np.testing.assert_allclose(found.each.sum(axis=0), found.mean)


def test_a_sum_knows_its_months():
    season = np.tile([3.0, 1, 1, 1, 1, 1], 12) * days(MONTHS)
    counts = rng(2).poisson(10 * season, (1, 200, MONTHS)).astype(float)
    found = judged(counts[:, :, :63], 3, rest=np.round(3000 * season)[None, :63])
    assert found.mean.mean() == pytest.approx(10 * season[60:63].sum(), rel=0.03)
    assert found.each[0].mean() > 2.5 * found.each[1].mean()


def test_an_established_trend_is_carried_on_and_is_no_news():
    rates = 40 * np.exp(0.01 * np.arange(MONTHS)) * days(MONTHS)
    counts = rng(5).poisson(rates, (1, 200, MONTHS)).astype(float)
    found = judged(counts, 12)
    assert found.mean.mean() == pytest.approx(rates[-12:].sum(), rel=0.03)
    assert (tails(found, counts, 12)[0] < ALPHA).mean() < 0.02


def test_where_no_slope_is_established_none_is_carried_and_none_is_doubted():
    counts = poisson(6, 400, 10.0)
    found = judged(counts, 12)
    each = found.each / days(MONTHS)[-12:, None]
    flat = np.abs(each[-1] / each[0] - 1) < 0.2
    assert flat.mean() > 0.9
    assert np.median(found.doubt) < 0.09**2, "a slope in doubt would make it twice as wide"


def test_a_festival_that_no_calendar_knows_is_expected_in_its_month():
    counts = poisson(7, 200, 8.0)
    counts[:, :, 5::12] += rng(8).poisson(30, (1, 200, 6))
    found = judged(counts, 12)
    assert found.mean.mean() == pytest.approx(12 * 8 + 30, rel=0.12)
    assert found.each[5].mean() > 3 * found.each[4].mean()
    assert (tails(found, counts, 12)[0] < ALPHA).mean() <= 0.02


def test_a_row_of_zeros_expects_next_to_nothing_but_not_nothing():
    counts = np.zeros((1, 3, MONTHS))
    found = judged(counts, 12)
    assert (found.mean > 0).all()
    assert (found.mean < 0.3).all()
    assert (mid_p(np.ones(3), found.mean, found.factor)[0] > 1e-4).all()


# What does not matter, and what does


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), span=st.sampled_from([1, 3, 6, 12]))
def test_what_is_judged_moves_neither_its_expectation_nor_its_dispersion(seed, span):
    counts = poisson(seed, 6, 6.0, months=48)
    before = judged(counts, span)
    wild = counts.copy()
    wild[:, :, -span:] = rng(seed).poisson(30, (1, 6, span))
    after = judged(wild, span)
    np.testing.assert_allclose(before.mean, after.mean, rtol=1e-12)
    np.testing.assert_allclose(before.factor, after.factor, rtol=1e-12)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_masked_and_missing_months_are_not_zero_and_change_nothing_by_what_they_held(seed):
    counts, usable = poisson(seed, 20, 10.0), np.ones((1, 20, MONTHS), bool)
    usable[:, :, [20, 33]] = False
    before = judged(counts, 12, usable)
    counts[:, :, 20], counts[:, :, 33] = 5000, np.nan
    after = judged(counts, 12, usable)
    np.testing.assert_allclose(before.mean, after.mean, rtol=1e-12)
    np.testing.assert_allclose(before.factor, after.factor, rtol=1e-12)
    assert before.mean.mean() == pytest.approx(120, rel=0.1)


def test_a_gap_before_the_sum_widens_the_doubt():
    counts, usable = poisson(9, 100, 20.0), np.ones((1, 100, MONTHS), bool)
    usable[:, :, 44:60] = False
    gap, known = judged(counts, 12, usable), judged(counts, 12)
    assert (gap.doubt > known.doubt + 0.9 * 16 * SLOW.unseen**2 * 0.8).all()


def test_rows_are_judged_each_by_itself_whatever_their_order():
    counts = poisson(10, 30, 8.0)
    order = rng(1).permutation(30)
    np.testing.assert_allclose(judged(counts, 6).mean[order], judged(counts[:, order], 6).mean, rtol=1e-9)


def test_after_a_restart_the_new_level_is_the_usual_one():
    counts = poisson(11, 200, 30.0)
    counts[:, :, 50:] = rng(12).poisson(42 * days(MONTHS)[50:], (1, 200, 22))
    old = judged(counts, 6)
    new = judged(counts, 6, restarts=np.full((1, 200), 50, np.intp))
    assert new.mean.mean() == pytest.approx(252, rel=0.03)
    assert old.mean.mean() < new.mean.mean() - 4, "a level that is followed slowly is still on its way"
    assert (tails(new, counts, 6)[0] < ALPHA).mean() <= 0.01
    early = judged(counts[:, :, :57], 6, restarts=np.full((1, 200), 50, np.intp))
    assert (early.doubt > 3 * new.doubt).all(), "one month after it little is known of the level"


# What rings


@pytest.mark.parametrize("span", [3, 6, 12])
@pytest.mark.parametrize("share", [False, True])
def test_a_rise_of_half_is_found_and_a_fall_too(span, share):
    counts = poisson(13, 200, 30.0)
    up, down = counts.copy(), counts.copy()
    up[:, :, -span:] = rng(3).poisson(48, (1, 200, span))
    down[:, :, -span:] = rng(4).poisson(16, (1, 200, span))
    rest = np.round(40_000 * days(MONTHS))[None]
    assert (tails(judged(up, span, rest=rest, share=share), up, span)[0] < ALPHA).mean() > 0.75
    assert (tails(judged(down, span, rest=rest, share=share), down, span)[1] < ALPHA).mean() > 0.75
    assert (tails(judged(counts, span, rest=rest, share=share), counts, span)[0] < ALPHA).mean() <= 0.01


def test_what_everybody_does_is_nobodys_share():
    counts, rest = poisson(14, 200, 30.0), 40_000 * days(MONTHS)[None]
    counts[:, :, -6:] = rng(15).poisson(45 * days(MONTHS)[-6:], (1, 200, 6))
    rest[:, -6:] *= 1.5
    assert (tails(judged(counts, 6, rest=np.round(rest)), counts, 6)[0] < ALPHA).mean() > 0.9
    assert (tails(judged(counts, 6, rest=np.round(rest), share=True), counts, 6)[0] < ALPHA).mean() <= 0.01


def test_the_range_holds_nineteen_in_twenty():
    counts = poisson(16, 1500, 12.0)
    found = judged(counts, 6)
    low, high = (quantile(q, found.mean, found.factor) for q in (0.025, 0.975))
    total = counts[0, :, -6:].sum(axis=1)
    assert 0.94 < ((total >= low) & (total <= high)).mean() < 0.99
