"""A family of series in one place: the whole, its kinds, where, what touches it, and what lies beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.counting.feeds import Feed
from jobs.counting.hot import HotList, rank_areas, units_and_older
from jobs.counting.trends import masked_in
from jobs.figures.told import Figure, Told, beside, cells, figure
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Area, AreaKind, Break, Window

_HIGHEST = 5  # areas named
Open = Mapping[str, Sequence[Feed]]  # series -> the feeds that the reader may see


@dataclass(frozen=True)
class Spot:
    """One LSOA: in the place, or touching it; `columns` are other series there in the same months."""

    code: str
    name: str
    touches: bool
    count: Told
    before: Told
    columns: tuple[Told, ...]


@dataclass(frozen=True)
class Column:
    """Another series, LSOA by LSOA, and the feed that has it."""

    series: str
    feed: Feed


@dataclass(frozen=True)
class Card:
    """Everything from one feed, but `beside` and the columns: each of those is from one feed of its own."""

    whole: Figure
    kinds: tuple[Figure, ...]  # parents first; those that this source gives
    hot: HotList | None  # None: the source gives no figures by LSOA
    spots: tuple[Spot, ...]  # the highest of the place, then all that touch it, each highest first
    touching: int  # how many LSOAs touch it
    columns: tuple[Column, ...]  # what `Spot.columns` count, in that order
    beside: tuple[Figure, ...]  # in the whole place
    masked: Break | None  # a time that stands apart, inside the windows compared


@dataclass(frozen=True)
class Wanted:
    """What is asked of a family: the series itself, its columns, and what else is told beside it."""

    series: str
    columns: tuple[str, ...]
    beside: tuple[str, ...] = ()


def family_card(
    connection: Connection, house: House, feed: Feed, window: Window, area: Area, wanted: Wanted, seen: Open
) -> Card:
    """The card of one window; nothing of a feed that is not in `seen`."""
    whole = figure(connection, house, feed, wanted.series, window, area.code)
    kinds = _kinds(connection, house, whole, area, seen)
    told = {k.series for k in kinds}
    near = [s for s in (*wanted.columns, *wanted.beside) if s not in told]
    others = _beside(connection, house, whole, area, near, seen)
    small = _by_lsoa(connection, house, whole, area, seen)
    if small is None:
        return Card(whole, kinds, None, (), 0, (), others, _masked(house, whole, area))
    hot = rank_areas(connection, house, small, window, area, wanted.series, top=_HIGHEST)
    columns = _columns(connection, house, whole, area, wanted.columns, seen)
    touching = touching_lsoas(house, area)
    spots = _spots(connection, house, whole, small, hot, touching, columns)
    return Card(whole, kinds, hot, spots, len(touching), columns, others, _masked(house, whole, area))


def touching_lsoas(house: House, area: Area) -> frozenset[str]:
    """The county's LSOAs outside a place that share a corner with it; of a district or a county none."""
    if area.kind in {AreaKind.DISTRICT, AreaKind.COUNTY}:
        return frozenset()
    near = house.context.neighbours
    county = house.geography[house.partnership.county].units
    found: frozenset[str] = frozenset().union(*(near.get(u, frozenset()) for u in area.units))
    return (found - area.units) & county


def _masked(house: House, whole: Figure, area: Area) -> Break | None:
    if whole.before is None:
        return None
    return masked_in(house, whole.series, area.code, Window(whole.base.first, whole.window.last))


def _kinds(connection: Connection, house: House, whole: Figure, area: Area, seen: Open) -> tuple[Figure, ...]:
    """What is under the series, from the same source: the same table of it before another."""
    found = []
    for series in house.lexicon.family(whole.series)[1:]:
        mine = [f for f in seen.get(series, ()) if f.source.id == whole.feed.source.id]
        mine.sort(key=lambda f: f.dataset != whole.feed.dataset)
        feed = beside(connection, mine, whole.feed, whole.window, [area.code])
        if feed is not None:
            found.append(figure(connection, house, feed, series, whole.window, area.code))
    return tuple(found)


def _beside(
    connection: Connection, house: House, whole: Figure, area: Area, series: Sequence[str], seen: Open
) -> tuple[Figure, ...]:
    found = []
    for name in dict.fromkeys(series):
        where = [area.code, *units_and_older(house, area)]
        feed = beside(connection, seen.get(name, ()), whole.feed, whole.window, [area.code]) or beside(
            connection, seen.get(name, ()), whole.feed, whole.window, where
        )
        if feed is not None:
            found.append(figure(connection, house, feed, name, whole.window, area.code))
    return tuple(found)


def _by_lsoa(connection: Connection, house: House, whole: Figure, area: Area, seen: Open) -> Feed | None:
    """The feed of the same source that has the series by LSOA: for tables, often another than the whole's."""
    mine = [f for f in seen.get(whole.series, ()) if f.source.id == whole.feed.source.id]
    mine.sort(key=lambda f: f != whole.feed)
    return beside(connection, mine, whole.feed, whole.window, units_and_older(house, area))


def _columns(
    connection: Connection, house: House, whole: Figure, area: Area, series: Sequence[str], seen: Open
) -> tuple[Column, ...]:
    """Of each series the feed that has it by LSOA in the same months; none is left off."""
    units = units_and_older(house, area)
    feeds = {s: beside(connection, seen.get(s, ()), whole.feed, whole.window, units) for s in series}
    return tuple(Column(s, feed) for s, feed in feeds.items() if feed is not None)


def _spots(
    connection: Connection,
    house: House,
    whole: Figure,
    small: Feed,
    hot: HotList,
    touching: frozenset[str],
    columns: Sequence[Column],
) -> tuple[Spot, ...]:
    ranked = {r.code: r for r in hot.rows}
    wanted = {*ranked, *touching}
    compared = whole.before is not None or (not whole.broken and small.covers(whole.base))
    now = cells(connection, small, whole.window, wanted)
    before = cells(connection, small, whole.base, wanted) if compared else {}
    aside = [cells(connection, c.feed, whole.window, wanted) for c in columns]

    def spot(code: str) -> Spot:
        row = ranked.get(code)
        return Spot(
            code, house.geography[code].name, row is None, now.get(code) if row is None else row.count,
            before.get(code), tuple(told.get(code) for told in aside),
        )  # fmt: skip

    near = [spot(code) for code in touching if code in now and code not in ranked]
    near.sort(key=lambda s: (-_or_nothing(s.count), s.name))
    return (*(spot(code) for code in ranked), *near)


def _or_nothing(told: Told) -> float:
    """For sorting only: what is withheld stands last and never among its equals in rank."""
    return -1.0 if told is None or math.isnan(told) else told
