"""A target at the month judged: what was recorded so far, what it should be by now, where it will end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rules.baselines.tails import Floats, cdf, mid_p, quantile
from rules.detectors.choose import places, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Break
from rules.month import Month, Window
from rules.spec import Rule
from rules.targets import Target

FIRM = 12  # months of baseline that are needed to know a season and a dispersion


@dataclass(frozen=True)
class Progress:
    """Counts of one target. `elapsed` is the share of a year's count that is usual by now."""

    target: Target
    series: int
    area: int
    months: int  # of the target's window, gone by
    count: float
    last: float  # the newest month's
    goal: float
    baseline: float
    elapsed: float
    dispersion: float

    def on_pace(self, end: float, weight: float) -> Expected:
        """What would stand here had the window been on its way to `end`; with the doubt about its share.

        `weight` is the count on which `end` itself rests (infinite where it is a promise): negative binomial,
        variance phi mean + (share's and end's own variance). The share of the year gone by is a binomial
        proportion of the baseline.
        """
        mean = end * self.elapsed
        season = end * end * self.elapsed * (1 - self.elapsed) * self.dispersion / max(self.baseline, 1)
        variance = self.dispersion * mean + season + mean * mean * self.dispersion / weight
        factor = max(variance / mean, 1.0)
        m, f = np.array([mean]), np.array([factor])
        high, low = mid_p(np.array([self.count]), m, f)
        return Expected(
            mean=mean, lower=float(quantile(0.025, m, f)[0]), upper=float(quantile(0.975, m, f)[0]),
            dispersion=factor, p_high=float(high[0]), p_low=float(low[0]), months=self.months,
            window=self.target.baseline_window, basis="here",
        )  # fmt: skip

    def projected(self) -> tuple[float, float, float, float]:
        """Mean and 95 % range of the count at the end of the window, and P(at most the goal).

        What is left, given what is there, is negative binomial: mean count (1 - e) / e, its variance with the
        count's own chance (a gamma rate, known from the count) and the season's.
        """
        e, phi = self.elapsed, self.dispersion
        left = max(self.count, 0.5) * (1 - e) / e
        if left <= 0:
            return self.count, self.count, self.count, float(self.count <= self.goal)
        season = (self.count / e**2) ** 2 * e * (1 - e) * phi / max(self.baseline, 1)
        factor = max((phi * left * (1 + (1 - e) / e) + season) / left, 1.0)
        m, f = np.array([left]), np.array([factor])
        low, high = (self.count + float(quantile(q, m, f)[0]) for q in (0.025, 0.975))
        met = float(cdf(np.array([math.floor(self.goal - self.count)]), m, f)[0])
        return self.count + left, low, high, met


def progress(rule: Rule, judged: Judgement) -> Iterator[Progress]:
    """Every target of the rule's series and areas whose window is on, with all of its months published.

    Nothing where the baseline is not known, or lies across a point that no comparison may cross.
    """
    wanted, where = set(topics(rule, judged)), set(places(rule, judged))
    names, codes = judged.cube.series, judged.cube.areas
    for target in judged.context.targets:
        if judged.month not in target.window or target.series not in names or target.area not in codes:
            continue
        s, a = names.index(target.series), codes.index(target.area)
        if s in wanted and a in where:
            found = _progress(judged, target, s, a)
            if found is not None:
                yield found


def progress_of(judged: Judgement, target: Target) -> Progress | None:
    """One target at the month judged, whatever rule asks; None as in `progress`."""
    names, codes = judged.cube.series, judged.cube.areas
    if judged.month not in target.window or target.series not in names or target.area not in codes:
        return None
    return _progress(judged, target, names.index(target.series), codes.index(target.area))


def _progress(judged: Judgement, target: Target, s: int, a: int) -> Progress | None:
    done = _months(judged, s, a, Window(target.window.first, judged.month))
    base = target.baseline_window
    past = _months(judged, s, a, base) if base else None
    if done is None or broken(target, judged.context.breaks, judged.month):
        return None
    return measured(target, judged.month, done, past, s, a)


def measured(
    target: Target, month: Month, done: Floats, past: Floats | None, s: int = -1, a: int = -1
) -> Progress | None:
    """The target at a month of its window, from the counts of the window so far and of its baseline.

    Both arrays are counts month by month, or one count for all of it; None where the baseline is not known.
    `s` and `a` are indices in a cube, where there is one.
    """
    window, base = Window(target.window.first, month), target.baseline_window
    baseline = (
        target.baseline if target.baseline is not None else float(past.sum()) if past is not None else None
    )
    goal = target.goal(baseline)
    if goal is None or not baseline:
        return None
    goal = round(goal, 6)  # 100 and a tenth are 110.00000000000001
    share, phi = window.months / target.window.months, 1.0
    if past is not None and len(past) >= FIRM and past.sum() > 0:
        phi = max(float(past.var(ddof=1) / past.mean()), 1.0)
        if base and len(past) == target.window.months and base.first.number == target.window.first.number:
            share = float(np.clip(past[: window.months].sum() / past.sum(), 0.01, 1.0))
    if window.months == target.window.months:
        share = 1.0
    return Progress(
        target, s, a, window.months, float(done.sum()), float(done[-1]), goal, baseline, share, phi
    )


def _months(judged: Judgement, s: int, a: int, window: Window) -> Floats | None:
    """The counts of a window; None where a month is missing or outside the cube."""
    first, last = window.first - judged.cube.first, window.last - judged.cube.first
    if first < 0 or last >= judged.cube.counts.shape[2]:
        return None
    found: Floats = judged.cube.counts[s, a, first : last + 1]
    return None if np.isnan(found).any() else found


def broken(target: Target, breaks: Iterable[Break], month: Month) -> Break | None:
    """The first straddle between baseline and the window up to a month, or mask inside one of them."""
    base = target.baseline_window
    start = base.first if base else target.window.first
    spans = [w for w in (base, Window(target.window.first, month)) if w]
    for known in breaks:
        if not known.touches(target.series, target.area):
            continue
        if known.mask == "straddle" and start < known.first <= month:
            return known
        if known.mask != "straddle" and any(
            known.first <= w.last and (known.last is None or w.first <= known.last) for w in spans
        ):
            return known
    return None
