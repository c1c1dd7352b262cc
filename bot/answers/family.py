"""The card of a family of series: the whole and its kinds, where, what touches it, what lies beside it.

`fires`, `asb` and `flytip` are this card with series of their own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from bot import claimed, words
from bot.answers import hidden
from bot.answers import scope as scoping
from bot.answers.family_table import card_claims, card_data, side_by_side
from bot.answers.family_words import card_lines
from bot.answers.pictures import hot_map
from bot.answers.scope import Near, Scope
from bot.answers.telling import Telling
from bot.grammar.query import Query
from bot.message import Answer
from jobs.counting.hot import units_and_older
from jobs.figures.family_card import Card, Open, Wanted, family_card
from rules.disclosure import Mark
from rules.model import Area, Classification, Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed
    from jobs.house import House
    from jobs.store.engine import Connection


def answer(house: House, query: Query, family: Wanted) -> Answer:
    """One window of one source, with others beside it; sources are never added up.

    `Query.series` may name a kind of the family: then the card is of that kind.
    """
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    wanted = replace(family, series=query.series or family.series)
    title = f"{house.lexicon[wanted.series].title} in {area.name}"
    with house.store.read() as connection:
        near, asked = _asked(connection, house, wanted.series, query, area)
        if asked is None:
            return scoping.nothing(title, house, wanted.series, area, query, near)
        asked = scoping.in_years(connection, asked)
        scope = _published(asked)
        seen = _seen(connection, house, wanted, query)
        card = family_card(connection, house, scope.feed, scope.window, area, wanted, seen)
        marks = _untold(card)
        foot = (*_footer(connection, house, scope, area, card), *hidden.explained(scope.feed, marks))
    age = (query.as_of or Month.of(house.today)) - scope.feed.months[-1]
    telling = Telling(house.lexicon, area, card, wanted.columns, seen, age)
    return Answer(
        title, (*card_lines(telling), scoping.resolved(house, place)), table=side_by_side(telling),
        pictures=hot_map(house, scope, area, card.hot, title) if card.hot else (), footer=foot,
        claims=(*card_claims(telling), *hidden.claims_of(scope.feed, marks),
                *claimed.of_scope(scope.feed, asked.window, area)),
        suppressed=len(marks) if scope.feed.family is not None else 0,
        sources=tuple(dict.fromkeys(feed.source.id for _, feed in _used(card))),
        classification=_class(house, card), state=_state(telling), data=card_data(telling),
        suggestions=_next(f"{query.verb} {query.word}".strip(), telling),
    )  # fmt: skip


def _asked(
    connection: Connection, house: House, series: str, query: Query, area: Area
) -> tuple[Near, Scope | None]:
    """What answers for the place itself, else for its areas; the newest table before older ones."""
    own = scoping.near(connection, house, series, query, [area.code])
    parts = scoping.near(connection, house, series, query, units_and_older(house, area))
    for near in (own, parts):
        newest = sorted(near.reach, key=lambda f: (f.span != 1, -f.months[-1].ordinal))
        if scope := scoping.choose(query, tuple(newest)):
            return near, scope
    return own if own.reach else parts, None


def _published(asked: Scope) -> Scope:
    """Narrowed to the months that there are, so that what is set beside them is of those very months."""
    runs = asked.feed.runs(asked.window) if asked.feed.span == 1 else ()
    return replace(asked, window=runs[0]) if len(runs) == 1 else asked


def _seen(connection: Connection, house: House, wanted: Wanted, query: Query) -> Open:
    """The reader's feeds of all that the card may tell."""
    names = (*house.lexicon.family(wanted.series), *wanted.columns, *wanted.beside)
    return {s: scoping.open_feeds(connection, house, s, query) for s in dict.fromkeys(names)}


def _used(card: Card) -> list[tuple[str, Feed]]:
    """Every series told, with its feed; the card's own first."""
    figures = [(f.series, f.feed) for f in (card.whole, *card.kinds, *card.beside)]
    return [*figures, *((c.series, c.feed) for c in card.columns)]


def _class(house: House, card: Card) -> Classification:
    """The highest of all that is told."""
    return max((scoping.classification(house, feed, s) for s, feed in _used(card)), key=lambda c: c.rank)


def _footer(connection: Connection, house: House, scope: Scope, area: Area, card: Card) -> tuple[str, ...]:
    """Of each source once, the card's own first; and what a reader must know of the series."""
    by_source = {scope.feed.source.id: scope}
    for _, feed in _used(card):
        by_source.setdefault(feed.source.id, Scope(feed, scope.window))
    lines = [line for s in by_source.values() for line in scoping.footer(connection, house, s, area)]
    note = house.lexicon[card.whole.series].note
    return tuple(dict.fromkeys((*lines, *([note] if note else []))))


def _untold(card: Card) -> list[Mark]:
    """What of the card a closed source does not tell: areas, the place itself, kinds, the window before."""
    areas = [mark for _, mark in card.hot.hidden] if card.hot is not None else []
    counts = [n for f in (card.whole, *card.kinds) for n in (f.count, f.before)]
    return areas or [Mark.WITHHELD for n in counts if n is not None and math.isnan(n)]


def _state_of(card: Card) -> Literal["ok", "withheld"]:
    count = card.whole.count
    return "withheld" if count is not None and math.isnan(count) else "ok"


def _state(t: Telling) -> Literal["ok", "empty", "withheld"]:
    if _state_of(t.card) == "withheld":
        return "withheld"
    return "empty" if t.card.whole.count == 0 and not any(s.count for s in t.near) else "ok"


def _next(verb: str, t: Telling) -> tuple[str, ...]:
    """The same elsewhere; first the last year in which all of it was published, where that is past."""
    name, series = t.area.name.lower(), t.card.whole.series
    ends = [feeds[0].months[-1] for s in t.columns if (feeds := t.seen.get(s)) and feeds[0].span == 1]
    last = min(ends, default=t.card.whole.window.last)
    together = last < t.card.whole.window.last and t.card.whole.feed.covers(Window.ending(last, 12))
    year = (f"{verb} {name} {words.short_period(str(last), 12).lower()}",) if together else ()
    return (*year, f"trend {series} {name}", f"hotspots {name} {series}", f"map {series} {name}")
