"""The calendar of events: the list of it, and what is said where an event cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.grammar.occasions import Kind, NoOccasion, Occasion, read_window
from bot.grammar.query import Query
from bot.grammar.typed import echo
from bot.message import Align, Answer, Table
from jobs.figures.event_months import main_month
from jobs.judging.describe import days_of
from rules.claims import Claimant
from rules.model import Event, Month

if TYPE_CHECKING:
    from jobs.house import House

_TITLE = "The event calendar"
_MOST = 3
_NAMED = 6


def answer(house: House, query: Query) -> Answer:
    """Every event by name, or every one of the time asked for."""
    window = read_window(query.word)
    events = [e for e in house.events if window is None or any(m in window for m in e.months)]
    if not events:
        when = f" in {window.words}" if window else ""
        said = f"No event{when} is in the calendar of this partnership."
        return Answer(_TITLE, (said,), state="empty", suggestions=("event",) if house.events else ())
    told = Claimant("calendar")
    kinds = _kinds(events)
    many = words.plural(told_count(told, "events", len(events)), "event")
    lead = f"{many} of {words.plural(told_count(told, 'names', len(kinds)), 'name')} in the calendar"
    table = _of_kinds(house, kinds, told) if window is None else _of_days(house, events, window.words)
    return Answer(
        _TITLE, (f"{lead}{f' in {window.words}' if window else ''}.", "Type event and a word of the name."),
        table=table, claims=tuple(told.made), suggestions=tuple(_asked(k) for k in list(kinds)[:_MOST]),
        data={"events": [{"uid": e.uid, "name": e.name, "area": e.area, "days": days_of(e), "held": e.held}
                         for e in events]},
    )  # fmt: skip


def told_count(told: Claimant, name: str, n: int) -> int:
    """The number again, with its claim made."""
    told.count(name, n)
    return n


def unknown(house: House, asked: NoOccasion) -> Answer:
    """No event of that name: the nearest names, else all of them."""
    kinds = list(_kinds(house.events))
    names = asked.nearest or tuple(dict.fromkeys(name for name, _ in kinds))
    shown = echo(asked.asked)
    if not names:
        said = "This partnership has no event calendar, or an empty one."
    else:
        word = "Nearest" if asked.nearest else "Known events"
        said = f"I know no event called “{shown}”. {word}: {'; '.join(names[:_NAMED])}."
    return Answer(
        "No such event", (said,), state="unknown",
        suggestions=(*(_asked((name, "")) for name in names[:_MOST]), "event"), data={"nearest": list(names)},
    )  # fmt: skip


def nothing(
    house: House,
    occasion: Occasion,
    mine: tuple[Event, ...],
    event: Event | None,
    known: frozenset[Month],
) -> Answer:
    """Not in the calendar then, called off, or without figures: said as such."""
    name = occasion.kind[0]
    lines = list(_why(name, occasion, mine, event, known))
    if event is not None:
        lines += what(house, event, occasion)
    can = [e for e in mine if e.held and main_month(e) in known]
    again = [f"{_asked(occasion.kind)} {e.months[0].year}" for e in reversed(can)]
    return Answer(
        f"{name}, {days_of(event)}" if event else name, tuple(lines), state="empty",
        claims=claimed.of_place(house.geography[occasion.kind[1]]),
        suggestions=(*again[:_MOST], *(_asked(kind) for kind in occasion.others[:_MOST]), "event"),
        data={"name": name, "event": event.uid if event else None, "held": event.held if event else None},
    )  # fmt: skip


def _why(
    name: str, occasion: Occasion, mine: tuple[Event, ...], event: Event | None, known: frozenset[Month]
) -> Iterator[str]:
    if event is None:
        held = ", ".join(main_month(e).words for e in [e for e in mine if e.held][-_NAMED:])
        when = f" in {occasion.window.words}" if occasion.window else ""
        yield f"The calendar has no {name}{when}. It has: {held}."
    elif not event.held:
        yield f"{name} was called off ({days_of(event)}): there is no event to compare."
    else:
        month = main_month(event).words
        yield f"There are no figures of {month} open to you, so nothing can be compared."
        if known:
            yield f"There are monthly figures from {min(known).words} to {max(known).words}."


def what(house: House, event: Event, occasion: Occasion) -> list[str]:
    """Which event, which place, which days; and what else the words could have meant."""
    place, month = house.geography[event.area], main_month(event)
    made = f" ({words.plural(len(place.units), 'LSOA')})" if event.held else ""
    lines = [f"{event.name}: {place.name}{made}, {days_of(event)}."]
    if event.held:
        lines[0] += f" All of {month.words} is counted: sources publish no days."
    if event.held and len(event.months) > 1:
        rest = ", ".join(m.words for m in event.months if m != month)
        lines.append(f"It also touches {rest}, which is not counted here.")
    if not event.verified:
        lines.append("Nobody has checked this entry of the calendar.")
    if occasion.others:
        lines.append(f"It could also mean: {'; '.join(name for name, _ in occasion.others[:_MOST])}.")
    return lines


def _kinds(events: Iterable[Event]) -> dict[Kind, list[Event]]:
    """Happenings by name and place, the most frequent first."""
    found: dict[Kind, list[Event]] = {}
    for e in events:
        found.setdefault((e.name, e.area), []).append(e)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _of_kinds(house: House, kinds: dict[Kind, list[Event]], told: Claimant) -> Table:
    rows = []
    for (name, area), events in kinds.items():
        off = sum(not e.held for e in events)
        told.count(f"{name}: in the calendar", len(events))
        told.count(f"{name}: called off", off)
        ends = [words.short_month(str(main_month(e))) for e in (events[0], events[-1])]
        times = f"{len(events)}" + (f", {off} called off" if off else "")
        rows.append((name, house.geography[area].name, times, " to ".join(dict.fromkeys(ends))))
    columns: tuple[tuple[str, Align], ...] = (
        ("Event", "left"),
        ("Where", "left"),
        ("Times", "left"),
        ("When", "left"),
    )
    return Table("the partnership's calendar", columns, tuple(rows))


def _of_days(house: House, events: Iterable[Event], when: str) -> Table:
    return Table(
        f"the partnership's calendar, {when}",
        (("Event", "left"), ("Where", "left"), ("When", "left"), ("", "left")),
        tuple(
            (e.name, house.geography[e.area].name, days_of(e), "" if e.held else "called off") for e in events
        ),
    )


def _asked(kind: Kind) -> str:
    """The command for an event: its name without what stands in brackets."""
    return f"event {kind[0].split('(')[0].strip().lower()}"
