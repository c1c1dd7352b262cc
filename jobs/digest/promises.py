"""Parts 8 and 9: reports that the partnership wants more of, and its targets."""

from __future__ import annotations

import math
from collections.abc import Iterator

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import feeds
from jobs.counting.trends import table_trend
from jobs.digest.boards import board, monthly_feed
from jobs.facts import ReportFacts, TargetFacts
from rules.model import Month, Polarity, Window
from rules.targets import Target

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
    return tuple(_targets(cubes, month, readers))


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


def _targets(cubes: Cubes, month: Month, readers: Readers) -> Iterator[TargetFacts]:
    house = cubes.house
    for target in house.targets:
        if month not in target.window or target.area not in house.geography.areas:
            continue
        feed = monthly_feed(cubes.connection, house, target.series, month, readers)
        if feed is not None:
            yield _progress(cubes, target, feed.source.id, month)


def _progress(cubes: Cubes, target: Target, source: str, month: Month) -> TargetFacts:
    """Counts and projection; none where a month is missing, or a break lies between baseline and window."""
    from rules.detectors.promises import progress_of  # brings scipy

    judged = cubes.judged(cubes.house.partnership.source(source), month)
    found = progress_of(judged, target) if judged is not None else None
    told = TargetFacts(
        target.id, target.title, target.series, cubes.house.geography[target.area].name, source,
        target.direction, str(target.window), str(Window(target.window.first, month)),
    )  # fmt: skip
    if found is None or math.isnan(found.count):
        return told
    mean, low, high, _ = found.projected()
    values = vars(told) | {
        "count": int(found.count), "goal": found.goal, "due": found.goal * found.elapsed,
        "projected": mean, "low": low, "high": high,
    }  # fmt: skip
    return TargetFacts(**values)
