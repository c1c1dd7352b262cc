"""The usual range around an expected count, and how unlikely a count is, by each threshold method."""

from __future__ import annotations

import numpy as np
from scipy import special

from rules.baselines.farrington.design import Flags, Floats
from rules.baselines.farrington.options import FarringtonOptions, ThresholdMethod
from rules.baselines.tails import cdf, sf

_LARGEST = 1e12  # means beyond it are nonsense (muan without data); counts stay exact integers in a float
_MOST_STEPS = 120  # doubling to the largest count and bisecting back


def limits(
    mean: Floats, variance: Floats, dispersion: Floats, options: FarringtonOptions
) -> tuple[Floats, Floats]:
    """Lower and upper limit, each with `alpha` beyond it, all of shape (M,).

    `variance` is that of log(mean). Negative binomial limits are whole counts.
    """
    z = float(special.ndtri(1 - options.alpha))
    if options.threshold_method is ThresholdMethod.DELTA:
        # Farrington (1996): mu {1 +- (2/3) z mu^-1 sqrt(mu tau)}^(3/2), tau = phi + var(mu)/mu.
        spread = 2 / 3 * z * np.sqrt((dispersion + mean * variance) / mean)
        return mean * np.maximum(1 - spread, 0.0) ** 1.5, mean * (1 + spread) ** 1.5
    low_mean, low_factor = _predictive(mean, variance, dispersion, options, -z)
    high_mean, high_factor = _predictive(mean, variance, dispersion, options, z)
    lower = quantile(options.alpha, low_mean, low_factor)
    return lower, quantile(1 - options.alpha, high_mean, high_factor)


def probabilities(
    counts: Floats, mean: Floats, variance: Floats, dispersion: Floats, options: FarringtonOptions
) -> tuple[Floats, Floats]:
    """P(this many or more) and P(this many or fewer); NaN where the count is."""
    if options.threshold_method is ThresholdMethod.DELTA:
        root = np.cbrt(mean)
        spread = np.sqrt(dispersion + mean * variance)
        deviate = 1.5 * (np.cbrt(counts) ** 2 - root**2) / (np.sqrt(root) * spread)
        return special.ndtr(-deviate), special.ndtr(deviate)
    z = float(special.ndtri(1 - options.alpha))
    high = sf(counts - 1, *_predictive(mean, variance, dispersion, options, z))
    low = cdf(counts, *_predictive(mean, variance, dispersion, options, -z))
    missing = np.isnan(counts)
    return np.where(missing, np.nan, high), np.where(missing, np.nan, low)


def _predictive(
    mean: Floats, variance: Floats, dispersion: Floats, options: FarringtonOptions, z: float
) -> tuple[Floats, Floats]:
    """Mean and variance factor of the negative binomial that a tail is read from."""
    if options.threshold_method is ThresholdMethod.MUAN:
        mean = mean * np.exp(np.clip(z * np.sqrt(variance), -60.0, 60.0))
    factor = dispersion
    if options.threshold_method is ThresholdMethod.NB_PREDICTIVE:
        factor = dispersion + mean * variance
    return np.clip(mean, 1 / _LARGEST, _LARGEST), np.minimum(factor, _LARGEST)


def quantile(q: float, mean: Floats, factor: Floats) -> Floats:
    """The smallest whole k with P(Y <= k) >= q for the negative binomial of that mean and variance factor.

    From a Cornish-Fisher guess by doubling steps and bisection, so it always ends (scipy's ppf need not);
    two evaluations are the rule. All (M,) and finite.
    """
    z = float(special.ndtri(q))
    deviation = np.sqrt(mean * factor)
    k = np.floor(np.clip(mean + z * deviation + (z * z - 1) / 6 * (2 * factor - 1), 0, None))
    low, high = np.full(mean.shape, -1.0), np.full(mean.shape, np.inf)
    live, step = np.arange(mean.size), 1.0
    for _ in range(_MOST_STEPS):
        enough: Flags = cdf(k, mean[live], factor[live]) >= q
        high[live[enough]] = k[enough]
        low[live[~enough]] = k[~enough]
        live = live[high[live] - low[live] > 1]
        if not live.size:
            break
        below, above = low[live], high[live]
        middle = np.floor((below + np.where(np.isinf(above), below, above)) / 2)
        k = np.where(np.isinf(above), below + step, np.where(below < 0, above - step, middle))
        k = np.maximum(k, below + 1)
        step *= 2
    return high
