"""Parts 1, 3 and 7: one series each, this month against usual and this year against last."""

from __future__ import annotations

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, feeds
from jobs.counting.trends import Trend, monthly_trend
from jobs.facts import Scoreboard
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Month, Polarity, Verdict, Window

_CHART_MONTHS = 24
BOXES = ("burglary", "vehicle-crime", "shoplifting", "asb", "fly-tipping", "fires-deliberate")


def followed(house: House) -> tuple[str, ...]:
    """The series that a digest is about, each once: all crime, the priorities with figures, the boxes."""
    own = house.partnership
    priorities = (p for p in own.digest.priorities if p in house.lexicon)
    return tuple(dict.fromkeys((own.default_series, *priorities, *BOXES)))


def monthly_feed(
    connection: Connection, house: House, series: str, month: Month | None, readers: Readers
) -> Feed | None:
    """The monthly source that answers for a series, if these readers may see it."""
    for feed in feeds(connection, house, series, month):
        if feed.span == 1 and readers.may_see(feed.source, series, house.lexicon):
            return feed
    return None


def priority_board(cubes: Cubes, priority: str, month: Month, readers: Readers) -> Scoreboard:
    """A series, or `Title: words of the partnership` where figures would mislead."""
    if priority in cubes.house.lexicon:
        return board(cubes, priority, month, readers)
    title, _, narrative = priority.partition(":")
    return _empty(priority, title.strip(), narrative.strip())


def board(cubes: Cubes, series: str, month: Month, readers: Readers) -> Scoreboard:
    """A series; without figures where there are none, or none for these readers."""
    house = cubes.house
    named = house.lexicon[series]
    feed = monthly_feed(cubes.connection, house, series, month, readers)
    if feed is None:
        return _empty(series, named.title, "", named.polarity)
    window = Window.ending(month, _CHART_MONTHS)
    trend = monthly_trend(cubes, feed, series, house.partnership.district, window)
    return _from_trend(trend, month, series, named.title, named.polarity, feed.source.id)


def _from_trend(
    trend: Trend, month: Month, series: str, title: str, polarity: Polarity, source: str
) -> Scoreboard:
    expected, compared = trend.expected, trend.compared
    if compared is not None and compared.window.last != month:
        compared = None  # whole years of a closed source: not the twelve months that the digest speaks of
    comparable = compared is not None and compared.broken is None
    return Scoreboard(
        series=series, title=title, polarity=polarity,
        month_count=trend.last[1] if trend.last else None,
        expected=round(expected.mean, 2) if expected else None,
        lower=expected.lower if expected else None, upper=expected.upper if expected else None,
        verdict=trend.verdict, rolling=compared.new if compared else None,
        rolling_before=compared.old if compared and comparable else None,
        source=source, history=trend.points,
        hidden=trend.points[-1].hidden if trend.points else "withheld" if trend.hidden else "",
    )  # fmt: skip


def _empty(series: str, title: str, narrative: str, polarity: Polarity = Polarity.AMBIGUOUS) -> Scoreboard:
    return Scoreboard(
        series, title, polarity, None, None, None, None, Verdict.NO_HISTORY, None, None, "", narrative
    )
