"""Which communities: counts and rates by how deprived and how rural the LSOAs of an area are.

Of areas only. Fifths are those of England's LSOAs, so that a district may have few or none of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.counting.feeds import Feed, by_unit, prints
from jobs.figures.sums import whole
from jobs.house import House
from jobs.store.engine import Connection
from rules.claims import UNUSUAL_Z
from rules.funnel import funnel
from rules.model import Area, Window

_FIFTHS = {
    1: "most deprived fifth", 2: "second most deprived fifth", 3: "middle fifth",
    4: "second least deprived fifth", 5: "least deprived fifth",
}  # fmt: skip
_SETTLEMENTS = ("urban", "rural")


@dataclass(frozen=True)
class Community:
    """LSOAs alike, together."""

    title: str
    areas: int
    count: int | None  # None = withheld or not known in one of them
    people: float | None
    basis: str  # who `people` are

    @property
    def rate(self) -> float | None:
        """Per 1,000 residents."""
        return 1000 * self.count / self.people if self.count is not None and self.people else None


@dataclass(frozen=True)
class Communities:
    """Most deprived first, urban before rural; kinds that the area does not have are left out."""

    fifths: tuple[Community, ...] = ()
    settlements: tuple[Community, ...] = ()
    apart: frozenset[str] = frozenset()  # titles of fifths more than usual variation from the common rate
    why_not: str = ""  # half a sentence where nothing can be said


def communities(connection: Connection, house: House, feed: Feed, window: Window, area: Area) -> Communities:
    """Of the area's LSOAs in the window, from one monthly feed that places what it counts in LSOAs."""
    known = house.deprivation
    if not known:
        return Communities(why_not="no deprivation figures are shipped for this county")
    if not area.units <= known.keys():
        return Communities(why_not=f"{area.name} is not made of LSOAs whose deprivation is known")
    if feed.span != 1 or not prints(connection, feed, area.units):
        return Communities(why_not=f"{feed.source.short} has no figures for every LSOA of {area.name}")
    counts = by_unit(connection, feed, window, area.units)
    counts = counts.reindex(sorted(area.units), fill_value=0.0)

    def alike(title: str, units: Iterable[str]) -> Community:
        return _community(house, title, sorted(units), counts, window.last.year)

    fifths = tuple(
        alike(title, (u for u in area.units if known[u].fifth == fifth)) for fifth, title in _FIFTHS.items()
    )
    settlements = (
        alike(name, (u for u in area.units if known[u].settlement == name)) for name in _SETTLEMENTS
    )
    there = tuple(c for c in fifths if c.areas)
    return Communities(there, tuple(c for c in settlements if c.areas), _apart(there))


def _apart(fifths: tuple[Community, ...]) -> frozenset[str]:
    """|z| of 3 and more against the rate of all together, the bound that changes over time have as well."""
    known = [c for c in fifths if c.count is not None and c.people]
    if len(known) < len(fifths) or len(known) < 2:
        return frozenset()
    counts = np.array([float(c.count or 0) for c in known])
    z = funnel(counts, np.array([c.people or 0.0 for c in known])).z
    return frozenset(c.title for c, far in zip(known, z, strict=True) if abs(far) >= UNUSUAL_Z)


def _community(house: House, title: str, units: list[str], counts: pd.Series[float], year: int) -> Community:
    people = house.geography.population(units, year) if units else None
    total = float(counts.loc[units].sum(skipna=False)) if units else 0.0
    return Community(
        title, len(units), whole(total),
        people.people if people else None, people.basis if people else "",
    )  # fmt: skip
