"""`hotspots AREA [SERIES] [by:rate] [WINDOW] [top:N]`: areas side by side, or the streets of one LSOA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from bot.answers import scope as scoping
from bot.answers.pictures import hot_map
from bot.answers.scope import Scope
from bot.message import Answer, Table
from bot.query import Query, Rank
from jobs.hot import HotList, rank_areas, rank_streets, units_and_older
from rules.areas import RANKABLE
from rules.claims import Claim, Claimant
from rules.model import Area, AreaKind

if TYPE_CHECKING:
    from jobs.facts import HotArea
    from jobs.house import House
    from jobs.store.engine import Connection

_TOP = 10
_NOT_PATROL = "This ranks recorded crime by area. It is not a patrol plan."


def answer(house: House, query: Query) -> Answer:
    """Ranked areas with count, rate, band and change; the window and set of areas are named."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title}: highest areas in {area.name}"
    with house.store.read() as connection:
        scope = scoping.choose(connection, house, series, query, units_and_older(house, area))
        if scope is None:
            return scoping.nothing(title, house, series, query)
        denied = scoping.refused(title, scoping.classification(house, scope.feed, series), query)
        if denied is not None:
            return denied
        foot = (*scoping.footer(connection, house, scope, area), _NOT_PATROL)
        intro = scoping.resolved(house, place)
        if area.kind is AreaKind.LSOA and scope.feed.span == 1:
            return _streets(connection, house, query, scope, area, title, (intro, foot))
        hot = rank_areas(
            connection, house, scope.feed, scope.window, area, series,
            by_rate=query.by is Rank.RATE, top=query.top or _TOP,
        )  # fmt: skip
    return _ranked(house, query, scope, area, hot, title, (intro, foot))


def _ranked(
    house: House,
    query: Query,
    scope: Scope,
    area: Area,
    hot: HotList,
    title: str,
    around: tuple[str, tuple[str, ...]],
) -> Answer:
    intro, foot = around
    source = scope.feed.source
    if hot.withheld:
        said = f"Withheld: {hot.withheld}. Such a table cannot be right, so no ranking is made from it."
        return Answer(
            title, (said, intro), footer=foot, sources=(source.id,), state="withheld",
            classification=source.classification, data={"withheld": hot.withheld, "total": hot.total},
        )  # fmt: skip
    if any(r.visitor for r in hot.rows):
        foot = (*foot, "* visitor area: read the count first; a rate per resident is not risk there.")
    claims = _claims(scope, hot)
    lines = [_lead(scope, area, hot), intro]
    if hot.bands:
        lines.append(f"{hot.bands[0].upper()}{hot.bands[1:]}.")
    basis = next((r.people_basis for r in hot.rows if r.people_basis), "")
    order = "rate" if query.by is Rank.RATE else "count"
    table = Table(
        f"{scope.window.words}, {source.short}; by {order}" + (f"; rates per 1,000 {basis}" if basis else ""),
        (("", "right"), ("Area", "left"), ("Count", "right"), ("Rate", "right"), ("Band", "left"),
         ("Before", "right"), ("Change", "left")),
        tuple(_cells(r) for r in hot.rows),
    )  # fmt: skip
    return Answer(
        title, tuple(lines), table=table, pictures=hot_map(house, scope, area, hot, title), footer=foot,
        claims=claims, sources=(source.id,), classification=source.classification,
        suggestions=_next(area, hot), state="ok" if hot.rows else "empty", data=_data(scope, area, hot),
    )  # fmt: skip


def _lead(scope: Scope, area: Area, hot: HotList) -> str:
    if not hot.rows:
        return f"Nothing was recorded in {area.name} in {scope.window.words}."
    first = hot.rows[0]
    said = f"{first.name} is highest: {first.count:,} recorded in {scope.window.words}"
    said += f", {words.rate(first.rate)} per 1,000" if first.rate is not None else ""
    said += f", {first.band}." if first.band else "."
    if first.count < RANKABLE:
        return f"{said} These counts are too few to rank firmly."
    part = words.share(hot.shown, hot.total) if hot.total else None
    if part:
        said += f" The {len(hot.rows)} areas below have {part} of {hot.total:,} in {area.name}."
    return said


def _cells(row: HotArea) -> tuple[str, ...]:
    change = words.change(row.count, row.before)
    if change is None:
        moved = ""
    elif change.unusual:
        moved = change.difference
    else:
        moved = f"{change.difference} (usual variation)"
    return (
        str(row.rank), row.name + (" *" if row.visitor else ""), f"{row.count:,}",
        words.rate(row.rate) if row.rate is not None else "-", row.band,
        f"{row.before:,}" if row.before is not None else "-", moved,
    )  # fmt: skip


def _claims(scope: Scope, hot: HotList) -> tuple[Claim, ...]:
    claimant = Claimant(scope.feed.source.id, scope.window)
    for row in hot.rows:
        claimant.count(f"{row.name}: count", row.count)
        if row.people:
            claimant.rate(f"{row.name}: rate", row.count, row.people, row.people_basis)
        if row.before is not None:
            claimant.count(f"{row.name}: before", row.before, scope.before)
    if hot.total:
        claimant.share("share of the areas shown", hot.shown, hot.total, "recorded in the whole area")
    return tuple(claimant.made)


def _data(scope: Scope, area: Area, hot: HotList) -> dict[str, object]:
    return {
        "area": area.code, "area_name": area.name, "areas": sorted(area.units),
        "window": str(scope.window), "source": scope.feed.source.id, "dataset": scope.feed.dataset,
        "total": hot.total, "shown": hot.shown, "rows": [vars(r) for r in hot.rows],
    }  # fmt: skip


def _next(area: Area, hot: HotList) -> tuple[str, ...]:
    return (f"hotspots {hot.rows[0].name.lower()}", f"area {area.name.lower()}") if hot.rows else ()


def _streets(
    connection: Connection,
    house: House,
    query: Query,
    scope: Scope,
    area: Area,
    title: str,
    around: tuple[str, tuple[str, ...]],
) -> Answer:
    """Inside one LSOA: streets and places, `on or near`, as the police publish them."""
    intro, foot = around
    top = query.top or _TOP
    hot = rank_areas(connection, house, scope.feed, scope.window, area, query.series or "total", top=1)
    found = rank_streets(connection, house, scope.feed, scope.window, area, top)
    whole = hot.shown
    lead = f"{area.name}: {whole:,} recorded in {scope.window.words}."
    if found:
        lead += f" Most are on or near {found[0][0]} ({found[0][1]:,})."
    table = Table(
        f"{scope.window.words}, {scope.feed.source.short}; on or near, as published (not the true place)",
        (("On or near", "left"), ("Count", "right")),
        tuple((street, f"{n:,}") for street, n in found),
    )
    claimant = Claimant(scope.feed.source.id, scope.window)
    claimant.count(f"{area.name}: count", whole)
    for street, n in found:
        claimant.count(f"{street}: count", n)
    return Answer(
        title, (lead, intro), table=table, footer=foot, claims=tuple(claimant.made),
        sources=(scope.feed.source.id,), classification=scope.feed.source.classification,
        suggestions=(f"area {area.name.lower()}",), data=_data(scope, area, hot) | {"streets": found},
    )  # fmt: skip
