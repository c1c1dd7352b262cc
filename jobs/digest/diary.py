"""Part 11: what the event calendar has for the month, and for the months after it."""

from __future__ import annotations

from jobs.facts import EventFacts
from jobs.house import House
from rules.model import Month, Window

AHEAD = 6  # months; data are two or three months old, so half of them are still to come


def coming(month: Month) -> Window:
    """The months that a digest looks ahead to. From the data month and not from today: the same digest of
    the same month says the same."""
    return Window(month + 1, month + AHEAD)


def diary(house: House, month: Month) -> tuple[tuple[EventFacts, ...], tuple[EventFacts, ...]]:
    """Events that touch the month, and those that begin in the months ahead; in order of time."""
    past = [e for e in house.events if month in e.months]
    ahead = coming(month)
    next_ = [e for e in house.events if e.months[0] in ahead]
    first, second = (
        tuple(
            EventFacts(
                e.name, house.geography[e.area].name, str(e.months[0]), e.held,
                e.days[0] if e.days else None, e.days[1] if e.days else None, e.verified,
            )
            for e in found
        )
        for found in (past, next_)
    )  # fmt: skip
    return first, second
