"""A season of the calendar, such as November to January, against the same months of earlier years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.past import past
from rules.baselines.windows import compare
from rules.detectors.choose import Hit, figures, places, topics
from rules.detectors.steady import steady
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class SeasonKnobs(Knobs):
    """first, last: calendar months (1 = January) of the season, which may cross the year's end.

    after: months of the season that must have passed; alpha: p shared among the places of a level.
    """

    first: int = Field(ge=1, le=12)
    last: int = Field(ge=1, le=12)
    after: int = Field(default=2, ge=1, le=12)
    alpha: float = Field(default=0.005, gt=0, lt=0.5)
    min_count: int = Field(default=15, ge=0)
    min_change: float = Field(default=0.2, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """The season so far; quiet outside the season, so that its alert ends soon after it.

    Against the same calendar months before (or the county's season where there are too few) and against
    what the county recorded in this very season. Without its highest month it must still be a rise, or it
    is a month's news.
    """
    knobs, sign = rule.parameters, 1 if rule.direction == "rise" else -1
    assert isinstance(knobs, SeasonKnobs)
    months = (judged.month.number - knobs.first) % 12 + 1
    if not knobs.after <= months <= (knobs.last - knobs.first) % 12 + 1 or judged.index < months:
        return
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    both = compare(old, months)
    p = both.joint(rule.direction)
    found = (
        (p < knobs.alpha * old.shared)
        & (steady(old, both, months, rule.direction) | (months == 1))
        & (np.fmax(both.count, both.mean) >= knobs.min_count)
        & (sign * (both.count - both.mean) >= knobs.min_change * both.mean)
    )
    told = figures(judged, months)
    season = told.count("months of the season", (knobs.last - knobs.first) % 12 + 1)
    for s, a in np.argwhere(found):
        yield Hit(
            int(old.s[s]), int(old.a[a]), float(p[s, a]), expected=both.expected(s, a),
            count=int(both.count[s, a]), span=months,
            note=f"{months} months into a season of {season}", claims=tuple(told.made),
        )  # fmt: skip
