"""`area PLACE`: what the name resolved to, a year's scoreboard, and its open alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from bot.answers import scope as scoping
from bot.answers.alerts import open_inside
from bot.message import Answer, Table
from bot.query import Query
from jobs.scores import Score, scoreboard
from rules.claims import Claim, Claimant
from rules.model import Area, AreaKind, Window

if TYPE_CHECKING:
    from jobs.facts import AlertFacts
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:
    """Everything recorded in a place in the last twelve months, series by series."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    with house.store.read() as connection:
        scores = scoreboard(connection, house, area, query.as_of, query.clearance)
        live = open_inside(connection, house, area, query.clearance)
        series = scores[0].series if scores else house.partnership.default_series
        scope = scoping.choose(connection, house, series, query, [area.code])
        foot = scoping.footer(connection, house, scope, area) if scope else ()
    lines = [scoping.resolved(house, place), _made_of(house, area)]
    if not scores:
        lines.append("No connected source has figures for it yet.")
    lines += _alert_lines(live)
    return Answer(
        area.name, tuple(line for line in lines if line), table=_table(scores), footer=foot,
        claims=_claims(scores), sources=tuple(dict.fromkeys(s.feed.source.id for s in scores)),
        suggestions=(f"hotspots {area.name.lower()}", f"trend total {area.name.lower()}"),
        state="ok" if scores else "empty",
        classification=max((s.feed.source.classification for s in scores), key=lambda c: c.rank)
        if scores else query.clearance,
        data={
            "area": area.code, "area_name": area.name, "kind": area.kind.value,
            "areas": sorted(area.units), "alerts": [a.id for a in live],
        },
    )  # fmt: skip


def _made_of(house: House, area: Area) -> str:
    if area.note:
        return f"Made of: {area.note}."
    if area.kind is AreaKind.LSOA:
        parent = house.geography.areas.get(area.parent or "")
        return f"Census code {area.code}" + (f", in {parent.name}." if parent else ".")
    named = sorted(house.geography[u].name for u in area.units)
    if not named or len(named) > 12:
        return ""
    return f"Its LSOAs: {'; '.join(named)}."


def _alert_lines(live: list[AlertFacts]) -> list[str]:
    if not live:
        return ["No open alerts here."]
    return [
        f"Open alert {a.id}: {a.series_title} in {a.area_name}, {a.count:,} in {words.month(a.period)} "
        f"(usual {words.usual(a.lower, a.upper)})."
        for a in live[:5]
    ]


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
    if s.broken:
        moved = f"not compared: {s.broken}"
    elif change is None:
        moved = ""
    else:
        moved = change.difference if change.unusual else f"{change.difference} (usual variation)"
    name = s.title if s.window == caption else f"{s.title} ({s.window.words})"
    before = "-" if s.before is None or s.broken else f"{s.before:,}"
    short = s.feed.source.short + (" (invented sample)" if s.feed.source.invented else "")
    return (name, f"{s.count:,}", before, moved, short)


def _claims(scores: list[Score]) -> tuple[Claim, ...]:
    found: list[Claim] = []
    for s in scores:
        claimant = Claimant(s.feed.source.id, s.window)
        claimant.count(s.title, s.count)
        if s.before is not None and not s.broken:
            claimant.count(f"{s.title}: before", s.before, s.base)
        found.extend(claimant.made)
    return tuple(found)
