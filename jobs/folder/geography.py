"""Where: areas, the LSOAs they are made of, local names, populations, census vintages. See `atlas.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rules.context import visitors
from rules.model import Area, AreaKind

BASE_VINTAGE = 2011  # counts are carried on these units; later splits are added up to them


@dataclass(frozen=True, slots=True)
class Unit:
    """An LSOA of one census."""

    code: str
    name: str
    vintage: int
    district: str
    msoa: str


@dataclass(frozen=True, slots=True)
class Population:
    """A denominator: how many, of which year, on which basis."""

    people: float
    year: int
    basis: str


@dataclass(frozen=True)
class Geography:
    """All areas by code, with what is needed to resolve names and census vintages."""

    district: str
    county: str
    units: tuple[Unit, ...]
    areas: dict[str, Area]
    names: tuple[tuple[str, str, str], ...]  # name, area code, use
    populations: dict[str, tuple[Population, ...]]  # unit code -> newest first
    older: dict[str, str]  # LSOA code of a later or earlier census -> base unit, where it differs
    split: dict[str, frozenset[str]]  # LSOA of an earlier census -> the base units it was split into
    boundaries: tuple[Path, ...]

    @cached_property
    def base_units(self) -> tuple[str, ...]:
        """The county's LSOAs of the base vintage, sorted."""
        return tuple(sorted(u.code for u in self.units if u.vintage == BASE_VINTAGE))

    @cached_property
    def unit_codes(self) -> frozenset[str]:
        """Every LSOA code of any vintage."""
        return frozenset(u.code for u in self.units)

    @cached_property
    def district_names(self) -> frozenset[str]:
        """The first part of official LSOA names in this county: `Blaby`, `Charnwood`, ..."""
        return frozenset(u.name.rsplit(" ", 1)[0] for u in self.units)

    @cached_property
    def places(self) -> frozenset[str]:
        """Codes of all areas that are no LSOAs of any census."""
        return frozenset(c for c, a in self.areas.items() if a.kind is not AreaKind.LSOA)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Places other than LSOAs by the code of what they lie in."""
        found: dict[str, tuple[str, ...]] = {}
        for area in self.areas.values():
            if area.parent is not None and area.kind is not AreaKind.LSOA:
                found[area.parent] = (*found.get(area.parent, ()), area.code)
        return found

    @cached_property
    def newer(self) -> dict[str, tuple[str, ...]]:
        """The LSOA codes of other censuses whose counts a base unit carries."""
        found: dict[str, tuple[str, ...]] = {}
        for code, base in self.older.items():
            found[base] = (*found.get(base, ()), code)
        return found

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code by which a count may be stored that is about the partnership's county."""
        made_of = (area.units for area in self.areas.values())
        return frozenset(self.areas).union(self.unit_codes, self.older, *made_of)

    @cached_property
    def itself(self) -> object:
        """Stands for this geography, as it was read, in the key of what is kept: equal to itself alone."""
        return object()

    def __getitem__(self, code: str) -> Area:
        return self.areas[code]

    def of_kind(self, *kinds: AreaKind, inside: str | None = None) -> Iterator[Area]:
        """Areas of these kinds; with `inside`, those whose units all lie in that area."""
        whole = self.areas[inside].units if inside else None
        for area in self.areas.values():
            if area.kind in kinds and (whole is None or (area.units and area.units <= whole)):
                yield area

    def base(self, code: str) -> str:
        """The base-vintage unit that carries this LSOA's counts (itself when unchanged)."""
        return self.older.get(code, code)

    def visitor(self, code: str) -> str:
        """Who comes to an area besides residents: a rate per resident is not risk there."""
        return visitors(self.areas[code], self._visited)

    @cached_property
    def _visited(self) -> tuple[Area, ...]:
        return tuple(a for a in self.areas.values() if a.visitor)

    def population(self, units: Iterable[str], year: int) -> Population | None:
        """Residents of a set of units, on one basis: the estimate nearest to `year` that all have."""
        key = (tuple(units), year)
        if key not in self._counted:
            self._counted[key] = self._population(*key)
        return self._counted[key]

    @cached_property
    def _counted(self) -> dict[tuple[tuple[str, ...], int], Population | None]:
        """Populations that were asked for: the same few hundred areas, again and again."""
        return {}

    def _population(self, units: tuple[str, ...], year: int) -> Population | None:
        known = [{(p.year, p.basis): p.people for p in self.populations.get(u, ())} for u in units]
        common = set.intersection(*(set(k) for k in known)) if known else set()
        if not common:
            return None
        nearest = min(common, key=lambda k: (abs(k[0] - year), -k[0], k[1]))
        return Population(sum(k[nearest] for k in known), *nearest)
