"""Counts as stored, before it is decided who may be told of them: for `feeds` and `released` alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from jobs.counting.grain import Grain, places
from jobs.counting.rollup import Rollup, any_vintage
from jobs.folder.geography import Geography
from jobs.store.engine import Connection
from jobs.store.places import places_given
from jobs.store.read import fetch_counts
from rules.model import Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed


def units_given(
    connection: Connection, feed: Feed, geography: Geography, window: Window, units: Iterable[str] | None
) -> pd.Series[float]:
    """Counts per base LSOA (or other area code as stored) in the window; areas without rows are absent.

    `units` None = every area stored. NaN where the publisher suppressed a part.
    """
    wanted = None if units is None else any_vintage(geography, units)
    bounds = window if feed.span == 1 else Window(window.last, window.last)
    rows = rows_given(connection, feed, wanted, bounds)
    code = rows["area"].map(lambda c: geography.base(str(c)))
    totals: pd.Series[float] = rows["count"].groupby(code).sum(skipna=False)
    return totals


def months_given(
    connection: Connection, feed: Feed, geography: Geography, window: Window, area: str
) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, and throughout where the source does not speak for the area.
    """
    published = [m for m in feed.months if m in window]
    if feed.span == 1 and not speaks_for(connection, feed, [area]):
        return dict.fromkeys(published, math.nan)
    rollup = Rollup.of(feed.source, geography)
    rows = rows_given(connection, feed, sorted(rollup.inside(area)), window)
    if feed.dataset is not None:
        # A table gives the area's own figure or figures of its parts; its own is the one it printed.
        direct = rows[rows["area"] == area]
        rows = direct if len(direct) else rows
    sums = rollup.figure(rows, area).groupby("month").sum(skipna=False)  # withheld is not nothing
    return {m: float(sums.get(m.key, 0.0)) for m in published}


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
    rows = fetch_counts(connection, sources=[feed.source.id], series=feed.parts, areas=areas, span=feed.span)
    return feed.dataset in set(rows["dataset"])


def grain_of(connection: Connection, feed: Feed) -> Grain:
    """The kinds of place by which the feed's source counts."""
    known = places(feed.geography)
    given = places_given(connection, feed.source.id, known, feed.until)
    return Grain.of(given, feed.geography)
