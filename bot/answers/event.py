"""`event [NAME] [YEAR]`: an event of the calendar against earlier ones of its name and ordinary months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import event_list
from bot.answers import scope as scoping
from bot.answers.scope import Scope
from bot.grammar.occasions import NoOccasion, Occasion, read_occasion
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.figures.event_months import EventSeries, event_series, main_month, months_with_figures
from jobs.judging.describe import days_of
from rules.claims import Claim, Claimant
from rules.model import Classification, Event, Window

if TYPE_CHECKING:
    from jobs.house import House

_TOLD = 3  # series with sentences of their own
_ROWS = 8
_NAMED = 5  # earlier events by name


def answer(house: House, query: Query) -> Answer:
    """What moved at the event's place in its month; the calendar's list where no event is named."""
    occasion = read_occasion(query.word, house.events)
    if not isinstance(occasion, Occasion):
        if isinstance(occasion, NoOccasion):
            return event_list.unknown(house, occasion)
        return event_list.answer(house, query)
    mine = tuple(e for e in house.events if (e.name, e.area) == occasion.kind)
    with house.store.read() as connection:
        known = months_with_figures(connection, house, query.as_of, query.readers)
        event = _choose(mine, occasion, known)
        if event is None or not event.held or main_month(event) not in known:
            return event_list.nothing(house, occasion, mine, event, known)
        found = event_series(connection, house, event, query.as_of, query.readers)
        month = Window(main_month(event), main_month(event))
        used = {f.feed.source.id: Scope(f.feed, month) for f in found}
        area = house.geography[event.area]
        foot = [line for s in used.values() for line in scoping.footer(connection, house, s, area)]
    told = _told(house, found)
    classes = [scoping.classification(house, f.feed, f.series) for f in found]
    return Answer(
        f"{event.name}, {month.words}",
        (*_lines(house, event, told, found), *event_list.what(house, event, occasion)),
        table=_table(house, event, found), footer=tuple(dict.fromkeys(foot)),
        claims=(*_claims(house, event, found), *claimed.of_place(area)), sources=tuple(used),
        classification=max(classes, default=Classification.PUBLIC, key=lambda c: c.rank),
        suggestions=(f"area {area.name.lower()}", *(f"trend {f.series}" for f in told[:1]), "event"),
        suppressed=sum(f.count is None for f in found),
        data=_data(event, month, found),
    )  # fmt: skip


def _choose(mine: tuple[Event, ...], occasion: Occasion, known: frozenset[object]) -> Event | None:
    """The one of the time asked for; else the newest that was held and has figures, or the newest."""
    asked = occasion.window
    if asked is not None:
        mine = tuple(e for e in mine if any(m in asked for m in e.months))
    for wanted in (
        [e for e in mine if e.held and main_month(e) in known],
        [e for e in mine if e.held],
        list(mine),
    ):
        if wanted:
            return wanted[-1]
    return None


def _told(house: House, found: tuple[EventSeries, ...]) -> list[EventSeries]:
    """What moved, without the baskets that moved only with a part of theirs."""
    moved = [f for f in found if f.moved]
    above = {a for f in moved for a in house.lexicon.ancestors(f.series)}
    return [f for f in moved if f.series not in above][:_TOLD]


def _lines(house: House, event: Event, told: list[EventSeries], found: tuple[EventSeries, ...]) -> list[str]:
    place, month = house.geography[event.area].name, main_month(event).words
    if not told:
        if not any(f.ordinary for f in found):
            return [f"{month} at {place}: there is not enough history to judge any series."]
        return [f"No series at {place} was much higher in {month} than in a month without an event."]
    lines = [_sentence(house, event, f) for f in told]
    for f in told[:1]:
        lines += _earlier(f)
    return [*lines, words.NO_REASON]


def _sentence(house: House, event: Event, f: EventSeries) -> str:
    place, month, home = house.geography, main_month(event), house.partnership.district
    said = (
        f"{house.lexicon[f.series].title}: {f.count:,} recorded at {place[event.area].name} in {month.words}"
    )
    if f.ordinary is not None:
        said += f" (usual without an event {words.usual(f.ordinary.lower, f.ordinary.upper)}"
        said += f"; {f.ordinary.caveat})" if f.ordinary.caveat else ")"
    if f.largest is not None:
        code, count = f.largest
        said += f", {count:,} of them in {place[code].name}"
    if f.district is not None:
        said += f". {place[home].name} as a whole: {f.district:,}"
    return f"{said}."


def _earlier(f: EventSeries) -> list[str]:
    lines = []
    if f.earlier:
        named = ", ".join(f"{m.words} {n:,}" for m, n in reversed(f.earlier[-_NAMED:]))
        said = f"Earlier ones: {named}."
        if f.from_earlier is not None:
            said += f" After those {words.usual(f.from_earlier.lower, f.from_earlier.upper)} would be usual."
        lines.append(said)
    else:
        lines.append("There are no figures of an earlier one that was held.")
    if f.cancelled:
        named = ", ".join(f"{m.words} {n:,}" for m, n in reversed(f.cancelled[-_NAMED:]))
        lines.append(f"When it was called off: {named}.")
    return lines


def _table(house: House, event: Event, found: tuple[EventSeries, ...]) -> Table | None:
    rows = [f for f in found if f.moved or f.count != 0][:_ROWS]
    if not rows:
        return None
    return Table(
        f"{main_month(event).words}, {house.geography[event.area].name}",
        (("Series", "left"), ("Recorded", "right"), ("Usual without", "right"), ("Earlier", "left"),
         ("District", "right")),
        tuple(_cells(house, f) for f in rows),
    )  # fmt: skip


def _cells(house: House, f: EventSeries) -> tuple[str, ...]:
    name = house.lexicon[f.series].title + (" (invented sample)" if f.feed.source.invented else "")
    usual = words.usual(f.ordinary.lower, f.ordinary.upper) if f.ordinary else None
    return (
        name, words.counted(f.count), usual or "-",
        ", ".join(f"{n:,}" for _, n in f.earlier[-_NAMED:]) or "-",
        words.counted(f.district),
    )  # fmt: skip


def _claims(house: House, event: Event, found: tuple[EventSeries, ...]) -> tuple[Claim, ...]:
    month, made = main_month(event), []
    for f in found:
        told = Claimant(f.feed.source.id, Window(month, month))
        name = house.lexicon[f.series].title
        if f.count is not None:
            told.count(f"{name}: at the event", f.count)
        if f.district is not None:
            told.count(f"{name}: district", f.district)
        if f.largest is not None:
            told.count(f"{name}: in {house.geography[f.largest[0]].name}", f.largest[1])
        for what, e in (("without an event", f.ordinary), ("from earlier events", f.from_earlier)):
            if e is not None:
                claimed.expected(told, f"{name}: {what}", e.mean, e.lower, e.upper, e.window)
                told.count(f"{name}: {what}: months", e.months, e.window)
        for m, n in (*f.earlier, *f.cancelled):
            told.count(f"{name}: {m.words}", n, Window(m, m))
        made += told.made
    return tuple(made)


def _data(event: Event, month: Window, found: tuple[EventSeries, ...]) -> dict[str, object]:
    return {
        "event": event.uid, "name": event.name, "area": event.area, "days": days_of(event),
        "verified": event.verified, "window": str(month),
        "series": [
            {
                "series": f.series, "source": f.feed.source.id, "count": f.count, "district": f.district,
                "largest": f.largest[0] if f.largest else None,
                "largest_count": f.largest[1] if f.largest else None, "moved": f.moved,
                "expected": f.ordinary.mean if f.ordinary else None,
                "lower": f.ordinary.lower if f.ordinary else None,
                "upper": f.ordinary.upper if f.ordinary else None,
                "earlier": {str(m): n for m, n in f.earlier},
                "cancelled": {str(m): n for m, n in f.cancelled},
            }
            for f in found
        ],
    }  # fmt: skip
