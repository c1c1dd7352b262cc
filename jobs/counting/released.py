"""What is told of a closed source: the margins of one table (`planned.py`), and sums of told ones.

Nothing else: a figure of several parts is told where each part is, so it says nothing new. Why that keeps
small figures safe stands in `rules/disclosure.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.counting.families import Family
from jobs.folder.geography import Geography
from rules.disclosure import Mark
from rules.model import AreaKind, Month, Window


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is told: NaN unless its mark says shown."""

    value: float
    mark: Mark

    @classmethod
    def of(cls, count: float, mark: Mark) -> Cell:
        """The count where it is told."""
        return cls(count if mark.told else math.nan, mark)


_CROSSED = Cell(math.nan, Mark.CROSSED)
_WITHHELD = Cell(math.nan, Mark.WITHHELD)


@dataclass(frozen=True)
class Released:
    """Everything that is told of one family; every other figure is a sum of these, or is not told."""

    family: Family
    geography: Geography
    tops: tuple[str, ...]  # the largest places told of by themselves: districts
    months: Mapping[tuple[str, Month], Cell]  # district and month
    years: Mapping[tuple[str, Window], Cell]  # district (county) and year
    kinds: Mapping[tuple[str, str, Window], Cell]  # series, district, year
    areas: Mapping[tuple[str, Window], Cell]  # MSOA or LSOA and year

    def figure(self, series: str, area: str, window: Window) -> Cell:
        """One figure: a sum of told ones, or the reason why it is none."""
        if self.family.whole(series) and (area, window) in self.years:
            return self.years[area, window]
        if whole := self._made_of(area):
            return _sum([self._of_district(series, d, window) for d in whole])
        years = self.whole_years(window)
        if not self.family.whole(series) or self.family.sensitive or not _tile(years, window):
            return _CROSSED
        nodes = self.nodes(area, years)
        return _sum([self.areas[n, y] for n in nodes for y in years]) if nodes else _CROSSED

    def nodes(self, area: str, years: Sequence[Window]) -> list[str]:
        """The areas that make up this one and are told of in these years: MSOAs as wholes where they are
        told, the rest by LSOA, hidden as they may be; sorted. Nothing where the source has none."""
        if all((area, y) in self.areas for y in years):
            return [area]
        left, found = set(self.geography[area].units), []
        for msoa in self.geography.of_kind(AreaKind.MSOA):
            known = bool(msoa.units) and msoa.units <= left
            if known and all(self.areas.get((msoa.code, y), _CROSSED).mark.told for y in years):
                found.append(msoa.code)
                left -= msoa.units
        found += left
        return sorted(found) if all((n, y) in self.areas for n in found for y in years) else []

    def inside(self, area: str) -> list[str]:
        """The areas to set side by side: MSOAs, and LSOAs in one or where there is no whole MSOA; sorted."""
        own = self.geography[area]
        found, left = [], set(own.units)
        if own.kind is not AreaKind.MSOA:
            for msoa in self.geography.of_kind(AreaKind.MSOA):
                if msoa.units and msoa.units <= own.units:
                    found.append(msoa.code)
                    left -= msoa.units
        return sorted([*found, *left])

    def _made_of(self, area: str) -> list[str]:
        """The tops that an area is, or is wholly made of."""
        if area in self.tops:
            return [area]
        districts = districts_of(self.geography, area)
        return districts if set(districts) <= set(self.tops) else []

    def whole_years(self, window: Window) -> list[Window]:
        """The whole years inside a window, oldest first."""
        known = {y for _, y in self.years if y.first in window and y.last in window}
        return sorted(known, key=lambda y: y.first)

    def _of_district(self, series: str, district: str, window: Window) -> Cell:
        """Whole years by their totals where these are told; months where they are not."""
        years = self.whole_years(window)
        told = [self.years.get((district, y), _WITHHELD) for y in years]
        if not self.family.whole(series):
            told = [self.kinds.get((series, district, y), _WITHHELD) for y in years]
        if not self.family.whole(series) or self.family.span != 1:
            return _sum(told) if _tile(years, window) else _CROSSED
        totals = [(y, c) for y, c in zip(years, told, strict=True) if c.mark.told]
        apart = [m for m in window.first.until(window.last) if not any(m in y for y, _ in totals)]
        return _sum([*(c for _, c in totals), *(self.months.get((district, m), _WITHHELD) for m in apart)])


def districts_of(geography: Geography, area: str) -> list[str]:
    """The districts that an area is, or is wholly made of, in the order of their codes; else none."""
    own = geography[area]
    if own.kind is AreaKind.DISTRICT:
        return [area]
    inside = [d for d in geography.of_kind(AreaKind.DISTRICT) if d.units and d.units <= own.units]
    made = frozenset().union(*(d.units for d in inside)) == own.units & set(geography.base_units)
    return sorted(d.code for d in inside) if inside and made else []


def _tile(years: Sequence[Window], window: Window) -> bool:
    return bool(years) and sum(y.months for y in years) == window.months


def _sum(cells: Sequence[Cell]) -> Cell:
    if not cells:
        return _WITHHELD
    if len(cells) == 1:
        return cells[0]
    if all(c.mark.told for c in cells):
        return Cell(sum(c.value for c in cells), Mark.SHOWN)
    return _CROSSED if any(c.mark is Mark.CROSSED for c in cells) else _WITHHELD
