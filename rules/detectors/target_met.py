"""A target is reached: good news, said once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rules.claims import Claimant
from rules.detectors.choose import Hit, figures
from rules.detectors.promises import Progress, progress
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class MetKnobs(Knobs):
    """Nothing to tune: a target is reached or not."""


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires in the month in which a target is met: a `rise` rule for rises, a `fall` rule for falls.

    A rise is met in the month in which the sum reaches the goal, a fall only when the window ends. The usual
    range is that of a window like the baseline.
    """
    assert isinstance(rule.parameters, MetKnobs)
    rise = rule.direction == "rise"
    for p in progress(rule, judged):
        if (p.target.direction == "increase") != rise:
            continue
        over = p.months == p.target.window.months
        met = p.count - p.last < p.goal <= p.count if rise else over and p.count <= p.goal
        if met:
            expected = p.on_pace(p.baseline, p.baseline)
            chance = expected.p_high if rise else expected.p_low
            told = figures(judged, p.months)
            yield Hit(
                p.series, p.area, chance, expected=expected, note=_words(told, p), count=int(p.count),
                span=p.months, claims=tuple(told.made),
            )  # fmt: skip


def _words(told: Claimant, p: Progress) -> str:
    goal, count = told.count("target", math.ceil(p.goal), p.target.window), told.count("so far", p.count)
    base = p.target.baseline_window
    change = told.change("change on the baseline", p.count, p.baseline, p.target.window, base)
    by = (
        f"{change:+.1f} %"
        if change is not None
        else f"{told.difference('change', p.count, p.baseline):+,.0f}"
    )
    return (
        f"{p.target.title}: the target of {goal:,} is met with {count:,.0f}, "
        f"{by} on the baseline of {told.count('baseline', p.baseline, base):,.0f}"
    )
