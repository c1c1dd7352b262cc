"""The district stands apart from all other districts, and did not a year ago."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydantic import Field

from rules.claims import Claimant
from rules.detectors.choose import Hit, figures, places, topics
from rules.detectors.peers import League, league, peer_years
from rules.detectors.years import YEAR, year_hit
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class GapKnobs(Knobs):
    """alpha: one-sided p among the districts; ratio: least ratio; min_count: least 12-month count."""

    alpha: float = Field(default=0.005, gt=0, le=0.01)
    ratio: float = Field(default=1.25, ge=1)
    min_count: int = Field(default=60, ge=10)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the rate has left the range that the other districts span, and lay inside it a year ago."""
    knobs, years = rule.parameters, peer_years(judged)
    assert isinstance(knobs, GapKnobs)
    home = judged.cube.areas.index(judged.context.district)
    if years is None or home not in set(places(rule, judged)):
        return
    rise = rule.direction == "rise"
    for s in topics(rule, judged):
        table = league(judged, years, s)
        if table is None:
            continue
        count = float(table.now[table.home])
        mean, error, high = table.gap(table.now)
        _, _, high_before = table.gap(table.before)
        p, before = (high, high_before) if rise else (1 - high, 1 - high_before)
        wide = max(count / mean, mean / max(count, 1)) >= knobs.ratio
        if p < knobs.alpha <= before and wide and max(count, mean) >= knobs.min_count:
            told = figures(judged, YEAR)
            yield year_hit(
                judged, s, home, count=count, mean=mean, sd=mean * math.expm1(error), p=p,
                direction=rule.direction, note=_words(told, table, mean), told=told,
            )  # fmt: skip


def _words(told: Claimant, table: League, mean: float) -> str:
    people = float(table.people[table.home])
    rate = told.rate("rate", float(table.now[table.home]), people, "residents")
    others = told.rate("the other districts", mean, people, "residents, at the others' pooled rate")
    many = told.count("other districts", len(table.names) - 1)
    return (
        f"{rate:.1f} per 1,000 residents in 12 months, the other {many} districts together "
        f"{others:.1f}; a year ago the gap lay within what districts usually differ by"
    )
