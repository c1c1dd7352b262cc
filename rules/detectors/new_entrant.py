"""An area that enters the district's top of the year from far below."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.areas import ranks, z_changes
from rules.baselines.share_sums import sums
from rules.detectors.area_sums import YEAR, window_sums
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class EntrantKnobs(Knobs):
    """top: places at the top of the ranking; below: how far below them it must have stood.

    min_z: least 2(sqrt new - sqrt old) between the two years, of which 1.4 are one standard deviation when
    nothing changed (see rules.claims.UNUSUAL_Z: 3 alone lets one area in sixty pass); alpha: one-sided p
    against the area's usual share of the county; min_count: in the twelve months.
    """

    top: int = Field(default=10, ge=1)
    below: int = Field(default=10, ge=0)
    min_z: float = Field(default=3.0, ge=0)
    alpha: float = Field(default=0.002, gt=0, lt=0.5)
    min_count: int = Field(default=8, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the twelve-month ranking has a newcomer whose count moved more than usual variation.

    Ranks among few events change all the time: the climb alone is no news. Equal counts share a rank.
    """
    knobs = rule.parameters
    assert isinstance(knobs, EntrantKnobs)
    year = window_sums(judged, YEAR)
    before = sums(judged.cube.counts, judged.index - YEAR, YEAR)
    chosen = np.array(list(places(rule, judged)), dtype=np.intp)
    if not len(chosen):
        return
    now, then = ranks(year.count[:, chosen]), ranks(before[:, chosen])
    z = z_changes(year.count[:, chosen], before[:, chosen])
    entered = (now <= knobs.top) & (then > knobs.top + knobs.below) & (z >= knobs.min_z)
    entered &= (year.p_high[:, chosen] < knobs.alpha) & (year.count[:, chosen] >= knobs.min_count)
    for s in topics(rule, judged):
        for i in np.flatnonzero(entered[s]):
            a = int(chosen[i])
            told, base = figures(judged, YEAR), earlier(judged, YEAR)
            was = told.count("the year before", float(before[s, a]), base)
            note = (
                f"By count it is now number {told.rank('rank', float(now[s, i]), len(chosen)):.0f} of "
                f"{len(chosen)} areas of the district; in the twelve months before, with {was:,.0f}, it was "
                f"number {told.rank('rank before', float(then[s, i]), len(chosen), base):.0f}"
            )
            yield Hit(
                s, a, float(year.p_high[s, a]), expected=year.expected(s, a, judged.cube.first),
                note=note, count=int(year.count[s, a]), span=YEAR, claims=tuple(told.made),
            )  # fmt: skip
