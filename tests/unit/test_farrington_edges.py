"""The Farrington flexible algorithm: short, empty, wild and wrong input. numpy warnings are errors here."""

from __future__ import annotations

import numpy as np
import pytest

from rules.baselines.farrington import MONTH_FACTOR, FarringtonOptions, Reason, ThresholdMethod, farrington

MONTHS = 72
PLAIN = FarringtonOptions()
EVERY = [FarringtonOptions(threshold_method=m) for m in ThresholdMethod] + [
    MONTH_FACTOR,
    FarringtonOptions(both_tails=True),
    FarringtonOptions(like_r=True),
    FarringtonOptions(no_periods=1, w=2),
]


def poisson(seed: int, series: int = 4, mean: float = 9.0, months: int = MONTHS) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (series, months)).astype(float)


def hard_cases() -> np.ndarray:
    rng = np.random.default_rng(5)
    t = np.arange(120)
    spike = np.zeros(120)
    spike[80] = 500
    late = np.where(t > 100, 7.0, 0.0)
    holes = rng.poisson(6, 120).astype(float)
    holes[rng.random(120) < 0.6] = np.nan
    return np.vstack(
        [
            np.zeros(120),
            np.full(120, 5.0),
            spike,
            spike * 2000,
            np.where(t == 119, 1e6, 0.0),
            rng.negative_binomial(0.01, 1e-4, 120),
            rng.poisson(1e6, 120),
            rng.poisson(1e12, 120),
            np.exp(t / 5.0).round(),
            np.exp((120 - t) / 5.0).round(),
            late,
            late[::-1],
            (t % 12 == 5) * 80.0,
            holes,
            np.full(120, np.nan),
            np.where(t < 119, np.nan, 3.0),
            np.where(t < 100, np.nan, 3.0),
            np.where(t == 119, np.nan, 3.0),
            np.where((t % 12 == 11) & (t < 110), np.nan, 3.0),  # nothing in the reference window
            np.where(t % 12 == 4, np.nan, np.exp(t / 3.0).round()),  # nothing in another level
        ]
    ).astype(float)


@pytest.mark.parametrize("options", EVERY, ids=lambda o: f"{o.threshold_method}-{o.no_periods}")
def test_hard_cases_are_finite_or_have_a_reason(options):
    counts = hard_cases()
    found = farrington(counts, options, judge=24)
    fitted = found.reason != Reason.NOT_ENOUGH_HISTORY
    known = fitted & ~np.isnan(counts[:, -24:])
    for name in ("expected", "lower", "dispersion", "standard_error"):
        assert np.isfinite(getattr(found, name)[fitted]).all(), name
        assert np.isnan(getattr(found, name)[~fitted]).all(), name
    assert np.isfinite(found.upper[found.reason == Reason.OK]).all()
    assert ((found.p[known] >= 0) & (found.p[known] <= 1)).all()
    assert (found.expected[fitted] > 0).all()
    assert (found.dispersion[fitted] >= 1).all()
    assert not found.alarm[~known].any()
    assert 0.3 < fitted.mean() < 0.95


def test_short_histories_say_so():
    for months in (1, 12, 59):
        found = farrington(poisson(1, months=months), judge=months)
        assert found.expected.shape == (4, months)
        assert (found.reason == Reason.NOT_ENOUGH_HISTORY).all()
        assert np.isnan(found.expected).all()
    assert (farrington(poisson(1, months=61)).reason == Reason.OK).all()
    assert farrington(poisson(1), judge=0).expected.shape == (4, 0)
    assert farrington(np.empty((0, MONTHS)), judge=3).expected.shape == (0, 3)


def test_five_years_suffice_for_the_month_factor():
    assert farrington(poisson(1, months=60), MONTH_FACTOR).reason[0, 0] == Reason.NOT_ENOUGH_HISTORY
    assert farrington(poisson(1, months=61), MONTH_FACTOR).reason[0, 0] == Reason.OK


def test_one_anniversary_on_record_is_not_a_reference_window():
    """A short record leaves months out of the fit, not out of what a baseline must hold."""
    options = FarringtonOptions(b=8, w=0, no_periods=2, min_years=1)
    assert farrington(poisson(1, months=24), options).reason[0, 0] == Reason.NOT_ENOUGH_HISTORY
    short = farrington(poisson(1, months=30), options)
    assert short.reason[0, 0] == Reason.OK
    padded = farrington(np.hstack([np.full((4, 90), np.nan), poisson(1, months=30)]), options)
    np.testing.assert_allclose(short.expected, padded.expected, rtol=1e-9)
    np.testing.assert_allclose(short.upper, padded.upper, rtol=1e-9)


def test_reasons():
    counts = poisson(2, mean=8)
    counts[0, -4:] = [1, 1, 1, 1]
    counts[1, -1] = np.nan
    counts[2, -3] = np.nan
    found = farrington(counts)
    wanted = [Reason.TOO_FEW_CASES, Reason.MISSING, Reason.MISSING, Reason.OK]
    assert found.reason[:, 0].tolist() == wanted
    assert np.isnan(found.upper[:3]).all()
    assert np.isnan(found.p[:, 0]).tolist() == [False, True, False, False]
    assert [Reason(r).code for r in found.reason[:, 0]] == ["too-few-cases", "missing", "missing", "ok"]


def test_bad_counts_are_refused():
    for wrong in (-1.0, np.inf):
        counts = poisson(1)
        counts[2, 5] = wrong
        with pytest.raises(ValueError, match="finite and not negative"):
            farrington(counts)
    with pytest.raises(ValueError, match="series, months"):
        farrington(np.zeros(12))


def test_options_are_read_by_their_r_names():
    given_ = {"b": "8", "noPeriods": "7", "limit54": "c(0, 4)", "thresholdMethod": "muan", "bothTails": "yes"}
    options = PLAIN.with_settings(given_)
    assert options == FarringtonOptions(
        b=8, no_periods=7, limit54=(0, 4), threshold_method=ThresholdMethod.MUAN, both_tails=True
    )


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"weeks": "3"}, "use one of: b, w, noPeriods"),
        ({"b": "five"}, "b must be a whole number of years"),
        ({"b": "0"}, "b must be 1 to 20"),
        ({"w": "6"}, "w must be 0 to 5"),
        ({"noPeriods": "11"}, "noPeriods must be 1 to 10 when w is 1"),
        ({"pastWeeksNotIncluded": "60"}, "leave months to compare with"),
        ({"alpha": "nan"}, "alpha must lie between"),
        ({"alpha": "0.5"}, "alpha must lie between"),
        ({"pThresholdTrend": "2"}, "pThresholdTrend must be 0 to 1"),
        ({"weightsThreshold": "0"}, "weightsThreshold must be 1 to 1000"),
        ({"thresholdMethod": "Delta"}, "one of delta, nbPlugin, muan, nbPredictive"),
        ({"limit54": "5"}, "cases,months such as 5,4"),
        ({"bothTails": "perhaps"}, "yes or no"),
        ({"minYears": "0"}, "minYears must be 1 to 20"),
    ],
)
def test_wrong_options_say_what_is_allowed(given_, told):
    with pytest.raises(ValueError, match=told):
        PLAIN.with_settings(given_)
