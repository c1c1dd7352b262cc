"""The facts of the monthly digest. Its words are in templates/, its looks in bot/."""

from __future__ import annotations

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.freshness import gaps, source_facts
from jobs.counting.hot import rank_areas
from jobs.digest import standing
from jobs.digest.boards import BOXES, board, monthly_feed, priority_board
from jobs.digest.diary import coming, diary
from jobs.digest.peers import peers
from jobs.digest.promises import reports, targets
from jobs.digest.season import look_ahead
from jobs.errors import NotReady
from jobs.facts import DigestFacts
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Month, Window

_TOP = 10


def month_to_tell(connection: Connection, house: House, wanted: Month | None, readers: Readers) -> Month:
    """The month asked for, or the newest; NotReady, with the months there are, for one without figures."""
    feed = monthly_feed(connection, house, house.partnership.default_series, None, readers)
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


def digest_facts(connection: Connection, house: House, month: Month, readers: Readers) -> DigestFacts:
    """All parts for one month, from what these readers may see."""
    own = house.partnership
    cubes = Cubes(connection, house)
    sources = [s for s in own.sources.values() if s.classification.rank <= readers.clearance.rank]
    alerts = standing.of_the_month(connection, house, month, readers)
    unusual = standing.both_directions(alerts)
    feed = monthly_feed(connection, house, own.default_series, month, readers)
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
    ahead, seasons = look_ahead(connection, house, month, readers)
    events, events_ahead = diary(house, month)
    open_, more_open = standing.still_open(connection, house, month, readers)
    return DigestFacts(
        month=str(month), partnership=own.name, district_name=area.name, generated=house.today,
        contact=own.digest.contact,
        headline=board(cubes, own.default_series, month, readers),
        sources=tuple(source_facts(connection, s, until=month, today=house.today).told() for s in sources),
        priorities=tuple(priority_board(cubes, p, month, readers) for p in own.digest.priorities),
        unusual=unusual, more=len(alerts) - len(unusual),
        hot_window=str(hot_window), hot=hot,
        boxes=tuple(board(cubes, s, month, readers) for s in BOXES),
        breaks=_breaks(house, Window.ending(month, 24)),
        ahead=ahead, seasons=seasons,
        reports=reports(cubes, month, readers), targets=targets(cubes, month, readers),
        peers=peers(connection, house, month, readers),
        events=events, events_ahead=events_ahead, ahead_window=str(coming(month)),
        open=open_, more_open=more_open,
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
