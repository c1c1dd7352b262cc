"""So many months in a row on one side of what was expected of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.past import Past, past
from rules.baselines.pooled import Bools
from rules.baselines.windows import Sums, compare
from rules.detectors.choose import Hit, places, topics
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class RunKnobs(Knobs):
    """months: length of the run; alpha: p of the run's sum, shared among the places of a level."""

    months: int = Field(default=8, ge=4, le=24)
    alpha: float = Field(default=0.005, gt=0, lt=0.5)
    min_mean: float = Field(default=5.0, ge=0)
    min_excess: float = Field(default=8.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Every month of the run beyond its own expected count, here and against the county; the sum too.

    Eight in a row on one side is the run rule of control charts (Nelson 1984, J. Qual. Technol. 16); on
    its own it would ring on every half-per-cent shift, hence the p-value of the sum.
    """
    knobs, rise = rule.parameters, rule.direction == "rise"
    assert isinstance(knobs, RunKnobs)
    if judged.index < knobs.months:
        return
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    now = old.span(knobs.months)
    both = compare(old, knobs.months)
    sign = 1 if rise else -1

    p = both.joint(rule.direction)
    found = (
        (p < knobs.alpha * old.shared)
        & _beyond(old, both.here, now, sign)
        & _beyond(old, both.county, now, sign)
        & (both.mean >= knobs.min_mean * knobs.months)
        & ((both.count - both.mean) * sign >= knobs.min_excess)
    )
    side = "above" if rise else "below"
    for s, a in np.argwhere(found):
        yield Hit(
            int(old.s[s]), int(old.a[a]), float(p[s, a]), expected=both.expected(s, a),
            count=int(both.count[s, a]), span=knobs.months,
            note=f"each of the last {knobs.months} months was {side} what was expected of it",
        )  # fmt: skip


def _beyond(old: Past, one: Sums, now: Bools, sign: int) -> Bools:
    """(series, areas) every month of the run on the side asked about; no objection where not judged."""
    away = (old.counts - one.each) * sign
    found: Bools = (away[:, :, now] >= 0).all(axis=2) | np.isnan(one.mean)
    return found
