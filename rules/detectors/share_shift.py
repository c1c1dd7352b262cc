"""A series makes up more (or less) of what it is part of than in the year before."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.claims import Claimant
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.detectors.shares import Shift, shift
from rules.detectors.years import YEAR, Years, may_name, parent_of, two_years, upper_tail, year_hit
from rules.judgement import Judgement
from rules.month import Window
from rules.spec import Knobs, Rule


class ShareKnobs(Knobs):
    """z: least |z| of the shift; min_count: least part in the larger year; min_points: percentage points."""

    z: float = Field(default=3.0, ge=2.33)
    min_count: int = Field(default=20, ge=5)
    min_points: float = Field(default=1.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where a child's share of its parent moved over 12 months, here and beyond the county's move."""
    knobs, years = rule.parameters, two_years(judged)
    assert isinstance(knobs, ShareKnobs)
    if years is None:
        return
    for s in topics(rule, judged):
        whole = parent_of(judged, s)
        if whole is not None:
            yield from share_hits(rule, knobs, judged, years, s, whole)


def share_hits(
    rule: Rule, knobs: ShareKnobs, judged: Judgement, years: Years, s: int, whole: int
) -> Iterator[Hit]:
    """The places of the rule where series `s` as a share of series `whole` moved the rule's way."""
    found = shift(years, years.own[s], years.own[whole], years.rest[s], years.rest[whole])
    sign = 1 if rule.direction == "rise" else -1
    words = share_words if may_name(judged, s, whole) else _share_only
    name = judged.context.series[judged.cube.series[whole]].title
    for a in places(rule, judged):
        z = float(found.joint[a])
        enough = max(found.part[a], found.part_before[a]) >= knobs.min_count
        if sign * z >= knobs.z and enough and sign * found.points[a] >= knobs.min_points:
            told = figures(judged, YEAR)
            yield year_hit(
                judged, s, a, count=found.part[a], mean=float(found.mean[a]), sd=float(found.sd[a]),
                p=upper_tail(abs(z)), direction=rule.direction,
                note=words(told, found, a, name, earlier(judged, YEAR)), told=told,
            )  # fmt: skip


def _share_only(_told: Claimant, _found: Shift, _a: int, name: str, _base: Window) -> str:
    return f"its share of {name} has moved"


def share_words(told: Claimant, found: Shift, a: int, name: str, base: Window) -> str:
    """`19.5 % of ASB in 12 months (137 of 702), after 13.0 % (90 of 690) in the 12 before`."""
    now, before = (
        f"{told.share('share', float(c), float(n), name, window):.1f} % of {name}{when} "
        f"({c:,.0f} of {n:,.0f})"
        for c, n, window, when in (
            (found.part[a], found.whole[a], told.window, " in 12 months"),
            (found.part_before[a], found.whole_before[a], base, " in the 12 before"),
        )
    )
    return f"{now}, after {before}"
