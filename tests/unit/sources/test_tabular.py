"""CSV, strictly: what is read is exactly what stands there, and whatever is out of order is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import Rejected
from jobs.sources.base import RawFile
from jobs.sources.grammar import first_defect
from jobs.sources.tabular import read_table

HEADER = b"a,b,c\n"


def refused(content: bytes, name: str = "f.csv") -> Rejected:
    with pytest.raises(Rejected) as caught:
        read_table(RawFile(name, content))
    assert name in str(caught.value)
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (HEADER, "empty"),
        (HEADER + b"1,2,3\n4,5\n6,7,8\n", "field-count"),
        (HEADER + b"1,2,3,4\n", "field-count"),
        (HEADER + b"1,2,3,\n4,5,6,\n", "field-count"),  # one surplus comma a row shifts every column
        (HEADER + b"1,2,3\n\n4,5,6\n", "field-count"),
        (HEADER + b"1,2,3\n4,5\n", "truncated"),
        (HEADER + b"1,2,3\n4,5,6", "truncated"),
        (HEADER + b'1,2,3\n4,5,"6', "truncated"),
        (HEADER + b'1,2"x,3\n', "stray-quote"),
        (HEADER + b'1,"2"x,3\n', "stray-quote"),
        (HEADER + b'1,"2,3\n4,5,6\n', "stray-quote"),
        (HEADER + b'"1,2,3\n4,5,6\n7",8,9\n', "stray-quote"),  # the field counts fit; two rows are gone
        (b"a;b;c\n1;2;3\n", "wrong-delimiter"),
        (b"a\tb\n1\t2\n", "wrong-delimiter"),
        (b"month;ward, name;n\n1;2, 3;4\n", "wrong-delimiter"),
        (b"just words\n", "not-csv"),
        (b"  <!DOCTYPE html><html>\n", "not-csv"),
        (b'{"error": "not found", "code": 404}\n', "not-csv"),
        (b"PK\x03\x04\x14\x00", "not-csv"),
        (b"%PDF-1.7\n", "not-csv"),
        (HEADER + "1,2,Café\n".encode("latin-1"), "bad-encoding"),
        ("a,b\n1,2\n".encode("utf-16"), "bad-encoding"),
        (HEADER + b"1,2\0,3\n", "bad-encoding"),
        (HEADER + b"1,2\r,3\n", "line-ends"),
        (b"a,b\r1,2\r3,4\r", "line-ends"),
        (b"a,b,a\n1,2,3\n", "bad-header"),
        (b"a,b,,\n1,2,3,4\n", "bad-header"),
    ],
)
def test_what_is_out_of_order_is_refused(content: bytes, reason: str) -> None:
    assert refused(content).reason == reason


def test_the_defect_is_named_by_its_line() -> None:
    assert "line 4 has 2 fields instead of 3" in str(refused(HEADER + b"1,2,3\n4,5,6\n7,8\n9,9,9\n"))
    assert "line 3 has a quote where none may be" in str(refused(HEADER + b'1,2,3\n4,x"5,6\n'))
    assert "line 3" in str(refused(HEADER + b"1,2,3\n4,\xe9,6\n"))


def test_every_cell_stays_the_text_it_was() -> None:
    content = b'a,b,c\r\nNA,007," x "\r\nnull,"He said ""no""",1e5\r\n,"two\nlines",-\r\n'
    table = read_table(RawFile("f.csv", b"\xef\xbb\xbf" + content))
    assert table.frame.to_numpy().tolist() == [
        ["NA", "007", " x "], ["null", 'He said "no"', "1e5"], ["", "two\nlines", "-"],
    ]  # fmt: skip
    assert not table.frame.isna().any(axis=None)


def test_lines_and_text_of_rows_with_quoted_line_breaks() -> None:
    table = read_table(RawFile("f.csv", b'a,b\n1,"x\n\ny"\n2,z\n'))
    assert table.lines.tolist() == [2, 5]
    assert (table.verbatim(2), table.verbatim(5)) == ('1,"x\n\ny"', "2,z")


def test_blank_lines_at_the_end_are_nothing() -> None:
    assert len(read_table(RawFile("f.csv", b"a,b\r\n1,2\r\n\r\n\r\n")).frame) == 1


def test_without_a_last_line_end_only_a_column_that_is_never_filled_is_whole() -> None:
    assert len(read_table(RawFile("f.csv", b"a,b\n1,\n2,")).frame) == 2
    assert refused(b"a,b\n1,x\n2,").reason == "truncated"


def test_rows_of_a_refused_file_are_counted_for_the_receipt() -> None:
    assert refused(HEADER + b"1,2,3\n4,5,6\n7,8\n").physical_rows == 3
    assert refused(b"<html>\n<body>\n").physical_rows == 0


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@given(st.integers(2, 5).flatmap(lambda w: st.lists(st.lists(TEXTS, min_size=w, max_size=w), min_size=1)))
def test_whatever_the_standard_writer_writes_is_read_as_written(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([f"column {i}" for i in range(len(rows[0]))])
    writer.writerows(rows)
    table = read_table(RawFile("f.csv", out.getvalue().encode()))
    assert table.frame.to_numpy().tolist() == rows


@given(st.lists(st.lists(st.sampled_from(["", "x", "1,2", 'a"b', "\n", '"', ","]), max_size=4), max_size=5))
def test_the_fast_checks_and_the_slow_walk_agree(rows: list[list[str]]) -> None:
    """Unquoted on purpose: mostly out of order. Accepted only if the exact walk finds three fields a row."""
    content = ("a,b,c\n" + "".join(",".join(row) + "\n" for row in rows)).encode()
    try:
        table = read_table(RawFile("f.csv", content))
    except Rejected:
        return
    assert first_defect(content.rstrip(b"\n") + b"\n", 3) is None
    parsed = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert table.frame.to_numpy().tolist() == [row for row in parsed[1:] if row]
