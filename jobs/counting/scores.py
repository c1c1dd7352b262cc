"""A place's year in every series that a source can give, against the year before."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from jobs.attention.clearance import may_see
from jobs.counting.families import Family
from jobs.counting.feeds import Feed, by_month, feeds, prints, told
from jobs.counting.planned import released
from jobs.counting.trends import broken_between
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Area, Classification, Month, Window


@dataclass(frozen=True)
class Score:
    """One series in one area over one window."""

    series: str
    title: str
    feed: Feed
    window: Window
    base: Window
    count: int | None  # None when it is not told: `hidden` says what stands there
    before: int | None  # None when the window before was not published
    broken: str = ""  # title of a registered break between the two
    hidden: str = ""


def scoreboard(
    connection: Connection,
    house: House,
    area: Area,
    until: Month | None,
    clearance: Classification,
    named: Collection[str] | None = None,
) -> list[Score]:
    """Every series that occurs, in the lexicon's order; those over the clearance are left out."""
    found = []
    for series in house.lexicon:
        for feed in feeds(connection, house, series.id, until):
            score = _score(connection, house, feed, series.id, area)
            if score is not None and may_see(clearance, feed.source, series.id, house.lexicon, named):
                found.append(score)
                break
    latest = max((s.window.last for s in found), default=None)
    # A table of ten years ago does not stand beside last month's extract.
    return [s for s in found if latest and latest - s.window.last < 24]


def _score(connection: Connection, house: House, feed: Feed, series: str, area: Area) -> Score | None:
    if not prints(connection, feed, [area.code]):
        return None
    if feed.family is not None:
        return _told(connection, house, feed, feed.family, series, area)
    window = Window.ending(feed.months[-1], 12)
    base = Window.ending(window.first + -1, 12)
    counts = by_month(connection, feed, Window(base.first, window.last), area.code)
    now, before = _sum(counts, window, feed), _sum(counts, base, feed)
    if now is None:
        run = _run(counts, feed)
        if not run:
            return None
        window = Window(run[0], run[-1])
        now, before = int(sum(counts[m] for m in run)), None
    if now == 0 and not before:
        return None
    known = broken_between(house, series, area.code, base, window)
    return Score(
        series, house.lexicon[series].title, feed, window, base, now, before, known.title if known else ""
    )


def _told(
    connection: Connection, house: House, feed: Feed, family: Family, series: str, area: Area
) -> Score | None:
    """Of a closed source the last twelve months where they are told, else the last whole year."""
    rolling = Window.ending(feed.months[-1], 12)
    years = released(connection, feed).whole_years(Window(feed.months[0] + (1 - feed.span), rolling.last))
    cells = [(w, told(connection, feed, w, area.code)) for w in (rolling, *years[::-1][:1])]
    window, cell = next(((w, c) for w, c in cells if c.mark.told), cells[-1])
    base = Window.ending(window.first + -1, window.months)
    before = told(connection, feed, base, area.code)
    if cell.value == 0 and not before.value > 0:
        return None
    known = broken_between(house, series, area.code, base, window)
    return Score(
        series, house.lexicon[series].title, feed, window, base,
        int(cell.value) if cell.mark.told else None, int(before.value) if before.mark.told else None,
        known.title if known else "", "" if cell.mark.told else family.said(cell.mark),
    )  # fmt: skip


def _sum(counts: dict[Month, float], window: Window, feed: Feed) -> int | None:
    wanted = window.first.until(window.last) if feed.span == 1 else [window.last]
    if any(math.isnan(counts.get(m, math.nan)) for m in wanted):
        return None
    return int(sum(counts[m] for m in wanted))


def _run(counts: dict[Month, float], feed: Feed) -> list[Month]:
    """The newest months known without a gap: a sum over a gap would pass for that of the whole window."""
    found: list[Month] = []
    month = feed.months[-1]
    while feed.span == 1 and not math.isnan(counts.get(month, math.nan)):
        found.append(month)
        month += -1
    return found[::-1]
