"""Counts to answer from. One question is answered from one feed: feeds are never chained or added up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from jobs.frames import baskets_of
from jobs.geography import Geography
from jobs.house import House
from jobs.lexicon import Lexicon
from jobs.partnership import SourceSettings
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, covered, series_of
from jobs.store.read import fetch_counts
from rules.model import AreaKind, Month, Window

_DIRECT = {AreaKind.WARD, AreaKind.STATION, AreaKind.TOWN, AreaKind.SITE, AreaKind.MSOA}


@dataclass(frozen=True)
class Feed:
    """What can answer for a series: a monthly source, or one annual table."""

    source: SourceSettings
    dataset: str | None  # None: every monthly dataset of the source
    span: int
    months: tuple[Month, ...]  # the months published; for a span, those it ends with; ascending
    parts: tuple[str, ...]  # the series as stored: itself, or the children that make it up

    def covers(self, window: Window) -> bool:
        """Whether every month of the window was published (or, for tables, exactly this period)."""
        if self.span == 1:
            return set(window.first.until(window.last)) <= set(self.months)
        return window.months == self.span and window.last in self.months

    def windows(self) -> tuple[Window, ...]:
        """The periods of a table, oldest first."""
        return tuple(Window.ending(m, self.span) for m in self.months)


def feeds(connection: Connection, house: House, series: str, until: Month | None) -> list[Feed]:
    """Every feed that carries the series up to a month: monthly ones first, as the partnership lists them."""
    found = []
    for source in house.partnership.sources.values():
        for span in (1, 12, 3):
            carried = series_of(connection, source.id, span)
            months = covered(connection, source.id, span=span, until=until.key if until else FAR)
            for dataset in [None] if span == 1 else sorted(carried):
                held = _held(carried, dataset)
                parts = parts_of(series, held, baskets_of(source), house.lexicon)
                known = _months(months, carried, dataset, parts)
                if parts and known:
                    found.append(Feed(source, dataset, span, tuple(sorted(known)), parts))
    return sorted(found, key=lambda f: f.span != 1)


def parts_of(series: str, held: set[str], baskets: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The stored series that make one up: itself where given directly, else all its given descendants
    if the source fills that basket, else nothing."""
    if series in held:
        return (series,)
    if series not in set(baskets):
        return ()
    found: list[str] = []
    for child in lexicon.children.get(series, ()):
        inner = {*baskets, child}
        found.extend(parts_of(child, held, inner, lexicon))
    return tuple(found)


def _held(carried: dict[str, set[str]], dataset: str | None) -> set[str]:
    return set().union(*carried.values()) if dataset is None else carried[dataset]


def _months(
    months: dict[str, set[Month]], carried: dict[str, set[str]], dataset: str | None, parts: tuple[str, ...]
) -> set[Month]:
    mine = [d for d, s in carried.items() if s & set(parts)] if dataset is None else [dataset]
    return set().union(*(months.get(d, set()) for d in mine)) if mine else set()


def by_unit(
    connection: Connection, feed: Feed, geography: Geography, window: Window, units: Iterable[str] | None
) -> pd.Series[float]:
    """Counts per base LSOA (or other area code as stored) in the window; areas without rows are absent.

    `units` None = every area stored. NaN where the publisher suppressed a part.
    """
    wanted = None if units is None else _any_vintage(geography, units)
    bounds = window if feed.span == 1 else Window(window.last, window.last)
    rows = fetch_counts(
        connection, sources=[feed.source.id], series=feed.parts, areas=wanted, window=bounds, span=feed.span
    )
    if feed.dataset is not None:
        rows = rows[rows["dataset"] == feed.dataset]
    code = rows["area"].map(lambda c: geography.base(str(c)))
    totals: pd.Series[float] = rows["count"].groupby(code).sum(skipna=False)
    return totals


def by_month(
    connection: Connection, feed: Feed, geography: Geography, window: Window, area: str
) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0."""
    own = geography[area]
    stored = [area, *_any_vintage(geography, own.units), *_parts(geography, area)]
    rows = fetch_counts(
        connection, sources=[feed.source.id], series=feed.parts, areas=stored, window=window, span=feed.span
    )
    if feed.dataset is not None:
        rows = rows[rows["dataset"] == feed.dataset]
        # A table gives the area's own figure or figures of its parts; its own is the one it printed.
        direct = rows[rows["area"] == area]
        rows = direct if len(direct) else rows
    sums = rows.groupby("month")["count"].sum(skipna=False)  # a part that is withheld is not nothing
    published = [m for m in feed.months if m in window]
    return {m: float(sums.get(m.key, 0.0)) for m in published}


def total_of(
    connection: Connection, house: House, series: str, window: Window, area: str, source: str
) -> float | None:
    """The area's own figure for exactly this window from any table of the source; children may add up."""
    for feed in feeds(connection, house, series, window.last) + _added(
        connection, house, series, window.last
    ):
        if feed.source.id != source or not feed.covers(window):
            continue
        rows = fetch_counts(
            connection, sources=[source], series=feed.parts, areas=[area],
            window=Window(window.last, window.last), span=feed.span,
        )  # fmt: skip
        rows = rows[rows["dataset"] == feed.dataset] if feed.dataset else rows
        if len(rows):
            total = float(rows["count"].sum(skipna=False))
            return None if math.isnan(total) else total
    return None


def _added(connection: Connection, house: House, series: str, until: Month) -> list[Feed]:
    """Tables that give every child of the series for the area, though not the series itself."""
    children = house.lexicon.children.get(series, ())
    found = []
    for source in house.partnership.sources.values():
        for dataset, held in series_of(connection, source.id, 12).items():
            months = covered(connection, source.id, span=12, until=until.key).get(dataset, set())
            if children and set(children) <= held and months:
                found.append(Feed(source, dataset, 12, tuple(sorted(months)), tuple(children)))
    return found


def _parts(geography: Geography, area: str) -> list[str]:
    """Places that counts are given for as such (wards, stations), inside the area by their parents."""
    found = [area]
    own = [a for a in geography.areas.values() if a.kind in _DIRECT]
    for code in found:
        found.extend(a.code for a in own if a.parent == code)
    return found[1:]


def _any_vintage(geography: Geography, units: Iterable[str]) -> list[str]:
    """LSOA codes of every census whose counts belong to these base units."""
    base = set(units)
    return sorted(base | {new for new, old in geography.older.items() if old in base})


def prints(connection: Connection, feed: Feed, areas: Iterable[str]) -> bool:
    """Whether the feed has figures for one of these areas: a monthly source knows every area."""
    if feed.span == 1:
        return True
    rows = fetch_counts(connection, sources=[feed.source.id], series=feed.parts, areas=areas, span=feed.span)
    return feed.dataset in set(rows["dataset"])
