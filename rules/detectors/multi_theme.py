"""An area that is very significantly high for many series at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from pydantic import Field
from scipy import special

from rules.areas import Bands
from rules.baselines.pooled import Bools
from rules.baselines.share_sums import sums
from rules.baselines.tails import Floats
from rules.claims import Claimant
from rules.detectors.area_sums import YEAR, among, listed, peers
from rules.detectors.choose import Hit, figures, places, topics
from rules.judgement import Judgement
from rules.model import Window
from rules.spec import Knobs, Rule


class ThemeKnobs(Knobs):
    """min_series: in how many series at once; min_count: in the twelve months, of each.

    alpha: p of so many by coincidence; headline: the series that speaks for all, where there is one.
    """

    min_series: int = Field(default=5, ge=2)
    min_count: int = Field(default=5, ge=0)
    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    headline: str = "total"


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires as long as an area is in the top band for several series: where it stands, not what changed.

    The figure told is the headline series (else the largest one in the band), which must be above the range
    of 95 % of the county's areas. p is binomial: the chance of a place in the top band of so many series
    if each series chose its top areas without regard to the others.
    """
    knobs = rule.parameters
    assert isinstance(knobs, ThemeKnobs)
    cube, areas = judged.cube, judged.context.areas
    year = sums(cube.counts, judged.index, YEAR)
    looked = [s for s in topics(rule, judged) if not np.isnan(year[s]).all()]
    window = Window.ending(judged.month, YEAR)
    chosen = list(places(rule, judged))
    for kind in dict.fromkeys(areas[cube.areas[a]].kind for a in chosen):
        alike = peers(judged, kind)
        high = np.array([_top(year[s, alike], knobs.min_count) for s in looked]).reshape(-1, len(alike))
        themes = high.sum(axis=0)
        p = special.bdtrc(themes - 1.0, len(looked), high.mean() if high.size else 0.0)
        for j in np.flatnonzero((themes >= knobs.min_series) & np.isin(alike, chosen)):
            a = int(alike[j])
            mine = sorted(np.array(looked)[high[:, j]], key=lambda s: (-year[s, a], cube.series[s]))
            s = cube.series.index(knobs.headline) if knobs.headline in cube.series else int(mine[0])
            usual = among(float(year[s, a]), year[s, alike], window)
            if not (p[j] < knobs.alpha and year[s, a] > usual.upper):
                continue
            told = figures(judged, YEAR)
            types = listed(_title(told, judged, m, float(year[m, a])) for m in mine)
            note = (
                f"Among the {told.count('areas of its kind', len(alike))} areas of its kind in the county it "
                f"is very significantly high in {told.count('types very significantly high', len(mine))} of "
                f"{told.count('types', len(looked))} types: {types}"
            )
            yield Hit(
                s, a, float(p[j]), expected=replace(usual, p_high=float(p[j]), p_low=1 - float(p[j])),
                note=note, count=int(year[s, a]), span=YEAR, claims=tuple(told.made),
            )  # fmt: skip


def _top(counts: Floats, least: int) -> Bools:
    """Which areas of the county are in the top band of one series."""
    found: Bools = (counts > Bands.over(counts).cuts[-1]) & (counts >= least)
    return found


def _title(told: Claimant, judged: Judgement, s: int, count: float) -> str:
    title = judged.context.series[judged.cube.series[s]].title
    return f"{title.lower()} {told.count(title, count):,.0f}"
