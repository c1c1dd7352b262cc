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
_STEPS = 60  # 2**60 exceeds every count
_TINY = 1e-6  # of a lower tail: below it the difference from 1 loses digits
_LARGE = 1e6  # of a negative binomial's size: beyond it a difference of tails is the better probability


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
    above = np.where(np.isnan(mu) | np.isnan(factor), np.nan, np.where(k < 0, 1.0, np.nan))
    poisson = (k >= 0) & (factor <= _NEARLY_POISSON)
    above[poisson] = special.pdtrc(k[poisson], mu[poisson])
    over = (k >= 0) & (factor > _NEARLY_POISSON)
    m, f = mu[over], factor[over]
    above[over] = special.betainc(k[over] + 1, m / (f - 1), 1 - 1 / f)
    return above


def mid_p(count: Floats, mu: Floats, factor: Floats) -> tuple[Floats, Floats]:
    """(P of this many or more, P of this many or fewer), each counting half of P(Y = count).

    Mid-p is nearly uniform under no change where plain p is too large for small counts (Lancaster 1961).
    """
    count, mu, factor = np.broadcast_arrays(count, mu, factor)
    high, low = np.full(count.shape, np.nan), np.full(count.shape, np.nan)
    known = ~(np.isnan(count) | np.isnan(mu) | np.isnan(factor))
    high[known], low[known] = _mid_p(count[known], mu[known], factor[known])
    return high, low


def _mid_p(count: Floats, mu: Floats, factor: Floats) -> tuple[Floats, Floats]:
    high = sf(count, mu, factor) + _half(count, mu, factor)
    low = 1 - high
    # The two add up to 1, but a difference from 1 has no digits left for a tiny lower tail.
    tiny = low < _TINY
    if tiny.any():
        k, m, f = count[tiny], mu[tiny], factor[tiny]
        low[tiny] = (cdf(k, m, f) + cdf(k - 1, m, f)) / 2
    return high, low


def _half(count: Floats, mu: Floats, factor: Floats) -> Floats:
    """Half of P(Y = count), from logarithms: three times as fast as the difference of two tails."""
    k, mu = np.floor(count), np.maximum(mu, 1e-12)
    over = np.maximum(factor, _NEARLY_POISSON)
    size = mu / (over - 1)
    logs = special.gammaln(k + size) - special.gammaln(size) - special.gammaln(k + 1)
    logs += k * np.log1p(-1 / over) - size * np.log(over)
    half: Floats = np.where(k < 0, 0.0, np.exp(logs) / 2)
    # Of a very large size the logarithms keep too few digits.
    rest = (factor <= _NEARLY_POISSON) | (size > _LARGE)
    if rest.any():
        k, mu, factor = k[rest], mu[rest], factor[rest]
        half[rest] = (sf(k - 1, mu, factor) - sf(k, mu, factor)) / 2
    return half


def surprise(t: float, mu: Floats, factor: Floats, *, high: bool) -> Floats:
    """The smallest count whose upper mid-p is at most `t`, or the largest whose lower one is; may be -1.

    0 < t < 1/2; NaN where the distribution is unknown.
    """
    t = max(t, 1e-15)  # nearer to 1 than a double can be
    edge = quantile(1 - t if high else t, mu, factor)
    # Beyond the quantile both tails that the mid-p is the mean of are under t, at it one of them is.
    there = mid_p(edge, mu, factor)[0 if high else 1] <= t
    found: Floats = np.where(there, edge, edge + 1 if high else edge - 1)
    return found


def quantile(q: float, mu: Floats, factor: Floats) -> Floats:
    """The smallest whole k >= 0 with P(Y <= k) >= q; NaN where the distribution is unknown.

    Bisection, so it always ends (scipy's `nbinom.ppf` need not), from a bracket that Cornish and Fisher's
    expansion suggests and that is widened until it holds.
    """
    mu, factor = np.broadcast_arrays(np.asarray(mu, dtype=float), np.asarray(factor, dtype=float))
    found = np.full(mu.shape, np.nan)
    known = np.isfinite(mu) & np.isfinite(factor)
    found[known] = _bisect(q, np.maximum(mu[known], 1e-12), np.maximum(factor[known], 1.0))
    return found


def _bisect(q: float, mu: Floats, factor: Floats) -> Floats:
    z = float(special.ndtri(q))
    deviation = np.sqrt(mu * factor)
    guess = mu + z * deviation + (z * z - 1) / 6 * (2 * factor - 1)
    room = 1 + np.ceil(deviation + factor)
    low, high = np.floor(guess - room), np.ceil(np.maximum(guess, 0) + room)
    for _ in range(_STEPS):  # doubling: six steps reach sixty times the first room
        short, far = cdf(high, mu, factor) < q, cdf(low, mu, factor) >= q
        if not (short.any() or far.any()):
            break
        high, low = np.where(short, high + room, high), np.where(far, np.maximum(low - room, -1), low)
        room = room * 2
    low = np.maximum(low, -1)
    live = np.flatnonzero(high - low > 1)
    while live.size:
        middle = np.floor((low[live] + high[live]) / 2)
        enough = cdf(middle, mu[live], factor[live]) >= q
        high[live[enough]] = middle[enough]
        low[live[~enough]] = middle[~enough]
        live = live[high[live] - low[live] > 1]
    return np.asarray(high)
