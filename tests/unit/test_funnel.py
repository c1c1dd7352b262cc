"""Funnel limits, over-dispersion and shrunken rates against what the papers say they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from rules.funnel import (
    THREE_SD,
    TWO_SD,
    funnel,
    overdispersion,
    poisson_limits,
    shrunken_rates,
)

counts = hnp.arrays(np.float64, st.integers(2, 40), elements=st.integers(0, 500).map(float))


def test_the_tails_are_those_of_two_and_three_standard_deviations() -> None:
    assert (round(TWO_SD, 5), round(THREE_SD, 5)) == (0.02275, 0.00135)


@pytest.mark.parametrize("tail", [TWO_SD, THREE_SD])
def test_limits_lie_within_one_of_the_exact_quantiles(tail: float) -> None:
    expected = np.array([0.2, 1.0, 5.0, 41.0, 300.0])
    low, high = poisson_limits(expected, tail)
    exact_low, exact_high = stats.poisson.ppf(tail, expected), stats.poisson.ppf(1 - tail, expected)
    assert ((exact_low - 1 <= low) & (low <= exact_low)).all()
    assert ((exact_high - 1 <= high) & (high <= exact_high)).all()


def test_limits_widen_with_the_expected_count_without_steps() -> None:
    low, high = poisson_limits(np.linspace(0.5, 60, 500), THREE_SD)
    assert (np.diff(high) >= -1e-9).all()
    assert np.diff(high).max() < 0.6
    assert (low <= high).all()
    assert np.isnan(poisson_limits(np.array([np.nan]), TWO_SD)[0]).all()


def test_poisson_counts_are_not_called_over_dispersed() -> None:
    rng = np.random.default_rng(1)
    found = [overdispersion(rng.standard_normal(396)) for _ in range(200)]
    assert np.mean(np.array(found) > 1) < 0.1


def test_scores_twice_as_wide_have_a_factor_of_four_and_outliers_do_not_hide_themselves() -> None:
    z = np.random.default_rng(2).standard_normal(4000) * 2
    assert overdispersion(z) == pytest.approx(4, rel=0.1)
    z[:100] = 60
    assert overdispersion(z) == pytest.approx(4, rel=0.25)
    assert overdispersion(np.full(5, np.nan)) == overdispersion(np.array([3.0])) == 1.0


def test_a_funnel_knows_the_common_rate_and_leaves_out_places_without_people() -> None:
    found = funnel(np.array([4.0, 4.0, 30.0, 7.0, np.nan]), np.array([1000.0, 1000.0, 2000.0, 0.0, 500.0]))
    assert found.rate == pytest.approx(38 / 4000)
    assert found.expected[2] == pytest.approx(19.0)
    assert found.z[2] == pytest.approx(2 * (np.sqrt(30) - np.sqrt(19)))
    assert np.isnan(found.p_high[3:]).all()
    assert np.isnan(funnel(np.array([1.0]), np.array([np.nan])).rate)


@given(counts)
def test_tails_of_a_funnel_are_probabilities_that_add_up(some: np.ndarray) -> None:
    found = funnel(some, np.full(len(some), 1000.0))
    assert found.factor >= 1
    assert np.allclose(found.p_high + found.p_low, 1, atol=1e-6)


def test_shrinking_by_hand() -> None:
    # Marshall 1991: m = 60 / 400 = .15, s2 = .0125, A = .0125 - .15 / 100 = .011, C = .011 / (.011 + .0015)
    some, people = np.array([5.0, 5.0, 15.0, 35.0]), np.full(4, 100.0)
    spread = np.mean((some / 100 - 0.15) ** 2)
    between = spread - 0.15 / 100
    keep = between / (between + 0.15 / 100)
    assert shrunken_rates(some, people) == pytest.approx(0.15 + keep * (some / 100 - 0.15))


@given(counts, st.integers(1, 1000))
def test_shrunken_rates_lie_between_the_own_and_the_common_one(some: np.ndarray, people: int) -> None:
    exposure = np.linspace(people, 3 * people, len(some))
    own, common = some / exposure, some.sum() / exposure.sum()
    found = shrunken_rates(some, exposure)
    slack = 1e-9 + 1e-9 * own.max()
    assert (np.minimum(own, common) - slack <= found).all()
    assert (found <= np.maximum(own, common) + slack).all()


def test_the_fewer_people_the_more_is_borrowed() -> None:
    found = shrunken_rates(np.array([2.0, 20.0, 10.0, 100.0]), np.array([10.0, 100.0, 100.0, 1000.0]))
    assert found[0] < found[1] <= 0.2  # both have a rate of .2
    assert np.isnan(shrunken_rates(np.array([1.0, 2.0]), np.array([0.0, np.nan]))).all()
