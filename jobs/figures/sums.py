"""Sums over a window, and residents on one basis: what rates that stand side by side are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from jobs.counting.feeds import Feed, by_month, sum_of
from jobs.folder.geography import Geography, Population
from jobs.store.engine import Connection
from rules.model import Month, Window


def months_of(connection: Connection, feed: Feed, window: Window, area: str) -> dict[Month, float]:
    """Counts of the window's published months, or of the one period that a table has for it; NaN withheld."""
    asked = window if feed.span == 1 else Window(window.last, window.last)
    return by_month(connection, feed, asked, area)


def recorded(connection: Connection, feed: Feed, window: Window, area: str) -> float:
    """What was recorded in the window's published months; NaN where one of them is withheld, or none is.

    Of a closed source a year may be told whose months are not.
    """
    if feed.family is not None:
        return sum_of(connection, feed, window, area)
    months = months_of(connection, feed, window, area)
    return sum(months.values()) if months else math.nan


def whole(count: float) -> int | None:
    """A count or a sum; None where it is withheld or not known (NaN), which is never zero."""
    return None if math.isnan(count) else int(count)


def alike(geography: Geography, groups: Sequence[frozenset[str]], year: int) -> list[Population | None]:
    """Residents of each group of LSOAs, all by the one estimate nearest to `year` that every LSOA has.

    None for a group without LSOAs; for all of them where no estimate has everybody.
    """
    together = geography.population(sorted(frozenset().union(*groups)), year)
    if together is None:
        return [None] * len(groups)
    return [_people(geography, units, together) if units else None for units in groups]


def _people(geography: Geography, units: frozenset[str], basis: Population) -> Population:
    same = (
        p for u in units for p in geography.populations[u] if (p.year, p.basis) == (basis.year, basis.basis)
    )
    return Population(sum(p.people for p in same), basis.year, basis.basis)
