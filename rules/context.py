"""What the engine may know beside the counts: places, series, calendar, registered breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rules.model import Area, AreaKind, Break, Cube, Event, Month, Series


@dataclass(frozen=True)
class Context:
    """Pure values; one per partnership."""

    areas: Mapping[str, Area]
    series: Mapping[str, Series]
    district: str
    county: str
    events: tuple[Event, ...] = ()
    breaks: tuple[Break, ...] = ()

    @cached_property
    def home(self) -> frozenset[str]:
        """The LSOAs of the district that the alerts are about."""
        return self.areas[self.district].units

    def visitor(self, area: str) -> str:
        """Who comes there besides residents; from the area itself or a site that covers it."""
        own = self.areas[area]
        if own.visitor:
            return own.visitor
        if own.kind is not AreaKind.LSOA:
            return ""
        sites = (a for a in self.areas.values() if a.visitor and own.units <= a.units)
        return next((a.visitor for a in sites), "")

    def events_in(self, area: str, month: Month) -> tuple[Event, ...]:
        """Events held in the month at a place that lies in or overlaps the area."""
        units = self.areas[area].units
        return tuple(
            e for e in self.events if e.held and month in e.months and self.areas[e.area].units & units
        )

    def usable(self, cube: Cube, *, relative: bool) -> npt.NDArray[np.bool_]:
        """Which months may enter a baseline: shape (series, areas, months).

        `exclude` breaks never may; `relative-only` months only where `relative`; nothing before a
        `straddle` point may explain a month after it: see `since`. Months of past events are left out of
        the places that hold them.
        """
        usable = np.ones(cube.counts.shape, dtype=bool)
        for known in self.breaks:
            if known.mask == "straddle" or (known.mask == "relative-only" and relative):
                continue
            span = _span(cube, known.first, known.last)
            s = [i for i, name in enumerate(cube.series) if "*" in known.series or name in known.series]
            a = [i for i, name in enumerate(cube.areas) if "*" in known.areas or name in known.areas]
            usable[np.ix_(s, a, span)] = False
        for event in self.events:
            site = self.areas[event.area].units
            held = [m - cube.first for m in event.months if event.held and cube.first <= m <= cube.last]
            a = [i for i, name in enumerate(cube.areas) if self._hosts(name, site)]
            usable[:, np.array(a, dtype=int)[:, None], np.array(held, dtype=int)[None, :]] = False
        return usable

    def since(self, cube: Cube, month: Month) -> npt.NDArray[np.intp]:
        """For each series, the index of the first month comparable with `month`: shape (series,)."""
        start = np.zeros(len(cube.series), dtype=np.intp)
        for known in self.breaks:
            if known.mask == "straddle" and known.first <= month:
                for i, name in enumerate(cube.series):
                    if "*" in known.series or name in known.series:
                        start[i] = max(start[i], known.first - cube.first)
        return start

    def _hosts(self, area: str, site: frozenset[str]) -> bool:
        """Small enough that an event at the site is a large part of it: anything below the district."""
        own = self.areas[area]
        return own.kind not in {AreaKind.DISTRICT, AreaKind.COUNTY} and bool(own.units & site)


def _span(cube: Cube, first: Month, last: Month | None) -> list[int]:
    end = cube.last if last is None else min(last, cube.last)
    return [m - cube.first for m in max(first, cube.first).until(end)] if end >= first else []
