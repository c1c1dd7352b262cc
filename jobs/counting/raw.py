"""Counts as stored, before it is decided who may be told of them: for `feeds` and `released` alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from jobs.counting.grain import Grain
from jobs.counting.rollup import Rollup, any_vintage
from jobs.counting.years import sums_by_year
from jobs.folder.geography import Geography
from jobs.store.engine import Connection
from jobs.store.kept import kept
from jobs.store.places import areas_in_table, places_given
from jobs.store.read import fetch_counts, sums
from rules.model import Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed


def units_given(
    connection: Connection, feed: Feed, geography: Geography, window: Window, units: Iterable[str] | None
) -> dict[str, float]:
    """Counts per base LSOA (or other area code as stored) in the window; areas without rows are absent.

    `units` None = every area stored. NaN where the publisher suppressed a part.
    """
    wanted = None if units is None else set(any_vintage(geography, units))
    bounds = window if feed.span == 1 else Window(window.last, window.last)
    totals: dict[str, float] = {}
    for code, months in _sums(connection, feed, wanted, bounds):
        base = geography.base(code)
        totals[base] = totals.get(base, 0.0) + sum(months.values())  # withheld is not nothing: NaN stays
    return dict(sorted(totals.items()))


def months_given(
    connection: Connection, feed: Feed, geography: Geography, window: Window, area: str
) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, and throughout where the source does not speak for the area.
    """
    published = feed.inside(window)
    if feed.span == 1 and not speaks_for(connection, feed, [area]):
        return dict.fromkeys(published, math.nan)
    rollup = Rollup.of(feed.source, geography)
    if feed.dataset is None and not rollup.ready:  # every row adds up, wherever it was placed
        totals = dict.fromkeys((m.key for m in published), 0.0)
        for _, months in _sums(connection, feed, rollup.inside(area), window):
            for month, count in months.items():
                totals[month] += count  # withheld is not nothing: NaN stays
        return {m: totals[m.key] for m in published}
    rows = rows_given(connection, feed, sorted(rollup.inside(area)), window)
    if feed.dataset is not None:
        # A table gives the area's own figure or figures of its parts; its own is the one it printed.
        direct = rows[rows["area"] == area]
        rows = direct if len(direct) else rows
    figures = rollup.figure(rows, area).groupby("month").sum(skipna=False)  # withheld is not nothing
    return {m: float(figures.get(m.key, 0.0)) for m in published}


def rows_given(
    connection: Connection, feed: Feed, areas: Iterable[str] | None, window: Window
) -> pd.DataFrame:
    """The feed's counts of these areas in the months in which it is known as a whole."""
    rows = fetch_counts(
        connection, sources=[feed.source.id], series=feed.parts, areas=areas, window=window, span=feed.span
    )
    own = rows["month"].isin([m.key for m in feed.months])
    return rows[own if feed.dataset is None else own & (rows["dataset"] == feed.dataset)]


def speaks_for(connection: Connection, feed: Feed, areas: Iterable[str]) -> bool:
    """Whether the feed has figures for one of these areas: a table for those that stand in it, a monthly
    source for those it speaks for in all that makes up the series (see `grain`)."""
    if feed.span == 1:
        grain = grain_of(connection, feed)
        return any(all(grain.speaks(part, area) for part in feed.parts) for area in areas)
    assert feed.dataset is not None, "what is no monthly source is one table"
    printed = areas_in_table(connection, feed.source.id, feed.dataset, feed.span, feed.parts)
    return not printed.isdisjoint(areas)


def grain_of(connection: Connection, feed: Feed) -> Grain:
    """The kinds of place by which the feed's source counts."""
    known = feed.geography.places

    def read() -> Grain:
        return Grain.of(places_given(connection, feed.source.id, known, feed.until), feed.geography)

    return kept(connection, ("grain", feed.source.id, feed.until, feed.geography.itself), read)


def _sums(
    connection: Connection, feed: Feed, areas: Collection[str] | None, window: Window
) -> Iterator[tuple[str, dict[int, float]]]:
    """The feed's counts by area and month, in the months in which it is known as a whole.

    A monthly source is asked once for all areas of the partnership: one question about a place needs most of
    them, for the bands, and the next one is about the place beside it.
    """
    known = feed.geography.codes
    months = feed.inside(window)
    if feed.span != 1 or areas is None or not known.issuperset(areas):
        found = sums(
            connection, feed.source.id, series=feed.parts, areas=areas, months=months, span=feed.span,
            dataset=feed.dataset,
        )  # fmt: skip
    else:
        key = ("sums", *feed.key, window, feed.geography.itself)
        found = kept(connection, key, lambda: sums_by_year(connection, feed, known, months))
    return ((code, found[code]) for code in found if areas is None or code in areas)
