"""Predictive tails and ranges of a negative binomial, safe at the edges where quantile functions hang.

Parametrised by mean mu and variance factor f = variance / mean >= 1; f = 1 is the Poisson. With size
r = mu / (f - 1), P(Y <= k) = I_{1/f}(r, k + 1), the regularised incomplete beta function
(Abramowitz and Stegun 1964, 26.5.26).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

_NEARLY_POISSON = 1.0 + 1e-6
_STEPS = 60  # bisection: 2**60 exceeds every count


def cdf(k: Floats, mu: Floats, factor: Floats) -> Floats:
    """P(Y <= k), elementwise; k < 0 gives 0. NaN where mu or factor is NaN."""
    k, mu, factor = np.broadcast_arrays(np.floor(k), np.maximum(mu, 1e-12), factor)
    poisson = special.pdtr(np.maximum(k, 0), mu)
    size = mu / (np.maximum(factor, _NEARLY_POISSON) - 1)
    binomial = special.betainc(size, np.maximum(k, 0) + 1, 1 / np.maximum(factor, 1.0))
    below: Floats = np.where(factor <= _NEARLY_POISSON, poisson, binomial)
    return np.where(np.isnan(mu) | np.isnan(factor), np.nan, np.where(k < 0, 0.0, below))


def sf(k: Floats, mu: Floats, factor: Floats) -> Floats:
    """P(Y > k), from the complementary functions so that tiny tails keep their digits."""
    k, mu, factor = np.broadcast_arrays(np.floor(k), np.maximum(mu, 1e-12), factor)
    poisson = special.pdtrc(np.maximum(k, 0), mu)
    size = mu / (np.maximum(factor, _NEARLY_POISSON) - 1)
    binomial = special.betainc(np.maximum(k, 0) + 1, size, 1 - 1 / np.maximum(factor, 1.0))
    above: Floats = np.where(factor <= _NEARLY_POISSON, poisson, binomial)
    return np.where(np.isnan(mu) | np.isnan(factor), np.nan, np.where(k < 0, 1.0, above))


def mid_p(count: Floats, mu: Floats, factor: Floats) -> tuple[Floats, Floats]:
    """(P of this many or more, P of this many or fewer), each counting half of P(Y = count).

    Mid-p is nearly uniform under no change where plain p is too large for small counts (Lancaster 1961).
    """
    above = sf(count, mu, factor)
    at_least = sf(count - 1, mu, factor)
    high = (above + at_least) / 2
    return high, (cdf(count, mu, factor) + cdf(count - 1, mu, factor)) / 2


def quantile(q: float, mu: Floats, factor: Floats) -> Floats:
    """The smallest k with P(Y <= k) >= q, by bisection; NaN where the distribution is unknown."""
    mu, factor = np.broadcast_arrays(mu, factor)
    low = np.full(mu.shape, -1.0)
    high = np.ceil(np.maximum(mu, 1) + 40 * np.sqrt(np.maximum(mu * factor, 1)) + 40 * factor)
    high = np.where(np.isnan(high), 1.0, high)
    for _ in range(_STEPS):
        middle = np.floor((low + high) / 2)
        enough = cdf(middle, mu, factor) >= q
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
        if np.all(high - low <= 1):
            break
    unknown = np.isnan(mu) | np.isnan(factor)
    found: Floats = np.where(unknown, np.nan, high)
    return found
