"""Sums of several months against the same months' level in the sixty months before.

A rise too small for any one month shows in a sum. The expected sum is that of the calendar months' own means,
carried along a trend where one is established; its variance is that of the counts plus that of the means,
phi* = phi + phi sum(mu_m / n_m) / sum(mu_m) with n_m years behind month m (five of them: 1.2 phi).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy import special

from rules.baselines.calendar import LEAST, Baseline
from rules.baselines.pooled.dispersion import shrink
from rules.baselines.pooled.prediction import Bools, Ints
from rules.baselines.tails import Floats, mid_p, quantile

ALPHA = 0.002  # one-sided, for each of the lengths
SPANS = (3, 6, 12)  # months
BASELINE = 60  # calendar months before the sum
ENOUGH = 24  # usable months of them: from one year a row's own dispersion cannot be told
_PART = 0.75  # of a sum's months that must be usable
_TREND_MONTHS = 36  # usable months from which a trend can be established
_TREND_P = 0.01  # milder than in the monthly model: a spurious trend is carried far ahead here
_WANDER = 0.007  # a level wanders by this share a month without being news
_UNSEEN = 0.2  # log standard deviation of a calendar month that the baseline does not have
_ROWS = 4096  # rows fitted at once


@dataclass(frozen=True, slots=True)
class SumPrediction:
    """What is expected of a sum of months, arrays of shape (series, areas); NaN where not judged."""

    total: Floats  # recorded in the usable months of the sum
    mean: Floats
    factor: Floats  # predictive variance / mean
    counted: Floats  # usable months in the sum
    months: Floats  # usable baseline months
    slope: Floats  # of the log level a month; 0 without an established trend

    def tails(self, total: Floats) -> tuple[Floats, Floats]:
        """Mid-p of `total` or more, and of `total` or fewer."""
        return mid_p(total, self.mean, self.factor)

    def interval(self) -> tuple[Floats, Floats]:
        """The 95 % predictive range."""
        return quantile(0.025, self.mean, self.factor), quantile(0.975, self.mean, self.factor)


def predict_sum(counts: Floats, usable: Bools, alike: Ints, t: int, span: int) -> SumPrediction:
    """The sum of the `span` months that end with month `t`, and what the months before let expect.

    counts, usable: (series, areas, months), NaN = not published, False = masked (in neither sum nor
    baseline). alike: (areas,), a number for each kind of area; dispersion is pooled among areas alike.
    """
    shape = counts.shape[:2]
    end = max(t + 1 - span, 0)
    begin = max(end - BASELINE, 0)
    values = counts[:, :, begin : t + 1].reshape(-1, t + 1 - begin)
    known = usable[:, :, begin : t + 1].reshape(values.shape) & ~np.isnan(values)
    values = np.where(known, values, 0.0)
    fit = _Fit.joined(
        [_fit(values[i : i + _ROWS], known[i : i + _ROWS], end - begin) for i in range(0, len(values), _ROWS)]
    )
    pool = (alike + np.arange(shape[0])[:, None] * (alike.max() + 1)).ravel()
    phi = shrink(fit.squares, fit.freedom, fit.size, pool)
    p = 2 * special.ndtr(-np.abs(fit.slope) * np.sqrt(fit.information / phi))
    # No news from the future: a trend does not carry the level beyond what was ever recorded.
    trend = (p <= _TREND_P) & (fit.months >= _TREND_MONTHS) & (fit.trended <= fit.highest * fit.counted)
    mean = np.where(trend, fit.trended, fit.level)
    spread = np.where(trend, fit.trended_spread, fit.level_spread)
    wandered = _WANDER**2 * (span + end - begin) / 3  # variance between two means of one random walk
    factor = phi * (1 + spread) + mean * (fit.unseen + wandered)
    judged = (fit.months >= ENOUGH) & (fit.counted >= _PART * span)
    figures = (fit.total, mean, factor, fit.counted, fit.months, np.where(trend, fit.slope, 0.0))
    return SumPrediction(*(np.where(judged, x, np.nan).reshape(shape) for x in figures))


@dataclass(frozen=True, slots=True)
class _Fit:
    """Per row: what was recorded, and the expected sum without and with a trend; arrays (rows,)."""

    total: Floats
    counted: Floats
    months: Floats
    size: Floats  # expected events a month
    highest: Floats  # the largest baseline month
    slope: Floats
    information: Floats  # about the slope, times phi
    squares: Floats
    freedom: Floats
    level: Floats
    level_spread: Floats  # variance of the expected sum, over phi x that sum
    trended: Floats
    trended_spread: Floats
    unseen: Floats  # variance of the log sum from calendar months without a baseline

    @classmethod
    def joined(cls, parts: list[_Fit]) -> _Fit:
        """Several blocks of rows as one."""
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))


def _fit(counts: Floats, known: Bools, split: int) -> _Fit:
    """counts, known: (rows, months), the baseline before `split`, the sum after it."""
    n = counts.shape[1]
    member = np.eye(12)[(n - 1 - np.arange(n)) % 12]
    time = np.arange(n, dtype=np.float64) - (split - 1) / 2
    base = Baseline(counts[:, :split], known[:, :split], time[:split], member[:split])
    summed = known[:, split:]
    slope, information = base.slope()
    fitted = base.months(slope)
    mean = np.maximum((fitted.events @ base.member.T) * np.exp(slope[:, None] * base.time), LEAST)
    squares = np.where(base.known, (base.counts - mean) ** 2 / mean, 0.0).sum(axis=1)
    months = base.known.sum(axis=1)
    spent = np.maximum((fitted.weight / (fitted.weight + fitted.drawn)).sum(axis=1), 1.0) + 1
    level, level_spread, unseen = _project(base, summed, time[split:], member[split:], np.zeros(len(counts)))
    trended, trended_spread, _ = _project(base, summed, time[split:], member[split:], slope, information)
    return _Fit(
        total=np.where(summed, counts[:, split:], 0.0).sum(axis=1),
        counted=summed.sum(axis=1).astype(float), months=months.astype(float),
        size=fitted.level, highest=base.counts.max(axis=1, initial=0.0),
        slope=slope, information=information, squares=squares, freedom=np.maximum(months - spent, 0.0),
        level=level, level_spread=level_spread, trended=trended, trended_spread=trended_spread, unseen=unseen,
    )  # fmt: skip


def _project(
    base: Baseline,
    summed: Bools,
    time: Floats,
    member: Floats,
    slope: Floats,
    information: Floats | None = None,
) -> tuple[Floats, Floats, Floats]:
    """The expected sum, its variance over phi x itself, and the log variance from months never seen."""
    months = base.months(slope)
    growth = np.where(summed, np.exp(slope[:, None] * time), 0.0)
    share = growth @ member  # (rows, 12): a calendar month's part of the sum, per event at time 0
    means = share * months.events
    mean = np.maximum(means.sum(axis=1), LEAST)
    # Of the calendar months themselves, of the level they are drawn to, and of what both have in common.
    held = months.weight / (months.weight + months.drawn)
    pull = (share * (1 - held)).sum(axis=1) / np.maximum(months.weight.sum(axis=1), LEAST)
    variance = (means * share * held / (months.weight + months.drawn)).sum(axis=1)
    variance += pull**2 * months.level * months.weight.sum(axis=1) + 2 * pull * (means * held).sum(axis=1)
    if information is not None:
        ahead = (growth * time) @ member - share * np.where(months.weight > 0, months.centre, 0.0)
        variance += (months.events * ahead).sum(axis=1) ** 2 / np.maximum(information, LEAST)
    unseen = np.where(months.weight > 0, 0.0, means).sum(axis=1) / mean
    return mean, variance / mean, (unseen * _UNSEEN) ** 2
