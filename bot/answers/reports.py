"""`reports [SERIES] [AREA]`: the card of series of which more reports are wanted: a fall is the alarm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.answers import target as targets
from bot.answers import trend as trends
from bot.answers.pictures import trend_chart
from bot.answers.scope import Near, Scope
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.trends import Trend
from jobs.figures.promises import Promise, promises_of
from rules.claims import Claim
from rules.model import Area, Classification, Polarity, Series

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_WANTED = "More reports are wanted here: a rise is good news, a fall is the alarm."


@dataclass(frozen=True, slots=True)
class _Card:
    """One series in the area that has most to say."""

    series: Series
    area: Area
    scope: Scope
    trend: Trend
    promises: tuple[Promise, ...]


def answer(house: House, query: Query) -> Answer:
    """One series in full, or every series of polarity `good` in a line each."""
    wanted = [s for s in house.lexicon if s.polarity is Polarity.GOOD]
    series = house.lexicon[query.series] if query.series else None
    if series is not None and series not in wanted:
        return _not_wanted(series, wanted)
    with house.store.read() as connection:
        if series is not None:
            return _one(connection, house, query, series)
        return _all(connection, house, query, wanted)


def _not_wanted(series: Series, wanted: list[Series]) -> Answer:
    names = "; ".join(s.title for s in wanted) or "none here"
    return Answer(
        "Not a series of which more reports are wanted",
        (f"{series.title}: more reports are not a goal. They are wanted of: {names}.",),
        suggestions=(f"trend {series.id}", *(f"reports {s.id}" for s in wanted[:2])), state="unknown",
    )  # fmt: skip


def _one(connection: Connection, house: House, query: Query, series: Series) -> Answer:
    card, near, area = _card(connection, house, query, series)
    title = f"Reports: {series.title} in {area.name}"
    if card is None:
        told = scoping.nothing(title, house, series.id, area, query, near)
        return Answer(
            title, (*told.lines, _WANTED), footer=told.footer, claims=told.claims, state=told.state,
            suggestions=told.suggestions,
        )  # fmt: skip
    trend, scope = card.trend, card.scope
    lines = [line for line in trends.told(house, trend, card.area, series.id, scope) if line != _WANTED]
    lines += [f"{_verdict(trend)} {_WANTED}".strip(), *(targets.sentence(house, p) for p in card.promises)]
    if query.places:
        lines.append(scoping.resolved(house, query.places[0]))
    foot = (
        *scoping.footer(connection, house, scope, card.area),
        *targets.footers(connection, house, card.promises),
    )
    return Answer(
        title, tuple(lines), table=trends.table_of(trend, scope), footer=tuple(dict.fromkeys(foot)),
        claims=_claims(card),
        pictures=trend_chart(scope, trend.points, title, f"{series.id}-{card.area.code}"),
        sources=(scope.feed.source.id,), classification=_class_of(house, [card]),
        state="ok" if trend.compared or trend.periods or trend.last else "withheld",
        suggestions=(f"target {series.id}", f"trend {series.id} {card.area.name.lower()}"),
        data=_data(card),
    )  # fmt: skip


def _all(connection: Connection, house: House, query: Query, wanted: list[Series]) -> Answer:
    cards = [c for s in wanted if (c := _card(connection, house, query, s)[0]) is not None]
    without = [s.title for s in wanted if s.id not in {c.series.id for c in cards}]
    title, lines = "Reports that are wanted", [_WANTED]
    for card in cards:
        lines += trends.told(house, card.trend, card.area, card.series.id, card.scope)[:1]
        lines += [targets.sentence(house, p) for p in card.promises]
    if without:
        lines.append(f"No figures can be shown for: {'; '.join(without)}.")
    foot = [
        line for c in cards
        for line in (*scoping.footer(connection, house, c.scope, c.area),
                     *targets.footers(connection, house, c.promises))
    ]  # fmt: skip
    return Answer(
        title, tuple(lines), table=_table(cards), footer=tuple(dict.fromkeys(foot)),
        claims=tuple(claim for c in cards for claim in _claims(c)),
        sources=tuple(dict.fromkeys(c.scope.feed.source.id for c in cards)),
        classification=_class_of(house, cards), state="ok" if cards else "empty",
        suggestions=tuple(f"reports {c.series.id}" for c in cards)[:3] or ("data",),
        data={"series": [_data(c) for c in cards]},
    )  # fmt: skip


def _card(
    connection: Connection, house: House, query: Query, series: Series
) -> tuple[_Card | None, Near, Area]:
    """The area asked for; else the first of district, areas with a target and county that can be compared."""
    promises = promises_of(connection, house, query.as_of, query.readers, series.id)
    own = house.partnership
    where = [own.district, *(p.target.area for p in promises), own.county]
    found: list[_Card] = []
    first: tuple[Near, Area] | None = None
    for code in dict.fromkeys([query.places[0].code] if query.places else where):
        area = house.geography[code]
        near = scoping.near(connection, house, series.id, query, [code])
        first = first or (near, area)
        scope = trends.choose(near.reach, query)
        if scope is not None:
            trend = trends.trend_of(connection, house, scope, series.id, area, query.window)
            mine = tuple(p for p in promises if p.target.area == code)
            found.append(_Card(series, area, scope, trend, mine))
            if trend.compared is not None:
                return found[-1], near, area
    assert first is not None, "there is always a district to look at"
    return (found[0] if found else None), *first


def _verdict(trend: Trend) -> str:
    if trend.compared is None or trend.compared.broken is not None:
        return ""
    change = words.Change(trend.compared.new, trend.compared.old)
    if not change.unusual:
        return "Neither a clear rise nor a clear fall."
    return "A rise, as is wanted." if change.new > change.old else "A fall: here that is the alarm."


def _table(cards: list[_Card]) -> Table | None:
    rows = [
        (c.series.title, c.area.name, f"{t.new:,} in {t.window.words}", f"{t.old:,} in {t.base.words}",
         words.Change(t.new, t.old).difference if t.broken is None else "not compared",
         "; ".join(p.standing for p in c.promises) or "-")
        for c in cards if (t := c.trend.compared) is not None
    ]  # fmt: skip
    if not rows:
        return None
    return Table(
        "a rise is wanted",
        (("Series", "left"), ("Area", "left"), ("Recorded", "left"), ("Before", "left"),
         ("Change", "right"), ("Target", "left")),
        tuple(rows),
    )  # fmt: skip


def _claims(card: _Card) -> tuple[Claim, ...]:
    return (
        *trends.claims_of(card.trend, card.scope), *(c for p in card.promises for c in targets.claims(p)),
        *claimed.of_scope(card.scope.feed, card.scope.window, card.area),
    )  # fmt: skip


def _class_of(house: House, cards: list[_Card]) -> Classification:
    told = [scoping.classification(house, c.scope.feed, c.series.id) for c in cards]
    told += [targets.class_of(house, c.promises) for c in cards]
    return max(told, key=lambda c: c.rank, default=Classification.PUBLIC)


def _data(card: _Card) -> dict[str, object]:
    data = trends.data_of(card.trend, card.scope, card.area, card.series.id)
    return data | {"targets": [targets.data(p) for p in card.promises], "wanted": "rise"}
