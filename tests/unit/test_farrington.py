"""The Farrington flexible algorithm: its design, its fit, and how it behaves."""

from __future__ import annotations

import numpy as np
import pytest

from rules.baselines.farrington import MONTH_FACTOR, FarringtonOptions, ThresholdMethod, farrington
from rules.baselines.farrington.design import Design

MONTHS = 72
PLAIN = FarringtonOptions()


def poisson(seed: int, series: int = 4, mean: float = 9.0, months: int = MONTHS) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (series, months)).astype(float)


def test_the_design_is_the_papers_in_months():
    design = Design.of(PLAIN)
    assert (design.offsets.max(), design.offsets.min(), len(design.offsets)) == (61, 7, 55)
    reference = sorted(design.offsets[design.level == 0].tolist())
    assert reference == [o for k in range(1, 6) for o in (12 * k - 1, 12 * k, 12 * k + 1)]
    assert set(design.level.tolist()) == set(range(10))
    for level in range(1, 10):  # nine other months of the year, one level each
        assert len(set((design.offsets[design.level == level] % 12).tolist())) == 1


@pytest.mark.parametrize(("w", "periods"), [(0, 12), (0, 5), (1, 4), (2, 3), (5, 2), (1, 1)])
def test_the_rest_of_the_year_is_cut_as_equally_as_months_allow(w, periods):
    design = Design.of(FarringtonOptions(w=w, no_periods=periods))
    year = design.level[(design.offsets > 12) & (design.offsets <= 24)]
    sizes = np.bincount(year, minlength=periods)
    assert sizes[0] == 2 * w + 1
    assert periods == 1 or sizes[1:].max() - sizes[1:].min() <= 1


def irls(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Textbook quasi-Poisson: coefficients, covariance, dispersion."""
    beta = np.linalg.lstsq(x, np.log(y + 0.5), rcond=None)[0]
    for _ in range(50):
        mu = np.exp(x @ beta)
        beta = np.linalg.solve(x.T @ (mu[:, None] * x), x.T @ (mu * (x @ beta) + y - mu))
    mu = np.exp(x @ beta)
    phi = max(1.0, float(np.sum((y - mu) ** 2 / mu) / (len(y) - x.shape[1])))
    return beta, phi * np.linalg.inv(x.T @ (mu[:, None] * x)), phi


@pytest.mark.parametrize(("w", "periods"), [(1, 10), (2, 3), (0, 12)])
def test_the_fit_is_a_quasi_poisson_regression(w, periods):
    options = FarringtonOptions(w=w, no_periods=periods, weights_threshold=1000, p_threshold_trend=1)
    counts = poisson(3, series=20, mean=15)
    counts[:, 20::17] = np.nan
    found = farrington(counts, options)
    design = Design.of(options)
    assert found.trend.sum() > 10
    for i in np.flatnonzero(found.trend):
        baseline = counts[i, MONTHS - 1 - design.offsets]
        seen = ~np.isnan(baseline)
        x = np.column_stack([np.eye(periods)[design.level], -design.offsets])[seen]
        beta, covariance, phi = irls(baseline[seen], x)
        ahead = np.r_[1.0, np.zeros(periods)]
        assert found.expected[i, 0] == pytest.approx(np.exp(beta[0]), rel=1e-6)
        assert found.trend_coefficient[i, 0] == pytest.approx(beta[-1], rel=1e-6, abs=1e-9)
        assert found.dispersion[i, 0] == pytest.approx(phi, rel=1e-6)
        assert found.standard_error[i, 0] ** 2 == pytest.approx(ahead @ covariance @ ahead, rel=1e-6)


def test_a_reference_window_without_cases_expects_half_a_case():
    counts = np.full((1, MONTHS), 20.0)
    counts[0, [MONTHS - 1 - 12 * k for k in range(6)]] = 0
    options = FarringtonOptions(
        w=0, no_periods=12, p_threshold_trend=0, threshold_method=ThresholdMethod.NB_PREDICTIVE
    )
    counts[0, -1] = 1
    assert farrington(counts, options).expected[0, 0] == pytest.approx(0.5 / 5)
    assert farrington(counts, options).alarm[0, 0] == 0, "one case after five years without is no alarm"
    counts[0, -1] = 4
    assert farrington(counts, options).alarm[0, 0] == 1


def test_a_past_spike_is_weighted_down():
    counts = np.tile([9.0, 11.0, 10.0, 12.0], (1, 18))
    quiet = farrington(counts).expected[0, 0]
    counts[0, -25] = 90
    found = farrington(counts)
    assert found.downweighted[0, 0] == 1
    plain = farrington(counts, FarringtonOptions(weights_threshold=1000))
    assert quiet < found.expected[0, 0] < quiet * 1.3 < plain.expected[0, 0]


def test_a_trend_needs_three_years_and_stays_below_the_largest_count():
    t = np.arange(MONTHS)
    counts = np.round(20 * np.exp(0.01 * t))[None, :]
    assert not farrington(counts).trend[0, 0], "growth that would exceed every count so far"
    falling = counts[:, ::-1].copy()
    found = farrington(falling)
    assert found.trend[0, 0]
    assert found.trend_coefficient[0, 0] == pytest.approx(-0.01, abs=0.002)
    assert not farrington(falling, FarringtonOptions(b=2)).trend[0, 0]
    assert not farrington(falling, FarringtonOptions(p_threshold_trend=0)).trend[0, 0]


def test_a_festival_every_june_makes_an_ordinary_june():
    rng = np.random.default_rng(8)
    counts = rng.poisson(3, (200, 108)).astype(float)
    counts[:, 5::12] = rng.poisson(25, (200, 9))
    june = 101
    window = farrington(counts, PLAIN, judge=slice(june, june + 1))
    factor = farrington(counts, MONTH_FACTOR, judge=slice(june, june + 1))
    assert factor.alarm.mean() <= 0.015 < window.alarm.mean()
    counts[:, june] += 40
    assert farrington(counts, MONTH_FACTOR, judge=slice(june, june + 1)).alarm.mean() > 0.95


def test_both_tails_ring_for_a_fall():
    counts = poisson(4, series=1, mean=40)
    counts[0, -4:] = 0
    assert farrington(counts, FarringtonOptions(both_tails=True)).alarm[0, 0] == -1
    assert farrington(counts).alarm[0, 0] == 0
    assert farrington(counts).p_low[0, 0] < 1e-6


@pytest.mark.parametrize("method", ["delta", "nbPlugin", "nbPredictive"])
def test_false_alarms_are_about_as_rare_as_asked(method):
    counts = poisson(11, series=4000, mean=20, months=66)
    found = farrington(counts, FarringtonOptions(threshold_method=ThresholdMethod(method), alpha=0.01))
    assert 0.002 < found.alarm.mean() < 0.02
    assert 0.4 < found.p.mean() < 0.6
