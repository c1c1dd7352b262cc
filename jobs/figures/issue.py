"""The six questions about one series in one area, as facts: one feed and one window for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, feeds
from jobs.counting.hot import HotList, rank_areas
from jobs.counting.trends import Trend, monthly_trend, table_trend
from jobs.figures.communities import Communities, communities
from jobs.figures.peers import PeerTable, district_of, rank_districts, telling
from jobs.figures.promises import Promise, promises_of
from jobs.figures.sums import recorded, whole
from jobs.figures.told import beside
from rules.areas import ranks
from rules.model import Area, AreaKind, Month, Window

_TOP = 3


@dataclass(frozen=True)
class Among:
    """A series among the others of its basket; None where a count is withheld, not known or not there."""

    parent: str | None  # id of the basket it is a part of
    own: int | None
    whole: int | None  # the basket's count
    kinds: int  # parts of the basket that the source gives, itself included
    rank: int | None  # among them, 1 = highest; None where one of them is withheld
    largest: tuple[str, int] | None  # of a series that is part of nothing: its own largest part


@dataclass(frozen=True)
class Issue:
    """The answers in the order of the questions."""

    trend: Trend
    among: Among
    targets: tuple[Promise, ...]  # the newest first
    by_count: HotList | None  # None: the area is one LSOA, or the source gives none
    by_rate: HotList | None
    communities: Communities
    home: Area | None  # the district that the area is or lies in
    peers: PeerTable | None  # that district among the county's; None where this feed has no months of them


def issue(
    cubes: Cubes,
    feed: Feed,
    where: tuple[Feed, ...],
    window: Window,
    area: Area,
    series: str,
    until: Month | None,
    readers: Readers,
) -> Issue:
    """All six from one feed and the twelve months (the period of a table) of `window`.

    Annual tables print one thing each: which areas are highest may come from another of `where` (feeds with
    figures for LSOAs of the area) of the same source and period. Targets may have been counted by another
    source; nothing after `until` is known.
    """
    connection, house = cubes.connection, cubes.house
    if feed.span == 1:
        trend = monthly_trend(cubes, feed, series, area.code, Window.ending(window.last, 24))
    else:
        trend = table_trend(connection, house, feed, series, area.code, None)
    same = (f for f in where if f.source.id == feed.source.id and f.span == feed.span and f.covers(window))
    placed = feed if feed.span == 1 else next(same, feed)
    hot = [
        rank_areas(connection, house, placed, window, area, series, by_rate=by_rate, top=_TOP)
        if area.kind is not AreaKind.LSOA
        else None
        for by_rate in (False, True)
    ]
    promises = promises_of(connection, house, until, readers, series, area)
    home = district_of(house, area)
    return Issue(
        trend, _among(cubes, feed, window, area, series, readers),
        tuple(sorted(promises, key=lambda p: p.target.window.last, reverse=True)), hot[0], hot[1],
        communities(connection, house, feed, window, area),
        home, _peers(cubes, feed, window, series, home),
    )  # fmt: skip


def _peers(cubes: Cubes, feed: Feed, window: Window, series: str, home: Area | None) -> PeerTable | None:
    connection, house = cubes.connection, cubes.house
    if home is None or feed.span != 1 or not telling(connection, house, [feed], home.code):
        return None
    return rank_districts(connection, house, feed, window, series, home.code)


def _sum(cubes: Cubes, feed: Feed, window: Window, area: Area) -> int | None:
    return whole(recorded(cubes.connection, feed, window, area.code))


def _among(cubes: Cubes, feed: Feed, window: Window, area: Area, series: str, readers: Readers) -> Among:
    lexicon = cubes.house.lexicon
    own, parent = _sum(cubes, feed, window, area), lexicon[series].parent
    basket = parent or series
    parts = dict(_parts(cubes, feed, window, area, lexicon.children.get(basket, ()), readers))
    if parent is None:
        known = {s: n for s, n in parts.items() if n is not None}
        # A part that is withheld may be the largest.
        top = max(known, key=lambda s: known[s], default=None) if len(known) == len(parts) else None
        return Among(None, own, own, len(parts), None, (top, known[top]) if top else None)
    held = _same(cubes, feed, parent, window, area, readers)
    together = _sum(cubes, held, window, area) if held else None
    # A basket that is smaller than its part was counted by other rules: no share is made of it.
    together = None if together is None or own is None or together < own else together
    rank = None
    if series in parts and len(parts) > 1 and None not in parts.values():
        places = ranks(np.array([[float(n or 0) for n in parts.values()]]))[0]
        rank = int(places[list(parts).index(series)])
    return Among(parent, own, together, len(parts), rank, None)


def _parts(
    cubes: Cubes, feed: Feed, window: Window, area: Area, names: tuple[str, ...], readers: Readers
) -> Iterator[tuple[str, int | None]]:
    """The parts of a basket that the same feed gives."""
    for name in names:
        found = _same(cubes, feed, name, window, area, readers)
        if found is not None:
            yield name, _sum(cubes, found, window, area)


def _same(cubes: Cubes, feed: Feed, series: str, window: Window, area: Area, readers: Readers) -> Feed | None:
    """Another series of the same source and table, with the same months of the window."""
    house = cubes.house
    mine = [
        f for f in feeds(cubes.connection, house, series, window.last)
        if (f.source.id, f.dataset, f.span) == (feed.source.id, feed.dataset, feed.span)
        and readers.may_see(f.source, series, house.lexicon)
    ]  # fmt: skip
    return beside(cubes.connection, mine, feed, window, [area.code])
