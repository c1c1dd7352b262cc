"""Areas whose months together are far from their usual share of the county."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.pooled import Bools
from rules.baselines.share_sums import ShareSums
from rules.baselines.tails import Floats
from rules.detectors.area_sums import window_sums
from rules.detectors.choose import Hit, figures, levels, topics
from rules.judgement import Judgement
from rules.multiplicity import adjusted
from rules.spec import Knobs, Rule


class AreaRiseKnobs(Knobs):
    """windows: lengths in months; q: share of false ones among what rings, in a level and month.

    min_count: in the window (of a fall: expected); min_excess: over (under) what is expected of it.
    """

    windows: tuple[int, ...] = (12, 3)
    q: float = Field(default=0.1, gt=0, lt=0.5)
    min_count: int = Field(default=8, ge=0)
    min_excess: float = Field(default=6.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires on the areas of a level that a false discovery rate of q picks out, all windows together.

    Benjamini and Hochberg (1995) over every series, area and window of the level; of an area that rings
    in several windows the one with the smallest p is told.
    """
    knobs = rule.parameters
    assert isinstance(knobs, AreaRiseKnobs)
    series = np.array(list(topics(rule, judged)), dtype=np.intp)
    looks = [window_sums(judged, months) for months in knobs.windows]
    rise = rule.direction == "rise"
    for level in levels(rule, judged):
        cut = np.ix_(series, level)
        p: Floats = np.array([(x.p_high if rise else x.p_low)[cut] for x in looks])
        rings = (adjusted(p) <= knobs.q) & np.array([_matters(knobs, x, rise)[cut] for x in looks])
        best = np.where(rings, p, np.inf).argmin(axis=0)
        for i, j in zip(*np.nonzero(rings.any(axis=0)), strict=True):
            yield _hit(judged, looks[best[i, j]], int(series[i]), int(level[j]), float(p[best[i, j], i, j]))


def _matters(knobs: AreaRiseKnobs, look: ShareSums, rise: bool) -> Bools:
    """Enough of them, and enough more (fewer) than expected: NaN never is."""
    excess = look.count - look.mean if rise else look.mean - look.count
    enough: Bools = ((look.count if rise else look.mean) >= knobs.min_count) & (excess >= knobs.min_excess)
    return enough


def _hit(judged: Judgement, look: ShareSums, s: int, a: int, p: float) -> Hit:
    county = judged.cube.areas.index(judged.context.county)
    start = judged.index - look.window.months + 1
    told = figures(judged, look.window.months)
    whole = told.count("the county", float(judged.cube.counts[s, county, start : judged.index + 1].sum()))
    return Hit(
        s, a, p, expected=look.expected(s, a, judged.cube.first), count=int(look.count[s, a]),
        note=f"The county as a whole recorded {whole:,.0f} in the same {look.window.months} months",
        span=look.window.months, claims=tuple(told.made),
    )  # fmt: skip
