"""Several months together against the usual share of the county: for areas that change slowly.

The share baseline of one month (`pooled.predict_share`), carried to a window of months. What everybody
does, up or down, moves the rest of the county in the same months and is nobody's local change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled import ENOUGH, WINDOW, Bools, Ints
from rules.baselines.tails import Floats, mid_p, quantile
from rules.findings import Expected
from rules.model import Month, Window

BASE_MONTHS = 24  # usable months before the window that make the usual share
LEVEL_DRIFT = 0.20  # real shares of unchanged LSOAs wander about this much (log scale) between the two
_FEW = 30  # areas alike below which they say too little about each other
_FLOOR = 0.1  # expected a month: below it one event would count for many in Pearson's sum
_POOL_MONTHS = 24.0  # months' worth of evidence that the dispersion of areas alike counts for


@dataclass(frozen=True, slots=True)
class ShareSums:
    """A window's counts and what the usual share predicts; arrays (series, areas), NaN = not judged."""

    window: Window
    count: Floats
    mean: Floats
    taken: Floats  # of both: what months outside any baseline held, taken as they came
    factor: Floats  # variance / mean of the rest
    months: Floats  # baseline
    first: Floats  # index of the first and last baseline month
    last: Floats
    p_high: Floats
    p_low: Floats

    def expected(self, s: int, a: int, start: Month) -> Expected | None:
        """One row as a value; None where it was not judged. start: first month of the cube."""
        if np.isnan(self.p_high[s, a]):
            return None
        mean, factor = np.array([self.mean[s, a] - self.taken[s, a]]), np.array([self.factor[s, a]])
        low, high = (float(quantile(q, mean, factor)[0] + self.taken[s, a]) for q in (0.025, 0.975))
        months = int(self.months[s, a])
        few = f"low confidence: only {months} usable months before it" if months < BASE_MONTHS else ""
        return Expected(
            mean=float(self.mean[s, a]), lower=low, upper=high, dispersion=float(self.factor[s, a]),
            p_high=float(self.p_high[s, a]), p_low=float(self.p_low[s, a]), months=months,
            window=Window(start + int(self.first[s, a]), start + int(self.last[s, a])),
            basis="county", confidence="low" if few else "normal", caveat=few,
        )  # fmt: skip


def sums(counts: Floats, t: int, months: int) -> Floats:
    """Sums of the `months` months that end at index `t`: (series, areas); NaN where one is missing."""
    start = t - months + 1
    if start < 0:
        return np.full(counts.shape[:2], np.nan)
    total: Floats = counts[:, :, start : t + 1].sum(axis=2)
    return total


def judge_sums(
    counts: Floats, whole: Floats, usable: Bools, since: Ints, alike: Ints, last: Month, months: int
) -> ShareSums:
    """The window of `months` months that ends with the last month of `counts`, in every area.

    counts: (series, areas, months); whole: (series, months), the county; usable, since: of the context;
    alike: (areas,), a number for each kind of area; dispersion is pooled among areas alike. A window that
    misses a month, crosses a registered point in time or is for the most part masked is not judged. Of a
    masked month inside it (an event, say) nothing is expected but what it held.
    """
    t = counts.shape[2] - 1
    start = t - months + 1
    count = sums(counts, t, months)
    rest = np.maximum(whole[:, None, :] - counts, 0.0)
    if start < ENOUGH:
        nan = np.full(count.shape, np.nan)
        none = np.zeros(count.shape)
        return ShareSums(Window.ending(last, months), count, nan, nan, nan, none, nan, nan, nan, nan)
    fair = usable[:, :, start:]
    taken = np.where(fair, 0.0, counts[:, :, start:]).sum(axis=2)
    now = np.where(fair, rest[:, :, start:], 0.0).sum(axis=2)
    chosen = _before(~np.isnan(rest) & usable & (np.arange(t + 1) >= since[:, :, None]), start)
    seen = chosen.sum(axis=2).astype(float)
    base = np.where(chosen, counts, 0.0).sum(axis=2)
    around = np.where(chosen, rest, 0.0).sum(axis=2)
    judged = (seen >= ENOUGH) & (fair.sum(axis=2) * 2 >= months) & (since <= start)
    judged &= (around > 0) & ~np.isnan(count)
    raw = (base + 0.5) / np.maximum(around, 1e-9)
    phi = _dispersion(counts, raw[:, :, None] * rest, chosen & judged[:, :, None], alike)
    level, own = _levels(raw, np.where(judged, around, 0.0), phi, alike)
    mean = np.where(judged, level * now, np.nan)
    doubt = own * phi / np.maximum(level * around, 0.5) + 1.0 / np.maximum(now, 1.0) + LEVEL_DRIFT**2
    factor = phi + mean * doubt
    high, low = mid_p(np.nan_to_num(count - taken), mean, factor)
    index = np.arange(t + 1)
    return ShareSums(
        Window.ending(last, months), count, mean + taken, taken, factor, seen,
        np.where(chosen, index, np.inf).min(axis=2), np.where(chosen, index, -np.inf).max(axis=2), high, low,
    )  # fmt: skip


def _dispersion(counts: Floats, fitted: Floats, chosen: Bools, alike: Ints) -> Floats:
    """Variance / mean of a baseline's months: Pearson's, drawn towards that of areas alike, at least 1.

    Of the months before the window only: a rise inside it must not widen its own yardstick.
    """
    fitted = np.where(chosen, fitted, 1.0)
    own = np.where(chosen, (counts - fitted) ** 2 / np.maximum(fitted, _FLOOR), 0.0).sum(axis=2)
    freedom = np.maximum(chosen.sum(axis=2) - 1.0, 0.0)
    kinds = np.eye(int(alike.max()) + 1)[alike]
    pooled = ((own @ kinds) / np.maximum(freedom @ kinds, 1.0)) @ kinds.T
    shrunken: Floats = np.maximum((own + _POOL_MONTHS * pooled) / (freedom + _POOL_MONTHS), 1.0)
    return shrunken


def _levels(raw: Floats, around: Floats, phi: Floats, alike: Ints) -> tuple[Floats, Floats]:
    """Usual shares drawn towards those of areas alike, and how much of each is its own (0..1).

    Empirical Bayes by moments, as in `funnel.shrunken_rates` (Marshall 1991), with over-dispersed noise:
    of many areas with few events those with none were mostly lucky, and would seem to rise when luck ends.
    """
    level, own = raw.copy(), np.ones_like(raw)
    for kind in np.unique(alike):
        at = alike == kind
        weight, some = around[:, at], (around[:, at] > 0).sum(axis=1, keepdims=True)
        whole = np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
        common = (raw[:, at] * weight).sum(axis=1, keepdims=True) / whole
        spread = (weight * (raw[:, at] - common) ** 2).sum(axis=1, keepdims=True) / whole
        noise = phi[:, at] * common / np.maximum(weight, 1e-9)
        between = np.maximum(spread - (noise * weight).sum(axis=1, keepdims=True) / whole, 0.0)
        keep = np.where(some >= _FEW, between / np.maximum(between + noise, 1e-30), 1.0)
        level[:, at], own[:, at] = common + keep * (raw[:, at] - common), keep
    return level, own


def _before(usable: Bools, start: int) -> Bools:
    """Of each row, the last BASE_MONTHS usable months before index `start`, not too long ago."""
    past = usable.copy()
    past[:, :, start:] = False
    past[:, :, : max(start - WINDOW, 0)] = False
    from_the_end = np.cumsum(past[:, :, ::-1], axis=2)[:, :, ::-1]
    return past & (from_the_end <= BASE_MONTHS)
