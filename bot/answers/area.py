"""`area PLACE`: what the name resolved to, a year's scoreboard, and its open alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import hidden
from bot.answers import scope as scoping
from bot.answers.alerts import Listed, count_claims, highest, listed
from bot.answers.scope import Scope
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.scores import Score, scoreboard
from rules.claims import Claim, Claimant
from rules.disclosure import Mark
from rules.model import Area, AreaKind, Classification, Window

if TYPE_CHECKING:
    from jobs.facts import AlertFacts
    from jobs.house import House

_ALERTS = 5  # named; the rest are counted


def answer(house: House, query: Query) -> Answer:
    """Everything recorded in a place in the last twelve months, series by series."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    with house.store.read() as connection:
        scores = scoreboard(connection, house, area, query.as_of, query.clearance, query.named)
        live = listed(connection, house, query, area, open_only=True)
        first = {s.feed.source.id: Scope(s.feed, s.window) for s in reversed(scores)}.values()
        foot = [line for f in reversed(first) for line in scoping.footer(connection, house, f, area)]
    lines = [scoping.resolved(house, place), _made_of(house, area)]
    if not scores:
        lines.append("No source has figures for it yet.")
    lines += _alert_lines(live, area)
    classes = [scoping.classification(house, s.feed, s.series) for s in scores]
    return Answer(
        area.name, tuple(line for line in lines if line), table=_table(scores),
        footer=tuple(dict.fromkeys((*foot, *_explained(scores)))),
        suppressed=sum(s.count is None for s in scores),
        claims=(*_claims(scores), *_list_claims(live), *claimed.of_place(area)),
        sources=tuple(dict.fromkeys(s.feed.source.id for s in scores)),
        suggestions=(f"hotspots {area.name.lower()}", f"trend total {area.name.lower()}"),
        state="ok" if scores else "empty",
        classification=max(*classes, highest(house, live), Classification.PUBLIC, key=lambda c: c.rank),
        data={
            "area": area.code, "area_name": area.name, "kind": area.kind.value, "areas": sorted(area.units),
            "alerts": [a.id for a in live.standing], "folded": [a.id for a in live.folded],
        },
    )  # fmt: skip


def _explained(scores: list[Score]) -> list[str]:
    """Why some figures are not told; once for each threshold."""
    return [hidden.reason(s.feed.family) for s in scores if s.feed.family is not None and s.count is None]


def _made_of(house: House, area: Area) -> str:
    if area.kind is AreaKind.LSOA:
        parent = house.geography.areas.get(area.parent or "")
        return f"Census code {area.code}" + (f", in {parent.name}." if parent else ".")
    if area.note:
        return f"Made of: {area.note}."
    named = sorted(house.geography[u].name for u in area.units)
    if not named or len(named) > 12:
        return ""
    return f"Its LSOAs: {'; '.join(named)}."


def _alert_lines(live: Listed, area: Area) -> list[str]:
    if not live.standing:
        return ["No open alerts here."]
    told = [
        f"Open alert {a.id}: {a.series_title} in {a.area_name}, {words.counted(a.count, a.hidden)} in "
        f"{words.month(a.period)}{_usual(a)}."
        for a in live.standing[:_ALERTS]
    ]
    if more := len(live.standing) - len(told):
        told.append(f"{words.plural(more, 'more open alert')}: type alerts {area.name.lower()}.")
    return told


def _usual(a: AlertFacts) -> str:
    return "" if a.count is None else f" (usual {words.usual(a.lower, a.upper)})"


def _table(scores: list[Score]) -> Table | None:
    if not scores:
        return None
    window = scores[0].window
    return Table(
        f"{window.words}, against the same months a year before",
        (("Series", "left"), ("Count", "right"), ("Before", "right"), ("Change", "left"), ("Source", "left")),
        tuple(_cells(s, window) for s in scores),
    )


def _cells(s: Score, caption: Window) -> tuple[str, ...]:
    change = words.change(s.count, s.before)
    count = s.hidden if s.count is None else f"{s.count:,}"
    if s.broken:
        moved = f"not compared: {s.broken}"
    elif change is None:
        moved = ""
    else:
        moved = change.difference if change.unusual else f"{change.difference} (usual variation)"
    name = s.title if s.window == caption else f"{s.title} ({s.window.words})"
    before = "-" if s.before is None or s.broken else f"{s.before:,}"
    short = s.feed.source.short + (" (invented sample)" if s.feed.source.invented else "")
    return (name, count, before, moved, short)


def _list_claims(live: Listed) -> tuple[Claim, ...]:
    shown, told = live.standing[:_ALERTS], Claimant("alerts")
    told.count("more open alerts", len(live.standing) - len(shown))
    return (*count_claims(shown), *claimed.of_lines(shown), *told.made)


def _claims(scores: list[Score]) -> tuple[Claim, ...]:
    found: list[Claim] = []
    for s in scores:
        claimant = Claimant(s.feed.source.id, s.window)
        if s.count is None:
            found.extend(hidden.claims_of(s.feed, [Mark.WITHHELD]))
        else:
            claimant.count(s.title, s.count)
        if s.before is not None and not s.broken:
            claimant.count(f"{s.title}: before", s.before, s.base)
        if s.count is not None and s.before is not None and not s.broken:
            claimant.difference(f"{s.title}: difference", s.count, s.before, s.window, s.base)
        found.extend(claimant.made)
    return tuple(found)
