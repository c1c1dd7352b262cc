"""Counts to answer from. One question is answered from one feed: feeds are never chained or added up."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from jobs.counting.baskets import baskets_of, parts_of
from jobs.counting.families import Family, closed, family_of, known_in
from jobs.counting.planned import released
from jobs.counting.raw import months_given, rows_given, speaks_for, units_given
from jobs.counting.released import Cell
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, covered, series_of
from jobs.store.kept import kept
from rules.disclosure import Mark
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
    series: str = ""
    family: Family | None = field(default=None, repr=False, compare=False)  # of a closed source: see `told`

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells its counts from those of another feed, as long as the same extracts stand."""
        return (self.source.id, self.dataset, self.span, self.parts, tuple(m.key for m in self.months))

    @cached_property
    def _numbers(self) -> list[int]:
        """The months by their keys: a question compares months by the thousand."""
        return [m.key for m in self.months]

    def inside(self, window: Window) -> list[Month]:
        """The months of the window that were published."""
        numbers = self._numbers
        start = bisect_left(numbers, window.first.key)
        return list(self.months[start : bisect_right(numbers, window.last.key)])

    def covers(self, window: Window) -> bool:
        """Whether every month of the window was published (or, for tables, exactly this period)."""
        if self.span == 1:
            return len(self.inside(window)) == window.months
        return window.months == self.span and window.last in self.months

    def windows(self) -> tuple[Window, ...]:
        """The periods of a table, oldest first."""
        return tuple(Window.ending(m, self.span) for m in self.months)

    def runs(self, window: Window) -> tuple[Window, ...]:
        """The window's months that were published, as unbroken runs."""
        inside = self.inside(window)
        known = {m.ordinal for m in inside}
        starts = [m for m in inside if m.ordinal - 1 not in known]
        ends = [m for m in inside if m.ordinal + 1 not in known]
        return tuple(map(Window, starts, ends))


def feeds(connection: Connection, house: House, series: str, until: Month | None) -> list[Feed]:
    """Every feed that carries the series up to a month: monthly ones first, as the partnership lists them."""
    key = ("feeds", house.itself, series, until)
    return list(kept(connection, key, lambda: _feeds(connection, house, series, until)))


def _feeds(connection: Connection, house: House, series: str, until: Month | None) -> list[Feed]:
    found = []
    far = until.key if until else FAR
    for source in house.partnership.sources.values():
        for span in (1, 12, 3):
            months = covered(connection, source.id, span=span, until=far)
            carried = {d: s for d, s in series_of(connection, source.id, span).items() if d in months}
            for dataset in [None] if span == 1 else sorted(carried):
                mine = carried if dataset is None else {dataset: carried[dataset]}
                parts = parts_of(series, set().union(*mine.values()), baskets_of(source), house.lexicon)
                if known := known_in(months, mine, parts):
                    ends = tuple(sorted(known))
                    family = family_of(connection, house, source, series) if closed(source) else None
                    if family is not None or not closed(source):
                        found.append(
                            Feed(source, dataset, span, ends, parts, house.geography, far, series, family)
                        )
    return sorted(found, key=lambda f: f.span != 1)


def by_unit(
    connection: Connection, feed: Feed, window: Window, units: Iterable[str] | None
) -> pd.Series[float]:
    """Counts per base LSOA (or other area code as stored) in the window: `by_code` as a series."""
    return pd.Series(by_code(connection, feed, window, units), dtype="float64")


def by_code(
    connection: Connection, feed: Feed, window: Window, units: Iterable[str] | None
) -> dict[str, float]:
    """Counts per base LSOA (or other area code as stored) in the window, in order; without rows: absent.

    `units` None = every area stored. NaN where the publisher suppressed a part. Of a closed source every
    LSOA has an entry, NaN where it is not told: what is absent would be known to be zero.
    """
    if feed.family is None:
        return units_given(connection, feed, window, units)
    geography = feed.geography
    bases = geography.base_units if units is None else {geography.base(u) for u in units}
    return {u: told(connection, feed, window, u).value for u in sorted(bases) if u in geography.areas}


def by_month(connection: Connection, feed: Feed, window: Window, area: str) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, where the figure of a closed source is not told, and throughout where
    the source does not speak for the area.
    """
    if feed.family is None:
        return months_given(connection, feed, window, area)
    periods = {m: Window.ending(m, feed.span) for m in feed.inside(window)}
    return {m: told(connection, feed, period, area).value for m, period in periods.items()}


def sum_of(connection: Connection, feed: Feed, window: Window, area: str) -> float:
    """One area's figure for a whole window; NaN where a month of it is not known, or it is not told.

    Of a closed source a year may be told whose months are not.
    """
    if feed.family is not None:
        return told(connection, feed, window, area).value
    counts = months_given(connection, feed, window, area)
    wanted = window.first.until(window.last) if feed.span == 1 else [window.last]
    return sum(counts.get(m, math.nan) for m in wanted)


def told(connection: Connection, feed: Feed, window: Window, area: str) -> Cell:
    """What is told of one figure of a closed feed: see `released`."""
    assert feed.family is not None, "of a public source everything is told"
    if not feed.covers(window) or not feed.family.tells(feed.span, feed.dataset):
        return Cell.of(math.nan, Mark.WITHHELD)
    return released(connection, feed).figure(feed.series, area, window)


def total_of(
    connection: Connection, house: House, series: str, window: Window, area: str, source: str
) -> float | None:
    """The area's own figure for exactly this window from any table of the source; children may add up."""
    tables = [f for f in feeds(connection, house, series, window.last) if f.dataset is not None]
    for feed in tables + _added(connection, house, series, window.last):
        if feed.source.id != source or not feed.covers(window):
            continue
        if feed.family is not None:
            figure = told(connection, feed, window, area).value
            return None if math.isnan(figure) else figure
        rows = rows_given(connection, feed, [area], Window(window.last, window.last))
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
                family = family_of(connection, house, source, series) if closed(source) else None
                if family is not None or not closed(source):
                    found.append(
                        Feed(source, dataset, 12, known, children, house.geography, FAR, series, family)
                    )
    return found


def prints(connection: Connection, feed: Feed, areas: Iterable[str]) -> bool:
    """Whether the feed has figures for one of these areas: a table for those that stand in it, a monthly
    source for those it speaks for in all that makes up the series (see `grain`)."""
    return speaks_for(connection, feed, areas)
