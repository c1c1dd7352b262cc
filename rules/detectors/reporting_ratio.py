"""Reports go one way and offences the other: the ratio between the two moves."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.detectors.choose import Hit, earlier, figures, places
from rules.detectors.shares import Shift, shift
from rules.detectors.years import YEAR, may_name, pairs, two_years, upper_tail, year_hit
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class RatioKnobs(Knobs):
    """offences: reports -> offences series; z: least |z|; min_count: least of either in either year."""

    offences: dict[str, str] = Field(min_length=1)
    z: float = Field(default=3.0, ge=2.33)
    min_count: int = Field(default=30, ge=30)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where reports rise while offences fall (for a `fall` rule the other way round).

    The ratio of two Poisson counts is judged by the share of one in their sum (Przyborowski and Wilenski
    1940).
    """
    knobs, years = rule.parameters, two_years(judged)
    assert isinstance(knobs, RatioKnobs)
    if years is None:
        return
    sign = 1 if rule.direction == "rise" else -1
    for s, other in pairs(judged, knobs.offences):
        if judged.cube.series[s] not in rule.scope.series:
            continue
        own, rest = years.own, years.rest
        found = shift(years, own[s], own[s] + own[other], rest[s], rest[s] + rest[other])
        name = judged.context.series[judged.cube.series[other]].title
        for a in places(rule, judged):
            z, against = float(found.joint[a]), _against(found, a)
            moved = sign * (found.part[a] - found.part_before[a]) > 0 > sign * (against[0] - against[1])
            least = min(found.part[a], found.part_before[a], *against)
            if sign * z >= knobs.z and moved and least >= knobs.min_count:
                told, base = figures(judged, YEAR), earlier(judged, YEAR)
                reports = told.count("reports", float(found.part[a]))
                was = told.count("reports before", float(found.part_before[a]), base)
                note = f"{reports:,.0f} in 12 months after {was:,.0f} in the 12 before, "
                note += f"while {name} went the other way"
                if may_name(judged, s, other):
                    then, now = told.count(name, against[1], base), told.count(name, against[0])
                    note += f", from {then:,.0f} to {now:,.0f}"
                yield year_hit(
                    judged, s, a, count=found.part[a], mean=float(found.mean[a]), sd=float(found.sd[a]),
                    p=upper_tail(abs(z)), direction=rule.direction, note=note, told=told,
                )  # fmt: skip


def _against(found: Shift, a: int) -> tuple[float, float]:
    """The other series in the later and the earlier year."""
    return float(found.whole[a] - found.part[a]), float(found.whole_before[a] - found.part_before[a])
