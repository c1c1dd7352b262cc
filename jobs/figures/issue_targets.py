"""Did we achieve our targets? Every promise about a series that concerns an area, with what was recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jobs.attention.clearance import may_see
from jobs.counting.feeds import Feed, by_month, feeds, prints
from jobs.counting.trends import broken_between
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Area, Break, Classification, Month, Window
from rules.targets import Target


@dataclass(frozen=True)
class Promised:
    """A target and where it stands; `done` is None without figures for its window, or before its end."""

    target: Target
    goal: float | None  # the count to reach; None where its baseline is not known
    done: int | None
    source: str  # id of the source of `done` and of a baseline that was recorded
    so_far: tuple[Window, int] | None = None  # of a window that is not over, from a monthly source
    broken: Break | None = None  # a registered break between baseline and window: not compared

    @property
    def met(self) -> bool | None:
        """None where it cannot be said."""
        if self.goal is None or self.done is None or self.broken is not None:
            return None
        return self.done >= self.goal if self.target.direction == "increase" else self.done <= self.goal


def promised(
    connection: Connection,
    house: House,
    series: str,
    area: Area,
    until: Month | None,
    clearance: Classification,
) -> tuple[Promised, ...]:
    """Targets of the series for the area, or for a larger one that holds it, the newest first."""
    place = house.geography
    mine = [
        t for t in house.targets
        if t.series == series and t.area in place.areas
        and (t.area == area.code or (area.units and area.units <= place[t.area].units))
    ]  # fmt: skip
    known = [
        f for f in feeds(connection, house, series, until)
        if may_see(clearance, f.source, series, house.lexicon)
    ]  # fmt: skip
    found = (_promised(connection, house, known, t) for t in mine)
    return tuple(sorted(found, key=lambda p: p.target.window.last, reverse=True))


def _promised(connection: Connection, house: House, known: list[Feed], target: Target) -> Promised:
    base = target.baseline_window
    broken = broken_between(house, target.series, target.area, base, target.window) if base else None
    for feed in known:
        done = _sum(connection, house, feed, target.window, target.area)
        if done is None:
            continue
        start = _sum(connection, house, feed, base, target.area) if base and target.baseline is None else None
        return Promised(target, target.goal(start), done, feed.source.id, broken=broken)
    return _running(connection, house, known, target, broken)


def _running(
    connection: Connection, house: House, known: list[Feed], target: Target, broken: Break | None
) -> Promised:
    """Without figures for the whole window: what there is so far, where the newest month lies in it."""
    base = target.baseline_window
    for feed in known:
        last = feed.months[-1]
        if feed.span == 1 and last in target.window:
            window = Window(target.window.first, last)
            count = _sum(connection, house, feed, window, target.area)
            start = _sum(connection, house, feed, base, target.area) if base else None
            if count is not None:
                return Promised(target, target.goal(start), None, feed.source.id, (window, count), broken)
    return Promised(target, target.goal(None), None, "targets", broken=broken)


def _sum(connection: Connection, house: House, feed: Feed, window: Window, area: str) -> int | None:
    """The whole window from one feed; None where a month is missing or withheld."""
    if not feed.covers(window) or not prints(connection, feed, [area]):
        return None
    bounds = window if feed.span == 1 else Window(window.last, window.last)
    total = sum(by_month(connection, feed, house.geography, bounds, area).values())
    return None if math.isnan(total) else int(total)
