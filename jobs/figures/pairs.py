"""Two areas, or two periods, side by side: counts, denominators and what may be said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jobs.counting.feeds import Feed
from jobs.counting.grain import upwards
from jobs.counting.trends import Comparison, broken_between, masked_in
from jobs.figures.sums import alike, recorded, whole
from jobs.folder.geography import Geography, Population
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Area, Classification, Window
from rules.rate_ratio import RateRatio, rate_ratio


@dataclass(frozen=True)
class Side:
    """One of two areas. `without` is the other one where it lies in this one: it is not counted twice."""

    area: Area
    name: str  # `Sampleshire`, or `Sampleshire without Sampleton`
    count: int | None  # None: withheld or not known
    people: Population | None
    without: Area | None = None


@dataclass(frozen=True)
class AreaPair:
    """Both sides by the same feed in the same months; `shared` LSOAs lie on both, and forbid a ratio."""

    one: Side
    other: Side
    shared: int
    ratio: RateRatio | None  # of the rate of `one` over that of `other`


def area_pair(connection: Connection, house: House, feed: Feed, window: Window, areas: tuple[Area, Area],
              series: str) -> AreaPair:  # fmt: skip
    """Two areas over the published months of one window. Of two that are nested the larger is taken without
    the smaller; a remainder too small to be shown of a source that is not public is withheld."""
    place = house.geography
    outer = next((i for i in (0, 1) if lies_in(place, areas[1 - i], areas[i])), None)
    counts = [recorded(connection, feed, window, a.code) for a in areas]
    units = [a.units for a in areas]
    if outer is not None:
        counts[outer] = _shown(house, feed, series, counts[outer] - counts[1 - outer])
        units[outer] -= units[1 - outer]
    people = alike(place, units, window.last.year)
    names = _names(areas)
    one, other = (
        Side(
            areas[i], names[i] + (f" without {names[1 - i]}" if i == outer else ""),
            whole(counts[i]), people[i],
            areas[1 - i] if i == outer else None,
        )
        for i in (0, 1)
    )  # fmt: skip
    shared = len(units[0] & units[1])
    return AreaPair(one, other, shared, None if shared else _ratio(one, other))


def lies_in(geography: Geography, inner: Area, outer: Area) -> bool:
    """Whether one area is a part of another: by its LSOAs, or where it has none by what it is placed in."""
    if inner.units:
        return inner.units < outer.units
    return inner.code != outer.code and outer.code in set(upwards(geography, inner.code))


def period_pair(
    connection: Connection, house: House, feed: Feed, series: str, area: str, old: Window, new: Window
) -> Comparison | None:
    """Two periods that the feed covers in one area; None where a count is withheld or not known."""
    now, before = (whole(recorded(connection, feed, w, area)) for w in (new, old))
    if now is None or before is None:
        return None
    broken = broken_between(house, series, area, old, new)
    masked = masked_in(house, series, area, old) or masked_in(house, series, area, new)
    return Comparison(new, old, now, before, broken, masked)


def _names(areas: tuple[Area, Area]) -> list[str]:
    """Their names, with the kind where both have one name."""
    if areas[0].name != areas[1].name:
        return [a.name for a in areas]
    kinds = [a.kind.value for a in areas]
    return [
        f"{a.name} ({k.upper() if k in {'lsoa', 'msoa'} else k})" for a, k in zip(areas, kinds, strict=True)
    ]


def _ratio(one: Side, other: Side) -> RateRatio | None:
    if one.count is None or other.count is None or not (one.people and other.people):
        return None
    if not min(one.people.people, other.people.people) > 0:
        return None
    return rate_ratio(one.count, one.people.people, other.count, other.people.people)


def _shown(house: House, feed: Feed, series: str, rest: float) -> float:
    """What is left of a larger area: as small a count as any other, and withheld like one.

    Less than nothing is no count either: then the two were not counted by the same rules.
    """
    least = max(house.partnership.suppress_below, house.lexicon[series].floor)
    closed = feed.source.classification is not Classification.PUBLIC
    return math.nan if rest < 0 or (closed and 0 < rest < least) else rest
