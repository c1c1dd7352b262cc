"""The facts of the monthly digest. Its words are in templates/, its looks in bot/."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jobs.attention.clearance import may_see
from jobs.attention.subscriptions import listener
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, feeds
from jobs.counting.freshness import gaps, source_facts
from jobs.counting.hot import rank_areas
from jobs.counting.trends import Trend, monthly_trend
from jobs.errors import NotReady
from jobs.facts import ALERT, DIGEST, AlertFacts, DigestFacts, Scoreboard
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.findings import list_alerts
from jobs.store.outbox import enqueue
from rules.model import Classification, Month, Polarity, Verdict, Window

_UNUSUAL = 5
_TOP = 10
_CHART_MONTHS = 24
_BOXES = ("burglary", "vehicle-crime", "shoplifting", "asb", "fly-tipping", "fires-deliberate")


@dataclass(frozen=True)
class _Readers:
    """Who reads a digest."""

    clearance: Classification
    named: Collection[str] | None = None  # the sensitive series that are open to them

    def may_see(self, house: House, source: SourceSettings, series: str) -> bool:
        return may_see(self.clearance, source, series, house.lexicon, self.named)


def month_to_tell(
    connection: Connection, house: House, wanted: Month | None, clearance: Classification
) -> Month:
    """The month asked for, or the newest; NotReady, with the months there are, for one without figures."""
    feed = _feed(connection, house, house.partnership.default_series, None, _Readers(clearance))
    if feed is None:
        raise NotReady("there are no figures for a digest yet", "run `tocsin pull police` or `tocsin demo`")
    months = list(feed.months)
    if wanted is None or wanted in months:
        return wanted or months[-1]
    without = ", ".join(gaps(months))
    raise NotReady(
        f"no digest for {wanted.words}: {feed.source.short} has {months[0].words} to {months[-1].words}"
        + (f" without {without}" if without else ""),
        f"give one of these months, for example --month {months[-1]}",
    )


def digest_facts(
    connection: Connection,
    house: House,
    month: Month,
    clearance: Classification,
    named: Collection[str] | None = None,
) -> DigestFacts:
    """Parts 1-4, 6, 7 and 13 for one month, from what readers with this clearance may see.

    `named`: the sensitive series that are open to them; None = all.
    """
    readers = _Readers(clearance, named)
    own = house.partnership
    cubes = Cubes(connection, house)
    sources = [s for s in own.sources.values() if s.classification.rank <= clearance.rank]
    alerts = _alerts(connection, house, month, readers)
    unusual = _both_directions(alerts)
    feed = _feed(connection, house, own.default_series, month, readers)
    if feed is not None and month not in feed.months:
        feed = None
    # In a source's first year the window begins with its first month, and says so.
    first = month + -11
    hot_window = Window(max(first, feed.months[0]) if feed else first, month)
    area = house.geography[own.district]
    hot = (
        rank_areas(connection, house, feed, hot_window, area, own.default_series, top=_TOP).rows
        if feed else ()
    )  # fmt: skip
    return DigestFacts(
        month=str(month), partnership=own.name, district_name=area.name, generated=house.today,
        contact=own.digest.contact,
        headline=_board(cubes, own.default_series, month, readers),
        sources=tuple(source_facts(connection, s, until=month, today=house.today).told() for s in sources),
        priorities=tuple(_priority(cubes, p, month, readers) for p in own.digest.priorities),
        unusual=unusual, more=len(alerts) - len(unusual),
        hot_window=str(hot_window), hot=hot,
        boxes=tuple(_board(cubes, s, month, readers) for s in _BOXES),
        breaks=_breaks(house, Window.ending(month, 24)),
    )  # fmt: skip


def _breaks(house: House, window: Window) -> tuple[str, ...]:
    """Registered breaks that touch the district in these months: no comparison straddles one silently."""
    return tuple(
        b.title
        if b.first.words in b.title
        else f"{b.title} ({b.first.words}{f' to {b.last.words}' if b.last else ''})"
        for b in house.breaks
        if ("*" in b.areas or house.partnership.district in b.areas)
        and b.first <= window.last
        and (b.last or b.first) >= window.first
    )


def queue_digest(connection: Connection, house: House, month: Month) -> list[str]:
    """One outbox row for each digest channel; told again it changes nothing."""
    told = []
    for channel in house.partnership.channels.values():
        if channel.digest:
            facts = digest_facts(connection, house, month, channel.clearance, channel.sensitive_series)
            payload = DIGEST.dump_json(facts).decode()
            due = listener(connection, house, channel.id).due(house, 1)
            enqueue(connection, f"digest:{month}", channel.id, "digest", payload, house.now(), due=due)
            told.append(channel.id)
    return told


def _alerts(connection: Connection, house: House, month: Month, readers: _Readers) -> list[AlertFacts]:
    """Alerts of the month that are nobody's part, loudest first, without those that people quietened."""
    rows = [
        r for r in list_alerts(connection)
        if r.last == month and r.parent is None and r.status not in {"withdrawn", "closed"}
        and readers.may_see(house, house.partnership.source(r.source), r.series)
    ]  # fmt: skip
    told = (ALERT.validate_json(r.facts) for r in sorted(rows, key=lambda r: (-r.severity, r.id)))
    return [f for f in told if not f.silenced_until]


def _both_directions(alerts: list[AlertFacts]) -> tuple[AlertFacts, ...]:
    """The loudest, with room kept for the other direction: improvement is news too."""
    shown = alerts[:_UNUSUAL]
    directions = {a.direction for a in shown}
    other = next((a for a in alerts[_UNUSUAL:] if a.direction not in directions), None)
    return tuple([*shown[:-1], other] if other else shown)


def _feed(
    connection: Connection, house: House, series: str, month: Month | None, readers: _Readers
) -> Feed | None:
    for feed in feeds(connection, house, series, month):
        if feed.span == 1 and readers.may_see(house, feed.source, series):
            return feed
    return None


def _priority(cubes: Cubes, priority: str, month: Month, readers: _Readers) -> Scoreboard:
    """A series, or `Title: words of the partnership` where figures would mislead."""
    if priority in cubes.house.lexicon:
        return _board(cubes, priority, month, readers)
    title, _, narrative = priority.partition(":")
    return _empty(priority, title.strip(), narrative.strip())


def _board(cubes: Cubes, series: str, month: Month, readers: _Readers) -> Scoreboard:
    house = cubes.house
    named = house.lexicon[series]
    feed = _feed(cubes.connection, house, series, month, readers)
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
