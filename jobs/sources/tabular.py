"""A file as received to a table of text, strictly: nothing is used before the whole file has been found in order.

Every cell stays the text it was ("NA" is an area, "007" keeps its zeros); what the text means is for the readers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.errors import Rejected
from jobs.sources.base import RawFile
from jobs.sources.grammar import Defect, Records, first_defect

if TYPE_CHECKING:
    import pandas as pd

BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = {  # what people rename to .csv, and what to do about it
    b"PK\x03\x04": "it is a workbook or a zip: give it its right name (.xlsx or .zip)",
    b"\xd0\xcf\x11\xe0": "it is an old or locked Excel file: save it as CSV UTF-8 or .xlsx, without a password",
    b"\x1f\x8b": "it is gzip-compressed: unpack it first",
    b"%PDF": "it is a PDF: ask for the table as CSV",
}
_ASK = "ask the source for the file again; nothing was loaded and earlier data stays"


@dataclass(frozen=True)
class Table:
    """A sheet of text. `frame`: one string column per header, one row per record, nothing missing.

    `locate(positions)` gives, for row positions from 0, the physical line and the row as it stood. `dated`: cells
    that were dates are ISO text (a workbook), whatever the layout says about dates as text.
    """

    name: str
    frame: pd.DataFrame
    locate: Callable[[Sequence[int]], list[tuple[int, str]]]
    dated: bool = False
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(self.frame.columns)


def read_table(raw: RawFile, sheet: str | None = None) -> Table:
    """Read a CSV or (by its name) an XLSX; `sheet` is the sheet wanted, None the first. Rejected when unfit."""
    if raw.base.lower().endswith(".xlsx"):
        from jobs.sources.workbook import read_workbook

        return read_workbook(raw, sheet)
    return read_csv(raw)


def read_header(raw: RawFile) -> tuple[str, ...]:
    """The header of a CSV alone, so that a file of another kind is called that and not "truncated"."""
    return _header(raw, Records(_text(raw)))


def read_csv(raw: RawFile) -> Table:
    """All records of a CSV as text; Rejected names the first line that does not fit."""
    content = _text(raw)
    records = Records(content)
    header = _header(raw, records)
    defect = records.lone_return() or records.stray_quote()
    if defect is None and records.blank_line():
        defect = first_defect(content, len(header))
    if defect is not None:
        raise _rejected(raw, defect)
    if records.count < 2:
        raise reject(raw, "empty", "has a header and no rows", _ASK)
    frame = _parse(raw, records, header)
    _whole(raw, records, frame)
    return Table(raw.name, frame, lambda rows: [records.locate(row + 1) for row in rows])


def reject(raw: RawFile, reason: str, what: str, advice: str, rows: int | None = None) -> Rejected:
    """The one sentence about a file that cannot be used; counts its rows when the caller has not."""
    counted = physical_rows(raw.content) if rows is None else rows
    return Rejected(reason, f"{raw.name} {what}", advice, counted)


def physical_rows(content: bytes) -> int:
    """Lines with something on them, the header aside: what a receipt says about a file that was not read."""
    if content[:4] in _MAGIC or b"\0" in content[:4096] or content.lstrip()[:1] == b"<":
        return 0
    return max(0, sum(1 for line in content.split(b"\n") if line.strip()) - 1)


def _text(raw: RawFile) -> bytes:
    """The content without byte-order mark and trailing blank lines, once it is known to be a text table."""
    content = raw.content.removeprefix(BOM)
    if not content.strip():
        raise reject(raw, "empty", "is empty", _ASK, 0)
    if content[:2] in _UTF16:
        raise _encoding(raw, "is UTF-16 text", 0)
    for magic, advice in _MAGIC.items():
        if content.startswith(magic):
            raise reject(raw, "not-csv", "is not a CSV", advice, 0)
    if content.lstrip()[:1] in (b"<", b"{", b"["):
        advice = "an error page was probably saved in its place; open the address again later"
        raise reject(raw, "not-csv", "is a web page or JSON, not a CSV", advice)
    if (nul := content.find(b"\0")) >= 0:
        line = 1 + content.count(b"\n", 0, nul)
        raise _encoding(raw, f"has a NUL byte on line {line}", None)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise _encoding(raw, f"is not UTF-8: the first wrong byte is on line {line}", None) from error
    trimmed = content.rstrip(b"\r\n")
    if len(content) - len(trimmed) <= 2:
        return content
    return trimmed + (b"\r\n" if content[len(trimmed) :].startswith(b"\r\n") else b"\n")


def _encoding(raw: RawFile, what: str, rows: int | None) -> Rejected:
    return reject(raw, "bad-encoding", what, "save it as CSV UTF-8 and send it again", rows)


def _header(raw: RawFile, records: Records) -> tuple[str, ...]:
    import csv

    _, line = records.locate(0)
    try:
        names = tuple(next(csv.reader([line], strict=True)))
    except (csv.Error, StopIteration) as error:
        raise _rejected(raw, Defect("stray-quote", 1, "has a quote where none may be")) from error
    for other, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if line.count(other) >= max(1, len(names)):
            advice = "save it as CSV with commas between the fields"
            raise reject(raw, "wrong-delimiter", f"has {called} between the fields, not commas", advice)
    if len(names) < 2:
        raise reject(raw, "not-csv", "has no columns: its first line is no header", _ASK)
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
    line, _ = records.locate(records.count - 1)
    advice = "ask for the file again; if it is whole, end its last row with a line break"
    raise reject(
        raw, "truncated", f"ends on line {line} without a line end, so its last field may be cut", advice
    )


def _rejected(raw: RawFile, defect: Defect) -> Rejected:
    what = f"is not in order: line {defect.line} {defect.message}"
    advice = {
        "truncated": "the transfer was cut off: fetch the file again",
        "stray-quote": "ask the source to put quotes around whole fields only, and to double quotes inside them",
        "field-count": "ask the source for the file again with the same number of fields in every row",
    }.get(defect.reason, _ASK)
    return reject(raw, defect.reason, what, advice)
