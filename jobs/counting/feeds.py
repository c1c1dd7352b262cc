"""Counts to answer from. One question is answered from one feed: feeds are never chained or added up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from jobs.counting.baskets import baskets_of, parts_of
from jobs.counting.grain import Grain, places
from jobs.counting.rollup import Rollup, any_vintage
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, covered, series_of
from jobs.store.places import places_given
from jobs.store.read import fetch_counts
from rules.model import Month, Window


@dataclass(frozen=True)
class Feed:
    """What can answer for a series: a monthly source, or one annual table."""

    source: SourceSettings
    dataset: str | None  # None: every monthly dataset of the source
    span: int
    months: tuple[Month, ...]  # the months published; for a span, those it ends with; ascending
    parts: tuple[str, ...]  # the series as stored: itself, or the children that make it up
    geography: Geography = field(repr=False, compare=False)
    until: int = FAR  # key of the month after which nothing is known

    def covers(self, window: Window) -> bool:
        """Whether every month of the window was published (or, for tables, exactly this period)."""
        if self.span == 1:
            return set(window.first.until(window.last)) <= set(self.months)
        return window.months == self.span and window.last in self.months

    def windows(self) -> tuple[Window, ...]:
        """The periods of a table, oldest first."""
        return tuple(Window.ending(m, self.span) for m in self.months)

    def runs(self, window: Window) -> tuple[Window, ...]:
        """The window's months that were published, as unbroken runs."""
        inside = [m for m in self.months if m in window]
        starts = [m for m in inside if m + -1 not in inside]
        ends = [m for m in inside if m + 1 not in inside]
        return tuple(map(Window, starts, ends))


def feeds(connection: Connection, house: House, series: str, until: Month | None) -> list[Feed]:
    """Every feed that carries the series up to a month: monthly ones first, as the partnership lists them."""
    found = []
    far = until.key if until else FAR
    for source in house.partnership.sources.values():
        for span in (1, 12, 3):
            months = covered(connection, source.id, span=span, until=far)
            carried = {d: s for d, s in series_of(connection, source.id, span).items() if d in months}
            for dataset in [None] if span == 1 else sorted(carried):
                mine = carried if dataset is None else {dataset: carried[dataset]}
                parts = parts_of(series, set().union(*mine.values()), baskets_of(source), house.lexicon)
                known = _months(months, mine, parts)
                if known:
                    ends = tuple(sorted(known))
                    found.append(Feed(source, dataset, span, ends, parts, house.geography, far))
    return sorted(found, key=lambda f: f.span != 1)


def _months(
    months: dict[str, set[Month]], carried: dict[str, set[str]], parts: tuple[str, ...]
) -> set[Month]:
    """Months in which every part was published: a sum that lacks one would read as a fall."""
    each = [set().union(*(months[d] for d, held in carried.items() if part in held)) for part in parts]
    return set.intersection(*each) if each else set()


def by_unit(
    connection: Connection, feed: Feed, geography: Geography, window: Window, units: Iterable[str] | None
) -> pd.Series[float]:
    """Counts per base LSOA (or other area code as stored) in the window; areas without rows are absent.

    `units` None = every area stored. NaN where the publisher suppressed a part.
    """
    wanted = None if units is None else any_vintage(geography, units)
    bounds = window if feed.span == 1 else Window(window.last, window.last)
    rows = _rows(connection, feed, wanted, bounds)
    code = rows["area"].map(lambda c: geography.base(str(c)))
    totals: pd.Series[float] = rows["count"].groupby(code).sum(skipna=False)
    return totals


def by_month(
    connection: Connection, feed: Feed, geography: Geography, window: Window, area: str
) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, and throughout where the source does not speak for the area.
    """
    published = [m for m in feed.months if m in window]
    if feed.span == 1 and not prints(connection, feed, [area]):
        return dict.fromkeys(published, math.nan)
    rollup = Rollup.of(feed.source, geography)
    rows = _rows(connection, feed, sorted(rollup.inside(area)), window)
    if feed.dataset is not None:
        # A table gives the area's own figure or figures of its parts; its own is the one it printed.
        direct = rows[rows["area"] == area]
        rows = direct if len(direct) else rows
    sums = rollup.figure(rows, area).groupby("month").sum(skipna=False)  # withheld is not nothing
    return {m: float(sums.get(m.key, 0.0)) for m in published}


def _rows(connection: Connection, feed: Feed, areas: Iterable[str] | None, window: Window) -> pd.DataFrame:
    """The feed's counts of these areas in the months in which it is known as a whole."""
    rows = fetch_counts(
        connection, sources=[feed.source.id], series=feed.parts, areas=areas, window=window, span=feed.span
    )
    own = rows["month"].isin([m.key for m in feed.months])
    return rows[own if feed.dataset is None else own & (rows["dataset"] == feed.dataset)]


def total_of(
    connection: Connection, house: House, series: str, window: Window, area: str, source: str
) -> float | None:
    """The area's own figure for exactly this window from any table of the source; children may add up."""
    tables = [f for f in feeds(connection, house, series, window.last) if f.dataset is not None]
    for feed in tables + _added(connection, house, series, window.last):
        if feed.source.id != source or not feed.covers(window):
            continue
        rows = _rows(connection, feed, [area], Window(window.last, window.last))
        if set(feed.parts) <= set(rows["series"]):
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
                known = tuple(sorted(months))
                found.append(Feed(source, dataset, 12, known, tuple(children), house.geography))
    return found


def prints(connection: Connection, feed: Feed, areas: Iterable[str]) -> bool:
    """Whether the feed has figures for one of these areas: a table for those that stand in it, a monthly
    source for those it speaks for in all that makes up the series (see `grain`)."""
    if feed.span == 1:
        grain = _grain(connection, feed)
        return any(all(grain.speaks(part, area) for part in feed.parts) for area in areas)
    rows = fetch_counts(connection, sources=[feed.source.id], series=feed.parts, areas=areas, span=feed.span)
    return feed.dataset in set(rows["dataset"])


def _grain(connection: Connection, feed: Feed) -> Grain:
    known = places(feed.geography)
    given = places_given(connection, feed.source.id, known, feed.until)
    return Grain.of(given, feed.geography)
