"""The geography read from its two folders, strictly.

County look-ups (`jobs/reference/<county>/`, shared by every partnership in the county):
    units.csv       code,name,vintage,district,msoa                  every LSOA of 2001, 2011 and 2021
    changes.csv     older,older_vintage,newer,newer_vintage,kind     where the code changed: split, merged
    areas.csv       code,name,kind,vintage,parent,visitor,note       county, districts, MSOAs
    population.csv  unit,vintage,year,basis,population
    boundaries.geojson                                               LSOA 2011, property `code`
Partnership folder:
    areas.csv       the same columns: wards, towns, sites, fire stations (parent: the district)
    members.csv     area,unit,vintage                                LSOAs of those areas
    names.csv       name,code,use,source                             use: local | alias | misspelling
    population.csv  (optional) further denominators
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from jobs.errors import UsageError
from jobs.folder.geography import BASE_VINTAGE, Geography, Population, Unit
from jobs.folder.lexicon import REFERENCE
from jobs.folder.partnership import Partnership
from rules.model import Area, AreaKind


def load_geography(partnership: Partnership, reference: Path | None = None) -> Geography:
    """Read both folders; UsageError names the file and line that does not fit."""
    county = reference or REFERENCE / partnership.reference
    units = tuple(
        Unit(r["code"], r["name"], int(r["vintage"]), r["district"], r["msoa"])
        for r in _rows(county / "units.csv")
    )
    names = [(r["name"], r["code"], r["use"]) for r in _rows(partnership.folder / "names.csv", optional=True)]
    local = {code: name for name, code, use in names if use == "local"}
    msoas = {r["code"]: r["name"] for r in _rows(county / "areas.csv") if r["kind"] == AreaKind.MSOA.value}
    areas: dict[str, Area] = {}
    # The base census first: an LSOA that exists only in another one still has a name, and old tables use it.
    for u in sorted(units, key=lambda u: u.vintage != BASE_VINTAGE):
        areas.setdefault(u.code, _unit_area(u, local, msoas))
        names.append((u.name, u.code, "official"))
    members = _members(partnership, units)
    for folder in (county, partnership.folder):
        for r in _rows(folder / "areas.csv", optional=folder != county):
            areas[r["code"]] = _area(r, members.get(r["code"], frozenset()))
    _check(partnership, areas, {u.code for u in units}, members, names)
    return Geography(
        district=partnership.district,
        county=partnership.county,
        units=units,
        areas=areas,
        names=tuple(names),
        populations=_populations(county, partnership.folder),
        older=_older(county),
        split=_split(county),
        boundaries=tuple(
            p
            for p in (partnership.folder / "boundaries.geojson", county / "boundaries.geojson")
            if p.exists()
        ),
    )


def _rows(path: Path, optional: bool = False) -> Iterator[dict[str, str]]:
    if optional and not path.exists():
        return
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, strict=True, restkey="surplus", restval=""):
                if "surplus" in row:
                    raise UsageError(f"{path}: a row has more fields than the header: {row}", "mend the row")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}", "restore the file") from error


def _unit_area(unit: Unit, local: dict[str, str], msoas: dict[str, str]) -> Area:
    """An LSOA under the name people know: its local one, else its MSOA's with the official number."""
    number = unit.name.rsplit(" ", 1)[-1]
    neighbourhood = f"{msoas[unit.msoa]} {number}" if unit.msoa in msoas else unit.name
    name = local.get(unit.code, neighbourhood)
    return Area(
        unit.code, name, AreaKind.LSOA, frozenset({unit.code}), unit.vintage, unit.msoa or unit.district
    )


def _members(partnership: Partnership, units: tuple[Unit, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for u in units:
        if u.vintage == BASE_VINTAGE:
            for code in (u.msoa, u.district, partnership.county):
                found.setdefault(code, set()).add(u.code)
    for r in _rows(partnership.folder / "members.csv", optional=True):
        if int(r["vintage"]) == BASE_VINTAGE:
            found.setdefault(r["area"], set()).add(r["unit"])
    return {k: frozenset(v) for k, v in found.items()}


def _area(r: dict[str, str], units: frozenset[str]) -> Area:
    return Area(
        r["code"], r["name"], AreaKind(r["kind"]), units, int(r["vintage"] or BASE_VINTAGE),
        r["parent"] or None, r["visitor"], r["note"],
    )  # fmt: skip


def _populations(*folders: Path) -> dict[str, tuple[Population, ...]]:
    found: dict[str, list[Population]] = {}
    for folder in folders:
        for r in _rows(folder / "population.csv", optional=True):
            found.setdefault(r["unit"], []).append(
                Population(float(r["population"]), int(r["year"]), r["basis"])
            )
    return {k: tuple(sorted(v, key=lambda p: -p.year)) for k, v in found.items()}


def _older(county: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for r in _rows(county / "changes.csv"):
        if int(r["older_vintage"]) == BASE_VINTAGE and r["kind"] == "split":
            found[r["newer"]] = r["older"]
    return found


def _split(county: Path) -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    for r in _rows(county / "changes.csv"):
        if int(r["older_vintage"]) < BASE_VINTAGE and r["kind"] == "split":
            found.setdefault(r["older"], []).append(r["newer"])
    return {old: frozenset(new) for old, new in found.items()}


def _check(
    partnership: Partnership,
    areas: dict[str, Area],
    units: set[str],
    members: dict[str, frozenset[str]],
    names: list[tuple[str, str, str]],
) -> None:
    folder = partnership.folder
    for code in (partnership.district, partnership.county):
        if code not in areas:
            raise UsageError(
                f"{folder / 'partnership.toml'}: area {code} is not in the county's areas.csv",
                "mend the code",
            )
    for area, own in members.items():
        if area not in areas:
            raise UsageError(f"{folder / 'members.csv'}: area {area} is in no areas.csv", "add it there")
        if unknown := own - units:
            raise UsageError(
                f"{folder / 'members.csv'}: {area} has unknown LSOAs {sorted(unknown)[:3]}", "mend"
            )
    for name, code, _ in names:
        if code not in areas:
            raise UsageError(f"{folder / 'names.csv'}: {name!r} points to unknown {code}", "mend the code")
