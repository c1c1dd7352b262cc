"""A small made-up county, its sources, and workbooks written by hand: what the tests of this folder share."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from jobs.folder.geography import Geography, Unit
from jobs.folder.lexicon import load_lexicon
from jobs.folder.partnership import SourceSettings
from jobs.sources.base import RawFile, ReadContext, Reading
from rules.model import Area, AreaKind
from rules.month import Month

DATA = Path(__file__).resolve().parents[2] / "data"
POLICE, BAD, AWKWARD = DATA / "police", DATA / "badinputs", DATA / "awkward"
TODAY = dt.date(2025, 7, 20)
DISTRICT, COUNTY = "E07000134", "E10000018"
ONLY_2021 = "E01099001"

LEXICON = load_lexicon()
_AREAS = (
    (DISTRICT, "North West Leicestershire", AreaKind.DISTRICT, 2011),
    (COUNTY, "Leicestershire", AreaKind.COUNTY, 2011),
    ("E02000001", "Coalville", AreaKind.MSOA, 2011),
    ("town-coalville", "Coalville", AreaKind.TOWN, 2011),
    ("ward-bardon", "Bardon", AreaKind.WARD, 2011),
    ("ward-measham", "Measham", AreaKind.WARD, 2011),
    ("ward-st-johns", "Hugglescote St John's", AreaKind.WARD, 2011),
    ("lsoa-bardon", "Bardon", AreaKind.LSOA, 2001),
    ("lsoa-bardon-11", "Bardon", AreaKind.LSOA, 2011),
    ("lsoa-diseworth", "Diseworth, Belton & Gracedieu", AreaKind.LSOA, 2001),
    ("E05010109", "Coalville East", AreaKind.WARD, 2011),
    ("station-coalville", "Coalville", AreaKind.STATION, 2011),
    ("station-ashby", "Ashby-de-la-Zouch", AreaKind.STATION, 2011),
    ("station-moira", "Moira", AreaKind.STATION, 2011),
    ("station-donington", "Castle Donington", AreaKind.STATION, 2011),
)


@cache
def geography() -> Geography:
    """The LSOAs that the test files name, one that exists only since 2021, and a few named areas."""
    codes: dict[str, str] = {}
    for path in (*POLICE.glob("*.csv"), *BAD.glob("[a-f]_*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            if len(row) > 8 and row[8].startswith("North West Leicestershire "):
                codes[row[7]] = row[8]
    units = [Unit(code, name, 2011, DISTRICT, "") for code, name in sorted(codes.items())]
    units.append(Unit(ONLY_2021, "North West Leicestershire 099A", 2021, DISTRICT, ""))
    areas = {code: Area(code, name, kind, frozenset(), vintage) for code, name, kind, vintage in _AREAS}
    return Geography(
        district=DISTRICT, county=COUNTY, units=tuple(units), areas=areas,
        names=(("Donnington", "station-donington", "misspelling"),),
        populations={}, older={}, split={}, boundaries=(),
    )  # fmt: skip


def source(reader: str, *layouts: dict[str, Any], **more: Any) -> SourceSettings:
    """Settings of a source with what every source must say."""
    said: dict[str, Any] = {
        "id": "x",
        "title": "x",
        "short": "x",
        "classification": "partner",
        "licence": "x",
    }
    return SourceSettings.model_validate({**said, "reader": reader, "layouts": layouts, **more})


def police(*forces: str) -> SourceSettings:
    """A police.uk source."""
    return source("police-street", id="police", forces=forces or ("leicestershire",))


FIRE = source(
    "counts",
    {
        "id": "fire-counts",
        "columns": {
            "month": "Month",
            "area": "Station area",
            "category": "Incident type",
            "count": "Incidents",
        },
        "categories": {"Deliberate secondary fire": "fires-secondary", "Chimney fire": "-"},
        "areas": {"Coalville": "station-coalville"},
    },
    id="fire",
)
FLYTIPPING = source(
    "counts",
    {
        "id": "flytips",
        "columns": {"month": "Month", "area": "Ward code", "category": "Land type", "count": "Incidents"},
        "area_by": "code",
        "categories": dict.fromkeys(("Highway", "Council land", "Private", "Railway"), "fly-tipping"),
    },
    id="flytipping",
)


def context(settings: SourceSettings, month: str | None = None, today: dt.date = TODAY) -> ReadContext:
    """A context with the made-up county and the shipped lexicon."""
    return ReadContext(settings, geography(), LEXICON, today, Month.parse(month) if month else None)


def table(*rows: str, end: str = "\n", name: str = "table.csv") -> RawFile:
    """A CSV from its lines."""
    return RawFile(name, "".join(row + end for row in rows).encode())


def counts_of(reading: Reading) -> dict[tuple[str, str, int, int], int | None]:
    """(series, area or '', month, span) -> count, None where it is missing."""
    frame = reading.counts.astype({"area": object}).fillna({"area": ""})
    assert not frame.duplicated(["series", "area", "month", "span"]).any()
    keys = zip(*(frame[k].tolist() for k in ("series", "area", "month", "span")), strict=True)
    counts = [None if n is pd.NA else int(n) for n in frame["count"].tolist()]
    return dict(zip(keys, counts, strict=True))


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OOXML = "http://schemas.openxmlformats.org"
_MAIN, _REL = f"{_OOXML}/spreadsheetml/2006/main", f"{_OOXML}/officeDocument/2006/relationships"
_PACKAGE = f"{_OOXML}/package/2006"


def workbook(sheets: dict[str, str], hidden: Iterable[str] = (), **parts: str) -> bytes:
    """An XLSX from the inner XML of `sheetData` by sheet name; `parts` replace whole files (`__` is `/`)."""
    entries, relations, files = "", "", {}
    for i, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        entries += f'<sheet name="{name}" sheetId="{i}"{state} r:id="rId{i}"/>'
        target = f'Target="worksheets/sheet{i}.xml"'
        relations += f'<Relationship Id="rId{i}" Type="{_REL}/worksheet" {target}/>'
        files[f"xl/worksheets/sheet{i}.xml"] = (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    files["xl/workbook.xml"] = (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{entries}</sheets></workbook>'
    )
    files["xl/_rels/workbook.xml.rels"] = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
    )
    files["_rels/.rels"] = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    files["[Content_Types].xml"] = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'
    )
    files.update({name.replace("__", "/"): text for name, text in parts.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def cells(*rows: Sequence[object]) -> str:
    """`sheetData` with text as text and numbers as numbers; None is no cell."""
    xml = ""
    for r, row in enumerate(rows, 1):
        xml += f'<row r="{r}">'
        for letter, value in zip("ABCDEFGHIJ", row, strict=False):
            if isinstance(value, str):
                xml += f'<c r="{letter}{r}" t="inlineStr"><is><t>{value}</t></is></c>'
            elif value is not None:
                xml += f'<c r="{letter}{r}"><v>{value}</v></c>'
        xml += "</row>"
    return xml
