"""What every answer about counts settles first: which feed, which window, who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.grammar.query import Place, Query
from bot.message import Answer
from jobs.attention.clearance import class_of
from jobs.counting.feeds import Feed, feeds, prints
from jobs.counting.freshness import source_facts
from rules.model import Area, AreaKind, Classification, Window

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


@dataclass(frozen=True, slots=True)
class Near:
    """The feeds that carry a series and that the reader may see; `reach` those with figures for the place.

    What the reader may not see is as if it were not there: an answer that told the two apart would tell
    of which months and places a partner has figures.
    """

    open: tuple[Feed, ...]
    reach: tuple[Feed, ...]


def near(connection: Connection, house: House, series: str, query: Query, areas: Iterable[str]) -> Near:
    """What could answer a question about one of the areas."""
    wanted = set(areas)
    known = wanted & house.geography.areas.keys()  # old tables print LSOAs that are none any more
    mine = open_feeds(connection, house, series, query)
    reach = [f for f in mine if prints(connection, f, known if f.span == 1 else wanted)]
    return Near(mine, tuple(reach))


def open_feeds(connection: Connection, house: House, series: str, query: Query) -> tuple[Feed, ...]:
    """The feeds that carry a series, of those that the reader may see."""
    found = feeds(connection, house, series, query.as_of)
    return tuple(f for f in found if query.readers.may_see(f.source, series, house.lexicon))


def choose(query: Query, found: tuple[Feed, ...]) -> Scope | None:
    """The feed and window that answer the query best; None when nothing does.

    A monthly source comes before an annual table, a window that is covered before one that is not.
    """
    if query.window is not None:
        return _for_window(found, query.window)
    for feed in found:
        last = feed.months[-1]
        window = (
            Window.ending(last, query.months or _YEAR) if feed.span == 1 else Window.ending(last, feed.span)
        )
        return with_gaps(feed, window)
    return None


def _for_window(found: tuple[Feed, ...], window: Window) -> Scope | None:
    for feed in found:
        if feed.covers(window):
            return Scope(feed, window)
    tables = [(w, f) for f in found if f.span == window.months for w in f.windows()]
    overlaps = [(_overlap(w, window), w, f) for w, f in tables]
    best = max(overlaps, key=lambda o: (o[0], o[1].last), default=None)
    if best is not None and best[0] >= _ENOUGH_OVERLAP:
        return Scope(best[2], best[1])
    for feed in found:
        if feed.span == 1 and feed.inside(window):
            return with_gaps(feed, window)
    return None


def in_years(connection: Connection, scope: Scope) -> Scope:
    """The window of a closed source as whole years: those inside the one asked for, else the last before.

    Of such a source, places below the district and kinds are told for whole calendar years only.
    """
    if scope.feed.family is None:
        return scope
    from jobs.counting.planned import released

    plan, asked = released(connection, scope.feed), scope.window
    years = [y for y in plan.whole_years(asked) if scope.feed.covers(y)]
    if not years:
        earlier = Window(scope.feed.months[0] + (1 - scope.feed.span), asked.last)
        years = [y for y in plan.whole_years(earlier) if scope.feed.covers(y)][-1:]
    if not years or Window(years[0].first, years[-1].last) == asked:
        return scope
    window = Window(years[0].first, years[-1].last)
    return told_by_years(scope, window)


def told_by_years(scope: Scope, window: Window) -> Scope:
    """The window in place of the one asked for, and why."""
    said = f"This source tells of places in a district, and of kinds, by whole calendar year: {window.words}."
    return Scope(scope.feed, window, said)


def _overlap(a: Window, b: Window) -> int:
    return max(min(a.last, b.last) - max(a.first, b.first) + 1, 0)


def with_gaps(feed: Feed, window: Window) -> Scope:
    """The window with a sentence about months of it that were not published."""
    if feed.span != 1:
        return Scope(feed, window)
    inside = feed.inside(window)
    if len(inside) == window.months:
        return Scope(feed, window)
    many = words.plural(window.months, "month")
    return Scope(feed, window, f"Published: {len(inside)} of the {many} asked for.")


def classification(house: House, feed: Feed, series: str) -> Classification:
    """Who may see what this feed says of the series."""
    return class_of(feed.source, series, house.lexicon)


def nothing(title: str, house: House, series: str, area: Area, query: Query, near: Near) -> Answer:
    """The answer where no figure is: the same for what is withheld and for what nobody has."""
    name, clearance = house.lexicon[series].title, query.clearance
    next_ = ("data", "sources", "help series")
    if near.reach:
        when = f" in {query.window.words}" if query.window else ""
        known = "; ".join(dict.fromkeys(known_periods(f) for f in near.reach))
        said = (f"No figures for {name} in {area.name}{when}. There are figures for {known}.",)
        return Answer(title, said, suggestions=next_, state="empty", claims=claimed.of_feeds(near.reach))
    if near.open:
        short = " and ".join(dict.fromkeys(f.source.short for f in near.open))
        said = (f"{name}: {short} has figures for other areas only.",)
        other = [f"{v} {series}" for v in ("trend", "hotspots") if v != query.verb or query.places]
        return Answer(title, said, suggestions=(*other, "data"), state="empty")
    if clearance is max(Classification, key=lambda c: c.rank):
        return Answer(title, (f"No source has figures for {name}.",), suggestions=next_, state="empty")
    return Answer(
        title, (f"No figures for {name} are open to {clearance.value} readers.",),
        footer=("Some series need a higher clearance: ask in a channel that has it, or ask the "
                "partnership's analyst.",),
        suggestions=next_, state="refused",
    )  # fmt: skip


def known_periods(feed: Feed) -> str:
    """`December 2019 to July 2022 (police.uk)`, or how many periods a table has."""
    periods = feed.windows()
    if feed.span == 1:
        return f"{periods[0].words} to {periods[-1].words} ({feed.source.short})"
    many = f"{words.plural(len(periods), 'period')}, the last " if len(periods) > 1 else ""
    return f"{many}{periods[-1].words} ({feed.source.short})"


def footer(connection: Connection, house: House, scope: Scope, area: Area) -> tuple[str, ...]:
    """Freshness, source, licence and caveats, the same under every answer."""
    source = scope.feed.source
    facts = source_facts(connection, source, until=scope.window.last)
    received = f", received {words.day(facts.received)}" if facts.received else ""
    lines = [f"{source.title}. Window: {scope.window.words}{received}. {words.sentence(source.licence)}"]
    if source.invented:
        lines.insert(0, "Invented sample: these figures are made up to show the program.")
    if scope.partial:
        lines.append(scope.partial)
    if who := house.geography.visitor(area.code):
        lines.append(f"Many who come here do not live here ({who}): a rate per resident is not risk.")
    return tuple(lines)


def resolved(house: House, place: Place) -> str:
    """One sentence: what the name was taken for, and what else it could have been."""
    area = house.geography[place.code]
    made = (
        f", {words.plural(len(area.units), 'LSOA')}" if area.units and area.kind is not AreaKind.LSOA else ""
    )
    said = f"“{place.asked}” is read as {area.name} ({_kind(area)}{made})."
    if place.others:
        others = "; ".join(_named(house.geography[c]) for c in place.others[:4])
        said += f" It could also mean: {others}."
    return said


def _named(area: Area) -> str:
    """The name with its kind, which `Coalville (ward to 2015)` has in it already."""
    return area.name if f"({area.kind.value}" in area.name else f"{area.name} ({_kind(area)})"


def _kind(area: Area) -> str:
    return area.kind.value.upper() if area.kind.value in {"lsoa", "msoa"} else area.kind.value


def home(house: House) -> Place:
    """The district: what a question without a place is about."""
    code = house.partnership.district
    return Place(code, house.geography[code].name)
