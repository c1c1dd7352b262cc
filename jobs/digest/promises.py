"""Parts 8 and 9: reports that the partnership wants more of, and its targets."""

from __future__ import annotations

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import feeds
from jobs.counting.trends import table_trend
from jobs.digest.boards import board
from jobs.facts import ReportFacts, TargetFacts
from jobs.figures.promises import Promise, promises_of
from jobs.house import House
from rules.model import Month, Polarity, Window

_RECENT = 24  # months: an annual table that ended before that is no news


def reports(cubes: Cubes, month: Month, readers: Readers) -> tuple[ReportFacts, ...]:
    """Every series of which more reports are wanted and which has figures for the district: the month, or
    the last year of a table."""
    series = [s.id for s in cubes.house.lexicon if s.polarity is Polarity.GOOD]
    return tuple(
        found
        for s in series
        if (found := _monthly(cubes, s, month, readers) or _annual(cubes, s, month, readers))
    )


def targets(cubes: Cubes, month: Month, readers: Readers) -> tuple[TargetFacts, ...]:
    """The targets whose window holds the month, in the order of their file."""
    known = promises_of(cubes.connection, cubes.house, month, readers)
    running = (p for p in known if month in p.target.window and p.feed is not None)
    return tuple(_told(cubes.house, p, month) for p in running if p.standing != "not begun")


def _monthly(cubes: Cubes, series: str, month: Month, readers: Readers) -> ReportFacts | None:
    told = board(cubes, series, month, readers)
    if not told.source:
        return None
    year = str(Window.ending(month, 12))
    return ReportFacts(
        series, told.title, told.source, str(month), told.month_count, told.lower, told.upper, told.verdict,
        year, told.rolling, told.rolling_before,
    )  # fmt: skip


def _annual(cubes: Cubes, series: str, month: Month, readers: Readers) -> ReportFacts | None:
    house = cubes.house
    for feed in feeds(cubes.connection, house, series, month):
        if feed.span != 12 or not readers.may_see(feed.source, series, house.lexicon):
            continue
        trend = table_trend(cubes.connection, house, feed, series, house.partnership.district, None)
        if not trend.periods or month - trend.periods[-1][0].last > _RECENT:
            continue
        window, count = trend.periods[-1]
        compared = trend.compared if trend.compared and trend.compared.broken is None else None
        next_to = compared is not None and compared.base.last + 1 == window.first
        return ReportFacts(
            series, house.lexicon[series].title, feed.source.id, str(window), count, None, None, None,
            str(window), count, compared.old if compared is not None and next_to else None,
        )  # fmt: skip
    return None


def _told(house: House, promise: Promise, month: Month) -> TargetFacts:
    """Counts and projection; none where a month is missing or withheld, or a break lies in between."""
    target, ahead = promise.target, promise.projection
    so_far = promise.so_far or Window(target.window.first, month)
    return TargetFacts(
        target.id, target.title, target.series, house.geography[target.area].name,
        promise.feed.source.id if promise.feed else "", target.direction, str(target.window), str(so_far),
        promise.count, promise.goal,
        *((ahead.needed, ahead.mean, ahead.lower, ahead.upper) if ahead else (promise.goal, *[None] * 3)),
    )  # fmt: skip
