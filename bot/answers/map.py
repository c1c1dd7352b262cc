"""`map [SERIES] [AREA] [PERIOD] [by:rate]`: the areas of a place as a picture, and the same as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import claimed, words
from bot.answers import hidden
from bot.answers import scope as scoping
from bot.answers.hotspots import VISITORS, ranking_claims, withheld
from bot.answers.pictures import area_picture
from bot.answers.scope import Scope
from bot.grammar.query import Query, Rank
from bot.message import Answer, Picture, Table
from jobs.counting.hot import HotList, units_and_older
from jobs.figures.mapped import Mapped, map_areas
from rules.areas import RANKABLE
from rules.claims import Claim, Claimant
from rules.model import Area, AreaKind

if TYPE_CHECKING:
    from jobs.facts import HotArea
    from jobs.house import House

_NUMBERED = 10  # on the picture, where there is no room for all
_ALL = 20  # so many areas still have room for their numbers


def answer(house: House, query: Query) -> Answer:
    """Every area of the place with its count, rate and band; for a single LSOA, what it lies in."""
    place = query.places[0] if query.places else scoping.home(house)
    asked = house.geography[place.code]
    area = _wide(house, asked)
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title}: map of {area.name}"
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, units_and_older(house, area))
        scope = scoping.choose(query, near.reach)
        if scope is None:
            return scoping.nothing(title, house, series, area, query, near)
        scope = scoping.in_years(connection, scope)
        foot = scoping.footer(connection, house, scope, area)
        found = map_areas(
            connection, house, scope.feed, scope.window, area, series, by_rate=query.by is Rank.RATE
        )
    intro = scoping.resolved(house, place)
    if area is not asked:
        intro += f" It is one area, so the map is of {area.name}, which it lies in."
    seen_by = scoping.classification(house, scope.feed, series)
    if found.hot.withheld:
        return withheld(title, scope, area, found.hot, (intro, foot), seen_by)
    if any(r.visitor for r in found.hot.rows):
        foot = (*foot, VISITORS)
    marks = [mark for _, mark in found.hot.hidden]
    foot = (*foot, *hidden.explained(scope.feed, marks))
    return Answer(
        title, (_lead(scope, area, found, query.by), intro, *_bands(found.hot)),
        table=_table(house, scope, found, query.by), footer=foot, sources=(scope.feed.source.id,),
        pictures=_pictures(house, scope, area, found, title, query.by), classification=seen_by,
        claims=(*_claims(scope, found), *hidden.claims_of(scope.feed, marks),
                *claimed.of_scope(scope.feed, scope.window, area)),
        suppressed=len(marks) or len(found.withheld), state=_state(found),
        suggestions=(f"hotspots {area.name.lower()} {series}", f"trend {series} {area.name.lower()}"),
        data={
            "area": area.code, "area_name": area.name, "window": str(scope.window), "by": query.by.value,
            "source": scope.feed.source.id, "dataset": scope.feed.dataset, "total": found.hot.total,
            "rows": [vars(r) for r in found.hot.rows], "withheld": list(found.withheld),
        },
    )  # fmt: skip


def _state(found: Mapped) -> Literal["ok", "withheld", "empty"]:
    if found.hot.rows and found.hot.total:
        return "ok"
    return "withheld" if found.withheld or found.hot.hidden else "empty"


def _wide(house: House, area: Area) -> Area:
    """One LSOA is one colour: the larger area it lies in is drawn instead."""
    if area.kind is not AreaKind.LSOA:
        return area
    return house.geography.areas.get(area.parent or "", house.geography[house.partnership.district])


def _lead(scope: Scope, area: Area, found: Mapped, by: Rank) -> str:
    rows = found.hot.rows
    when = scope.window.words
    if not rows:
        return f"No figures by area in {area.name} in {when}."
    if not any(r.count for r in rows):
        return f"None recorded in the {words.plural(len(rows), 'area')} of {area.name} in {when}."
    first = rows[0]
    rate = f", {words.rate(first.rate)} per 1,000" if first.rate is not None else ""
    most = f"The highest {by.value} is that of"
    said = f"{words.plural(len(rows), 'area')} in {when}: {_per_band(found.hot)}. {most} {first.name}: "
    said += f"{first.count:,} recorded{rate}."
    return said + (" These counts are too few to rank firmly." if first.count < RANKABLE else "")


def _per_band(hot: HotList) -> str:
    parts = [f"{n} {band}" for band, n in _sizes(hot).items()]
    return ", ".join(parts)


def _sizes(hot: HotList) -> dict[str, int]:
    """How many areas each band has, highest first."""
    from bot.pictures.maps import ladder

    bands = [r.band for r in hot.rows]
    return {band or "without a band": bands.count(band) for band in ladder(bands)}


def _bands(hot: HotList) -> tuple[str, ...]:
    return (words.sentence(hot.bands),) if hot.bands else ()


def _table(house: House, scope: Scope, found: Mapped, by: Rank) -> Table | None:
    """Complete: every area of the picture, and those that it cannot colour."""
    basis = next((r.people_basis for r in found.hot.rows if r.people_basis), "")
    caption = f"{scope.window.words}, {scope.feed.source.short}; by {by.value}"
    names = [(house.geography[code].name, "withheld") for code in found.withheld]
    if (family := scope.feed.family) is not None:
        names += [(name, family.said(mark)) for name, mark in found.hot.hidden]
    rows = (*map(_cells, found.hot.rows), *(("", name, said, "-", "") for name, said in names))
    return Table(
        caption + (f"; rates per 1,000 {basis}" if basis else ""),
        (("", "right"), ("Area", "left"), ("Count", "right"), ("Rate", "right"), ("Band", "left")),
        rows,
    ) if rows else None  # fmt: skip


def _cells(row: HotArea) -> tuple[str, ...]:
    rate = words.rate(row.rate) if row.rate is not None else "-"
    return (str(row.rank), row.name + (" *" if row.visitor else ""), f"{row.count:,}", rate, row.band)


def _pictures(
    house: House, scope: Scope, area: Area, found: Mapped, title: str, by: Rank
) -> tuple[Picture, ...]:
    rows = found.hot.rows
    bands = {r.code: r.band for r in rows if r.band} | dict.fromkeys(found.withheld, "Withheld")
    numbered = rows if len(rows) <= _ALL else [r for r in rows[:_NUMBERED] if r.count]
    rated = by is Rank.RATE
    figure = {r.code: words.rate(r.rate) if rated and r.rate is not None else f"{r.count:,}" for r in rows}
    described = {r.code: f"{r.rank}. {r.name} {figure[r.code]}" for r in rows}
    described |= {code: house.geography[code].name for code in found.withheld}
    if rated:
        title += ", rate per 1,000"
    labels = {r.code: str(r.rank) for r in numbered}
    return area_picture(house, scope, bands, labels, described, title, f"map-{by.value}-{area.code}")


def _claims(scope: Scope, found: Mapped) -> tuple[Claim, ...]:
    told = Claimant(scope.feed.source.id, scope.window)
    for band, n in _sizes(found.hot).items():
        told.count(f"areas: {band}", n)
    return (*told.made, *ranking_claims(scope, found.hot))
