"""Tails and quantiles of the negative binomial: right against scipy, and safe where scipy hangs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rules.baselines.tails import cdf, mid_p, quantile, sf, surprise

means = st.floats(1e-3, 1e4)
factors = st.one_of(st.just(1.0), st.floats(1.001, 100))
counts = st.integers(0, 20_000)


def peer(mean: float, factor: float):
    if factor == 1:
        return stats.poisson(mean)
    return stats.nbinom(mean / (factor - 1), 1 / factor)


def one(value: float) -> np.ndarray:
    return np.array([value], dtype=float)


@given(mean=means, factor=factors, count=counts)
def test_both_tails_are_those_of_scipy(mean, factor, count):
    ours = peer(mean, factor)
    assert cdf(one(count), one(mean), one(factor))[0] == pytest.approx(ours.cdf(count), rel=1e-6, abs=1e-300)
    assert sf(one(count), one(mean), one(factor))[0] == pytest.approx(ours.sf(count), rel=1e-6, abs=1e-300)


@given(mean=means, factor=factors, count=counts)
def test_mid_p_counts_half_of_the_count_itself(mean, factor, count):
    high, low = mid_p(one(count), one(mean), one(factor))
    ours = peer(mean, factor)
    half = ours.pmf(count) / 2
    assert high[0] == pytest.approx(ours.sf(count) + half, rel=1e-6, abs=1e-12)
    assert low[0] == pytest.approx(ours.cdf(count) - half, rel=1e-6, abs=1e-12)
    assert 0 <= high[0] <= 1
    assert 0 <= low[0] <= 1


def test_a_tiny_lower_tail_keeps_its_digits():
    _, low = mid_p(one(3), one(200), one(1))
    assert low[0] == pytest.approx(stats.poisson(200).cdf(3) - stats.poisson(200).pmf(3) / 2, rel=1e-9)
    assert 0 < low[0] < 1e-70


@given(mean=means, factor=factors, q=st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.9999]))
def test_a_quantile_is_the_smallest_count_that_reaches_q(mean, factor, q):
    k = quantile(q, one(mean), one(factor))
    assert k[0] >= 0
    assert cdf(k, one(mean), one(factor))[0] >= q
    assert k[0] == 0 or cdf(k - 1, one(mean), one(factor))[0] < q


@given(mean=means, factor=factors, t=st.floats(1e-9, 0.4))
def test_a_surprise_is_the_first_count_with_so_small_a_mid_p(mean, factor, t):
    at = one(mean), one(factor)
    high = surprise(t, *at, high=True)
    assert mid_p(high, *at)[0] <= t < mid_p(high - 1, *at)[0]
    low = surprise(t, *at, high=False)
    assert low[0] == -1 or mid_p(low, *at)[1] <= t
    assert mid_p(low + 1, *at)[1] > t
    assert np.isnan(surprise(t, one(np.nan), one(1.0), high=True))[0]


@pytest.mark.parametrize(
    ("mean", "factor"), [(1e-9, 1e6), (1e8, 1e6), (1e8, 1.0), (0.0, 1.0), (5.0, 1 + 1e-12)]
)
def test_quantiles_end_and_are_finite_at_the_edges(mean, factor):
    found = quantile(0.975, one(mean), one(factor))
    assert np.isfinite(found).all()
    assert found[0] >= 0


def test_what_is_not_known_stays_unknown():
    nothing = one(np.nan)
    assert np.isnan(quantile(0.5, nothing, one(2)))
    assert np.isnan(quantile(0.5, one(2), nothing))
    assert np.isnan(mid_p(one(3), nothing, nothing)).all()
    assert np.isnan(mid_p(nothing, one(3), one(1))).all()


def test_shapes_are_broadcast():
    high, low = mid_p(np.arange(6.0).reshape(2, 3), np.full((1, 3), 2.0), np.array(1.5))
    assert high.shape == low.shape == (2, 3)
    assert quantile(0.9, np.full((2, 1), 2.0), np.full((1, 3), 1.5)).shape == (2, 3)
    assert (np.diff(high, axis=1) < 0).all()
