"""One family's counts as a closed source gave them, added up: before it is decided who may be told of them.

A plan asks for the same sums for each district, year and kind: each is made once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import pandas as pd

from jobs.counting.families import Family
from jobs.counting.grain import Grain
from jobs.counting.rollup import Rollup
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from rules.model import AreaKind, Month, Window

T = TypeVar("T")


@dataclass(frozen=True)
class Tree:
    """The areas of a district that are told of: MSOAs, and LSOAs that belong to none; with their LSOAs."""

    members: Mapping[str, frozenset[str]]  # in the order of their codes
    lsoas: Mapping[str, Sequence[str]]  # of each MSOA, sorted


@dataclass(frozen=True)
class FamilyCounts:
    """`rows`: area, series, month (key) and count; NaN = not known."""

    source: SourceSettings
    family: Family
    geography: Geography
    rows: pd.DataFrame
    grain: Grain
    _made: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The largest places told of by themselves: the districts, where the source speaks for them."""
        county = self.geography.county
        districts = sorted(d.code for d in self.geography.of_kind(AreaKind.DISTRICT, inside=county))
        if self.family.span != 1:
            return tuple(districts)
        stored = self.family.parts[self.family.root]
        own = [d for d in districts if all(self.grain.speaks(s, d) for s in stored)]
        return tuple(own) or (county,)

    def tree(self, top: str) -> Tree:
        """The areas inside a district."""
        return self._once(("tree", top), lambda: self._tree(top))

    def by_lsoa(self, top: str) -> bool:
        """Whether the source counts by LSOA there."""
        stored = self.family.parts[self.family.root]
        if self.family.span != 1:
            return bool(self.rows["area"].isin(self.geography.unit_codes).any())
        units = [u for u in self.geography[top].units if u in self.geography.areas]
        return all(self.grain.speaks(s, u) for s in stored for u in units)

    def of_year(self, series: str, area: str, year: Window) -> float:
        """A series' figure of an area for a year, or for a period of a table; NaN where it is not known."""
        if self.family.span != 1:
            return self.printed(series, area, year)
        counts = self.monthly(series, area)
        return sum(counts.get(m, math.nan) for m in year.first.until(year.last))

    def lsoas(self, year: Window) -> Mapping[str, float]:
        """The root's counts of a year by LSOA; those without a row are absent."""
        return self._once(("lsoas", year), lambda: self._lsoas(year))

    def printed(self, series: str, area: str, year: Window) -> float:
        """A table's own figure of an area; NaN where it gives none."""
        stored = self.family.parts[series]
        own = (self.rows["area"] == area) & (self.rows["month"] == year.last.key)
        rows = self.rows[own & self.rows["series"].isin(stored)]
        return float(rows["count"].sum(skipna=False)) if set(stored) <= set(rows["series"]) else math.nan

    def monthly(self, series: str, area: str) -> Mapping[Month, float]:
        """A series' months in an area: zero where nothing was recorded, NaN where that is not known."""
        return self._once(("monthly", series, area), lambda: self._monthly(series, area))

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]  # what this key was made with

    @cached_property
    def _base(self) -> pd.Series[str]:
        """The base LSOA of each row; NaN where it is for another place."""
        return self.rows["area"].map({c: self.geography.base(c) for c in self.geography.unit_codes})

    def _tree(self, top: str) -> Tree:
        units = self.geography[top].units & set(self.geography.base_units)
        inner = {
            m.code: m.units for m in self.geography.of_kind(AreaKind.MSOA) if m.units and m.units <= units
        }
        loose = units - frozenset().union(*inner.values())
        members = {**inner, **{u: frozenset({u}) for u in loose}}
        return Tree({c: members[c] for c in sorted(members)}, {c: sorted(own) for c, own in inner.items()})

    def _lsoas(self, year: Window) -> Mapping[str, float]:
        stored = self.family.parts[self.family.root]
        rows = self.rows[self.rows["series"].isin(stored) & self.rows["month"].isin(self._keys(year))]
        sums = rows["count"].groupby(self._base[rows.index]).sum(skipna=False)
        return {str(code): float(n) for code, n in sums.items()}

    def _keys(self, year: Window) -> Iterable[int]:
        ends = year.first.until(year.last) if self.family.span == 1 else [year.last]
        return [m.key for m in ends]

    def _monthly(self, series: str, area: str) -> Mapping[Month, float]:
        stored, published = self.family.parts[series], self.family.periods[series]
        if not all(self.grain.speaks(s, area) for s in stored):
            return dict.fromkeys(published, math.nan)
        rollup = Rollup.of(self.source, self.geography)
        near = self._once(("near", area), lambda: self.rows[self.rows["area"].isin(rollup.inside(area))])
        rows = near[near["series"].isin(stored)]
        sums = rollup.figure(rows, area).groupby("month").sum(skipna=False)
        return {m: float(sums.get(m.key, 0.0)) for m in published}
