"""Several months ahead of what was known when the first of them began: the model of every sum.

The level is that of the monthly model (`level`), at a slower pace: it may wander by less than a per cent a
month, and along a slope where one is established, so that a slow trend is no news and a jump is. With m
expected of a month and M of all, log level error V at the beginning, slope error S (both with covariance C)
and wander W a month, the variance of the sum is

    phi M + M^2 (V + 2 j C + j^2 S + W^2 sum_k (part of M from month k on)^2) + sum_m m^2 own_m

where j is the mean lead of the months in M. phi, V, C and S are those of the months before: what is judged
does not widen its own yardstick. own_m is what is not known about a calendar month's own season.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rules.baselines.pooled.dispersion import shrink
from rules.baselines.pooled.level import Pace
from rules.baselines.pooled.prediction import Bools, Ints
from rules.baselines.pooled.trace import Trace
from rules.baselines.tails import Floats

SLOW = Pace(wander=0.007, unseen=0.05, slope=0.003)
LONGEST = 36  # months of a sum
_TAIL, _LENT = 4.0, 10.0  # (z^2 + 1) / 2 at p = .002; degrees of freedom that rows alike lend at least
_IN_DOUBT = 1 / 3  # odds of no slope above which none is carried on
_DEPARTS = 4.0  # standard deviations from which a calendar month has a character that nobody shares
_TIMES = 2.5  # years behind it that this takes
_LEAST = 1e-9


@dataclass(frozen=True)
class Ahead:
    """A sum of months and every one of them, as expected when the first began; arrays (rows,)."""

    mean: Floats
    factor: Floats  # predictive variance / mean
    phi: Floats  # dispersion of single months
    doubt: Floats  # variance of the log of the sum's expected value
    each: Floats  # (months, rows)


@dataclass(frozen=True)
class Followed:
    """Every row of a cube followed up to a month, by one basis; rows = series x areas."""

    trace: Trace
    exposure: Floats  # (months, rows)
    around: Floats | None  # (months, rows) what the rest of the county recorded, where that is the exposure
    doubt: Floats  # (12, rows) variance of the log of each calendar month's exposure, January first
    calendar: Ints  # (months,) 0 = January
    pool: Ints  # (rows,) rows alike
    start: int  # index in the cube of the first month followed
    _known: dict[tuple[int, int], Floats] = field(default_factory=dict, repr=False, compare=False)

    def dispersion(self, k: int, months: int) -> Floats:
        """(rows,) as it was known when month `k` began, for the size of the `months` from there."""
        key = (k, months)
        if key not in self._known:
            size = self.trace.rate[k] * self.exposure[k : k + months].mean(axis=0)
            freedom = self.trace.freedom[k]
            # An estimate: at p = .002 Student's t is wider than the normal by about this much.
            few = 1 + _TAIL / (freedom + _LENT)
            self._known[key] = shrink(self.trace.squares[k], freedom, size, self.pool) * few
        return self._known[key]

    def ahead(self, first: int, now: Bools, rows: Ints) -> Ahead:
        """The months from index `first` of the cube on of which `now` (months, rows chosen) is true."""
        k, n = first - self.start, len(now)
        exposure = self.exposure[k : k + n, rows]
        lead = np.arange(n, dtype=np.float64)[:, None]
        factor, own = self._own_months(k, n, rows)
        rate, slope, variance, both, slope_variance = self._level(k, rows)
        each = rate * np.exp(np.clip(lead * slope, -1.0, 1.0)) * exposure * factor
        counted = np.where(now, each, 0.0)
        mean = np.maximum(counted.sum(axis=0), 1e-6)
        part = counted / mean
        ahead = (part * lead).sum(axis=0)
        walk = (np.cumsum(part[:0:-1], axis=0) ** 2).sum(axis=0)
        doubt = variance + 2 * ahead * both + ahead**2 * slope_variance
        doubt += SLOW.wander**2 * walk + (part**2 * own).sum(axis=0)
        phi = self.dispersion(k, n)[rows]
        spread = phi
        if self.around is not None:  # the rest of the county is itself a count
            others = np.where(now, self.around[k : k + n, rows], 0.0).sum(axis=0)
            spread = phi * (1 + mean / np.maximum(others, 1.0))
        return Ahead(mean, spread + mean * doubt, phi, doubt, each)

    def _level(self, k: int, rows: Ints) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Rate, slope, variances of the log rate, of both and of the slope when month `k` began.

        A slope is carried on where there is positive evidence for one (Kass and Raftery 1995), by Savage
        and Dickey's ratio of the density of no slope after the data to that before. Elsewhere the level is
        what Gaussian conditioning on no slope makes of it: a slope only in doubt would hide every rise.
        """
        trace = self.trace
        rate, slope, variance, both, spread = (
            x[k, rows] for x in (trace.rate, trace.slope, trace.variance, trace.both, trace.slope_variance)
        )
        odds = np.sqrt(SLOW.slope**2 / spread) * np.exp(-(slope**2) / (2 * spread))
        none, share = odds > _IN_DOUBT, both / spread
        return (
            np.where(none, rate * np.exp(-share * slope), rate), np.where(none, 0.0, slope),
            np.where(none, variance - share * both, variance), np.where(none, 0.0, both),
            np.where(none, 0.0, spread),
        )  # fmt: skip

    def _own_months(self, k: int, n: int, rows: Ints) -> tuple[Floats, Floats]:
        """(n, rows) by how much a row's months differ from what they borrow, and the log variance left."""
        before = np.eye(12)[self.calendar[:k]]
        wanted, back = np.unique(self.calendar[k : k + n], return_inverse=True)
        before = before[:, wanted]
        precision = before.T @ self.trace.precision[:k, rows]
        surprise = before.T @ self.trace.surprise[:k, rows]
        prior = self.doubt[wanted][:, rows]
        own = 1 / (1 / np.maximum(prior, _LEAST) + precision)
        factor = np.exp(own * surprise)
        # A festival that no calendar knows is no small departure: there the row's own months decide.
        times = before.T @ (self.trace.precision[:k, rows] > 0)
        relative = surprise / np.maximum(precision, _LEAST)
        far = (np.abs(relative) > _DEPARTS * np.sqrt(1 / np.maximum(precision, _LEAST) + prior)) & (
            times > _TIMES
        )
        alone = np.maximum(1 + relative, 0.05)
        factor = np.where(far, alone, factor)
        own = np.where(far, 1 / np.maximum(precision, _LEAST) / np.minimum(alone, 1.0), own)
        return factor[back], own[back]
