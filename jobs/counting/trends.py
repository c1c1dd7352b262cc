"""One series in one area over time: months with their usual range, or the periods of a table."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, by_month
from jobs.facts import Point
from jobs.house import House
from jobs.judging.describe import points
from jobs.store.engine import Connection
from rules.disclosure import Mark
from rules.findings import Expected
from rules.judgement import verdict
from rules.model import Break, Direction, Month, Verdict, Window


@dataclass(frozen=True)
class Comparison:
    """Two windows of the same length; `broken` names a registered break between them."""

    window: Window
    base: Window
    new: int
    old: int
    broken: Break | None
    masked: Break | None = None  # a masking break inside either window (the pandemic)


@dataclass(frozen=True)
class Trend:
    """What is known of a series in an area."""

    points: tuple[Point, ...]  # months of a chart; empty for a table
    periods: tuple[tuple[Window, int], ...]  # periods of a table, oldest first; empty for months
    compared: Comparison | None
    last: tuple[Month, int] | None = None
    expected: Expected | None = None  # of the last month
    verdict: Verdict = Verdict.NO_HISTORY
    hidden: tuple[tuple[Window, Mark], ...] = ()  # months or periods that are not told, oldest first


def monthly_trend(cubes: Cubes, feed: Feed, series: str, area: str, window: Window) -> Trend:
    """The months of the window, the last one judged, the last year against the one before.

    Of a closed source whole years, where its months are not told.
    """
    house = cubes.house
    if feed.family is not None:
        from jobs.counting.told_trends import told_trend

        return told_trend(cubes, feed, series, area, window)
    wide = Window(min(window.first, window.last + -23), window.last)
    counts = by_month(cubes.connection, feed, wide, area)
    expected, usual, said = judged_here(cubes, feed, series, area, window)
    shown = window.first.until(window.last)
    months = points(shown, counts, house.context, series, area, usual)
    year = Window.ending(window.last, min(12, window.months))
    compared = _compared(house, counts, series, area, year, Window.ending(year.first + -1, year.months))
    last = counts.get(window.last, math.nan)
    known = None if math.isnan(last) else (window.last, int(last))
    return Trend(months, (), compared, known, expected, said)


def table_trend(
    connection: Connection, house: House, feed: Feed, series: str, area: str, window: Window | None
) -> Trend:
    """The periods of an annual table that end in the window (all of them without one)."""
    every = window or Window(feed.months[0], feed.months[-1])
    if feed.family is not None:
        from jobs.counting.told_trends import yearly

        return yearly(connection, house, feed, series, area, every, asked=window is not None)
    counts = by_month(connection, feed, every, area)
    found = [(Window.ending(m, feed.span), int(n)) for m, n in sorted(counts.items()) if not math.isnan(n)]
    compared = None
    if len(found) >= 2:
        # An explicit window compares its ends; otherwise the last two periods.
        (base, old), (new_window, new) = (found[0] if window else found[-2]), found[-1]
        broken = broken_between(house, series, area, base, new_window)
        compared = Comparison(new_window, base, new, old, broken)
    return Trend((), tuple(found), compared)


def run_before(periods: tuple[tuple[Window, int], ...]) -> tuple[str, int]:
    """How the last period stands to those before: ("rise" or "fall", periods that went the other way)."""
    steps = [b - a for (_, a), (_, b) in itertools.pairwise(periods)]
    if not steps or steps[-1] == 0:
        return "", 0
    turned = 0
    for step in reversed(steps[:-1]):
        if step * steps[-1] >= 0:
            break
        turned += 1
    return ("rise" if steps[-1] > 0 else "fall"), turned


def judged_here(
    cubes: Cubes, feed: Feed, series: str, area: str, window: Window
) -> tuple[Expected | None, dict[Month, tuple[float, float, float]], Verdict]:
    """What was expected of the window's last month, the usual ranges before it, and the verdict."""
    judged = cubes.judged(feed.source, window.last)
    if judged is None or series not in judged.cube.series or area not in judged.cube.areas:
        return None, {}, Verdict.NO_HISTORY
    cube = judged.cube
    s, a = cube.series.index(series), cube.areas.index(area)
    expected = judged.expected(s, a, "here") or judged.expected(s, a, "county")
    if expected is None:
        return None, {}, Verdict.NO_HISTORY
    prediction = judged.here if expected.basis == "here" else judged.share
    mean, low, high = prediction.history(s, a)
    usual = {
        cube.first + i: (float(mean[i]), float(low[i]), float(high[i]))
        for i in range(len(mean))
        if not math.isnan(mean[i])
    }
    direction: Direction = "rise" if judged.counts[s, a] >= expected.mean else "fall"
    return expected, usual, verdict(expected, direction)


def _compared(
    house: House, counts: dict[Month, float], series: str, area: str, new: Window, old: Window
) -> Comparison | None:
    """None when a month of either window was not published: a partial year is no year."""
    wanted = [*old.first.until(old.last), *new.first.until(new.last)]
    if any(math.isnan(counts.get(m, math.nan)) for m in wanted):
        return None
    sums = [int(sum(counts[m] for m in w.first.until(w.last))) for w in (new, old)]
    masked = masked_in(house, series, area, Window(old.first, new.last))
    return Comparison(new, old, sums[0], sums[1], broken_between(house, series, area, old, new), masked)


def masked_in(house: House, series: str, area: str, window: Window) -> Break | None:
    """The first registered break, other than a point in time, that lies in some of the window's months."""
    for known in house.breaks:
        on = known.first <= window.last and (known.last or window.last) >= window.first
        if known.mask != "straddle" and on and known.touches(series, area):
            return known
    return None


def broken_between(house: House, series: str, area: str, old: Window, new: Window) -> Break | None:
    """The first registered break after the start of the older window, up to the end of the newer."""
    family = {series, *house.lexicon.ancestors(series)}
    for known in house.breaks:
        inside = known.mask == "straddle" and old.first < known.first <= new.last
        if inside and any(known.touches(s, area) for s in family):
            return known
    return None
