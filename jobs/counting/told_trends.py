"""Trends of closed sources: months where these are told, else whole years; a usual range of the last month.

The ranges of earlier months would tell of the hidden ones among them.
"""

from __future__ import annotations

import math
from dataclasses import replace

from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, told
from jobs.counting.planned import released
from jobs.counting.trends import Comparison, Trend, broken_between, judged_here
from jobs.house import House
from jobs.judging.describe import points
from jobs.store.engine import Connection
from rules.disclosure import Mark
from rules.findings import Expected
from rules.model import Window


def told_trend(cubes: Cubes, feed: Feed, series: str, area: str, window: Window) -> Trend:
    """The window's months as they are told; whole years where the source tells no months of this."""
    connection, house = cubes.connection, cubes.house
    assert feed.family is not None
    published = [m for m in window.first.until(window.last) if m in feed.months]
    cells = {m: told(connection, feed, Window(m, m), area) for m in published}
    if all(c.mark is Mark.CROSSED for c in cells.values()):
        return yearly(connection, house, feed, series, area, window, asked=False)
    counts = {m: c.value for m, c in cells.items()}
    hidden = {m: c.mark for m, c in cells.items() if not c.mark.told}
    last = counts.get(window.last, math.nan)
    expected, _, said = judged_here(cubes, feed, series, area, window)
    usual = {}
    if expected is not None and not math.isnan(last):
        expected = _whole(expected)
        usual[window.last] = (expected.mean, expected.lower, expected.upper)
    made = points(window.first.until(window.last), counts, house.context, series, area, usual)
    words = {str(m): feed.family.said(mark) for m, mark in hidden.items()}
    trend = Trend(
        tuple(replace(p, hidden=words.get(p.month, "")) for p in made), (),
        _compared(connection, house, feed, series, area, window),
        hidden=tuple((Window(m, m), mark) for m, mark in hidden.items()),
    )  # fmt: skip
    if math.isnan(last):
        return trend
    return replace(trend, last=(window.last, int(last)), expected=expected, verdict=said)


def yearly(
    connection: Connection, house: House, feed: Feed, series: str, area: str, window: Window, *, asked: bool
) -> Trend:
    """The whole years inside the window (all years up to its end, unless they were `asked` for)."""
    plan = released(connection, feed)
    inside = plan.whole_years(window)
    if not asked or not inside:
        inside = plan.whole_years(Window(feed.months[0] + (1 - feed.span), window.last))
    cells = {y: told(connection, feed, y, area) for y in inside}
    shown = tuple((y, int(c.value)) for y, c in cells.items() if c.mark.told)
    hidden = tuple((y, c.mark) for y, c in cells.items() if not c.mark.told)
    compared = None
    if len(shown) >= 2:
        (base, old), (new_window, new) = (shown[0] if asked else shown[-2]), shown[-1]
        broken = broken_between(house, series, area, base, new_window)
        compared = Comparison(new_window, base, new, old, broken)
    return Trend((), shown, compared, hidden=hidden)


def _compared(
    connection: Connection, house: House, feed: Feed, series: str, area: str, window: Window
) -> Comparison | None:
    """The last twelve months against the twelve before; where these are not told, the last whole years."""
    year = Window.ending(window.last, min(12, window.months))
    pairs = [(year, Window.ending(year.first + -1, year.months))]
    years = released(connection, feed).whole_years(Window(feed.months[0], window.last))
    pairs += list(zip(years[:0:-1], years[-2::-1], strict=True))[:1]
    for new, old in pairs:
        figures = [told(connection, feed, w, area) for w in (new, old)]
        if all(f.mark.told for f in figures):
            broken = broken_between(house, series, area, old, new)
            return Comparison(new, old, int(figures[0].value), int(figures[1].value), broken)
    return None


def _whole(expected: Expected) -> Expected:
    """Rounded outwards to whole numbers: decimals would tell more of the months behind them."""
    return replace(
        expected, mean=float(round(expected.mean)), lower=float(math.floor(expected.lower)),
        upper=float(math.ceil(expected.upper)), p_high=math.nan, p_low=math.nan,
    )  # fmt: skip
