"""The ratio of two rates: its interval against an independent reckoning, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rules.rate_ratio import rate_ratio

counts = st.integers(0, 5000)
people = st.floats(100, 1e6)


@settings(deadline=None, derandomize=True)
@given(counts, people, counts, people)
def test_the_limits_are_where_the_binomial_tails_hold_a_fortieth(a: int, n: float, b: int, m: float) -> None:
    found = rate_ratio(a, n, b, m)
    if found is None:
        assert a == b == 0
        return
    total = a + b
    if found.lower > 0:
        p = found.lower * n / (found.lower * n + m)
        assert float(stats.binom.sf(a - 1, total, p)) == pytest.approx(0.025, rel=1e-6)
    if found.upper < math.inf:
        p = found.upper * n / (found.upper * n + m)
        assert float(stats.binom.cdf(a, total, p)) == pytest.approx(0.025, rel=1e-6)
    assert found.lower <= found.ratio <= found.upper


@settings(deadline=None, derandomize=True)
@given(counts, people, counts, people)
def test_the_other_way_round_it_is_the_inverse(a: int, n: float, b: int, m: float) -> None:
    one, two = rate_ratio(a, n, b, m), rate_ratio(b, m, a, n)
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    turned = {"higher": "lower", "lower": "higher"}
    assert two.reading == turned.get(one.reading, one.reading)
    if a and b:
        assert two.ratio == pytest.approx(1 / one.ratio)
        assert (two.lower, two.upper) == pytest.approx((1 / one.upper, 1 / one.lower), rel=1e-6)


@settings(deadline=None, derandomize=True)
@given(counts.filter(bool), people, counts.filter(bool), people, st.integers(2, 20))
def test_more_of_both_tells_more_and_scales_tell_nothing(a: int, n: float, b: int, m: float, k: int) -> None:
    small, large, wide = (
        rate_ratio(a, n, b, m),
        rate_ratio(k * a, n, k * b, m),
        rate_ratio(a, k * n, b, k * m),
    )
    assert small
    assert large
    assert wide
    assert large.upper / large.lower < small.upper / small.lower
    assert (wide.ratio, wide.lower, wide.upper) == pytest.approx((small.ratio, small.lower, small.upper))


def test_it_covers_the_truth_at_least_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2026)
    drawn = [(int(a), int(b)) for a, b in rng.poisson((12.0, 30.0), (2000, 2))]
    found = [rate_ratio(a, 1000.0, b, 2000.0) for a, b in drawn]
    inside = [r.lower <= (12 / 1000) / (30 / 2000) <= r.upper for r in found if r]
    assert sum(inside) / len(inside) >= 0.94


def test_a_known_case_and_the_edges() -> None:
    """The first is scipy's own exact interval of a proportion, turned into a ratio."""
    found, sure = rate_ratio(60, 51477.5, 30, 54308.2), stats.binomtest(60, 90).proportion_ci(0.95, "exact")
    assert found
    limits = [p / (1 - p) * 54308.2 / 51477.5 for p in (sure.low, sure.high)]
    assert (found.ratio, found.lower, found.upper) == pytest.approx((2.10998, *limits), rel=1e-4)
    assert found.reading == "higher"
    printed = rate_ratio(11, 800, 6 + 8 + 7, 1083 + 1050 + 878)  # an example of R's poisson.test
    assert printed
    assert (printed.lower, printed.upper) == pytest.approx((0.8584264, 4.2772659), rel=1e-6)
    none = rate_ratio(0, 100.0, 9, 100.0)
    assert none
    assert (none.ratio, none.lower, none.reading) == (0.0, 0.0, "lower")
    alone = rate_ratio(9, 100.0, 0, 100.0)
    assert alone
    assert (alone.ratio, alone.upper, alone.reading) == (math.inf, math.inf, "higher")
    assert rate_ratio(0, 1.0, 0, 1.0) is None
    for wrong in ((-1, 1.0, 1, 1.0), (1, 0.0, 1, 1.0), (1, 1.0, 1, math.nan)):
        with pytest.raises(ValueError, match="rate ratio"):
            rate_ratio(*wrong)
