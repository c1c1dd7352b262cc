"""A file as received to a table of text, strictly: nothing is used before the whole file is found in order.

Every cell stays the text it was ("NA" is an area, "007" keeps its zeros); its meaning is for the readers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jobs.errors import Rejected
from jobs.sources.base import RawFile
from jobs.sources.grammar import Defect, Records, first_defect
from jobs.sources.received import ASK, reject, text_of
from jobs.sources.table import Table
from jobs.sources.workbook import read_workbook

if TYPE_CHECKING:
    import pandas as pd


def read_table(raw: RawFile, sheet: str | None = None) -> Table:
    """Read a CSV or (by its name) an XLSX; `sheet` None is the first sheet. Rejected when unfit."""
    if raw.base.lower().endswith(".xlsx"):
        return read_workbook(raw, sheet)
    return read_csv(raw)


def read_csv(raw: RawFile, check_header: Callable[[tuple[str, ...]], None] | None = None) -> Table:
    """All records of a CSV as text; Rejected names the first line that does not fit.

    `check_header` may refuse first: a file of another kind should be called that, and not "truncated".
    """
    content = text_of(raw)
    records = Records(content)
    header = _header(raw, records)
    if check_header is not None:
        check_header(header)
    defect = records.lone_return() or records.stray_quote()
    if defect is None and records.blank_line():
        defect = first_defect(content, len(header))
    if defect is not None:
        raise _rejected(raw, defect)
    if records.count < 2:
        raise reject(raw, "empty", "has a header and no rows", ASK)
    frame = _parse(raw, records, header)
    _whole(raw, records, frame)
    return Table(raw.name, frame, records.lines[1:], lambda row: records.text(row + 1))


def _header(raw: RawFile, records: Records) -> tuple[str, ...]:
    import csv

    line = records.text(0)
    try:
        names = tuple(next(csv.reader([line], strict=True)))
    except (csv.Error, StopIteration) as error:
        defect = records.lone_return() or Defect("stray-quote", 1, "has a quote where none may be")
        raise _rejected(raw, defect) from error
    for other, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if line.count(other) >= max(1, len(names)):
            advice = "save it as CSV with commas between the fields"
            raise reject(raw, "wrong-delimiter", f"has {called} between the fields, not commas", advice)
    if len(names) < 2:
        raise reject(raw, "not-csv", "has no columns: its first line is no header", ASK)
    if twice := [n for i, n in enumerate(names) if n.strip() in {m.strip() for m in names[:i]}]:
        what = f"has the column {twice[0][:40]!r} twice in its header" if twice[0].strip() else (
            "has columns without a name in its header")  # fmt: skip
        raise reject(raw, "bad-header", what, "give every column its own name")
    return names


def _parse(raw: RawFile, records: Records, header: tuple[str, ...]) -> pd.DataFrame:
    import pyarrow as pa
    from pyarrow import csv as arrow

    start = int(records.starts[1])
    body = pa.py_buffer(records.content)[start:]
    try:
        table = arrow.read_csv(
            body,
            read_options=arrow.ReadOptions(
                column_names=list(header), block_size=body.size + 1, use_threads=False
            ),
            # Blank lines are kept so that they count as what they are: rows with too few fields.
            parse_options=arrow.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()),
                null_values=[],  # an area may be called "NA"
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        defect = first_defect(records.content, len(header))
        raise _rejected(raw, defect or Defect("not-csv", 1, f"cannot be read: {error}")) from error
    if table.num_rows != records.count - 1:
        defect = first_defect(records.content, len(header))
        raise _rejected(
            raw, defect or Defect("stray-quote", 1, "has rows that two readings count differently")
        )
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _whole(raw: RawFile, records: Records, frame: pd.DataFrame) -> None:
    """Without a line end the last field may be cut ("1010" to "10"), unless that column is never filled."""
    if records.content.endswith(b"\n") or not frame.iloc[:, -1].any():
        return
    line = records.lines[-1]
    advice = "ask for the file again; if it is whole, end its last row with a line break"
    raise reject(
        raw, "truncated", f"ends on line {line} without a line end, so its last field may be cut", advice
    )


def _rejected(raw: RawFile, defect: Defect) -> Rejected:
    what = f"is not in order: line {defect.line} {defect.message}"
    advice = {
        "truncated": "the transfer was cut off: fetch the file again",
        "stray-quote": "ask the source to put quotes around whole fields only, and to double those inside",
        "field-count": "ask the source for the file again with the same number of fields in every row",
    }.get(defect.reason, ASK)
    return reject(raw, defect.reason, what, advice)
