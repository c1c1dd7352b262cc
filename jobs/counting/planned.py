"""The plan of what is told of a closed source's family, made from all that is stored of it.

Of each district: every month of the family's root; for whole calendar years also the total, the areas (a
tree: MSOAs, LSOAs) and the kinds (a tree). An annual table has no months: each of its periods that does not
overlap an earlier one stands for a year. What is told of a month depends on no later one, and a year is told
when it is whole, so a month that comes in takes nothing back. A revised edition makes the plan anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from jobs.counting.families import Family
from jobs.counting.family_counts import FamilyCounts
from jobs.counting.grain import Grain, places
from jobs.counting.released import Cell, Released
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection, remembered
from jobs.store.extracts import FAR
from jobs.store.kept import kept
from jobs.store.places import places_given
from jobs.store.read import fetch_counts
from rules.disclosure import Mark, months, parts, year_is_told
from rules.model import Month, Window

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
        rows = fetch_counts(connection, source=source.id, series=stored, span=family.span)
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
    return _Plan(FamilyCounts(source, family, geography, rows, grain)).told()


@dataclass(frozen=True)
class _Plan:
    """Made from one family's counts as stored."""

    stored: FamilyCounts

    @property
    def family(self) -> Family:
        """Whose counts they are."""
        return self.stored.family

    def told(self) -> Released:
        """Districts first, then the parts of each of their years."""
        known: dict[tuple[str, Month], Cell] = {}
        totals = self._calendar_years(known) if self.family.span == 1 else self._periods()
        kinds: dict[tuple[str, str, Window], Cell] = {}
        areas: dict[tuple[str, Window], Cell] = {}
        for (top, year), (figure, cell) in totals.items():
            if top in self.stored.tops:
                for series, own in self._kinds(self.family.root, top, year, figure, cell.mark.told):
                    kinds[series, top, year] = own
                areas |= {(code, year): own for code, own in self._areas(top, year, figure, cell.mark.told)}
        years = {key: cell for key, (_, cell) in totals.items()}
        return Released(self.family, self.stored.geography, self.stored.tops, known, years, kinds, areas)

    def _calendar_years(self, known: dict[tuple[str, Month], Cell]) -> Totals:
        """Every month marked; the total of each calendar year that is whole."""
        found: Totals = {}
        published = self.family.periods[self.family.root]
        for top in self.stored.tops:
            counts = self.stored.monthly(self.family.root, top)
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
        county, before = self.stored.geography.county, None
        for last in self.family.periods[self.family.root]:
            year = Window.ending(last, self.family.span)
            if before is not None and year.first <= before.last:
                continue
            before = year
            whole = self.stored.printed(self.family.root, county, year)
            own = {d: self.stored.printed(self.family.root, d, year) for d in self.stored.tops if d != county}
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
        figures = [self.stored.of_year(kind, top, year) for kind in kinds]
        for kind, own, mark in zip(kinds, figures, self._of_whole(figures, figure, told=told), strict=True):
            yield kind, Cell.of(own, mark)
            yield from self._kinds(kind, top, year, own, mark.told)

    def _areas(self, top: str, year: Window, figure: float, told: bool) -> Iterator[tuple[str, Cell]]:
        """A district's MSOAs (its LSOAs, where those belong to none), and the LSOAs of each."""
        if self.family.sensitive or not self.stored.by_lsoa(top):
            return
        counts = self.stored.lsoas(year)
        tree = self.stored.tree(top)
        figures = [sum(counts.get(u, 0.0) for u in units) for units in tree.members.values()]
        marks = self._of_whole(figures, figure, told=told)
        for code, own, mark in zip(tree.members, figures, marks, strict=True):
            yield code, Cell.of(own, mark)
            if code in tree.lsoas:
                lsoas = tree.lsoas[code]
                small = [counts.get(u, 0.0) for u in lsoas]
                marks = self._of_whole(small, own, told=mark.told)
                yield from ((u, Cell.of(n, m)) for u, n, m in zip(lsoas, small, marks, strict=True))

    def _of_whole(self, figures: Sequence[float], whole: float, *, told: bool) -> Sequence[Mark]:
        """The marks of the parts of a whole. What no part accounts for is a part too, and is never told."""
        rest = whole - sum(figures)
        if not told or not rest >= 0:  # not known, or the parts come to more than the whole
            return (Mark.WITHHELD,) * len(figures)
        return parts([*figures, rest], self.family.below)[:-1]

    def _alone(self, figure: float) -> Mark:
        return Mark.SMALL if 0 < figure < self.family.below else Mark.SHOWN
