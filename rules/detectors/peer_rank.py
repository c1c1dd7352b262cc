"""The district's rank among the county's districts changes, and by more than noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.claims import Claimant
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.detectors.peers import CLEAR, League, against_county, league, peer_years
from rules.detectors.years import YEAR, upper_tail, year_hit
from rules.judgement import Judgement
from rules.month import Window
from rules.spec import Knobs, Rule


class RankKnobs(Knobs):
    """z: least z of the district's moving share of the county; min_count: least 12-month count."""

    z: float = Field(default=3.0, ge=2.33)
    min_count: int = Field(default=60, ge=30)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the rank by rate is another than a year before and three things hold.

    Our part of the county's count moved (two-proportion z), one of the districts passed is now clearly on the
    other side, and it was not before. A rank that changed because two districts are level is no news.
    """
    knobs, years = rule.parameters, peer_years(judged)
    assert isinstance(knobs, RankKnobs)
    home = judged.cube.areas.index(judged.context.district)
    if years is None or home not in set(places(rule, judged)):
        return
    sign = 1 if rule.direction == "rise" else -1
    for s in topics(rule, judged):
        table = league(judged, years, s)
        if table is None or table.now[table.home] < knobs.min_count:
            continue
        moved = against_county(judged, years, s)
        z = sign * float(moved.z[0])
        passed = _passed(table, sign)
        if z >= knobs.z and passed and sign * (table.rank(table.before) - table.rank(table.now)) > 0:
            told = figures(judged, YEAR)
            yield year_hit(
                judged, s, home, count=float(table.now[table.home]), mean=float(moved.mean[0]),
                sd=float(moved.sd[0]), p=upper_tail(z), direction=rule.direction,
                note=_words(told, table, earlier(judged, YEAR)), told=told,
            )  # fmt: skip


def _passed(table: League, sign: int) -> list[str]:
    """Districts on the other side of ours than a year ago, and clearly so now."""
    now, before = sign * table.apart(table.now), sign * table.apart(table.before)
    return [table.names[i] for i in np.flatnonzero((now >= CLEAR) & (before < 0))]


def _words(told: Claimant, table: League, before: Window) -> str:
    of = len(table.names)
    rate = told.rate("rate", float(table.now[table.home]), float(table.people[table.home]), "residents")
    first, last = (told.rank("rank that chance allows", n, of) for n in table.rank_range(table.now))
    sure = f"rank {first}" if first.value == last.value else f"any rank from {first} to {last}"
    now, then = told.rank("rank", table.rank(table.now), of), table.rank(table.before)
    return (
        f"rank {now} of {of} districts by rate ({rate:.1f} per 1,000 residents in 12 months), "
        f"a year ago rank {told.rank('rank before', then, of, before)}; chance allows {sure}"
    )
