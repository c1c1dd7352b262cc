"""An event's month at its own place: what was recorded, at earlier events of its name and in ordinary months.

The whole set of LSOAs of the event's area is counted together: a publisher's anchor point may move between
them. Sources publish whole months, so the window of an event is its month.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.counting.feeds import Feed, by_month, by_unit, feeds
from jobs.figures.sums import whole
from jobs.house import House
from jobs.store.engine import Connection
from rules.detectors.event_window import EventKnobs, from_events
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Event, Month, Window

_RING = EventKnobs()  # what moves a series here is what would ring the rule about events


@dataclass(frozen=True)
class EventSeries:
    """One series in the event's month; None where withheld or not known, which is never zero."""

    series: str
    feed: Feed
    count: int | None  # at the event's area
    district: int | None  # in the whole district that month
    largest: tuple[str, int] | None  # code of the LSOA of the area with most, and its count
    ordinary: Expected | None  # what a month without an event would hold
    earlier: tuple[tuple[Month, int], ...]  # earlier events of the name, oldest first
    from_earlier: Expected | None  # what they let expect; None below two
    cancelled: tuple[tuple[Month, int], ...]  # months in which the event was called off

    @property
    def moved(self) -> bool:
        """Whether it was much higher than in an ordinary month."""
        if self.ordinary is None or self.count is None:
            return False
        enough = self.count >= _RING.min_count and self.count - self.ordinary.mean >= _RING.min_excess
        return enough and self.ordinary.p_high < _RING.alpha


def main_month(event: Event) -> Month:
    """The month with most of the event's days; the first of equals, and of months without days."""
    if event.days is None:
        return event.months[0]
    first, last = event.days

    def held(month: Month) -> int:
        ends = min(last, (month + 1).first_day), max(first, month.first_day)
        return (ends[0] - ends[1]).days + (month == event.months[-1])

    return max(event.months, key=lambda m: (held(m), -m.ordinal))


def same_name(house: House, event: Event) -> tuple[Event, ...]:
    """Events of its name at its place, itself and cancelled ones included, oldest first."""
    return tuple(e for e in house.events if (e.name, e.area) == (event.name, event.area))


def months_with_figures(
    connection: Connection, house: House, until: Month | None, readers: Readers
) -> frozenset[Month]:
    """Months for which any monthly source open to the reader has figures of the partnership's main series."""
    series = house.partnership.default_series
    mine = (f for f in feeds(connection, house, series, until) if f.span == 1)
    return frozenset(m for f in mine if readers.may_see(f.source, series, house.lexicon) for m in f.months)


def event_series(
    connection: Connection, house: House, event: Event, until: Month | None, readers: Readers
) -> tuple[EventSeries, ...]:
    """Every series of every monthly source open to the reader, those that moved most first.

    A series is taken from the first source that has it in that month, as everywhere.
    """
    month = main_month(event)
    chosen = dict(_chosen(connection, house, month, until, readers))
    past = tuple(e for e in same_name(house, event) if e.months[-1] < month)
    cubes, found = Cubes(connection, house), []
    for series, feed in chosen.items():
        counts = by_month(connection, feed, _reach(feed, month), event.area)
        # What is withheld of the count must not be told by what was expected of it.
        told = whole(counts.get(month, math.nan)) is not None
        mine = cubes.judged(feed.source, month, ordinary=True) if told else None
        found.append(_series(connection, house, feed, series, event, counts, past, mine))
    order = {s: i for i, s in enumerate(chosen)}
    return tuple(sorted(found, key=lambda f: (not f.moved, _p(f), -(f.count or 0), order[f.series])))


def _p(found: EventSeries) -> float:
    return found.ordinary.p_high if found.ordinary is not None else 1.0


def _reach(feed: Feed, month: Month) -> Window:
    return Window(min(feed.months[0], month), month)


def _chosen(
    connection: Connection, house: House, month: Month, until: Month | None, readers: Readers
) -> Iterable[tuple[str, Feed]]:
    for series in house.lexicon:
        for feed in feeds(connection, house, series.id, until):
            mine = readers.may_see(feed.source, series.id, house.lexicon)
            if mine and feed.span == 1 and month in feed.months:
                yield series.id, feed
                break


def _series(
    connection: Connection,
    house: House,
    feed: Feed,
    series: str,
    event: Event,
    counts: Mapping[Month, float],
    past: tuple[Event, ...],
    judged: Judgement | None,
) -> EventSeries:
    place, month = house.geography, main_month(event)
    alone = Window(month, month)
    count = whole(counts.get(month, math.nan))
    district = by_month(connection, feed, alone, place.district).get(month, math.nan)
    top = _largest(connection, house, feed, event, alone) if count else None
    held = _counted(counts, (e for e in past if e.held))
    row = _row(judged, series, event.area)
    return EventSeries(
        series, feed, count, whole(district), top,
        ordinary=_ordinary(judged, row), earlier=held,
        from_earlier=_expected(judged, count, held) if len(held) >= _RING.previous else None,
        cancelled=_counted(counts, (e for e in past if not e.held)),
    )  # fmt: skip


def _largest(
    connection: Connection, house: House, feed: Feed, event: Event, month: Window
) -> tuple[str, int] | None:
    """The LSOA with most of the event's area, where it has several."""
    units = house.geography[event.area].units
    counts = by_unit(connection, feed, month, units)
    known = {str(code): int(n) for code, n in counts.items() if str(code) in units and not math.isnan(n)}
    top = max(known, key=lambda code: (known[code], code), default=None)
    return (top, known[top]) if top is not None and len(units) > 1 else None


def _counted(counts: Mapping[Month, float], events: Iterable[Event]) -> tuple[tuple[Month, int], ...]:
    months = dict.fromkeys(main_month(e) for e in events)
    known = ((m, whole(counts.get(m, math.nan))) for m in months)
    return tuple((m, n) for m, n in known if n is not None)


def _row(judged: Judgement | None, series: str, area: str) -> tuple[int, int] | None:
    if judged is None or series not in judged.cube.series or area not in judged.cube.areas:
        return None
    return judged.cube.series.index(series), judged.cube.areas.index(area)


def _ordinary(judged: Judgement | None, row: tuple[int, int] | None) -> Expected | None:
    if judged is None or row is None:
        return None
    return judged.expected(*row, "here") or judged.expected(*row, "county")


def _expected(
    judged: Judgement | None, count: int | None, held: tuple[tuple[Month, int], ...]
) -> Expected | None:
    if judged is None or count is None:
        return None
    past = np.array([float(n) for _, n in held])
    return from_events(judged, float(count), past, [m - judged.cube.first for m, _ in held])
