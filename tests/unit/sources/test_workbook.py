"""XLSX: a table of text, once the XML inside has been found to be a plain, whole, computed sheet."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import Rejected
from jobs.sources.base import RawFile
from jobs.sources.table import Table
from jobs.sources.tabular import read_table
from tests.unit.sources.world import cells, workbook

ROWS = cells(("Month", "Station", "Count"), ("2025-03", "Coalville", 4), ("2025-04", " Moira ", 4.5))


def opened(content: bytes, sheet: str | None = None) -> Table:
    return read_table(RawFile("book.xlsx", content), sheet)


def refused(content: bytes, sheet: str | None = None) -> str:
    with pytest.raises(Rejected) as caught:
        opened(content, sheet)
    assert caught.value.advice
    assert "book.xlsx" in str(caught.value)
    return caught.value.reason


def test_cells_are_text_and_whole_numbers_lose_their_point() -> None:
    table = opened(workbook({"Data": ROWS}))
    assert table.header == ("Month", "Station", "Count")
    assert table.frame.to_numpy().tolist() == [["2025-03", "Coalville", "4"], ["2025-04", "Moira", "4.5"]]
    assert table.lines.tolist() == [2, 3]
    assert table.verbatim(3) == "2025-04,Moira,4.5"


def test_dates_are_iso_and_yes_is_a_word() -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>day</v></c><c r="B1" t="str"><v>flag</v></c></row>'
        '<row r="2"><c r="A2" t="d"><v>2025-03-01T00:00:00</v></c><c r="B2" t="b"><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="d"><v>2025-03-01T13:30:00</v></c><c r="B3" t="b"><v>0</v></c></row>'
    )
    table = opened(workbook({"Data": rows}))
    assert table.dated
    assert table.frame.to_numpy().tolist() == [["2025-03-01", "TRUE"], ["2025-03-01 13:30:00", "FALSE"]]


def test_blank_rows_and_columns_behind_the_table_are_no_rows() -> None:
    rows = ROWS + '<row r="9"><c r="A9" t="inlineStr"><is><t></t></is></c><c r="F9"/></row>'
    assert opened(workbook({"Data": rows})).frame.shape == (2, 3)


def test_the_sheet_is_the_one_named_or_the_first_that_can_be_seen() -> None:
    other = cells(("a", "b"), (1, 2))
    book = workbook({"Secret": other, "Data": ROWS}, hidden=["Secret"])
    assert opened(book).header[0] == "Month"
    assert opened(book, "Secret").header == ("a", "b")
    assert refused(book, "Sheet9") == "missing-sheet"


def test_an_error_in_a_cell_is_not_an_empty_cell() -> None:
    rows = (
        cells(("a", "b"), (1, 2)) + '<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="e"><v>#REF!</v></c></row>'
    )
    assert opened(workbook({"Data": rows})).frame.to_numpy().tolist()[1] == ["1", "#REF!"]


def test_a_formula_without_its_value_is_refused_and_one_with_it_is_read() -> None:
    head = cells(("a", "b"))
    with_value = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f><v>2</v></c></row>'
    without = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f></c></row>'
    assert opened(workbook({"Data": head + with_value})).frame.to_numpy().tolist() == [["1", "2"]]
    assert refused(workbook({"Data": head + without})) == "formula-no-value"
    with pytest.raises(Rejected, match="cell B2"):
        opened(workbook({"Data": head + without}))
    elsewhere = workbook({"Data": ROWS, "Notes": head + without})
    assert opened(elsewhere).frame.shape == (2, 3), "only the sheet that is read must be computed"


def test_one_far_cell_does_not_ask_for_all_memory() -> None:
    assert (
        refused(workbook({"Data": ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'}))
        == "too-large"
    )


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
PARTS = {
    "xl__worksheets__sheet1.xml": f"{DOCTYPE}<worksheet><sheetData/></worksheet>",
    "xl__sharedStrings.xml": f"{DOCTYPE}<sst><si><t>&b;</t></si></sst>",
    "xl__workbook.xml": f"{DOCTYPE}<workbook/>",
}


@pytest.mark.parametrize("part", PARTS)
def test_a_document_type_is_refused_wherever_it_stands(part: str) -> None:
    assert refused(workbook({"Data": ROWS}, **{part: PARTS[part]})) == "not-xlsx"


def test_cut_xml_is_refused() -> None:
    cut = workbook({"Data": ROWS}, **{"xl__worksheets__sheet1.xml": "<worksheet><sheetData>" + ROWS[:80]})
    assert refused(cut) == "not-xlsx"


def test_a_part_that_unpacks_without_end_is_refused() -> None:
    bomb = workbook({"Data": ROWS}, **{"xl__styles.xml": "<a>" + " " * 3_000_000 + "</a>"})
    assert refused(bomb) == "zip-ratio"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Month,Station\n2025-03,Coalville\n",
        b"<html></html>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ],
    ids=["empty", "csv", "html", "ole"],
)
def test_what_is_only_called_xlsx_is_refused(content: bytes) -> None:
    assert refused(content) == "not-xlsx"


def test_a_zip_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.csv", "a,b\n1,2\n")
    assert refused(out.getvalue()) == "not-xlsx"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("", "empty"),
        (cells(("a", "b")), "empty"),
        (cells(("Fly-tipping in 2025",), (None, None), ("a", "b"), (1, 2)), "bad-header"),
        (cells(("a", "a"), (1, 2)), "bad-header"),
    ],
)
def test_a_sheet_needs_a_header_in_row_one_and_rows(rows: str, reason: str) -> None:
    assert refused(workbook({"Data": rows})) == reason


BOOK = workbook({"Data": ROWS})


@settings(max_examples=150)
@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_changes_nothing_that_is_read(at: int, byte: int) -> None:
    broken = BOOK[:at] + bytes([byte]) + BOOK[at + 1 :]
    try:
        table = opened(broken)
    except Rejected:
        return
    assert table.frame.to_numpy().tolist() == opened(BOOK).frame.to_numpy().tolist()


@settings(max_examples=60)
@given(st.integers(0, len(BOOK) - 1))
def test_a_cut_workbook_is_refused(at: int) -> None:
    assert refused(BOOK[:at])
