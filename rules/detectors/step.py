"""A level that has moved and stayed there; from then on the months before it are another time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import Field
from scipy import special

from rules.baselines.past import Past, past
from rules.baselines.pooled import Bools
from rules.baselines.tails import Floats
from rules.baselines.windows import Compared, Sums, compare
from rules.claims import Claim
from rules.detectors.choose import Hit, figures, places, topics
from rules.detectors.steady import steady
from rules.judgement import Judgement
from rules.model import Direction
from rules.spec import Knobs, Rule

_YOUNGER = 2  # months short of confirmation that a step may fit best at


class StepKnobs(Knobs):
    """confirm, within: a step is told when it is at least and less than so many months old.

    alpha: p of the best change point, for all points tried together, shared among the places of a level.
    staying: share of the months since that must lie beyond the old level.
    """

    confirm: int = Field(default=4, ge=3, le=12)
    within: int = Field(default=9, ge=4, le=24)
    alpha: float = Field(default=0.002, gt=0, lt=0.5)
    min_change: float = Field(default=0.25, ge=0)
    min_count: int = Field(default=20, ge=0)
    staying: float = Field(default=0.8, gt=0.5, le=1)


@dataclass(frozen=True)
class _Point:
    """One possible change point: everything since it against everything before."""

    months: int
    both: Compared
    ratio: Floats  # twice the log-likelihood ratio over the dispersion; the smaller of the two bases
    p: Floats


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """One change point, by likelihood ratio on the counts given what the county recorded.

    With means proportional to an exposure before and after, 2 log LR / phi is about chi-squared on one
    degree of freedom at each point (McCullagh and Nelder 1989, 4.5 and 6.2); the points tried are paid
    for by Bonferroni, and levels that merely wander by the wider prediction of `windows`.
    """
    knobs = rule.parameters
    assert isinstance(knobs, StepKnobs)
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    # Points that may not be told are tried too: a step that fits best there is too young, or was told before.
    tried = range(max(knobs.confirm - _YOUNGER, 1), knobs.within + 1)
    points = [_point(old, k, rule.direction) for k in tried if judged.index > k]
    if not points or not len(old.s) or not len(old.a):
        return
    best = np.nanargmax(np.array([np.nan_to_num(p.ratio, nan=-1.0) for p in points]), axis=0)
    for i, point in enumerate(points):
        if not knobs.confirm <= point.months < knobs.within:
            continue
        p = np.minimum(point.p * len(points), 1.0)
        for s, a in np.argwhere((best == i) & _told(knobs, old, point, p, rule.direction)):
            told = figures(judged, point.months)
            count = told.count("since then", int(point.both.count[s, a]))
            yield Hit(
                int(old.s[s]), int(old.a[a]), float(p[s, a]), expected=point.both.expected(s, a),
                count=int(count.value), span=point.months, note=_note(old, point.months, count),
                claims=tuple(told.made),
            )  # fmt: skip


def _told(knobs: StepKnobs, old: Past, point: _Point, p: Floats, direction: Direction) -> Bools:
    both, sign = point.both, 1 if direction == "rise" else -1
    each = np.where(np.isnan(both.here.mean)[:, :, None], both.county.each, both.here.each)
    beyond = (((old.counts - each) * sign)[:, :, old.span(point.months)] >= 0).mean(axis=2)
    found: Bools = (
        (p < knobs.alpha * old.shared)
        & (beyond >= knobs.staying)
        & (sign * (both.count - both.mean) >= knobs.min_change * both.mean)
        & (np.fmax(both.count, both.mean) >= knobs.min_count)
    )
    return found & steady(old, both, point.months, direction) if found.any() else found


def _point(old: Past, months: int, direction: Direction) -> _Point:
    both = compare(old, months)
    here, county = _ratio(both.here, direction), _ratio(both.county, direction)
    ratio = np.where(old.mute & np.isnan(county), np.nan, np.fmin(here, county))
    tail = special.ndtr(-np.sqrt(np.maximum(ratio, 0.0)))  # one-sided
    return _Point(months, both, ratio, np.fmax(tail, both.joint(direction)))


def _ratio(one: Sums, direction: Direction) -> Floats:
    """2 log LR / phi of a change of level; 0 where the level moved the other way."""
    before, after = one.total + 0.5, np.maximum(one.count - one.taken, 1e-9)
    share = (one.mean - one.taken) / before  # exposure since, over exposure before
    level = (before + after) / (1 + share)
    both = after * np.log(after / (level * share)) + before * np.log(before / level)
    toward = (one.count > one.mean) if direction == "rise" else (one.count < one.mean)
    found: Floats = np.where(np.isnan(one.high), np.nan, np.where(toward, 2 * both / one.phi, 0.0))
    return found


def _note(old: Past, months: int, count: Claim) -> str:
    start = old.judged.month + (1 - months)
    return (
        f"the level moved in {start.words} and stayed: {count:,} in {months} months; "
        f"months before {start.words} no longer say what is usual"
    )
