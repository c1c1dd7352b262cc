"""A small subset rises while its total falls."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.detectors.exact import fisher_mid_p
from rules.detectors.years import YEAR, Years, may_name, parent_of, two_years, year_hit
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class SubsetKnobs(Knobs):
    """alpha: exact one-sided p; min_count, least: smallest count and relative rise.

    county_alpha: the same p of the subset's part in the county's, which only has to be no shared rise;
    total: the series to set it against, where that is not its parent.
    """

    alpha: float = Field(default=0.005, gt=0, le=0.01)
    county_alpha: float = Field(default=0.1, gt=0, lt=0.5)
    min_count: int = Field(default=10, ge=5)
    least: float = Field(default=0.2, ge=0)
    total: str = ""


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the subset's 12-month sum rises, its total's falls, and the two cannot be one movement.

    Where the county knows the subset too, its rise must not be one that everybody shares.
    """
    knobs, years = rule.parameters, two_years(judged)
    assert isinstance(knobs, SubsetKnobs)
    assert rule.direction == "rise", "a subset that falls while its total rises is a divergence"
    if years is None:
        return
    names = judged.cube.series
    for s in topics(rule, judged):
        whole = names.index(knobs.total) if knobs.total in names else parent_of(judged, s)
        if whole is None:
            continue
        for a in places(rule, judged):
            hit = _look(knobs, judged, years, s, whole, a)
            if hit is not None:
                yield hit


def _look(knobs: SubsetKnobs, judged: Judgement, years: Years, s: int, whole: int, a: int) -> Hit | None:
    now, before = (float(n) for n in years.sums(years.own[s, a]))
    total, total_before = (float(n) for n in years.sums(years.own[whole, a]))
    # A NaN in any of the four makes this false.
    if not (
        total < total_before and now >= max(knobs.min_count, before * (1 + knobs.least)) and total >= now
    ):
        return None
    if total_before < before:
        return None
    p = fisher_mid_p(now, total, before, total_before)
    if _beyond_county(years, s, a, now, before) >= knobs.county_alpha:
        return None
    if p >= knobs.alpha:
        return None
    name = judged.context.series[judged.cube.series[whole]].title
    told, base = figures(judged, YEAR), earlier(judged, YEAR)
    note = f"{told.count('the part', now):,.0f} after {told.count('the part before', before, base):,.0f} "
    note += f"in the 12 months before, while {name} fell"
    if may_name(judged, s, whole):
        note += f" from {told.count(name, total_before, base):,.0f} to {told.count(name, total):,.0f}"
    share = (now + before) / (total + total_before)
    mean = max(total * before / total_before, 0.5)
    sd = total * math.sqrt(share * (1 - share) * (1 / total + 1 / total_before))
    return year_hit(judged, s, a, count=now, mean=mean, sd=sd, p=p, direction="rise", note=note, told=told)


def _beyond_county(years: Years, s: int, a: int, now: float, before: float) -> float:
    """The same exact p of this place's part in the county's subset; 0 where the county says nothing."""
    rest, rest_before = (float(n) for n in years.sums(years.rest[s, a]))
    if np.isnan(rest + rest_before) or rest + rest_before <= 0:
        return 0.0
    return fisher_mid_p(now, now + rest, before, before + rest_before)
