"""Every area of a place for a map and its list: by count or by rate, with what is withheld."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from jobs.counting.feeds import Feed
from jobs.counting.hot import HotList, rank_areas
from jobs.facts import HotArea
from jobs.figures.told import cells
from jobs.house import House
from jobs.store.engine import Connection
from rules.areas import Bands
from rules.model import Area, Window

_ALL = 100_000


@dataclass(frozen=True)
class Mapped:
    """A ranking of all areas, and the LSOAs without a place in it, since their counts are withheld."""

    hot: HotList
    withheld: tuple[str, ...]


def map_areas(
    connection: Connection,
    house: House,
    feed: Feed,
    window: Window,
    area: Area,
    series: str,
    *,
    by_rate: bool,
) -> Mapped:
    """The areas of a place. By rate, bands are over the county's rates; printed bands stay as printed."""
    hot = rank_areas(connection, house, feed, window, area, series, by_rate=by_rate, top=_ALL)
    if hot.withheld or feed.family is not None:  # of a closed source `hot.hidden` has what is not told
        return Mapped(hot, ())
    told = cells(connection, feed, window, area.units)
    hidden = sorted(code for code, n in told.items() if n is not None and math.isnan(n))
    if by_rate and hot.cuts is not None:
        hot = _by_rate(connection, house, feed, window, hot)
    return Mapped(hot, tuple(hidden))


def _by_rate(connection: Connection, house: House, feed: Feed, window: Window, hot: HotList) -> HotList:
    county = house.geography[house.partnership.county]
    rates = []
    for code, n in cells(connection, feed, window, county.units).items():
        people = house.geography.population([code], window.last.year)
        rates.append(math.nan if n is None or people is None else 1000 * n / people.people)
    bands = Bands.over(np.array(rates))
    said = (
        f"bands over the rates of {bands.areas} LSOAs of {county.name}: mean {bands.mean:.1f}, SD "
        f"{bands.sd:.1f} per 1,000; very significantly high is more than mean + 2 SD, significantly high "
        "mean + 1 SD"
    )
    return replace(hot, rows=tuple(_banded(r, bands) for r in hot.rows), bands=said, cuts=bands)


def _banded(row: HotArea, bands: Bands) -> HotArea:
    band = bands.of(row.rate).value if row.rate is not None else ""
    return HotArea(**{**vars(row), "band": band})
