"""What the engine may know beside the counts: places, series, calendar, registered breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rules.model import Area, AreaKind, Break, Cube, Event, Month, Series
from rules.targets import Target


def visitors(area: Area, visited: Iterable[Area]) -> str:
    """Who comes to an area besides residents; from the area itself or one of `visited` that covers it."""
    if area.visitor or area.kind is not AreaKind.LSOA:
        return area.visitor
    return next((a.visitor for a in visited if area.units <= a.units), "")


@dataclass(frozen=True)
class Context:
    """Pure values; one per partnership."""

    areas: Mapping[str, Area]
    series: Mapping[str, Series]
    district: str
    county: str
    events: tuple[Event, ...] = ()
    breaks: tuple[Break, ...] = ()
    targets: tuple[Target, ...] = ()
    neighbours: Mapping[str, frozenset[str]] = field(default_factory=dict)  # LSOA -> LSOAs that touch it
    people: Mapping[str, float] = field(default_factory=dict)  # area -> residents, newest estimate
    confirmed: frozenset[tuple[str, str, Month]] = frozenset()  # series, area, month: real, but a one-off
    restarts: tuple[tuple[str, str, Month], ...] = ()  # series, area, first month of a confirmed new level
    aside: Mapping[Month, float] = field(default_factory=dict)  # share of a month's rows that were set aside
    _known: dict[tuple[tuple[str, ...], frozenset[str]], npt.NDArray[np.intp]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def home(self) -> frozenset[str]:
        """The LSOAs of the district that the alerts are about."""
        return self.areas[self.district].units

    def visitor(self, area: str) -> str:
        """Who comes there besides residents: see `visitors`."""
        return visitors(self.areas[area], self._visited)

    @cached_property
    def _visited(self) -> tuple[Area, ...]:
        return tuple(a for a in self.areas.values() if a.visitor)

    def events_in(self, area: str, month: Month) -> tuple[Event, ...]:
        """Events held in the month at a place that lies in or overlaps the area."""
        units = self.areas[area].units
        return tuple(
            e for e in self.events if e.held and month in e.months and self.areas[e.area].units & units
        )

    def touched(self, cube: Cube, month: Month) -> npt.NDArray[np.bool_]:
        """Where a masking break is on in the month itself: shape (series, areas)."""
        found = np.zeros(cube.counts.shape[:2], dtype=bool)
        for known in self.breaks:
            inside = known.first <= month and (known.last is None or month <= known.last)
            if known.mask != "straddle" and inside:
                found[_touched(cube, known)] = True
        return found

    def usable(self, cube: Cube, *, relative: bool) -> npt.NDArray[np.bool_]:
        """Which months may enter a baseline: shape (series, areas, months).

        `exclude` breaks never may; `relative-only` months only where `relative`; nothing before a
        `straddle` point may explain a month after it: see `since`. Months of past events are left out of
        the places that hold them, and months that people confirmed as a real one-off of what they were of.
        """
        usable = np.ones(cube.counts.shape, dtype=bool)
        for known in self.breaks:
            if known.mask == "straddle" or (known.mask == "relative-only" and relative):
                continue
            s, a = _touched(cube, known)
            usable[s, a, _span(cube, known.first, known.last)] = False
        for event in self.events:
            site = self.areas[event.area].units
            held = [m - cube.first for m in event.months if event.held and cube.first <= m <= cube.last]
            if held:
                hosts = self._hosting(cube.areas, site)
                usable[:, hosts[:, None], np.array(held, dtype=np.intp)[None, :]] = False
        for name, area, month in self.confirmed:
            if name in cube.series and area in cube.areas and cube.first <= month <= cube.last:
                usable[cube.series.index(name), cube.areas.index(area), month - cube.first] = False
        return usable

    def happened(self, cube: Cube, month: Month) -> npt.NDArray[np.bool_] | None:
        """Where an event is on in the month, and when one of its name was before: shape (1, areas, months).

        None where there is none. A cancelled event is none; one of another name at the place is no
        measure of it.
        """
        found = np.zeros((len(cube.areas), cube.counts.shape[2]), dtype=bool)
        for now in self.events:
            if not (now.held and month in now.months and now.area in self.areas):
                continue
            same = (e for e in self.events if e.held and (e.name, e.area) == (now.name, now.area))
            held = [m - cube.first for e in same for m in e.months if cube.first <= m <= month]
            hosts = self._hosting(cube.areas, self.areas[now.area].units)
            found[hosts[:, None], np.array(held, dtype=np.intp)[None, :]] = True
        return found[None] if found.any() else None

    def restarted(self, cube: Cube, month: Month) -> npt.NDArray[np.intp] | None:
        """Index of the month in which the level of `month` began: shape (series, areas), 0 = not known.

        Softer than `since`: season and dispersion live on, only the level is learned anew. None: nowhere.
        """
        start = np.zeros(cube.counts.shape[:2], dtype=np.intp)
        for name, area, first in self.restarts:
            if name in cube.series and area in cube.areas and cube.first < first < month:
                s, a = cube.series.index(name), cube.areas.index(area)
                start[s, a] = max(start[s, a], first - cube.first)
        return start if start.any() else None

    def since(self, cube: Cube, month: Month) -> npt.NDArray[np.intp]:
        """Index of the first month comparable with `month`: shape (series, areas)."""
        start = np.zeros(cube.counts.shape[:2], dtype=np.intp)
        for known in self.breaks:
            if known.mask == "straddle" and known.first <= month:
                here = _touched(cube, known)
                start[here] = np.maximum(start[here], known.first - cube.first)
        return start

    def _hosting(self, areas: tuple[str, ...], site: frozenset[str]) -> npt.NDArray[np.intp]:
        """Indices of the areas that an event at the site is a large part of; asked for in every month."""
        key = (areas, site)
        if key not in self._known:
            self._known[key] = np.flatnonzero([self._hosts(name, site) for name in areas])
        return self._known[key]

    def _hosts(self, area: str, site: frozenset[str]) -> bool:
        """Small enough that an event at the site is a large part of it: anything below the county."""
        own = self.areas[area]
        return own.kind is not AreaKind.COUNTY and bool(own.units & site)


def _touched(cube: Cube, known: Break) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """An open mesh of the series and areas that a break concerns."""
    s = [i for i, name in enumerate(cube.series) if "*" in known.series or name in known.series]
    a = [i for i, name in enumerate(cube.areas) if "*" in known.areas or name in known.areas]
    return np.array(s, dtype=np.intp)[:, None], np.array(a, dtype=np.intp)[None, :]


def _span(cube: Cube, first: Month, last: Month | None) -> slice:
    end = cube.last if last is None else min(last, cube.last)
    return slice(max(first - cube.first, 0), max(end - cube.first + 1, 0))
