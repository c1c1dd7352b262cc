"""Sums of several months against the months before them: own level and season, or share of the county.

The season is borrowed from the county, as in `pooled`; where the series has seen a calendar month three times
or more, and often enough, its own mean of that month takes the season's place. The variance of the sum is

    phi mu + phi sum(own mu_m / n_m) + (phi / n + drift^2) mu^2 + sum(borrowed mu_m^2 doubt_m)

where n is the baseline's count. With five own years and no drift, divided by mu, it is the variance factor
phi* = phi + phi sum(mu/5)/sum(mu) of a sum predicted from month means (quasi-Poisson prediction variance,
Farrington et al. 1996, J. R. Statist. Soc. A 159). The drift is there because levels wander: without it any
long sum of a busy series would ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.past import Past
from rules.baselines.pooled import ENOUGH, STALE, SURE, Bools, Ints
from rules.baselines.tails import Floats, mid_p, quantile
from rules.findings import Expected
from rules.model import AreaKind, Basis, Direction, Month, Window

_DRIFT = 0.05
_OWN_TIMES, _OWN_COUNT = 3, 10.0  # a calendar month seen this often, with this much in it, is its own season
_UNSEEN, _SEASON = 0.15, 0.05  # log standard deviation of a month's factor: never seen; seen once
_POOL_WEIGHT = 24.0  # months' worth of evidence of the pooled dispersion


@dataclass(frozen=True)
class Sums:
    """A sum of months and what one baseline predicts for it; shape (series, areas), NaN where not judged."""

    basis: Basis
    count: Floats
    mean: Floats
    factor: Floats  # predictive variance / mean
    phi: Floats  # dispersion of single months
    total: Floats  # recorded in the baseline's months
    months: Floats  # how many those are, and the indices of the first and the last
    first: Floats
    last: Floats
    each: Floats  # (series, areas, months): what is expected of every single month
    high: Floats
    low: Floats

    def expected(self, s: int, a: int, first: Month, judged: Month) -> Expected | None:
        """The values of one cell; None where nothing was judged. `first`: month of index 0."""
        if np.isnan(self.high[s, a]):
            return None
        mean, factor = self.mean[s, a : a + 1], self.factor[s, a : a + 1]
        months, last = int(self.months[s, a]), first + int(self.last[s, a])
        doubt = _doubt(months, last, judged)
        return Expected(
            mean=float(mean[0]), lower=float(quantile(0.025, mean, factor)[0]),
            upper=float(quantile(0.975, mean, factor)[0]), dispersion=float(factor[0]),
            p_high=float(self.high[s, a]), p_low=float(self.low[s, a]), months=months,
            window=Window(first + int(self.first[s, a]), last), basis=self.basis,
            confidence="low" if doubt else "normal", caveat=doubt,
        )  # fmt: skip


def _doubt(months: int, last: Month, judged: Month) -> str:
    if months < SURE:
        return f"low confidence: only {months} usable months of history"
    return f"low confidence: the history ends in {last.words}" if judged - last > STALE + 12 else ""


@dataclass(frozen=True)
class Compared:
    """The two verdicts on the same sums."""

    past: Past
    here: Sums
    county: Sums

    @property
    def count(self) -> Floats:
        """What was recorded in the months judged."""
        return np.where(np.isnan(self.here.count), self.county.count, self.here.count)

    @property
    def mean(self) -> Floats:
        """Expected from its own past, or else from the county."""
        return np.where(np.isnan(self.here.mean), self.county.mean, self.here.mean)

    def joint(self, direction: Direction, ease: float = 1.0) -> Floats:
        """The larger p of those that could be given; NaN where the county should have spoken and did not.

        `ease` (at most 1) is taken times the county's p where the own past could be judged too: then the
        county only has to confirm.
        """
        here, county = (
            getattr(b, "high" if direction == "rise" else "low") for b in (self.here, self.county)
        )
        told = np.where(np.isnan(here), county, np.fmax(here, county * ease))
        both: Floats = np.where(self.past.mute & np.isnan(county), np.nan, told)
        return both

    def expected(self, s: int, a: int) -> Expected:
        """What is shown beside the count: the own past where it could be judged."""
        cube, month = self.past.part, self.past.judged.month
        found = self.here.expected(s, a, cube.first, month) or self.county.expected(s, a, cube.first, month)
        assert found is not None, "asked for a cell that was not judged"
        return found


def compare(old: Past, now: Bools, before: Bools) -> Compared:
    """Both verdicts on the sum over `now`, from the months `before`; masks broadcast to the counts' shape.

    A sum with a month missing or masked is not judged: it is never filled in.
    """
    return Compared(old, _sums(old, now, before, "here"), _sums(old, now, before, "county"))


def _sums(old: Past, now: Bools, before: Bools, basis: Basis) -> Sums:
    counts, exposure = old.counts, old.exposure[basis]
    known = ~np.isnan(counts) & ~np.isnan(exposure)
    now = np.broadcast_to(now, counts.shape)
    chosen = old.usable[basis] & known & before
    whole = (~now | (known & old.clear[basis])).all(axis=2) & now.any(axis=2)
    plain, weights = np.nan_to_num(counts), np.nan_to_num(exposure)
    months, total = chosen.sum(axis=2).astype(float), np.where(chosen, plain, 0.0).sum(axis=2)
    base = np.where(chosen, weights, 0.0).sum(axis=2)
    enough = whole & (months >= ENOUGH) & (base > 0)
    # Half an event: a row of zeros is expected to stay near zero, not at zero.
    level = np.where(enough, (total + 0.5) / np.maximum(base, 1e-9), np.nan)
    borrowed = level[:, :, None] * weights
    each, own_error = _own_season(old, chosen, borrowed) if basis == "here" else (borrowed, borrowed * np.nan)
    phi = _dispersion(plain, chosen, np.nan_to_num(each), enough, old.kinds)
    mu = np.where(now, each, 0.0)
    mean = np.maximum(mu.sum(axis=2), 1e-6)
    lent = np.where(np.isnan(own_error), mu, 0.0)
    if basis == "here":
        doubt = (lent**2 * _season_doubt(old)[:, None, :]).sum(axis=2)
    else:  # what the rest of the county recorded is itself a count
        doubt = mean**2 / np.maximum(np.where(now, weights, 0.0).sum(axis=2), 1.0)
    level_error = phi / np.maximum(total, 0.5) * lent.sum(axis=2) ** 2
    own = phi * np.where(now, np.nan_to_num(own_error), 0.0).sum(axis=2)
    factor = np.where(enough, phi + (own + level_error + doubt) / mean + mean * _DRIFT**2, np.nan)
    count = np.where(whole, np.where(now, plain, 0.0).sum(axis=2), np.nan)
    mean = np.where(enough, mean, np.nan)
    index = np.arange(counts.shape[2])
    first = np.where(chosen, index, np.inf).min(axis=2, initial=np.inf)
    last = np.where(chosen, index, -np.inf).max(axis=2, initial=-np.inf)
    high, low = mid_p(count, mean, factor)
    return Sums(
        basis, count, mean, factor, phi, total, months, first, last, each,
        np.where(whole, high, np.nan), np.where(whole, low, np.nan),
    )  # fmt: skip


def _calendar(old: Past) -> Floats:
    """(months, 12): which calendar month each is."""
    index = np.arange(old.counts.shape[2]) + old.part.first.number - 1
    return np.eye(12)[index % 12]


def _own_season(old: Past, chosen: Bools, borrowed: Floats) -> tuple[Floats, Floats]:
    """Month means where the series has its own; with mu / n, the error of each (NaN = borrowed)."""
    months = _calendar(old)
    times = chosen.astype(float) @ months
    summed = np.where(chosen, np.nan_to_num(old.counts), 0.0) @ months
    enough = (times >= _OWN_TIMES) & (summed >= _OWN_COUNT)
    mean = np.where(enough, summed / np.maximum(times, 1.0), np.nan)
    own, error = _spread(mean, months), _spread(mean / np.maximum(times, 1.0), months)
    return np.where(np.isnan(own), borrowed, own), error


def _spread(by_calendar: Floats, months: Floats) -> Floats:
    """(series, areas, 12) to (series, areas, months)."""
    found: Floats = by_calendar[:, :, months.argmax(axis=1)]
    return found


def _season_doubt(old: Past) -> Floats:
    """(series, months): variance of the logarithm of each month's borrowed factor."""
    months = _calendar(old)
    seen = old.usable["here"].any(axis=1).astype(float)
    seen[:, old.judged.index + 1 :] = 0.0
    times = (seen @ months)[:, months.argmax(axis=1)]
    found: Floats = _SEASON**2 / np.maximum(times, 1.0) + _UNSEEN**2 / (times + 1.0) ** 2
    return found


def _dispersion(counts: Floats, chosen: Bools, fitted: Floats, enough: Bools, kinds: Ints) -> Floats:
    """Variance / mean of a month: Pearson's, shrunken towards the areas of the kind; never under 1."""
    used = chosen & enough[:, :, None]
    fitted = np.maximum(fitted, 0.1)
    own = np.where(used, (counts - fitted) ** 2 / fitted, 0.0).sum(axis=2)
    freedom = np.where(enough, np.maximum(chosen.sum(axis=2) - 1.0, 1.0), 0.0)
    member = np.eye(len(AreaKind))[kinds]
    pooled = np.maximum((own @ member) / np.maximum(freedom @ member, 1.0), 1.0) @ member.T
    shrunken: Floats = np.maximum((own + _POOL_WEIGHT * pooled) / (freedom + _POOL_WEIGHT), 1.0)
    return shrunken
