"""The calendar months of one series in one area: what was recorded in each, and which are usually high."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from jobs.counting.feeds import Feed, by_month
from jobs.house import House
from jobs.store.engine import Connection
from rules.context import Context
from rules.model import Break, Cube, Month, Window
from rules.season_profile import SeasonProfile, profile_of

YEAR = 12


@dataclass(frozen=True)
class CalendarMonth:
    """One month of the calendar over the years in which its count is known."""

    number: int  # 1 = January
    seen: int  # years
    lowest: int
    highest: int
    events: tuple[tuple[str, int], ...] = ()  # name in the calendar, and in how many of these years


@dataclass(frozen=True)
class Seasonal:
    """`profile` is None where no season can be told: `breaks` and `unknown` say what is in the way."""

    window: Window  # first to last month published
    months: tuple[CalendarMonth, ...]  # those with a known count, January first
    profile: SeasonProfile | None
    highest: tuple[Month, int] | None  # the highest month of all, None where none is known
    events_then: tuple[str, ...]  # held in the area in that month
    breaks: tuple[Break, ...]  # registered, inside the window: masked months, or a new beginning
    known: int  # months with a count
    withheld: int  # months published whose count is withheld or not known


def seasonal(connection: Connection, house: House, feed: Feed, series: str, area: str) -> Seasonal:
    """From every month of a monthly feed. A month withheld is not known, and is never zero."""
    window = Window(feed.months[0], feed.months[-1])
    counts = by_month(connection, feed, window, area)
    known = {month: int(n) for month, n in counts.items() if not math.isnan(n)}
    top = max(known, key=lambda month: (known[month], month), default=None)
    return Seasonal(
        window,
        tuple(_months(house.context, known, area)),
        profile(house.context, counts, series, area),
        (top, known[top]) if top else None,
        tuple(dict.fromkeys(e.name for e in house.context.events_in(area, top))) if top else (),
        tuple(b for b in house.breaks if b.touches(series, area) and _inside(b, window)),
        len(known), len(counts) - len(known),
    )  # fmt: skip


def profile(context: Context, counts: Mapping[Month, float], series: str, area: str) -> SeasonProfile | None:
    """The season of one row of counts (NaN = withheld); None without two usable years of every month."""
    if not counts:
        return None
    first, last = min(counts), max(counts)
    row = np.array([counts.get(month, math.nan) for month in first.until(last)])
    nowhere = np.zeros((1, len(row)))
    return profile_of(Cube((series,), (area,), first, row[None, None, :], nowhere), context, series, area)


def _months(context: Context, known: Mapping[Month, int], area: str) -> Iterable[CalendarMonth]:
    for number in range(1, YEAR + 1):
        mine = {month: n for month, n in known.items() if month.number == number}
        if mine:
            yield CalendarMonth(
                number, len(mine), min(mine.values()), max(mine.values()), _events(context, area, mine)
            )


def _events(context: Context, area: str, months: Iterable[Month]) -> tuple[tuple[str, int], ...]:
    """Events of the calendar held in the area in these months, the most frequent first."""
    held: dict[str, int] = {}
    for month in months:
        for name in {e.name for e in context.events_in(area, month)}:
            held[name] = held.get(name, 0) + 1
    return tuple(sorted(held.items(), key=lambda item: (-item[1], item[0])))


def _inside(known: Break, window: Window) -> bool:
    last = known.first if known.mask == "straddle" else known.last or window.last
    return window.first < known.first <= window.last or window.first <= last <= window.last
