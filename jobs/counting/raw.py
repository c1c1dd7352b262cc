"""Counts as stored, before it is decided who may be told of them: for `feeds` and `released` alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from jobs.counting.grain import Grain
from jobs.counting.rollup import Rollup, any_vintage
from jobs.counting.years import bases_of, codes_of, counts_of
from jobs.folder.geography import Geography
from jobs.store.engine import Connection
from jobs.store.kept import kept
from jobs.store.places import areas_in_table, places_given
from jobs.store.read import fetch_counts, sums
from rules.model import Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed


def units_given(
    connection: Connection, feed: Feed, window: Window, units: Iterable[str] | None
) -> dict[str, float]:
    """Counts per base LSOA (or other area code as stored) in the window; areas without rows are absent.

    `units` None = every area stored. NaN where the publisher suppressed a part.
    """
    geography, bases = feed.geography, None if units is None else set(units)
    if (
        bases is not None
        and feed.span == 1
        and bases <= geography.codes
        and bases.isdisjoint(geography.older)
    ):
        key = ("units", *feed.key, window, geography.itself)
        every = kept(connection, key, lambda: _every_unit(connection, feed, window))
        rows = codes_of(connection, geography)
        figures = ((code, every[rows[code]]) for code in sorted(bases))
        return {code: figure for code, figure in figures if figure is not None}
    found = sums(
        connection, feed.source.id, series=feed.parts, span=feed.span, dataset=feed.dataset,
        areas=None if bases is None else set(any_vintage(geography, bases)),
        months=feed.inside(window if feed.span == 1 else Window(window.last, window.last)),
    )  # fmt: skip
    return _by_base(geography, ((code, sum(months.values())) for code, months in found.items()))


def _every_unit(connection: Connection, feed: Feed, window: Window) -> list[float | None]:
    """Of a monthly source, for the whole county: the next question is about the place beside this one.

    In the order of `codes_of`, LSOAs of every census in the row of their base; None where no row is.
    """
    found, bases = counts_of(connection, feed, window), bases_of(connection, feed.geography)
    totals, there = np.zeros(len(bases)), np.zeros(len(bases), dtype=bool)
    np.add.at(totals, bases, found.counts.sum(axis=1))  # withheld is not nothing: NaN stays
    there[bases[found.there.any(axis=1)]] = True
    return [total if known else None for total, known in zip(totals.tolist(), there.tolist(), strict=True)]


def _by_base(geography: Geography, counts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """LSOAs of every census added up to those of the base; by code. Withheld is not nothing: NaN stays."""
    totals: dict[str, float] = {}
    for code, count in counts:
        base = geography.base(code)
        totals[base] = totals.get(base, 0.0) + count
    return dict(sorted(totals.items()))


def months_given(connection: Connection, feed: Feed, window: Window, area: str) -> dict[Month, float]:
    """Counts of one area, month by month (period by period); months not published are absent, zeros are 0.

    NaN where a part was suppressed, where a table did not print the area, and throughout where a monthly
    source does not speak for it.
    """
    published = feed.inside(window)
    if feed.span == 1 and not speaks_for(connection, feed, [area]):
        return dict.fromkeys(published, math.nan)
    rollup = Rollup.of(feed.source, feed.geography)
    if feed.dataset is None and not rollup.ready:  # every row adds up, wherever it was placed
        codes = codes_of(connection, feed.geography)
        mine = [codes[code] for code in rollup.inside(area)]
        counts = counts_of(connection, feed, window).counts[mine].sum(axis=0)  # NaN stays
        return dict(zip(published, counts.tolist(), strict=True))
    rows = rows_given(connection, feed, sorted(rollup.inside(area)), window)
    if feed.dataset is not None:
        # A table gives the area's own figure or figures of its parts; its own is the one it printed.
        direct = rows[rows["area"] == area]
        rows = direct if len(direct) else rows
        kinds = rows.groupby("month")["series"].nunique()
        rows = rows.loc[rows["month"].map(kinds).eq(len(feed.parts))]
    figures = rollup.figure(rows, area).groupby("month").sum(skipna=False)  # withheld is not nothing
    unprinted = 0.0 if feed.dataset is None else math.nan  # a table of ten areas says nothing of an eleventh
    return {m: float(figures.get(m.key, unprinted)) for m in published}


def rows_given(
    connection: Connection, feed: Feed, areas: Iterable[str] | None, window: Window
) -> pd.DataFrame:
    """The feed's counts of these areas in the months in which it is known as a whole."""
    rows = fetch_counts(
        connection, source=feed.source.id, series=feed.parts, areas=areas, window=window, span=feed.span
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
