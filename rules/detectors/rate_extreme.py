"""A rate per resident far outside the county's funnel, with the visitors said."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.share_sums import sums
from rules.baselines.tails import quantile
from rules.detectors.area_sums import YEAR, ordinary, peers
from rules.detectors.choose import Hit, figures, places, topics
from rules.findings import Expected
from rules.funnel import Funnel, funnel, shrunken_rates
from rules.judgement import Judgement
from rules.model import Window
from rules.spec import Knobs, Rule


class RateKnobs(Knobs):
    """alpha: one-sided p in the funnel, over-dispersion included; min_count: in the twelve months.

    ratio: least multiple of the county's rate, after shrinking towards it.
    """

    alpha: float = Field(default=0.0001, gt=0, lt=0.5)
    min_count: int = Field(default=12, ge=0)
    ratio: float = Field(default=3.0, ge=1)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires as long as a place's year per resident is beyond the funnel of the county's places of its kind.

    The funnel is widened by how much such places differ anyway (Spiegelhalter 2005). Where visitors come,
    residents are the wrong denominator: the count is told first, and that it is no risk. Months of events
    held there do not decide.
    """
    knobs = rule.parameters
    assert isinstance(knobs, RateKnobs)
    cube, areas = judged.cube, judged.context.areas
    year = sums(cube.counts, judged.index, YEAR)
    plain = ordinary(judged, YEAR)
    chosen = list(places(rule, judged))
    for kind in dict.fromkeys(areas[cube.areas[a]].kind for a in chosen):
        alike = peers(judged, kind)
        people = np.array([judged.context.people.get(cube.areas[a], np.nan) for a in alike])
        for s in topics(rule, judged):
            if np.isnan(year[s, alike]).all() or np.isnan(people).all():
                continue
            fan, rates = funnel(plain[s, alike], people), shrunken_rates(plain[s, alike], people)
            far = (fan.p_high < knobs.alpha) & (plain[s, alike] >= knobs.min_count)
            far &= rates >= knobs.ratio * fan.rate
            whole = funnel(year[s, alike], people)
            for j in np.flatnonzero(far & np.isin(alike, chosen)):
                yield _hit(
                    judged, s, alike[j], float(people[j]), fan, whole, int(j), float(year[s, alike[j]])
                )


def _hit(
    judged: Judgement, s: int, a: np.intp, people: float, fan: Funnel, whole: Funnel, j: int, count: float
) -> Hit:
    """Decided by ordinary months, told with all of them."""
    mean, factor = whole.expected[j : j + 1], np.array([whole.factor])
    low, high = (float(quantile(q, mean, factor)[0]) for q in (0.025, 0.975))
    window = Window.ending(judged.month, YEAR)
    expected = Expected(
        mean=float(mean[0]), lower=low, upper=high, dispersion=whole.factor,
        p_high=float(whole.p_high[j]), p_low=float(whole.p_low[j]), months=YEAR,
        window=window, basis="county",
    )  # fmt: skip
    told = figures(judged, YEAR)
    rate = told.rate("rate", count, people, "residents")
    usual = told.rate("the county's rate", float(mean[0]), people, "residents, at the rate of all areas")
    note = (
        f"{rate:.1f} per 1,000 of {people:,.0f} residents; the county's rate is {usual:.1f}, "
        f"which would make {usual.numerator:.1f} here"
    )
    visitor = judged.context.visitor(judged.cube.areas[a])
    if visitor:
        note += f"; {visitor} are not among the residents, so the rate is not risk"
    return Hit(
        s, int(a), float(fan.p_high[j]), expected=expected, note=note, count=int(count), span=YEAR,
        claims=tuple(told.made),
    )  # fmt: skip
