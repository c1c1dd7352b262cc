"""The Farrington flexible algorithm: what must hold for any counts and any options."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rules.baselines.farrington import (
    MONTH_FACTOR,
    FarringtonOptions,
    FarringtonResult,
    Reason,
    ThresholdMethod,
    farrington,
)
from rules.baselines.farrington.bounds import quantile

MONTHS = 74
EVERY = [FarringtonOptions(threshold_method=m) for m in ThresholdMethod] + [
    MONTH_FACTOR,
    FarringtonOptions(both_tails=True),
    FarringtonOptions(like_r=True),
    FarringtonOptions(no_periods=1, w=2),
]


def arrays(found: FarringtonResult) -> dict[str, np.ndarray]:
    return {f.name: getattr(found, f.name).astype(float) for f in fields(found)}


def same(a: FarringtonResult, b: FarringtonResult, rtol: float = 1e-7) -> None:
    for name, value in arrays(a).items():
        np.testing.assert_allclose(value, arrays(b)[name], rtol=rtol, atol=1e-9, err_msg=name)


counts_strategy = st.integers(0, 2**32 - 1).map(
    lambda seed: (
        np.random.default_rng(seed).negative_binomial(
            np.random.default_rng(seed + 1).uniform(0.1, 20, (5, 1)), 0.4, (5, MONTHS)
        )
        * 1.0
    )
)
option_strategy = st.sampled_from(EVERY)


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, options=option_strategy, order=st.permutations(range(5)))
def test_each_series_is_judged_by_itself(counts, options, order):
    together = farrington(counts, options, judge=3)
    shuffled = farrington(counts[list(order)], options, judge=3)
    alone = farrington(counts[2:3], options, judge=3)
    for name, value in arrays(together).items():
        np.testing.assert_allclose(
            arrays(shuffled)[name], value[list(order)], rtol=1e-6, atol=1e-12, err_msg=name
        )
        np.testing.assert_allclose(arrays(alone)[name], value[2:3], rtol=1e-6, atol=1e-12, err_msg=name)


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, options=option_strategy)
def test_judging_months_together_or_alone_is_the_same(counts, options):
    together = farrington(counts, options, judge=3)
    for k in range(3):
        alone = farrington(counts[:, : counts.shape[1] - 2 + k], options)
        for name, value in arrays(together).items():
            np.testing.assert_allclose(
                arrays(alone)[name][:, 0], value[:, k], rtol=1e-6, atol=1e-12, err_msg=name
            )


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, options=option_strategy, more=st.integers(1, 500))
def test_more_cases_never_turn_an_alarm_off(counts, options, more):
    before = farrington(counts, options)
    counts = counts.copy()
    counts[:, -1] += more
    after = farrington(counts, options)
    np.testing.assert_array_equal(before.expected, after.expected)  # the judged month is in no baseline
    assert (after.alarm >= before.alarm).all()
    assert (after.p <= before.p + 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, factor=st.sampled_from([2.0, 3.0, 10.0]))
def test_expected_counts_scale_where_counts_are_overdispersed(counts, factor):
    a, b = farrington(counts), farrington(counts * factor)
    scaled = (a.dispersion > 1) & (a.reason == Reason.OK) & (b.reason == Reason.OK)
    for name in ("expected", "lower", "upper", "dispersion"):
        np.testing.assert_allclose(
            getattr(b, name)[scaled], factor * getattr(a, name)[scaled], rtol=1e-5, err_msg=name
        )
    np.testing.assert_array_equal(a.trend[scaled], b.trend[scaled])
    np.testing.assert_allclose(a.score[scaled], b.score[scaled], rtol=1e-4, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, options=option_strategy, data=st.data())
def test_months_outside_the_baseline_do_not_matter(counts, options, data):
    before = (
        7.0 if options.b == 5 else np.nan
    )  # the month factor would look further back than the series reach
    longer = np.hstack([np.full((5, 40), before), counts])
    same(farrington(longer, options), farrington(counts, options))
    late = data.draw(st.integers(1, options.past_weeks_not_included))
    changed = counts.copy()
    changed[:, -1 - late] += 100
    expected = farrington(counts, options).expected
    np.testing.assert_array_equal(farrington(changed, options).expected, expected)


@settings(max_examples=25, deadline=None)
@given(counts=counts_strategy, options=option_strategy, at=st.integers(0, 50))
def test_a_masked_month_is_as_good_as_missing(counts, options, at):
    usable = np.ones(counts.shape, dtype=bool)
    usable[:, at + 1] = False
    holed = np.where(usable, counts, np.nan)
    wild = np.where(usable, counts, 1e5)
    same(farrington(wild, options, usable=usable), farrington(holed, options))


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(1e-3, 2000),
    factor=st.floats(1.01, 40),
    q=st.sampled_from([0.001, 0.005, 0.5, 0.99, 0.999]),
)
def test_quantiles_are_those_of_the_negative_binomial(mean, factor, q):
    found = quantile(q, np.array([mean]), np.array([factor]))[0]
    size, share = mean / (factor - 1), 1 / factor
    assert stats.nbinom.cdf(found, size, share) >= q * (1 - 1e-9)
    assert found == 0 or stats.nbinom.cdf(found - 1, size, share) < q * (1 + 1e-9)


def test_quantiles_end_for_extreme_parameters():
    mean, factor = (
        a.ravel() for a in np.meshgrid(10.0 ** np.arange(-12, 13, 3), 10.0 ** np.arange(0, 13, 2))
    )
    for q in (1e-6, 0.005, 0.995, 1 - 1e-9):
        found = quantile(q, mean, factor)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
