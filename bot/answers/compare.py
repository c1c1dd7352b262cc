"""`compare [SERIES] AREA vs AREA [PERIOD]`: two rates, how many times the one is the other, and a verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import compare_periods
from bot.answers import scope as scoping
from bot.answers.scope import Near, Scope
from bot.answers.trend import polarity_note
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.figures.pairs import AreaPair, Side, area_pair
from rules.claims import Claim, Claimant
from rules.model import Area

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_ALONE = "The range takes every record to stand alone; where records come in groups, it is wider."
_VISITORS = "Many who come there do not live there: read the counts first. A rate per resident is not risk."
_READ = {
    "higher": "a higher rate in {one} than in {other}",
    "lower": "a lower rate in {one} than in {other}",
    "no clear difference": "no clear difference between the rates of {one} and {other}",
}


def answer(house: House, query: Query) -> Answer:
    """Two areas by one feed in one window; two periods are answered next door."""
    if query.base is not None:
        return compare_periods.answer(house, query)
    one, other = areas = tuple(house.geography[p.code] for p in query.places[:2])
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title}: {one.name} and {other.name}"
    with house.store.read() as connection:
        near = [scoping.near(connection, house, series, query, [a.code]) for a in areas]
        both = tuple(f for f in near[0].reach if f in near[1].reach)
        scope = scoping.choose(query, both)
        if scope is None:
            return _nothing(house, query, series, title, near, Near(near[0].open, both))
        scope = scoping.in_years(connection, scope)
        pair = area_pair(connection, house, scope.feed, scope.window, (one, other), series)
        foot = _footer(connection, house, scope, areas)
    found = pair.one.count is not None and pair.other.count is not None
    visited = any(house.geography.visitor(a.code) for a in areas)
    told = _claims(pair, scope)
    note = polarity_note(house.lexicon[series].polarity)
    lines = (
        *_lines(pair, house.lexicon[series].title, scope, visited=visited), *([note] if note else []),
        *(scoping.resolved(house, place) for place in query.places[:2]),
    )  # fmt: skip
    around = (c for a in areas for c in claimed.of_scope(scope.feed, scope.window, a))
    return Answer(
        title, lines, table=_table(pair, scope), footer=(*foot, *([_ALONE] if pair.ratio else [])),
        claims=(*told, *around), sources=(scope.feed.source.id,), state="ok" if found else "withheld",
        classification=scoping.classification(house, scope.feed, series),
        suggestions=tuple(f"trend {a.name.lower()} {series}" for a in areas), data=_data(pair, scope, series),
    )  # fmt: skip


def _nothing(house: House, query: Query, series: str, title: str, near: list[Near], both: Near) -> Answer:
    """No figures for one of the two, or none that were counted alike for both."""
    for place, own in zip(query.places, near, strict=False):
        if not own.reach:
            return scoping.nothing(title, house, series, house.geography[place.code], query, own)
    if both.reach:
        return scoping.nothing(title, house, series, house.geography[query.places[0].code], query, both)
    said = f"{house.lexicon[series].title}: no source has figures for both areas, counted alike."
    next_ = tuple(f"trend {house.geography[p.code].name.lower()} {series}" for p in query.places)
    return Answer(title, (said,), suggestions=next_, state="empty")


def _footer(connection: Connection, house: House, scope: Scope, areas: tuple[Area, ...]) -> tuple[str, ...]:
    lines = (line for area in areas for line in scoping.footer(connection, house, scope, area))
    return tuple(dict.fromkeys(lines))


def _lines(pair: AreaPair, name: str, scope: Scope, *, visited: bool) -> list[str]:
    sides = [_side(side, scope) for side in (pair.one, pair.other)]
    lead = _verdict(pair, name, visited=visited)
    lines = [*sides, *lead] if visited else [*lead, *sides]
    if outer := next((s for s in (pair.one, pair.other) if s.without), None):
        inner = pair.other if outer is pair.one else pair.one
        lines.append(f"{inner.name} lies in the larger area, which is taken without it.")
    return lines


def _verdict(pair: AreaPair, name: str, *, visited: bool) -> list[str]:
    one, other = pair.one, pair.other
    if pair.shared:
        many = words.plural(pair.shared, "LSOA")
        return [
            f"{one.name} and {other.name} share {many}: no ratio is made of what is counted on both sides."
        ]
    if one.count is None or other.count is None:
        return ["One of the counts is withheld or not known: no ratio is made."]
    if pair.ratio is None:
        none = not (one.count or other.count)
        return ["None recorded in either: there is nothing to compare." if none
                else "Residents are not known for both: the counts cannot be compared as rates."]  # fmt: skip
    r = pair.ratio
    said = f"{name}: {_READ[r.reading].format(one=one.name, other=other.name)}"
    if not math.isfinite(r.ratio) or not r.ratio:
        said = f"{said}; none recorded in {one.name if not r.ratio else other.name}."
    else:
        said = f"{said}, {r.ratio:.2f} times (95 % range {r.lower:.2f} to {r.upper:.2f})."
    return [_VISITORS, said] if visited else [said]


def _side(side: Side, scope: Scope) -> str:
    if side.count is None:
        return f"{side.name}: withheld or not known in {scope.window.words}."
    said = f"{side.name}: {side.count:,} recorded in {scope.window.words}"
    if not side.people:
        return f"{said}."
    rate = words.rate(1000 * side.count / side.people.people)
    return f"{said}, {rate} per 1,000 of {side.people.people:,.0f} residents."


def _table(pair: AreaPair, scope: Scope) -> Table:
    people = pair.one.people or pair.other.people
    rows = tuple(
        (s.name, words.counted(s.count),
         f"{s.people.people:,.0f}" if s.people else "-",
         words.rate(1000 * s.count / s.people.people) if s.people and s.count is not None else "-")
        for s in (pair.one, pair.other)
    )  # fmt: skip
    basis = f"; rates per 1,000 {people.basis}" if people else ""
    return Table(
        f"{scope.window.words}, {scope.feed.source.short}{basis}",
        (("Area", "left"), ("Count", "right"), ("Residents", "right"), ("Rate", "right")),
        rows,
    )


def _claims(pair: AreaPair, scope: Scope) -> tuple[Claim, ...]:
    told = Claimant(scope.feed.source.id, scope.window)
    rates: list[float] = []
    for side in (pair.one, pair.other):
        if side.count is not None:
            told.count(side.name, side.count)
        if side.people:
            told.count(f"{side.name}: residents", side.people.people, basis=side.people.basis)
        if side.count is not None and side.people:
            rates.append(
                told.rate(f"{side.name}: rate", side.count, side.people.people, side.people.basis).value
            )
    if pair.shared:
        told.count("LSOAs on both sides", pair.shared)
    if (r := pair.ratio) and len(rates) == 2 and rates[1]:
        told.ratio("ratio of the rates", rates[0], rates[1], "the other rate per 1,000")
        for end, value in (("lower", r.lower), ("upper", r.upper)):
            told.modelled(f"ratio of the rates, {end} end", value, "exact, two Poisson counts")
    return tuple(told.made)


def _data(pair: AreaPair, scope: Scope, series: str) -> dict[str, object]:
    r = pair.ratio
    known = r is not None and math.isfinite(r.upper)
    return {
        "series": series, "window": str(scope.window), "source": scope.feed.source.id,
        "dataset": scope.feed.dataset, "shared": pair.shared,
        "areas": [
            {"area": s.area.code, "area_name": s.name, "count": s.count,
             "without": s.without.code if s.without else None,
             "people": s.people.people if s.people else None, "basis": s.people.basis if s.people else None}
            for s in (pair.one, pair.other)
        ],
        "ratio": r.ratio if r and math.isfinite(r.ratio) else None, "lower": r.lower if r else None,
        "upper": r.upper if r and known else None, "verdict": r.reading if r else None,
    }  # fmt: skip
