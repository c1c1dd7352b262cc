"""A part goes one way while its whole does not."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydantic import Field

from rules.claims import Claimant
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.detectors.shares import shift
from rules.detectors.years import YEAR, may_name, parent_of, two_years, upper_tail, year_hit
from rules.judgement import Judgement
from rules.month import Window
from rules.spec import Knobs, Rule


class DivergenceKnobs(Knobs):
    """alpha: one-sided p of the two going apart.

    min_count: least part in the earlier year; least: smallest relative change of it.
    """

    alpha: float = Field(default=0.01, gt=0, le=0.01)
    min_count: int = Field(default=30, ge=30)
    least: float = Field(default=0.05, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where a child rises (falls) on 12-month sums while its parent does not, beyond the county's move.

    "Does not": the parent moved the other way, or by no more than chance, 2 SD of a difference of two Poisson
    counts. Whether the two went apart is the two-proportion z of `shares`.
    """
    knobs, years = rule.parameters, two_years(judged)
    assert isinstance(knobs, DivergenceKnobs)
    if years is None:
        return
    sign = 1 if rule.direction == "rise" else -1
    for s in topics(rule, judged):
        whole = parent_of(judged, s)
        if whole is None:
            continue
        found = shift(years, years.own[s], years.own[whole], years.rest[s], years.rest[whole])
        name = judged.context.series[judged.cube.series[whole]].title
        for a in places(rule, judged):
            now, before = float(found.part[a]), float(found.part_before[a])
            all_now, all_before = float(found.whole[a]), float(found.whole_before[a])
            p = upper_tail(sign * float(found.joint[a]))
            moved = sign * (now - before) >= knobs.least * before and before >= knobs.min_count
            if p < knobs.alpha and moved and not _moved(sign, all_now, all_before):
                told = figures(judged, YEAR)
                note = f"{_change(told, judged, 'the part', now, before)} on the 12 months before, "
                note += f"while {name} as a whole "
                if may_name(judged, s, whole):
                    change = _change(told, judged, name, all_now, all_before)
                    note += f"went from {all_before:,.0f} to {all_now:,.0f} ({change})"
                else:
                    note += "did not move that way"
                yield year_hit(
                    judged, s, a, count=now, mean=float(found.mean[a]), sd=float(found.sd[a]), p=p,
                    direction=rule.direction, note=note, told=told,
                )  # fmt: skip


def _moved(sign: int, now: float, before: float) -> bool:
    return sign * (now - before) > 2 * math.sqrt(now + before)


def _change(told: Claimant, judged: Judgement, name: str, now: float, before: float) -> str:
    """In per cent: `min_count` keeps the base at 30 or more."""
    window, base = Window.ending(judged.month, YEAR), earlier(judged, YEAR)
    change = told.change(f"{name}: change", now, before, window, base)
    assert change is not None, "a base under 30 was compared"
    return f"{change:+.1f} %"
