"""Sums of several months against what the months before them let expect: the two verdicts of every sum.

The prediction is that of the monthly model, made when the sum's first month began and carried ahead to its
last (`pooled.ahead`): own level and borrowed season, or share of what the county recorded in those months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.past import Past
from rules.baselines.pooled import ENOUGH, STALE, SURE, Bools
from rules.baselines.tails import Floats, mid_p, quantile
from rules.findings import Expected
from rules.model import Basis, Direction, Month, Window


@dataclass(frozen=True)
class Sums:
    """A sum of months and what one baseline predicts for it; shape (series, areas), NaN where not judged."""

    basis: Basis
    count: Floats
    mean: Floats
    taken: Floats  # of both: what months of events held, of which nothing is expected but that
    factor: Floats  # predictive variance / mean of the rest
    phi: Floats  # dispersion of single months
    total: Floats  # how many events the prediction is worth: phi / variance of the log of the mean
    months: Floats  # how many those are, and the indices of the first and the last
    first: Floats
    last: Floats
    each: Floats  # (series, areas, months): what is expected of every month of the sum, and NaN before it
    high: Floats
    low: Floats

    def expected(self, s: int, a: int, first: Month, judged: Month) -> Expected | None:
        """The values of one cell; None where nothing was judged. `first`: month of index 0."""
        if np.isnan(self.high[s, a]):
            return None
        taken = float(self.taken[s, a])
        mean, factor = self.mean[s, a : a + 1] - taken, self.factor[s, a : a + 1]
        months, last = int(self.months[s, a]), first + int(self.last[s, a])
        doubt = _doubt(months, last, judged)
        return Expected(
            mean=float(mean[0]) + taken, lower=float(quantile(0.025, mean, factor)[0]) + taken,
            upper=float(quantile(0.975, mean, factor)[0]) + taken, dispersion=float(factor[0]),
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


def compare(old: Past, months: int, left_out: Bools | None = None) -> Compared:
    """Both verdicts on the sum of the last `months` months, without those `left_out` (the counts' shape).

    A sum with a month missing or masked, or from both sides of a break or a confirmed step, is not judged:
    it is never filled in. Of a month with an event inside a sum nothing is expected but what it held: events
    are compared with events, elsewhere.
    """
    if left_out is None:
        key = ("compare", old.s.tobytes(), old.a.tobytes(), months)
        return old.judged.once(key, lambda: _compare(old, months, None))
    return _compare(old, months, left_out)


def _compare(old: Past, months: int, left_out: Bools | None) -> Compared:
    t = old.judged.index
    now = np.ones((*old.counts.shape[:2], months), dtype=bool)
    if left_out is not None:
        now &= ~left_out[:, :, t - months + 1 : t + 1]
    return Compared(old, _sums(old, now, "here"), _sums(old, now, "county"))


def _sums(old: Past, now: Bools, basis: Basis) -> Sums:
    shape, months = now.shape[:2], now.shape[2]
    start, end = old.judged.index - months + 1, old.judged.index + 1
    counts, clear = old.counts[:, :, start:end], old.clear[basis][:, :, start:end]
    # A single month with an event has nothing beside it to be judged by.
    held = now & clear & ~old.usable[basis][:, :, start:end] & (months > 1)
    asked = now & ~held
    found = old.judged.followed[basis].ahead(start, asked.reshape(-1, months).T, old.rows)
    known = ~np.isnan(counts) & ~np.isnan(old.exposure[basis][:, :, start:end])
    whole = (~now | (known & clear)).all(axis=2) & asked.any(axis=2)
    count = np.where(whole, np.where(asked, counts, 0.0).sum(axis=2), np.nan)
    taken = np.where(held, counts, 0.0).sum(axis=2)
    base = old.usable[basis] & ~np.isnan(old.counts) & old.before(months)
    # Where the rest of the county recorded nothing, or says nothing, there is no share to compare.
    weight = np.where(base, np.nan_to_num(old.exposure[basis]), 0.0).sum(axis=2)
    enough = whole & (base.sum(axis=2) >= ENOUGH) & (weight > 0)
    lately = base & old.lately
    base = np.where(lately.any(axis=2, keepdims=True), lately, base)
    index = np.arange(base.shape[2])
    mean, factor = (np.where(enough, x.reshape(shape), np.nan) for x in (found.mean, found.factor))
    each = np.full(base.shape, np.nan)
    each[:, :, start:end] = np.where(held, counts, found.each.T.reshape(now.shape))
    high, low = np.full(shape, np.nan), np.full(shape, np.nan)
    high[enough], low[enough] = mid_p(count[enough], mean[enough], factor[enough])
    return Sums(
        basis, count + taken, mean + taken, taken, factor,
        found.phi.reshape(shape), (found.phi / found.doubt).reshape(shape),
        base.sum(axis=2).astype(float), np.where(base, index, np.inf).min(axis=2, initial=np.inf),
        np.where(base, index, -np.inf).max(axis=2, initial=-np.inf), each, high, low,
    )  # fmt: skip
