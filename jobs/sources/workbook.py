"""An XLSX as a table of text: checked as XML first, because the reader underneath forgives too much.

It gives an empty cell for a formula that was never computed and for #REF!, accepts XML that is cut off, and
makes room for every cell up to the furthest one, so that a single cell in XFD1048576 asks for all memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from jobs.sources.base import RawFile
from jobs.sources.received import reject
from jobs.sources.sheetxml import BadXml, SheetFacts, read_relations, read_sheet, read_sheets, walk
from jobs.sources.table import Table
from jobs.sources.zips import BROKEN, Limits, check_claims, inflate, open_zip

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_LIMITS = Limits(total_bytes=512 * 1024 * 1024, members=5_000)
_MAX_CELLS = 5_000_000
_RESAVE = "open it in a spreadsheet program, save it as .xlsx without a password, and send it again"
_HEADER = "put the column names into row 1, each once, with nothing above or beside the table"

_Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_workbook(raw: RawFile, sheet: str | None = None) -> Table:
    """Read one sheet (None: the first visible one) whose first row is the header; Rejected when unfit."""
    import pandas as pd

    try:
        name, facts = _inspect(raw, sheet)
    except BadXml as error:
        raise reject(raw, "not-xlsx", f"is not a proper workbook: it {error}", _RESAVE, 0) from error
    if facts.uncomputed:
        what = f"has a formula without its value in cell {facts.uncomputed} of sheet {name!r}"
        raise reject(raw, "formula-no-value", what, _RESAVE, max(0, facts.rows - 1))
    rows = _rows(raw, name, facts)
    if len(rows) < 2:
        raise reject(raw, "empty", f"has no rows below a header in sheet {name!r}", _RESAVE, 0)
    header, body = rows[0], rows[1:]
    if "" in header or len(set(header)) < len(header):
        raise reject(raw, "bad-header", f"has no clean header in row 1 of {name!r}", _HEADER, len(body))
    frame = pd.DataFrame(body, columns=header, dtype="str")
    return Table(raw.name, frame, np.arange(2, len(rows) + 1), lambda row: _as_csv(body[row]), dated=True)


def _inspect(raw: RawFile, wanted: str | None) -> tuple[str, SheetFacts]:
    """Name of the sheet to read, and what its XML tells; everything that the reader will open is checked."""
    try:
        source = zipfile.ZipFile(io.BytesIO(raw.content))
    except BROKEN as error:
        raise reject(raw, "not-xlsx", "is not an Excel workbook (.xlsx)", _RESAVE) from error
    with source:
        members = {m.filename: m for m in open_zip(raw.name, source, _LIMITS)}
        xml = {n: m for n, m in members.items() if n.lower().endswith((".xml", ".rels"))}
        if not {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= xml.keys():
            raise reject(raw, "not-xlsx", "is a zip, but not an Excel workbook", _RESAVE, 0)
        check_claims(raw.name, xml.values(), _LIMITS)

        def part(name: str) -> bytes:
            return inflate(raw.name, source, xml[name], _LIMITS)

        sheets = read_sheets(part("xl/workbook.xml"))
        name, relation = _choose(raw, sheets, wanted)
        target = read_relations(part("xl/_rels/workbook.xml.rels")).get(relation, "")
        if target not in xml:
            raise reject(raw, "not-xlsx", f"has no data behind its sheet {name!r}", _RESAVE, 0)
        for other in xml.keys() - {target}:
            if not other.startswith("xl/worksheets/"):
                walk(part(other))
        facts = read_sheet(part(target))
    if facts.rows * facts.columns > _MAX_CELLS:
        what = f"reaches to row {facts.rows:,} and column {facts.columns:,} in sheet {name!r}"
        raise reject(raw, "too-large", what, "delete the empty rows and columns around the table", 0)
    return name, facts


def _choose(raw: RawFile, sheets: list[tuple[str, str, bool]], wanted: str | None) -> tuple[str, str]:
    for name, relation, visible in sheets:
        if name == wanted or (wanted is None and visible):
            return name, relation
    names = ", ".join(repr(s[0]) for s in sheets[:8]) or "none"
    what = f"has no sheet called {wanted!r}" if wanted else "has no visible sheet"
    raise reject(raw, "missing-sheet", what, f"it has {names}; mend `sheet` of the layout, or ask", 0)


def _rows(raw: RawFile, name: str, facts: SheetFacts) -> list[list[str]]:
    """All cells as text without the blank rows and columns behind the table; errors as "#REF!"."""
    rows = [[_text(cell) for cell in row] for row in _sheet(raw, name)]
    for (row, column), error in facts.errors.items():
        if row >= len(rows) or column >= len(rows[row]):
            raise reject(raw, "not-xlsx", f"places its cells unclearly in sheet {name!r}", _RESAVE, 0)
        rows[row][column] = error or "#ERROR"
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows]


def _sheet(raw: RawFile, name: str) -> list[list[_Cell]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw.content)) as book:
            found: CalamineSheet = book.get_sheet_by_name(name)
            return found.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise reject(raw, "not-xlsx", f"cannot be read as a workbook: {error}", _RESAVE, 0) from error
    except BaseException as error:
        # A panic in the library underneath is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise reject(raw, "not-xlsx", "breaks the workbook reader", _RESAVE, 0) from error


def _text(cell: _Cell) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(" ", "seconds")
        case str():
            return cell.strip()
        case _:
            return str(cell)


def _as_csv(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
