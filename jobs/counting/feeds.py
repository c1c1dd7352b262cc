"""Counts to answer from. One question is answered from one feed: feeds are never chained or added up."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from jobs.counting.baskets import baskets_of, parts_of
from jobs.counting.grain import Grain
from jobs.counting.rollup import Rollup, any_vintage
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, covered, series_of
from jobs.store.kept import kept
from jobs.store.places import areas_in_table, places_given
from jobs.store.read import fetch_counts, sums
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

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells its counts from those of another feed, as long as the same extracts stand."""
        return (self.source.id, self.dataset, self.span, self.parts, tuple(m.key for m in self.months))

    def inside(self, window: Window) -> list[Month]:
        """The months of the window that were published."""
        first, last = window.first.key, window.last.key  # numbers: a question compares months by the thousand
        return [m for m in self.months if first <= m.key <= last]

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
    wanted = None if units is None else set(any_vintage(geography, units))
    bounds = window if feed.span == 1 else Window(window.last, window.last)

    totals: dict[str, float] = {}
    for code, months in _sums(connection, feed, wanted, bounds):
        base = geography.base(code)
        totals[base] = totals.get(base, 0.0) + sum(months.values())  # withheld is not nothing: NaN stays
    return pd.Series(totals, dtype="float64").sort_index()


def _sums(
    connection: Connection, feed: Feed, areas: Collection[str] | None, window: Window
) -> Iterator[tuple[str, dict[int, float]]]:
    """The feed's counts by area and month, in the months in which it is known as a whole.

    A monthly source is asked once for all areas of the partnership: one question about a place needs most of
    them, for the bands, and the next one is about the place beside it.
    """
    known = feed.geography.codes
    shared = feed.span == 1 and areas is not None and known.issuperset(areas)
    wanted = known if shared else areas
    months = feed.inside(window)

    def read() -> dict[str, dict[int, float]]:
        return sums(
            connection, feed.source.id, series=feed.parts, areas=wanted, months=months, span=feed.span,
            dataset=feed.dataset,
        )  # fmt: skip

    found = kept(connection, ("sums", *feed.key, window, feed.geography.itself), read) if shared else read()
    return ((code, found[code]) for code in found if areas is None or code in areas)


def by_month(
    connection: Connection, feed: Feed, geography: Geography, window: Window, area: str
) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, and throughout where the source does not speak for the area.
    """
    published = feed.inside(window)
    if feed.span == 1 and not prints(connection, feed, [area]):
        return dict.fromkeys(published, math.nan)
    rollup = Rollup.of(feed.source, geography)
    if feed.dataset is None and not rollup.ready:  # every row adds up, wherever it was placed
        totals = dict.fromkeys((m.key for m in published), 0.0)
        for _, months in _sums(connection, feed, rollup.inside(area), window):
            for month, count in months.items():
                totals[month] += count  # withheld is not nothing: NaN stays
        return {m: totals[m.key] for m in published}
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
    assert feed.dataset is not None
    printed = areas_in_table(connection, feed.source.id, feed.dataset, feed.span, feed.parts)
    return not printed.isdisjoint(areas)


def _grain(connection: Connection, feed: Feed) -> Grain:
    known = feed.geography.places

    def read() -> Grain:
        return Grain.of(places_given(connection, feed.source.id, known, feed.until), feed.geography)

    return kept(connection, ("grain", feed.source.id, feed.until, feed.geography.itself), read)
