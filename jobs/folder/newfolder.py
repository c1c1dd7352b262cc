"""A new partnership folder, filled with all that the county's look-ups already know.

Written: partnership.toml, areas.csv and members.csv (current wards), names.csv (names of the MSOAs and of the
places in them), events.ics (empty), targets.toml (none yet), breaks.toml (the county's register).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import UsageError
from jobs.folder.atlas import load_geography
from jobs.folder.geography import BASE_VINTAGE
from jobs.folder.lexicon import REFERENCE
from jobs.folder.partnership import Partnership, load_partnership
from rules.model import AreaKind

_POLICE = '''
[sources.police]
reader = "police-street"
title = "Street-level crime, data.police.uk"
short = "police.uk"
classification = "public"
licence = "Open Government Licence v3.0"
attribution = """Contains public sector information licensed under the Open Government Licence v3.0. \\
  Source: data.police.uk"""
forces = [{force}]  # as in the file names: 2022-06-FORCE-street.csv
archive_url = "https://data.police.uk/data/archive/{{month}}.zip"
dates_url = "https://data.police.uk/api/crimes-street-dates"
lag_months = 2
'''

_PARTNERSHIP = """# Made by `tocsin init`. All that the program knows of this partnership is in this folder.
id = {id}
name = {name}
district = {district}
county = {county}
reference = {reference}

[digest]
mode = "draft"  # a named analyst signs it off; "auto" posts it
priorities = []  # series ids in your order, or "Title: a sentence of your own"
{sources}
[channels.partnership]
title = {name}
platform = "console"  # or slack, teams
clearance = "public"
digest = true
"""

_EMPTY = {
    "targets.toml": "# What was promised, in figures: one [[targets]] each, see jobs/folder/registers.py.\n",
    "events.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tocsin//new folder//EN\r\nEND:VCALENDAR\r\n",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the new folder is about."""

    folder: Path
    reference: str  # folder name under jobs/reference
    district: str  # area code
    name: str
    force: str | None = None  # police.uk force, as in the file names; None = no police source


def counties() -> dict[str, str]:
    """The county look-ups that are shipped: folder name -> name of the county."""
    return {path.parent.name: _county(path.parent)["name"] for path in sorted(REFERENCE.glob("*/areas.csv"))}


def districts(reference: str) -> dict[str, str]:
    """The districts of a county: area code -> name."""
    return {
        r["code"]: r["name"] for r in _rows(REFERENCE / reference / "areas.csv") if r["kind"] == "district"
    }


def usual_force(reference: str) -> str:
    """The police force that is named after the county, as police.uk writes it: a default to confirm."""
    return _slug(_county(REFERENCE / reference)["name"])


def write_folder(plan: Plan) -> Partnership:
    """Write the folder and load it again. UsageError when it is not empty or the plan does not fit.

    Nothing that stands there is ever overwritten.
    """
    if plan.folder.exists() and (not plan.folder.is_dir() or any(plan.folder.iterdir())):
        raise UsageError(f"{plan.folder} is not empty", "name a folder that does not exist yet")
    if plan.reference not in counties():
        raise UsageError(f"there are no look-ups for {plan.reference!r}", f"use one of: {list(counties())}")
    if plan.district not in (known := districts(plan.reference)):
        raise UsageError(
            f"{plan.district!r} is no district of {plan.reference}", f"use one of: {list(known)}"
        )
    if not plan.name.isprintable() or not _slug(plan.name):
        raise UsageError(f"{plan.name!r} is not a name", "give a name with letters")
    plan.folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(plan).items():
        (plan.folder / name).write_text(text, encoding="utf-8", newline="")
    _write_places(plan)
    made = load_partnership(plan.folder)
    load_geography(made)
    return made


def _files(plan: Plan) -> dict[str, str]:
    county = REFERENCE / plan.reference
    breaks = county / "breaks.toml"
    # JSON strings are TOML basic strings: quotes and backslashes in a name are escaped alike.
    values = (_slug(plan.name), plan.name, plan.district, _county(county)["code"], plan.reference)
    quoted = (json.dumps(value, ensure_ascii=False) for value in values)
    text = dict(zip(("id", "name", "district", "county", "reference"), quoted, strict=True))
    police = _POLICE.format(force=json.dumps(plan.force)) if plan.force else "\n[sources]\n"
    return _EMPTY | {
        "partnership.toml": _PARTNERSHIP.format(**text, sources=police),
        "breaks.toml": breaks.read_text(encoding="utf-8") if breaks.exists() else "# No known breaks yet.\n",
    }


def _write_places(plan: Plan) -> None:
    areas, members = [], []
    for ward, (name, parts, whole) in sorted(_wards(plan).items()):
        note = "current ward; best fit of LSOAs, so its counts are approximate"
        areas.append((ward, name, AreaKind.WARD.value, BASE_VINTAGE, plan.district, "", note))
        members += [(ward, unit, BASE_VINTAGE) for unit in sorted(whole)]
        members += [(ward, unit, vintage) for unit, vintage in sorted(parts) if vintage != BASE_VINTAGE]
    _table(plan.folder / "areas.csv", "code,name,kind,vintage,parent,visitor,note", areas)
    _table(plan.folder / "members.csv", "area,unit,vintage", members)
    _table(plan.folder / "names.csv", "name,code,use,source", _names(plan))


def _wards(plan: Plan) -> dict[str, tuple[str, set[tuple[str, int]], set[str]]]:
    """Ward -> name, its LSOAs as listed, and the base LSOAs that lie in it with all their parts.

    A base LSOA whose parts went to two wards is in neither: its counts cannot be taken apart.
    """
    county = REFERENCE / plan.reference
    older = {
        r["newer"]: r["older"]
        for r in _rows(county / "changes.csv")
        if r["older_vintage"] == str(BASE_VINTAGE)
    }
    ward_of: dict[str, set[str]] = {}
    found: dict[str, tuple[str, set[tuple[str, int]], set[str]]] = {}
    for r in _rows(county / "wards.csv", optional=True):
        if r["district"] == plan.district:
            _, parts, _ = found.setdefault(r["ward"], (r["name"], set(), set()))
            parts.add((r["unit"], int(r["vintage"])))
            ward_of.setdefault(older.get(r["unit"], r["unit"]), set()).add(r["ward"])
    for unit, wards in ward_of.items():
        if len(wards) == 1:
            found[next(iter(wards))][2].add(unit)
    return found


def _names(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    """`Packington, Ravenstone & Coleorton` is also asked for by each of its parts."""
    yield "district", plan.district, "alias", "short form"
    yield "county", _county(REFERENCE / plan.reference)["code"], "alias", "short form"
    for r in _rows(REFERENCE / plan.reference / "areas.csv"):
        if r["kind"] == AreaKind.MSOA.value and r["parent"] == plan.district:
            yield r["name"], r["code"], "alias", "name of the MSOA"
            parts = re.split(r", | & | - ", r["name"])
            if len(parts) > 1:
                yield from ((part, r["code"], "alias", "part of the name of the MSOA") for part in parts)


def _county(folder: Path) -> dict[str, str]:
    found = [r for r in _rows(folder / "areas.csv") if r["kind"] == AreaKind.COUNTY.value]
    if len(found) != 1:
        raise UsageError(f"{folder / 'areas.csv'} has {len(found)} counties", "it must have exactly one")
    return found[0]


def _rows(path: Path, optional: bool = False) -> list[dict[str, str]]:
    if optional and not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _table(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(header.split(","))
        out.writerows(rows)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
