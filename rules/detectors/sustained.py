"""Several months together above, or below, what the same months were: no single month makes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field

from rules.baselines.past import Past, past
from rules.baselines.pooled import LONGEST, Bools
from rules.baselines.windows import Compared, compare
from rules.claims import Claimant
from rules.detectors.choose import Hit, figures, places, topics
from rules.detectors.steady import steady
from rules.judgement import Judgement
from rules.model import Direction, Window
from rules.spec import Knobs, Rule

Span = Annotated[int, Field(ge=1, le=LONGEST)]


class SustainedKnobs(Knobs):
    """months: the sums looked at; alpha: one-sided p of each, shared among the places of a level.

    county_alpha: p of the share of the county, which confirms (and decides alone, at alpha, where the own
    past cannot be judged). No single month may make the movement: see `steady`. min_count: of the larger
    of recorded and expected; min_change: least change as a share of the expected sum.
    """

    months: tuple[Span, ...] = Field(default=(3, 6, 12), min_length=1)
    alpha: float = Field(default=0.002, gt=0, lt=0.5)
    county_alpha: float = Field(default=0.004, gt=0, lt=0.5)
    min_count: int = Field(default=20, ge=0)
    min_excess: float = Field(default=8.0, ge=0)
    min_change: float = Field(default=0.15, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """The months' sum that deviates most clearly, for each series and place."""
    yield from moved(rule, judged, list(topics(rule, judged)))


def moved(rule: Rule, judged: Judgement, series: list[int]) -> Iterator[Hit]:
    """The same for chosen series (indices into the cube).

    Baseline: the level and season known when the first of the months began, carried on along its slope,
    and the share of the county over the same months; both must be unusual.
    """
    knobs, direction = rule.parameters, rule.direction
    assert isinstance(knobs, SustainedKnobs)
    old = past(judged, series, list(places(rule, judged)))
    best: dict[tuple[int, int], tuple[float, int, Compared]] = {}
    for months in knobs.months:
        if judged.index < months:
            continue
        wide, found = look(knobs, old, direction, months)
        for s, a in np.argwhere(found):
            p = float(wide.joint(direction, _ease(knobs))[s, a])
            if p < best.get((s, a), (1.0,))[0]:
                best[s, a] = (p, months, wide)
    for (s, a), (p, months, wide) in sorted(best.items()):
        count, told = int(wide.count[s, a]), figures(judged, months)
        yield Hit(
            int(old.s[s]), int(old.a[a]), p, expected=wide.expected(s, a), count=count, span=months,
            note=_note(told, old, s, a, months, count), claims=tuple(told.made),
        )  # fmt: skip


def look(knobs: SustainedKnobs, old: Past, direction: Direction, months: int) -> tuple[Compared, Bools]:
    """One sum everywhere, and where it rings: what the simulation of error rates measures."""
    wide = compare(old, months)
    change = (wide.count - wide.mean) * (1 if direction == "rise" else -1)
    found: Bools = (
        (wide.joint(direction, _ease(knobs)) < knobs.alpha * old.shared)
        & (change >= knobs.min_excess)
        & (change >= knobs.min_change * wide.mean)
        & (np.fmax(wide.count, wide.mean) >= knobs.min_count)
    )
    return wide, found & steady(old, wide, months, direction) if found.any() else found


def _ease(knobs: SustainedKnobs) -> float:
    return min(knobs.alpha / knobs.county_alpha, 1.0)


def _note(told: Claimant, old: Past, s: int, a: int, months: int, count: int) -> str:
    """What was recorded in the same months a year earlier; nothing where that was not published."""
    t = old.judged.index
    if t - months - 11 < 0:
        return ""
    before = old.counts[s, a, t - months - 11 : t - 11]
    if np.isnan(before).any():
        return ""
    then = told.count("a year earlier", int(before.sum()), Window.ending(old.judged.month + -12, months))
    return f"{then:,} were recorded in the same months a year earlier, {told.count('now', count):,} now"
