"""What every answer about counts settles first: which feed, which window, who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.message import Answer
from bot.query import Place, Query
from bot.words import day
from jobs.clearance import class_of
from jobs.figures import Feed, feeds, prints
from jobs.freshness import source_facts
from rules.model import Area, Classification, Window

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_YEAR = 12
_ENOUGH_OVERLAP = 6  # months that an annual table must share with the year asked for


@dataclass(frozen=True, slots=True)
class Scope:
    """One feed and one window that can answer; `partial` names months of the window not published."""

    feed: Feed
    window: Window
    partial: str = ""

    @property
    def before(self) -> Window:
        """The window of the same length just before."""
        return Window(self.window.first + -self.window.months, self.window.first + -1)


def choose(
    connection: Connection, house: House, series: str, query: Query, areas: Iterable[str]
) -> Scope | None:
    """The feed and window that answer the query best; None when nothing does.

    Only feeds with figures for one of `areas` count. A monthly source comes before an annual table, a
    window that is covered before one that is not.
    """
    wanted = list(areas)
    found = [f for f in feeds(connection, house, series, query.as_of) if prints(connection, f, wanted)]
    if query.window is not None:
        return _for_window(found, query.window)
    for feed in found:
        last = feed.months[-1]
        window = (
            Window.ending(last, query.months or _YEAR) if feed.span == 1 else Window.ending(last, feed.span)
        )
        return _told(feed, window)
    return None


def _for_window(found: list[Feed], window: Window) -> Scope | None:
    for feed in found:
        if feed.covers(window):
            return Scope(feed, window)
    tables = [(w, f) for f in found if f.span == window.months for w in f.windows()]
    overlaps = [(_overlap(w, window), w, f) for w, f in tables]
    best = max(overlaps, key=lambda o: (o[0], o[1].last), default=None)
    if best is not None and best[0] >= _ENOUGH_OVERLAP:
        return Scope(best[2], best[1])
    for feed in found:
        if feed.span == 1 and any(m in window for m in feed.months):
            return _told(feed, window)
    return None


def _overlap(a: Window, b: Window) -> int:
    return max(min(a.last, b.last) - max(a.first, b.first) + 1, 0)


def _told(feed: Feed, window: Window) -> Scope:
    """The window with a sentence about months of it that were not published."""
    if feed.span != 1:
        return Scope(feed, window)
    inside = [m for m in feed.months if m in window]
    if len(inside) == window.months:
        return Scope(feed, window)
    return Scope(feed, window, f"Only {len(inside)} of these {window.months} months were published.")


def classification(house: House, feed: Feed, series: str) -> Classification:
    """Who may see what this feed says of the series."""
    return class_of(feed.source, series, house.lexicon)


def refused(title: str, needed: Classification, query: Query) -> Answer | None:
    """The answer for somebody without the clearance; None when they have it."""
    if query.clearance.rank >= needed.rank:
        return None
    return Answer(
        title,
        (f"These figures are for {needed.value} readers. Here the clearance is {query.clearance.value}.",),
        footer=("Ask in a channel that has the clearance, or ask the partnership's analyst.",),
        classification=needed,
        state="refused",
    )


def nothing(title: str, house: House, series: str, query: Query) -> Answer:
    """No feed carries this series in this window."""
    name = house.lexicon[series].title
    when = f" in {query.window.words}" if query.window else ""
    return Answer(
        title, (f"No connected source has figures for {name}{when}.",),
        suggestions=("data", "sources", "help series"), state="empty",
    )  # fmt: skip


def footer(connection: Connection, house: House, scope: Scope, area: Area) -> tuple[str, ...]:
    """Freshness, source, licence and caveats, the same under every answer."""
    source = scope.feed.source
    facts = source_facts(connection, source, until=scope.window.last)
    received = f", received {day(facts.received)}" if facts.received else ""
    lines = [f"{source.title}. Window: {scope.window.words}{received}. {source.licence}."]
    if source.invented:
        lines.insert(0, "Invented sample: these figures are made up to show the program.")
    if scope.partial:
        lines.append(scope.partial)
    if who := house.context.visitor(area.code):
        lines.append(f"Many who come here do not live here ({who}): a rate per resident is not risk.")
    return tuple(lines)


def resolved(house: House, place: Place) -> str:
    """One sentence: what the name was taken for, and what else it could have been."""
    area = house.geography[place.code]
    size = len(area.units)
    made = f", {size} LSOA{'s' if size != 1 else ''}" if area.kind.value != "lsoa" else ""
    said = f"“{place.asked}” is read as {area.name} ({_kind(area)}{made})."
    if place.others:
        others = "; ".join(
            f"{house.geography[c].name} ({_kind(house.geography[c])})" for c in place.others[:4]
        )
        said += f" It could also mean: {others}."
    return said


def _kind(area: Area) -> str:
    return area.kind.value.upper() if area.kind.value in {"lsoa", "msoa"} else area.kind.value


def home(house: House) -> Place:
    """The district: what a question without a place is about."""
    code = house.partnership.district
    return Place(code, house.geography[code].name)
