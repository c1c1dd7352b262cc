"""`hotspots AREA [SERIES] [by:rate] [WINDOW] [top:N]`: areas side by side, or the streets of one LSOA."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import hidden
from bot.answers import scope as scoping
from bot.answers.pictures import hot_map
from bot.answers.scope import Scope
from bot.answers.streets import inside
from bot.grammar.query import Place, Query, Rank
from bot.message import Answer, Table
from jobs.counting.hot import HotList, rank_areas, units_and_older
from jobs.store.kept import kept
from rules.areas import RANKABLE
from rules.claims import Claim, Claimant
from rules.model import Area, AreaKind, Classification

if TYPE_CHECKING:
    from jobs.facts import HotArea
    from jobs.house import House
    from jobs.store.engine import Connection

_TOP = 10
VISITORS = "* visitor area: read the count first; a rate per resident is not risk there."
_NOT_PATROL = "This ranks recorded crime by area. It is not a patrol plan."


def answer(house: House, query: Query) -> Answer:
    """Ranked areas with count, rate, band and change; the window and set of areas are named.

    Many ask the same in the days after a month has come in. A ranking follows from the extracts and the
    query (which says who reads); streets do not: retention takes incidents away.
    """
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    with house.store.read() as connection:
        if area.kind is AreaKind.LSOA:
            return _answer(connection, house, query, place, area)
        key = ("hotspots", house.itself, replace(query, asker="", share=False))
        return kept(connection, key, lambda: _answer(connection, house, query, place, area))


def _answer(connection: Connection, house: House, query: Query, place: Place, area: Area) -> Answer:
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title}: highest areas in {area.name}"
    near = scoping.near(connection, house, series, query, units_and_older(house, area))
    scope = scoping.choose(query, near.reach)
    if scope is None:
        return scoping.nothing(title, house, series, area, query, near)
    scope = scoping.in_years(connection, scope)
    foot = (*scoping.footer(connection, house, scope, area), _NOT_PATROL)
    intro = scoping.resolved(house, place)
    if area.kind is AreaKind.LSOA and scope.feed.span == 1 and scope.feed.family is None:
        return inside(connection, house, query, scope, area, (intro, foot))
    hot = rank_areas(
        connection, house, scope.feed, scope.window, area, series,
        by_rate=query.by is Rank.RATE, top=query.top or _TOP,
    )  # fmt: skip
    foot = (*foot, *hidden.explained(scope.feed, (m for _, m in hot.hidden)))
    seen_by = scoping.classification(house, scope.feed, series)
    if hot.hidden and not hot.rows:
        return _none_told(scope, area, hot, title, (intro, foot), seen_by)
    if hot.shown or hot.withheld:
        return _ranked(house, query, scope, area, hot, title, (intro, foot), seen_by)
    claimant = Claimant(scope.feed.source.id, scope.window)
    claimant.count(area.name, hot.total or 0)
    return Answer(
        title, (_none(scope, area, hot), intro), footer=foot,
        claims=(*claimant.made, *claimed.of_scope(scope.feed, scope.window, area)),
        sources=(scope.feed.source.id,), classification=seen_by, state="empty",
        suggestions=(f"trend {series} {area.name.lower()}",),
        data=_data(scope, area, replace(hot, rows=())),
    )  # fmt: skip


def _ranked(
    house: House,
    query: Query,
    scope: Scope,
    area: Area,
    hot: HotList,
    title: str,
    around: tuple[str, tuple[str, ...]],
    seen_by: Classification,
) -> Answer:
    intro, foot = around
    source = scope.feed.source
    if hot.withheld:
        return withheld(title, scope, area, hot, around, seen_by)
    if any(r.visitor for r in hot.rows):
        foot = (*foot, VISITORS)
    claims = (*ranking_claims(scope, hot), *claimed.of_scope(scope.feed, scope.window, area))
    lines = [_lead(scope, area, hot), intro]
    if scope.feed.family is not None and hot.hidden:
        lines.append(hidden.listed(scope.feed.family, hot.hidden))
    if hot.bands:
        lines.append(words.sentence(hot.bands))
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
        claims=claims, sources=(source.id,), classification=seen_by, suppressed=len(hot.hidden),
        suggestions=_next(area, hot), data=_data(scope, area, hot),
    )  # fmt: skip


def withheld(
    title: str,
    scope: Scope,
    area: Area,
    hot: HotList,
    around: tuple[str, tuple[str, ...]],
    seen_by: Classification,
) -> Answer:
    """For a table that contradicts itself."""
    intro, foot = around
    said = f"Withheld: {hot.withheld}. Such a table cannot be right, so no ranking is made from it."
    return Answer(
        title, (said, intro), footer=foot, sources=(scope.feed.source.id,), state="withheld",
        classification=seen_by, data={"withheld": hot.withheld, "total": hot.total},
        claims=(*hot.claims, *claimed.of_place(area)),
    )  # fmt: skip


def _none_told(
    scope: Scope,
    area: Area,
    hot: HotList,
    title: str,
    around: tuple[str, tuple[str, ...]],
    seen_by: Classification,
) -> Answer:
    """Every area inside is hidden: no ranking, and nothing of how many there were."""
    intro, foot = around
    family = scope.feed.family
    assert family is not None
    marks = [mark for _, mark in hot.hidden]
    said = f"No figure of the places in {area.name} can be told for {scope.window.words}."
    return Answer(
        title, (said, hidden.only_years(family), intro), footer=foot,
        claims=(*hidden.claims_of(scope.feed, marks), *claimed.of_scope(scope.feed, scope.window, area)),
        sources=(scope.feed.source.id,), classification=seen_by, state="withheld",
        suggestions=(f"trend {scope.feed.series}",), suppressed=len(marks),
        data=_data(scope, area, hot),
    )  # fmt: skip


def _none(scope: Scope, area: Area, hot: HotList) -> str:
    """There is no first among areas that all have none."""
    if not hot.total:
        return f"None recorded in {area.name} in {scope.window.words}."
    return (
        f"{hot.total:,} recorded in {area.name} in {scope.window.words}, none of them placed in one of its "
        "areas: no ranking."
    )


def _lead(scope: Scope, area: Area, hot: HotList) -> str:
    first = hot.rows[0]
    among = "Of the places that can be told, " if hot.hidden else ""
    said = f"{among}{first.name} is highest: {first.count:,} recorded in {scope.window.words}"
    said += f", {words.rate(first.rate)} per 1,000" if first.rate is not None else ""
    said += f", {first.band}." if first.band else "."
    if first.count < RANKABLE:
        return f"{said} These counts are too few to rank firmly."
    part = words.share(hot.shown, hot.total) if hot.total else None
    if part:
        these = f"The {words.plural(len(hot.rows), 'area')} below" if len(hot.rows) > 1 else "It"
        had = "have" if len(hot.rows) > 1 else "has"
        said += f" {these} {had} {hot.shown:,} of {hot.total:,} ({part}) in {area.name}."
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


def ranking_claims(scope: Scope, hot: HotList) -> tuple[Claim, ...]:
    """Every figure of a ranking and of where its bands come from."""
    claimant = Claimant(scope.feed.source.id, scope.window)
    claimant.count("areas shown", len(hot.rows))
    if hot.total:
        claimant.share("share of the areas shown", hot.shown, hot.total, "recorded in the whole area")
    if hot.cuts is not None and hot.cuts.areas:
        cuts = hot.cuts
        claimant.count("areas compared", cuts.areas)
        claimant.ratio("mean of the areas compared", cuts.mean * cuts.areas, cuts.areas, "areas")
        claimant.modelled("their standard deviation", cuts.sd)
    marks = [mark for _, mark in hot.hidden]
    claimant.made.extend(hidden.claims_of(scope.feed, marks))
    return (*claimed.of_hot(hot.rows, scope.feed.source.id, scope.window), *claimant.made)


def _data(scope: Scope, area: Area, hot: HotList) -> dict[str, object]:
    return {
        "area": area.code, "area_name": area.name, "areas": sorted(area.units),
        "window": str(scope.window), "source": scope.feed.source.id, "dataset": scope.feed.dataset,
        "total": hot.total, "shown": hot.shown, "rows": [vars(r) for r in hot.rows],
        "hidden": [{"area_name": name, "mark": mark.value} for name, mark in hot.hidden],
    }  # fmt: skip


def _next(area: Area, hot: HotList) -> tuple[str, ...]:
    return (f"hotspots {hot.rows[0].name.lower()}", f"area {area.name.lower()}") if hot.rows else ()
