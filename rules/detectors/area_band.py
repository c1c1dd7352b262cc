"""An area that has newly come into the partnership's top band."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.areas import Bands
from rules.baselines.share_sums import sums
from rules.detectors.area_sums import YEAR, peers, window_sums
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class BandKnobs(Knobs):
    """alpha: one-sided p against the area's usual share of the county; min_count: in the twelve months."""

    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    min_count: int = Field(default=12, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the last twelve months are "very significantly high" and the twelve before were not.

    The band compares counts of the county's areas of that kind (mean + 2 SD) and is no test: areas near
    the line cross it by chance. So the count must also be more than the area's usual share of the county.
    """
    knobs = rule.parameters
    assert isinstance(knobs, BandKnobs)
    year = window_sums(judged, YEAR)
    before = sums(judged.cube.counts, judged.index - YEAR, YEAR)
    areas = judged.context.areas
    chosen = list(places(rule, judged))
    for s in topics(rule, judged):
        for a in chosen:
            was = before[s, a]
            rose = year.p_high[s, a] < knobs.alpha and year.count[s, a] >= knobs.min_count
            if not rose or np.isnan(was):
                continue
            alike = peers(judged, areas[judged.cube.areas[a]].kind)
            now, then = Bands.over(year.count[s, alike]), Bands.over(before[s, alike])
            if not (year.count[s, a] > now.cuts[-1] and was <= then.cuts[-1]):
                continue
            told = figures(judged, YEAR)
            cut = told.modelled("cut of the top band", now.cuts[-1], "mean + 2 SD of areas of its kind")
            note = (
                f"Among the {told.count('areas of its kind', now.areas):.0f} areas of its kind in the county "
                f"it is now very significantly high (more than {cut:.1f}); in the twelve months before, with "
                f"{told.count('the year before', float(was), earlier(judged, YEAR)):.0f}, it was not"
            )
            yield Hit(
                s, a, float(year.p_high[s, a]), expected=year.expected(s, a, judged.cube.first),
                note=note, count=int(year.count[s, a]), span=YEAR, claims=tuple(told.made),
            )  # fmt: skip
