"""A small geography for tests of names: names of real places, with invented codes and invented LSOAs."""

from __future__ import annotations

from jobs.folder.geography import Geography, Unit
from rules.model import Area, AreaKind

DISTRICT, OTHER, COUNTY = "E07000134", "E07000129", "E10000018"

_UNITS = (  # code, official name, local name, MSOA
    ("E01000001", "North West Leicestershire 001A", "Coalville Centre", "E02000001"),
    ("E01000002", "North West Leicestershire 001B", "Coalville Belvoir Road", "E02000001"),
    ("E01000003", "North West Leicestershire 001C", "Coalville Stephenson Way", "E02000001"),
    ("E01000004", "North West Leicestershire 002A", "Coalville Community Hospital", "E02000002"),
    ("E01000005", "North West Leicestershire 002B", "Greenhill Centre", "E02000002"),
    ("E01000006", "North West Leicestershire 002C", "Greenhill North East", "E02000002"),
    ("E01000007", "North West Leicestershire 003A", "Castle Donington West & Donington Park", "E02000003"),
    ("E01000008", "North West Leicestershire 003B", "Castle Donington North East & Hemington", "E02000003"),
    ("E01000009", "North West Leicestershire 003C", "Castle Donington South", "E02000003"),
    ("E01000010", "North West Leicestershire 003D", "Diseworth, Belton & Gracedieu", "E02000003"),
    ("E01000011", "North West Leicestershire 004A", "Ibstock Centre", "E02000004"),
    ("E01000012", "North West Leicestershire 004B", "Bardon", "E02000004"),
    ("E01000013", "North West Leicestershire 005A", "Ashby Holywell East", "E02000005"),
    ("E01000014", "North West Leicestershire 005B", "Ashby Holywell West", "E02000005"),
    ("E01000015", "North West Leicestershire 005C", "", "E02000005"),
    ("E01000020", "Blaby 001A", "", "E02000020"),
    ("E01000021", "Blaby 001B", "", "E02000021"),
)
_AREAS = (  # code, name, kind, units, parent
    (COUNTY, "Leicestershire", AreaKind.COUNTY, range(1, 22), None),
    (DISTRICT, "North West Leicestershire", AreaKind.DISTRICT, range(1, 16), COUNTY),
    (OTHER, "Blaby", AreaKind.DISTRICT, range(20, 22), COUNTY),
    ("E02000001", "Coalville", AreaKind.MSOA, range(1, 4), DISTRICT),
    ("E02000002", "Agar Nook", AreaKind.MSOA, range(4, 7), DISTRICT),
    ("E02000003", "Castle Donington", AreaKind.MSOA, range(7, 11), DISTRICT),
    ("E02000004", "Ibstock & Ellistown", AreaKind.MSOA, range(11, 13), DISTRICT),
    ("E02000005", "Ashby de la Zouch North", AreaKind.MSOA, range(13, 16), DISTRICT),
    ("E02000020", "Wigston Town", AreaKind.MSOA, range(20, 21), OTHER),
    ("E02000021", "Wigston North", AreaKind.MSOA, range(21, 22), OTHER),
    ("town-coalville", "Coalville", AreaKind.TOWN, range(1, 7), DISTRICT),
    ("town-castle-donington", "Castle Donington", AreaKind.TOWN, range(7, 10), DISTRICT),
    ("town-ashby", "Ashby-de-la-Zouch", AreaKind.TOWN, range(13, 16), DISTRICT),
    ("ward03-coalville", "Coalville (ward to 2015)", AreaKind.WARD, range(1, 4), DISTRICT),
    ("ward03-greenhill", "Greenhill (ward to 2015)", AreaKind.WARD, range(4, 7), DISTRICT),
    ("E05000001", "Greenhill", AreaKind.WARD, range(5, 7), DISTRICT),
    ("E05000002", "Hugglescote St John's", AreaKind.WARD, range(12, 13), DISTRICT),
    ("E05000020", "Blaby", AreaKind.WARD, range(20, 21), OTHER),
    ("site-donington-park", "Donington Park", AreaKind.SITE, range(7, 8), DISTRICT),
    ("station-coalville", "Coalville fire station", AreaKind.STATION, (), DISTRICT),
)
_NAMES = (
    ("nwl", DISTRICT, "alias"),
    ("NW Leics", DISTRICT, "alias"),
    ("Ashby", "town-ashby", "alias"),
    ("Coalville Central", "E01000001", "alias"),
    ("Donington", "town-castle-donington", "alias"),
    ("Donnington", "town-castle-donington", "misspelling"),
)


def _unit(number: int) -> str:
    return f"E01{number:06d}"


def small_geography(district: str = DISTRICT) -> Geography:
    """One district with all sorts of names, a second with few; E01000009 became E01000091 in 2021."""
    districts = {code: OTHER if code >= "E01000020" else DISTRICT for code, _, _, _ in _UNITS}
    units = [Unit(code, name, 2011, districts[code], msoa) for code, name, _, msoa in _UNITS]
    units.append(Unit("E01000091", "North West Leicestershire 003E", 2021, DISTRICT, "E02000003"))
    local = {code: name for code, _, name, _ in _UNITS if name}
    areas = {
        u.code: Area(u.code, local.get(u.code, u.name), AreaKind.LSOA, frozenset({u.code}), u.vintage, u.msoa)
        for u in units
    }
    for code, name, kind, numbers, parent in _AREAS:
        areas[code] = Area(code, name, kind, frozenset(map(_unit, numbers)), 2011, parent)
    return Geography(
        district=district,
        county=COUNTY,
        units=tuple(units),
        areas=areas,
        names=(*((name, code, "local") for code, name in local.items()), *_NAMES),
        populations={},
        older={"E01000091": "E01000009"},
        split={},
        boundaries=(),
    )
