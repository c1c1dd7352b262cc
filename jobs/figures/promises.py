"""How the partnership's targets stand: facts without words, for one month and its readers.

`promises_of` needs no bot; the digest may ask it as well. Figures come from one feed a target: a monthly
source, or a table that has exactly the target's months.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from jobs.attention.clearance import Readers
from jobs.counting.feeds import Feed, feeds, prints
from jobs.figures.sums import months_of
from jobs.house import House
from jobs.store.engine import Connection
from rules.baselines.tails import Floats
from rules.detectors.promises import Progress, broken, measured
from rules.model import Area, Month, Window
from rules.targets import Target

SURE = 0.975  # of meeting the goal, or of missing it: the projected 95 % range lies on one side of it
Standing = Literal["met", "not met", "on course", "off course", "open", "not begun", "not known"]
Why = Literal["", "no figures", "gaps", "withheld", "break", "no baseline"]


@dataclass(frozen=True)
class Projection:
    """The count at the end of the window, were it to go on as it began; 95 % range."""

    needed: float  # by now, on the way to the goal
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Promise:
    """One target. `so_far` are the months measured; `why` and `detail` say what is missing, if anything."""

    target: Target
    standing: Standing
    why: Why = ""
    detail: str = ""  # title of the break that lies between
    feed: Feed | None = field(default=None, repr=False)
    so_far: Window | None = None
    count: int | None = None
    baseline: float | None = None
    goal: int | None = None  # the count to reach at least, or at most
    projection: Projection | None = None  # None at the end of the window

    @property
    def over(self) -> bool:
        """Whether all of its window was measured."""
        return self.so_far is not None and self.so_far.last == self.target.window.last


def promises_of(
    connection: Connection,
    house: House,
    until: Month | None,
    readers: Readers,
    series: str | None = None,
    area: Area | None = None,
) -> tuple[Promise, ...]:
    """Every target (those of one series, of one area), as known at a month to a reader; in the order of
    `targets.toml`. Of an area are its own targets and those of a larger one that holds it.

    A source that the reader may not see is as if it were not there.
    """
    wanted = [
        t for t in house.targets
        if (series is None or t.series == series) and (area is None or _concerns(house, t, area))
    ]  # fmt: skip
    return tuple(_promise(connection, house, t, until, readers) for t in wanted)


def _concerns(house: House, target: Target, area: Area) -> bool:
    holder = house.geography.areas.get(target.area)
    within = holder is not None and bool(area.units) and area.units <= holder.units
    return target.area == area.code or within


def _promise(
    connection: Connection, house: House, target: Target, until: Month | None, readers: Readers
) -> Promise:
    found = []
    for feed in feeds(connection, house, target.series, until):
        seen = readers.may_see(feed.source, target.series, house.lexicon)
        if seen and (until is None or feed.months[0] <= until) and prints(connection, feed, [target.area]):
            found.append(_by(connection, house, feed, target))
    known = next((p for p in found if p.standing not in {"not known", "not begun"}), None)
    return known or _nearest(found) or Promise(target, "not known", "no figures")


def _nearest(found: list[Promise]) -> Promise | None:
    """The feed that came nearest to an answer: one that begins later, or has some of the figures."""
    return next(
        (p for p in found if p.standing == "not begun"),
        next((p for p in found if p.why != "no figures"), None),
    )


def _by(connection: Connection, house: House, feed: Feed, target: Target) -> Promise:
    """What one feed says."""
    window, base = target.window, target.baseline_window
    if feed.span == 1 and feed.months[-1] < window.first:
        return Promise(target, "not begun", feed=feed)
    month = min(feed.months[-1], window.last) if feed.span == 1 else window.last
    so_far = Window(window.first, month)
    if not (feed.covers(so_far) if feed.span > 1 else any(m in so_far for m in feed.months)):
        return Promise(target, "not known", "no figures")
    if between := broken(target, house.breaks, month):
        return Promise(target, "not known", "break", between.title, feed)
    if not feed.covers(so_far):
        return Promise(target, "not known", "gaps", feed=feed, so_far=so_far)
    done = _counts(connection, feed, so_far, target.area)
    past = _counts(connection, feed, base, target.area) if base and feed.covers(base) else None
    if np.isnan(done).any() or (past is not None and target.baseline is None and np.isnan(past).any()):
        return Promise(target, "not known", "withheld", feed=feed)
    progress = measured(target, month, done, None if past is None or np.isnan(past).any() else past)
    if progress is None:
        return Promise(target, "not known", "no baseline", feed=feed)
    return _standing(progress, feed, so_far)


def _counts(connection: Connection, feed: Feed, window: Window, area: str) -> Floats:
    months = months_of(connection, feed, window, area)
    return np.array([months[m] for m in sorted(months)])


def _standing(p: Progress, feed: Feed, so_far: Window) -> Promise:
    target, over = p.target, so_far.last == p.target.window.last
    rise = target.direction == "increase"
    goal = math.ceil(p.goal) if rise else math.floor(p.goal)
    mean, low, high, under = p.projected()
    chance = 1 - under if rise else under
    standing: Standing = "on course" if chance >= SURE else "off course" if chance <= 1 - SURE else "open"
    if over or (rise and p.count >= goal):
        standing = "met" if (p.count >= goal if rise else p.count <= goal) else "not met"
    return Promise(
        target, standing, feed=feed, so_far=so_far, count=int(p.count), baseline=p.baseline, goal=goal,
        projection=None if over else Projection(p.goal * p.elapsed, mean, low, high),
    )  # fmt: skip
