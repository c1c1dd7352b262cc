"""The plan of what is told of a closed source's family, made from all that is stored of it.

Of each district: every month of the family's root; for whole calendar years also the total, the areas (a
tree: MSOAs, LSOAs) and the kinds (a tree). An annual table has no months: each of its periods that does not
overlap an earlier one stands for a year. What is told of a month depends on no later one, and a year is told
when it is whole, so a month that comes in takes nothing back. A revised edition makes the plan anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from jobs.counting.families import Family
from jobs.counting.grain import Grain, places
from jobs.counting.released import Cell, Released
from jobs.counting.rollup import Rollup
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection, remembered
from jobs.store.extracts import FAR
from jobs.store.kept import kept
from jobs.store.places import places_given
from jobs.store.read import fetch_counts
from rules.disclosure import Mark, months, parts, year_is_told
from rules.model import AreaKind, Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed

_MONTHS_OF_A_YEAR = 12
Totals = dict[tuple[str, Window], tuple[float, Cell]]  # district and year: the figure, and what is told of it


def released(connection: Connection, feed: Feed) -> Released:
    """What is told of a closed feed's family; made once for each state of the extracts."""
    source, family, geography = feed.source, feed.family, feed.geography
    assert family is not None, "of a public source everything is told"

    def made() -> Released:
        stored = sorted({p for own in family.parts.values() for p in own})
        rows = fetch_counts(connection, sources=[source.id], series=stored, span=family.span)
        if family.dataset is not None:
            rows = rows[rows["dataset"] == family.dataset]
        given = places_given(connection, source.id, places(geography), FAR)
        return plan_of(source, family, geography, rows, Grain.of(given, geography))

    def standing() -> Released:
        """Asked for once a look: the key, all that it follows from besides the extracts, takes a while."""
        own = (family.root, family.below, family.sensitive, family.span, family.dataset)
        given = (source.model_dump_json(), tuple(family.parts.items()), tuple(family.kinds.items()))
        return kept(connection, ("released", *own, *given, geography.itself), made)

    return remembered(connection, ("released", source.id, family.root, family.below), standing)


def plan_of(
    source: SourceSettings, family: Family, geography: Geography, rows: pd.DataFrame, grain: Grain
) -> Released:
    """The plan from the family's stored counts: area, series, month (key) and count; NaN = not known."""
    return _Table(source, family, geography, rows, grain).told()


@dataclass(frozen=True)
class _Tree:
    """The areas of a district that are told of: MSOAs, and LSOAs that belong to none; with their LSOAs."""

    members: Mapping[str, frozenset[str]]  # in the order of their codes
    lsoas: Mapping[str, Sequence[str]]  # of each MSOA, sorted


@dataclass(frozen=True)
class _Table:
    """One family's counts as stored."""

    source: SourceSettings
    family: Family
    geography: Geography
    rows: pd.DataFrame
    grain: Grain
    # What is asked for again for each district, year and kind:
    _summed: dict[tuple[str, str], Mapping[Month, float]] = field(default_factory=dict)
    _by_year: dict[Window, Mapping[str, float]] = field(default_factory=dict)
    _trees: dict[str, _Tree] = field(default_factory=dict)
    _near: dict[str, pd.DataFrame] = field(default_factory=dict)

    def told(self) -> Released:
        """Districts first, then the parts of each of their years."""
        known: dict[tuple[str, Month], Cell] = {}
        totals = self._calendar_years(known) if self.family.span == 1 else self._periods()
        kinds: dict[tuple[str, str, Window], Cell] = {}
        areas: dict[tuple[str, Window], Cell] = {}
        for (top, year), (figure, cell) in totals.items():
            if top in self.tops:
                for series, own in self._kinds(self.family.root, top, year, figure, cell.mark.told):
                    kinds[series, top, year] = own
                areas |= {(code, year): own for code, own in self._areas(top, year, figure, cell.mark.told)}
        years = {key: cell for key, (_, cell) in totals.items()}
        return Released(self.family, self.geography, self.tops, known, years, kinds, areas)

    @cached_property
    def _base(self) -> pd.Series[str]:
        """The base LSOA of each row; NaN where it is for another place."""
        return self.rows["area"].map({c: self.geography.base(c) for c in self.geography.unit_codes})

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

    def _calendar_years(self, known: dict[tuple[str, Month], Cell]) -> Totals:
        """Every month marked; the total of each calendar year that is whole."""
        found: Totals = {}
        published = self.family.periods[self.family.root]
        for top in self.tops:
            counts = self._monthly(self.family.root, top)
            for number in sorted({m.year for m in published}):
                own = [m for m in published if m.year == number]
                figures = [counts[m] for m in own]
                for month, figure, mark in zip(own, figures, months(figures, self.family.below), strict=True):
                    known[top, month] = Cell.of(figure, mark)
                if len(own) == _MONTHS_OF_A_YEAR:
                    mark = Mark.SHOWN if year_is_told(figures, self.family.below) else Mark.WITHHELD
                    total = sum(figures)
                    found[top, Window(own[0], own[-1])] = total, Cell.of(total, mark)
        return found

    def _periods(self) -> Totals:
        """The periods of a table. Where it gives the county too, the districts are parts of that whole."""
        found: Totals = {}
        county, before = self.geography.county, None
        for last in self.family.periods[self.family.root]:
            year = Window.ending(last, self.family.span)
            if before is not None and year.first <= before.last:
                continue
            before = year
            whole = self._printed(self.family.root, county, year)
            own = {d: self._printed(self.family.root, d, year) for d in self.tops if d != county}
            known = {d: n for d, n in own.items() if not math.isnan(n)}
            told = [self._alone(n) for n in known.values()]
            if not math.isnan(whole):
                cell = Cell.of(whole, self._alone(whole))
                found[county, year] = whole, cell
                told = list(self._of_whole(list(known.values()), whole, told=cell.mark.told))
            for (district, figure), mark in zip(known.items(), told, strict=True):
                found[district, year] = figure, Cell.of(figure, mark)
        return found

    def _kinds(
        self, series: str, top: str, year: Window, figure: float, told: bool
    ) -> Iterator[tuple[str, Cell]]:
        """A series' kinds, and theirs, as parts of what is told of it."""
        kinds = self.family.kinds[series]
        figures = [self._of_year(kind, top, year) for kind in kinds]
        for kind, own, mark in zip(kinds, figures, self._of_whole(figures, figure, told=told), strict=True):
            yield kind, Cell.of(own, mark)
            yield from self._kinds(kind, top, year, own, mark.told)

    def _areas(self, top: str, year: Window, figure: float, told: bool) -> Iterator[tuple[str, Cell]]:
        """A district's MSOAs (its LSOAs, where those belong to none), and the LSOAs of each."""
        if self.family.sensitive or not self._by_lsoa(top):
            return
        counts = self._lsoas(year)
        tree = self._tree(top)
        figures = [sum(counts.get(u, 0.0) for u in units) for units in tree.members.values()]
        marks = self._of_whole(figures, figure, told=told)
        for code, own, mark in zip(tree.members, figures, marks, strict=True):
            yield code, Cell.of(own, mark)
            if code in tree.lsoas:
                lsoas = tree.lsoas[code]
                small = [counts.get(u, 0.0) for u in lsoas]
                marks = self._of_whole(small, own, told=mark.told)
                yield from ((u, Cell.of(n, m)) for u, n, m in zip(lsoas, small, marks, strict=True))

    def _tree(self, top: str) -> _Tree:
        if top not in self._trees:
            units = self.geography[top].units & set(self.geography.base_units)
            inner = {
                m.code: m.units for m in self.geography.of_kind(AreaKind.MSOA) if m.units and m.units <= units
            }
            loose = units - frozenset().union(*inner.values())
            members = {**inner, **{u: frozenset({u}) for u in loose}}
            self._trees[top] = _Tree(
                {c: members[c] for c in sorted(members)}, {c: sorted(own) for c, own in inner.items()}
            )
        return self._trees[top]

    def _of_whole(self, figures: Sequence[float], whole: float, *, told: bool) -> Sequence[Mark]:
        """The marks of the parts of a whole. What no part accounts for is a part too, and is never told."""
        rest = whole - sum(figures)
        if not told or not rest >= 0:  # not known, or the parts come to more than the whole
            return (Mark.WITHHELD,) * len(figures)
        return parts([*figures, rest], self.family.below)[:-1]

    def _alone(self, figure: float) -> Mark:
        return Mark.SMALL if 0 < figure < self.family.below else Mark.SHOWN

    def _by_lsoa(self, top: str) -> bool:
        stored = self.family.parts[self.family.root]
        if self.family.span != 1:
            return bool(self.rows["area"].isin(self.geography.unit_codes).any())
        units = [u for u in self.geography[top].units if u in self.geography.areas]
        return all(self.grain.speaks(s, u) for s in stored for u in units)

    def _of_year(self, series: str, top: str, year: Window) -> float:
        if self.family.span != 1:
            return self._printed(series, top, year)
        counts = self._monthly(series, top)
        return sum(counts.get(m, math.nan) for m in year.first.until(year.last))

    def _lsoas(self, year: Window) -> Mapping[str, float]:
        """The root's counts of a year by LSOA; those without a row are absent."""
        if year not in self._by_year:
            self._by_year[year] = self._lsoas_of(year)
        return self._by_year[year]

    def _lsoas_of(self, year: Window) -> Mapping[str, float]:
        stored = self.family.parts[self.family.root]
        rows = self.rows[self.rows["series"].isin(stored) & self.rows["month"].isin(self._keys(year))]
        sums = rows["count"].groupby(self._base[rows.index]).sum(skipna=False)
        return {str(code): float(n) for code, n in sums.items()}

    def _keys(self, year: Window) -> Iterable[int]:
        ends = year.first.until(year.last) if self.family.span == 1 else [year.last]
        return [m.key for m in ends]

    def _printed(self, series: str, area: str, year: Window) -> float:
        """A table's own figure of an area; NaN where it gives none."""
        stored = self.family.parts[series]
        own = (self.rows["area"] == area) & (self.rows["month"] == year.last.key)
        rows = self.rows[own & self.rows["series"].isin(stored)]
        return float(rows["count"].sum(skipna=False)) if set(stored) <= set(rows["series"]) else math.nan

    def _monthly(self, series: str, area: str) -> Mapping[Month, float]:
        """A series' months in an area: zero where nothing was recorded, NaN where that is not known."""
        if (series, area) not in self._summed:
            self._summed[series, area] = self._added_up(series, area)
        return self._summed[series, area]

    def _added_up(self, series: str, area: str) -> Mapping[Month, float]:
        stored, published = self.family.parts[series], self.family.periods[series]
        if not all(self.grain.speaks(s, area) for s in stored):
            return dict.fromkeys(published, math.nan)
        if area not in self._near:
            self._near[area] = self.rows[self.rows["area"].isin(self._inside(area))]
        near = self._near[area]
        rows = near[near["series"].isin(stored)]
        sums = Rollup.of(self.source, self.geography).figure(rows, area).groupby("month").sum(skipna=False)
        return {m: float(sums.get(m.key, 0.0)) for m in published}

    def _inside(self, area: str) -> set[str]:
        return Rollup.of(self.source, self.geography).inside(area)
