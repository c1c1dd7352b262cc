"""The seasonal look-ahead: which series usually peak in the coming months, and what the calendar holds.

For the monthly digest (its fifth part): `look_ahead` gives facts, the words are the digest's. It tells of
past years and is no forecast.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jobs.attention.clearance import Readers
from jobs.counting.feeds import Feed, by_month, feeds
from jobs.figures.season import profile
from jobs.house import House
from jobs.store.engine import Connection
from rules.claims import Claim, Claimant
from rules.model import Event, Month, Window

COMING = 3  # months


@dataclass(frozen=True)
class Peak:
    """A series that is usually high in one of the coming months, with what says so."""

    series: str
    title: str
    source: str  # id
    invented: bool
    area: str  # the district, or the county where the district's own months show no season
    month: Month  # the coming one
    index: float  # of that calendar month; an average month is 100
    above: int  # in so many of
    seen: int  # years it was above the average
    window: Window  # the months that were compared

    def claims(self) -> tuple[Claim, ...]:
        """Of the figures that a sentence about it prints."""
        told = Claimant(self.source, self.window)
        told.modelled(f"{self.title}: index", self.index, "ratio to a centred average year", self.window)
        told.count(f"{self.title}: years above average", self.above)
        told.count(f"{self.title}: years seen", self.seen)
        return tuple(told.made)


@dataclass(frozen=True)
class LookAhead:
    """`without_history`: series with monthly figures whose season cannot be told yet, by id."""

    months: Window
    peaks: tuple[Peak, ...]  # by month, the highest index first
    events: tuple[Event, ...]  # to be held in the district in these months, in order of time
    without_history: tuple[str, ...]
    known: int  # series whose season can be told


def look_ahead(
    connection: Connection,
    house: House,
    month: Month,
    readers: Readers,
    coming: int = COMING,
    wanted: Collection[str] | None = None,
) -> LookAhead:
    """The `coming` months after `month`, for the district, from what was known at its end and is open to the
    readers; of the `wanted` series (None: of all).

    A peak needs the evidence that `season` asks for (rules/season_profile.py).
    """
    months = Window(month + 1, month + coming)
    place = house.geography
    peaks: list[Peak] = []
    without: list[str] = []
    known = 0
    for series, feed in _open(connection, house, month, readers):
        if wanted is not None and series not in wanted:
            continue
        told = [
            _peaks(connection, house, series, feed, area, months) for area in (place.district, place.county)
        ]
        # The district's own season, where it can be told and shows; else the county's.
        found = next((p for p in told if p), None)
        peaks += found or ()
        if all(p is None for p in told):
            without.append(series)
        else:
            known += 1
    home = place[place.district].units
    events = (
        e for e in house.events
        if e.held and place[e.area].units & home and any(m in months for m in e.months)
    )  # fmt: skip
    return LookAhead(
        months, tuple(sorted(peaks, key=lambda p: (p.month, -p.index, p.series))), tuple(events),
        tuple(without), known,
    )  # fmt: skip


def _open(connection: Connection, house: House, month: Month, readers: Readers) -> Iterable[tuple[str, Feed]]:
    """The first monthly feed of every series that the reader may see."""
    for series in house.lexicon:
        for feed in feeds(connection, house, series.id, month):
            if feed.span == 1 and readers.may_see(feed.source, series.id, house.lexicon):
                yield series.id, feed
                break


def _peaks(
    connection: Connection, house: House, series: str, feed: Feed, area: str, months: Window
) -> tuple[Peak, ...] | None:
    """None where no season can be told; empty where it has no peak in these months."""
    if profile(house.context, dict.fromkeys(feed.months, 1.0), series, area) is None:
        return None  # too few months whatever is in them: reading the county's counts would be for nothing
    window = Window(feed.months[0], feed.months[-1])
    counts = by_month(connection, feed, window, area)
    if all(math.isnan(n) for n in counts.values()):
        return None
    found = profile(house.context, counts, series, area)
    if found is None:
        return None
    return tuple(
        Peak(
            series, house.lexicon[series].title, feed.source.id, feed.source.invented, area, m,
            100 * found.factors[m.number - 1], found.above[m.number - 1], found.seen[m.number - 1],
            found.window,
        )
        for m in months.first.until(months.last)
        if m.number in found.peaks
    )  # fmt: skip
