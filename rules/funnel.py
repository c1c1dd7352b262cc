"""Rates of many areas side by side: funnel limits, over-dispersion, shrunken rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from rules.baselines.tails import Floats, cdf, mid_p, quantile

TWO_SD = float(special.ndtr(-2.0))  # tail beyond two standard deviations of a normal: .02275
THREE_SD = float(special.ndtr(-3.0))  # .00135
WINSOR = 0.1  # share of the scores at each end that is pulled in


def poisson_limits(expected: Floats, tail: float) -> tuple[Floats, Floats]:
    """Exact funnel limits around `expected` counts: below (above) lies a share `tail` each.

    Interpolated between the two integers that enclose the quantile, so that the funnel has no steps
    (Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202, appendix A.1.1). NaN where expected is.
    """
    return _interpolated(expected, tail), _interpolated(expected, 1 - tail)


def _interpolated(expected: Floats, q: float) -> Floats:
    """The quantile r - (P(Y <= r) - q) / P(Y = r), with r the smallest integer where P(Y <= r) >= q."""
    poisson = np.ones_like(expected)
    r = quantile(q, expected, poisson)
    at = cdf(r, expected, poisson)
    weight = at - cdf(r - 1, expected, poisson)
    found: Floats = np.maximum(r - (at - q) / np.maximum(weight, 1e-300), 0.0)
    return found


def overdispersion(z: Floats, winsor: float = WINSOR) -> float:
    """How much wider than Poisson the areas spread: the mean of winsorised squared scores, at least 1.

    Multiplicative over-dispersion (Spiegelhalter 2005, section 4): the outer `winsor` of the scores at
    each end count as the next ones in, so that a few true outliers do not hide themselves. The sum is
    divided by what standard normal scores would give, which pulling in makes smaller than 1; and 1 is
    returned unless it exceeds 1 + 2 sqrt(2 / n), its 95 % bound where there is none. NaN scores do not count.
    """
    known = z[~np.isnan(z)]
    if len(known) < 2:
        return 1.0
    low, high = np.quantile(known, [winsor, 1 - winsor])
    mean_square = float(np.mean(np.clip(known, low, high) ** 2)) / _winsorised_variance(winsor)
    return mean_square if mean_square > 1 + 2 * np.sqrt(2 / len(known)) else 1.0


def _winsorised_variance(winsor: float) -> float:
    """Of a standard normal whose outer `winsor` at each end is pulled in."""
    edge = float(special.ndtri(1 - winsor))
    density = float(np.exp(-(edge**2) / 2) / np.sqrt(2 * np.pi))
    return 1 - 2 * winsor - 2 * edge * density + 2 * winsor * edge**2


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts against their exposure; arrays of the shape of the counts."""

    rate: float  # of all areas together
    expected: Floats  # exposure x rate
    z: Floats  # 2(sqrt(count) - sqrt(expected)), before over-dispersion
    factor: float  # over-dispersion: variance / mean, >= 1
    p_high: Floats  # mid-p of this many or more, over-dispersion included
    p_low: Floats


def funnel(counts: Floats, exposure: Floats, winsor: float = WINSOR) -> Funnel:
    """Each count against the common rate. Areas without exposure or count are NaN and weigh nothing.

    Scores use the square root, which makes the spread of a Poisson count the same at every size
    (Spiegelhalter 2005, appendix A.3); tails are those of a negative binomial with the same over-dispersion.
    """
    usable = ~np.isnan(counts) & (exposure > 0)
    people = np.where(usable, exposure, np.nan)
    whole = float(np.nansum(people))
    rate = float(np.nansum(np.where(usable, counts, 0.0))) / whole if whole > 0 else float("nan")
    expected = people * rate
    z = 2 * (np.sqrt(np.where(usable, counts, np.nan)) - np.sqrt(expected))
    factor = overdispersion(z, winsor)
    spread = np.where(np.isnan(expected), np.nan, factor)
    high, low = mid_p(np.nan_to_num(counts), expected, spread)
    return Funnel(rate, expected, z, factor, high, low)


def shrunken_rates(counts: Floats, exposure: Floats) -> Floats:
    """Empirical-Bayes rates: each area's own, pulled towards the common one the less it rests on.

    Global smoother by the method of moments (Marshall 1991, Applied Statistics 40, 283-294): with common
    rate m, weighted variance s2 of the rates and mean exposure e, A = max(s2 - m / e, 0) is how much the
    true rates differ, and area i keeps the share A / (A + m / exposure_i) of its distance from m.
    NaN where an area has no exposure or no count.
    """
    usable = ~np.isnan(counts) & (exposure > 0)
    if not usable.any():
        return np.full(counts.shape, np.nan)
    people, events = np.where(usable, exposure, np.nan), np.where(usable, counts, np.nan)
    whole = np.nansum(people)
    common = np.nansum(events) / whole
    rates = events / people
    spread = np.nansum(people * (rates - common) ** 2) / whole
    between = max(spread - common / (whole / usable.sum()), 0.0)
    noise = common / people
    keep = np.where(between + noise > 0, between / np.maximum(between + noise, 1e-300), 0.0)
    shrunken: Floats = common + keep * (rates - common)
    return shrunken
