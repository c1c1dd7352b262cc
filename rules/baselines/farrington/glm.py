"""Quasi-Poisson regression on a seasonal factor and a log-linear trend, for many rows at once.

log mu_i = level + slope * t_i. For a given slope the best levels are known in closed form, so each row is a
search in one dimension: Newton steps on the profile likelihood, which is concave, kept inside a bracket.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rules.baselines.farrington.design import Design, Flags, Floats
from rules.baselines.farrington.options import FarringtonOptions

STEEPEST = 0.5  # log units a month, e^6 a year: beyond it the estimate runs away to infinity
TOLERANCE = 1e-9  # of the slope; times 60 months still far below the published tolerance
_STEPS = 60  # bisection alone reaches the tolerance in 30
NO_CASE = 0.5  # a reference window without a case has no finite estimate; half a case is Jeffreys' prior
_LEAST = 1e-6  # cases x months squared: less information about a trend is rounding
_TINY = 1e-300


@dataclass(slots=True)
class Fit:
    """Per row, all of shape (M,): what the fitted model says about its judged month."""

    mean: Floats  # expected count of the judged month
    variance: Floats  # of log(mean), dispersion included
    slope: Floats  # change of log mean a month
    slope_variance: Floats  # inf where there is no trend in the model or it cannot be estimated
    dispersion: Floats  # >= 1
    degrees: Floats  # residual degrees of freedom, at least 1
    downweighted: Floats  # baseline months with a large Anscombe residual

    def put(self, rows: Flags, other: Fit) -> None:
        """Replace the flagged rows by those of `other`, in order."""
        for f in fields(self):
            getattr(self, f.name)[rows] = getattr(other, f.name)


@dataclass(slots=True)
class _Rows:
    counts: Floats  # (M, n), 0 where unusable
    weights: Floats  # (M, n), 0 where unusable
    usable: Floats  # (M, n), 1 or 0
    cbrt: Floats  # of the counts


@dataclass(slots=True)
class _Profile:
    slope: Floats  # (M,)
    weight: Floats  # (M, P) sum of w exp(slope t) in each level
    centre: Floats  # (M, P) their mean time
    information: Floats  # (M,) about the slope, levels profiled out; 0 = no trend


def fit(counts: Floats, usable: Floats, design: Design, options: FarringtonOptions, *, trend: bool) -> Fit:
    """Fit, weight the outliers down once, and fit those rows again (Farrington et al. 1996).

    `counts` and `usable` are (M, n); `usable` is 1 or 0 and counts are 0 where it is 0.
    """
    rows = _Rows(counts, usable, usable, np.cbrt(counts))
    profile = _solve(rows, design, trend)
    found, squared = _assess(rows, profile, design, options.like_r)
    high = squared > options.weights_threshold**2
    again: Flags = np.any(high, axis=1)
    if again.any():
        found.downweighted[:] = high.sum(axis=1)
        part = usable[again]
        weights = np.where(high[again], part / np.where(high[again], squared[again], 1.0), part)
        weights *= (part.sum(axis=1) / weights.sum(axis=1))[:, None]
        rows = _Rows(counts[again], weights, part, rows.cbrt[again])
        second, _ = _assess(rows, _solve(rows, design, trend, profile.slope[again]), design, options.like_r)
        second.downweighted = found.downweighted[again]
        found.put(again, second)
    return found


def _solve(rows: _Rows, design: Design, trend: bool, start: Floats | None = None) -> _Profile:
    many, p = len(rows.counts), design.levels
    slopes = np.zeros(many) if start is None else start
    if not trend:
        weight = rows.weights @ design.member
        return _Profile(slopes, weight, np.zeros_like(weight), np.zeros(many))
    weighted = rows.weights * rows.counts
    totals = weighted @ design.member
    pull = weighted @ design.time
    found = _Profile(slopes.copy(), np.empty((many, p)), np.empty((many, p)), np.zeros(many))
    low, high = np.full(many, -STEEPEST), np.full(many, STEEPEST)
    live = np.arange(many)
    for _ in range(_STEPS):
        slope = found.slope[live]
        sums = (rows.weights[live] * np.exp(slope[:, None] * design.time)) @ design.moments
        weight, some = sums[:, :p], _divisor(sums[:, :p])
        centre = sums[:, p : 2 * p] / some
        spread = np.maximum(sums[:, 2 * p :] / some - centre**2, 0.0)
        gradient = pull[live] - (totals[live] * centre).sum(axis=1)
        information = (totals[live] * spread).sum(axis=1)
        found.weight[live], found.centre[live], found.information[live] = weight, centre, information
        rising = gradient > 0
        low[live], high[live] = np.where(rising, slope, low[live]), np.where(rising, high[live], slope)
        aim = slope + gradient / np.maximum(information, _TINY)
        inside = (aim > low[live]) & (aim < high[live])
        aim = np.where(inside, aim, (low[live] + high[live]) / 2)
        going = (np.abs(aim - slope) > TOLERANCE) & (information > 0)
        live = live[going]
        if not live.size:
            break
        found.slope[live] = aim[going]
    unclear = (np.abs(found.slope) > STEEPEST - 1e-6) | (found.information < _LEAST)
    found.information[unclear] = 0.0  # it ran away, or nothing speaks for one: no trend
    return found


def _assess(rows: _Rows, profile: _Profile, design: Design, like_r: bool) -> tuple[Fit, Floats]:
    """The fit's prediction and dispersion, and the squared Anscombe residuals of counts above their mean."""
    level, weight = design.level, _divisor(profile.weight)
    totals = (rows.weights * rows.counts) @ design.member
    trended = profile.information > 0
    certain = np.where(trended, profile.information, np.inf)
    third = np.exp(profile.slope[:, None] * (design.time / 3))
    root = np.cbrt(totals / weight).take(level, axis=1) * third
    mean = _cube(root)  # root = mu^(1/3): every power that is needed is a product of it

    pearson = rows.weights * (rows.counts - mean) ** 2 / np.maximum(mean, _TINY)
    parameters = ((rows.usable @ design.member) > 0).sum(axis=1) + trended
    degrees = np.maximum(rows.usable.sum(axis=1) - parameters, 1.0)
    dispersion = np.maximum(pearson.sum(axis=1) / degrees, 1.0)
    leverage = _cube(third) / weight.take(level, axis=1)
    if trended.any():
        leverage += mean * (design.time - profile.centre.take(level, axis=1)) ** 2 / certain[:, None]
    squared = _anscombe(rows, root, dispersion, leverage)

    error = _dispersion_of_r(rows, mean, degrees) if like_r else dispersion
    cases = np.where(totals[:, 0] > 0, totals[:, 0], NO_CASE)
    ahead = design.centre - profile.centre[:, 0]
    return Fit(
        mean=cases / weight[:, 0] * np.exp(profile.slope * design.centre),
        variance=error * (1 / cases + ahead**2 / certain),
        slope=profile.slope,
        slope_variance=np.where(trended, error / np.maximum(profile.information, _LEAST), np.inf),
        dispersion=dispersion,
        degrees=degrees,
        downweighted=np.zeros(len(mean)),
    ), squared


def _anscombe(rows: _Rows, root: Floats, dispersion: Floats, leverage: Floats) -> Floats:
    """Squares of s = 3 (y^(2/3) - mu^(2/3)) / (2 sqrt(phi) mu^(1/6) sqrt(1 - h)), 0 where y <= mu.

    root = mu^(1/3); leverage: h over the weight of the month.
    """
    above = np.maximum(rows.cbrt**2 - root**2, 0.0) * rows.usable
    scale = root * dispersion[:, None] * np.maximum(1.0 - rows.weights * leverage, 1e-9)
    squared: Floats = 2.25 * above**2 / np.maximum(scale, _TINY)
    return squared


def _cube(values: Floats) -> Floats:
    """Two products: numpy's power of three takes six times as long."""
    return values * values * values


def _divisor(weight: Floats) -> Floats:
    """1 for a level without a usable month: whatever is divided by it has no weight."""
    found: Floats = np.where(weight > 0, weight, 1.0)
    return found


def _dispersion_of_r(rows: _Rows, mean: Floats, degrees: Floats) -> Floats:
    """What `surveillance` puts in place of phi: its weights overwrite those that R's glm summary reads."""
    some = mean > 0
    ratio = np.where(some, rows.counts / np.where(some, mean, 1.0) - 1, 1.0)
    found: Floats = (rows.weights * ratio**2).sum(axis=1) / degrees
    return np.maximum(found, 1e-12)  # a perfect fit would leave errors of nothing to divide by
