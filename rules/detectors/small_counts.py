"""Rare and harmful: exact limits on single months, where four can be far too many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.past import Past, past
from rules.baselines.pooled import ENOUGH, SURE, Bools
from rules.baselines.tails import Floats, mid_p, quantile, sf
from rules.baselines.windows import compare
from rules.detectors.choose import Hit, figures, places, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Window
from rules.spec import Knobs, Rule

_LEAST_MEAN = 0.5  # below it the limit stays where it is for a half: four


class SmallKnobs(Knobs):
    """alpha: P(this many or more) that the limit stays under; max_mean: above it a month is not small.

    county_alpha: p against the county's month that must hold too, where it can be told.
    """

    alpha: float = Field(default=0.005, gt=0, lt=0.5)
    county_alpha: float = Field(default=0.01, gt=0, lt=0.5)
    max_mean: float = Field(default=3.5, gt=0, le=10)


def limit(mean: float, alpha: float = 0.005) -> int:
    """The smallest count that a Poisson mean reaches with probability below `alpha`: 0.5 -> 4, 3 -> 9.

    The exact upper limit for a Poisson count (Garwood 1936, Biometrika 28), one-sided.
    """
    k, at_least = 0, 1.0
    while at_least >= alpha:
        k += 1
        at_least = float(sf(np.array(k - 1.0), np.array(mean), np.array(1.0)))
    return k


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """A month at or over the exact limit for the mean of up to 60 usable months before it."""
    knobs = rule.parameters
    assert isinstance(knobs, SmallKnobs)
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    t = judged.index
    chosen = old.usable["here"] & ~np.isnan(old.counts) & old.before(1)
    months = chosen.sum(axis=2)
    total = np.where(chosen, old.counts, 0.0).sum(axis=2)
    mean = np.maximum(total / np.maximum(months, 1), _LEAST_MEAN)
    count = np.where(old.clear["here"][:, :, t], old.counts[:, :, t], np.nan)
    at_least = sf(count - 1, np.where(months >= ENOUGH, mean, np.nan), np.ones_like(mean))
    shared = compare(old, 1).county.high
    found = (
        (at_least < knobs.alpha)
        & (mean <= knobs.max_mean)
        & ~(shared >= knobs.county_alpha)
        & ~(old.mute & np.isnan(shared))
    )
    for s, a in np.argwhere(found):
        m = float(mean[s, a])
        expected = _expected(old, s, a, m, chosen[s, a])
        told = figures(judged, 1)
        before = told.count("usable months before", float(total[s, a]), expected.window)
        rare = told.modelled(
            "limit of a month", limit(m, knobs.alpha), "exact Poisson limit", expected.window
        )
        yield Hit(
            int(old.s[s]), int(old.a[a]), float(at_least[s, a]), expected=expected,
            note=f"{before:,.0f} in the {int(months[s, a])} months before; "
            f"{rare} or more in one month is rare",
            claims=tuple(told.made),
        )  # fmt: skip


def _expected(old: Past, s: int, a: int, mean: float, chosen: Bools) -> Expected:
    """The exact Poisson prediction of one cell."""
    used, first = np.flatnonzero(chosen), old.part.first
    m: Floats = np.array([mean])
    one: Floats = np.ones(1)
    high, low = mid_p(old.counts[s, a, old.judged.index : old.judged.index + 1], m, one)
    short = len(used) < SURE
    return Expected(
        mean=mean, lower=float(quantile(0.025, m, one)[0]), upper=float(quantile(0.975, m, one)[0]),
        dispersion=1.0, p_high=float(high[0]), p_low=float(low[0]), months=len(used),
        window=Window(first + int(used[0]), first + int(used[-1])), basis="here",
        confidence="low" if short else "normal",
        caveat=f"low confidence: only {len(used)} usable months of history" if short else "",
    )  # fmt: skip
