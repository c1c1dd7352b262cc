"""A district among the districts of its county, by rate: what the rules about peers see, as facts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, by_month
from rules.detectors.peers import league, peer_years
from rules.model import Area, AreaKind, Window


@dataclass(frozen=True)
class Standing:
    """`why_not` is one sentence where no rank can be given; then the rest says nothing."""

    district: str = ""  # name
    count: int = 0
    people: float = 0.0
    basis: str = ""
    rank: int = 0  # 1 = the highest rate
    districts: int = 0
    allowed: tuple[int, int] = (0, 0)  # the ranks that chance allows
    why_not: str = ""


def standing(cubes: Cubes, feed: Feed, window: Window, series: str, area: Area) -> Standing:
    """Of the area itself where it is a district, else of the district that holds it."""
    house = cubes.house
    mine = next((d for d in house.geography.of_kind(AreaKind.DISTRICT) if _holds(d, area)), None)
    if mine is None:
        return Standing(why_not=f"{area.name} lies in no single district of the county")
    if feed.span != 1:
        return Standing(why_not=f"{feed.source.short} gives no months of every district")
    districts = list(house.geography.of_kind(AreaKind.DISTRICT))
    if any(_withheld(cubes, feed, window, d) for d in districts):
        return Standing(why_not="the figures of some districts are withheld or not known")
    judged = cubes.judged(feed.source, window.last)
    years = peer_years(judged) if judged is not None and series in judged.cube.series else None
    table = league(judged, years, judged.cube.series.index(series)) if judged and years else None
    if table is None or mine.name not in table.names:
        return Standing(why_not="too few districts have two whole years of figures without a break")
    table = replace(table, home=table.names.index(mine.name))
    people = house.geography.population(mine.units, house.today.year)
    return Standing(
        mine.name, int(table.now[table.home]), float(table.people[table.home]),
        people.basis if people else "residents", table.rank(table.now), len(table.names),
        table.rank_range(table.now),
    )  # fmt: skip


def _holds(district: Area, area: Area) -> bool:
    return district.code in {area.code, area.parent} or bool(area.units and area.units <= district.units)


def _withheld(cubes: Cubes, feed: Feed, window: Window, district: Area) -> bool:
    counts = by_month(cubes.connection, feed, cubes.house.geography, window, district.code)
    return not counts or math.isnan(sum(counts.values()))
