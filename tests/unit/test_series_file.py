"""Anybody's monthly series: read strictly, and what is wrong is said with its line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.errors import Rejected, UsageError
from jobs.sources.series_file import read_series
from rules.month import Month

HEAD = "series_id,month,count\n"


@pytest.fixture
def write(tmp_path):
    def writer(text: str | bytes) -> Path:
        path: Path = tmp_path / "mine.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer


def test_missing_months_are_missing_not_zero(write):
    table = read_series(
        write("series_id,month,count\nb,2024-03,5\na,2024-01,0\nb,2024-01,\na,2024-04,28.0\n")
    )
    assert table.ids == ("b", "a")
    assert (table.first, table.last) == (Month(2024, 1), Month(2024, 4))
    np.testing.assert_array_equal(table.counts, [[np.nan, np.nan, 5, np.nan], [0, np.nan, np.nan, 28]])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.dictionaries(
        st.tuples(st.text("aé,\"' ;=x", min_size=1).filter(str.strip), st.integers(24000, 24040)),
        st.one_of(st.none(), st.integers(0, 10**9)),
        min_size=1,
        max_size=30,
    ),
    bom=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_was_written_is_read(tmp_path, cells, bom, ending):
    path = tmp_path / "round.csv"
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=ending)
        writer.writerow(["series_id", "month", "count"])
        writer.writerows(
            [series, Month.from_ordinal(month), "" if count is None else count]
            for (series, month), count in cells.items()
        )
    table = read_series(path)
    for (series, month), count in cells.items():
        found = table.counts[table.ids.index(series), month - table.first.ordinal]
        assert np.isnan(found) if count is None else found == count
    assert np.isfinite(table.counts).sum() == sum(c is not None for c in cells.values())


@pytest.mark.parametrize(
    ("text", "reason", "told"),
    [
        ("", "header", "line 1: the header is ''"),
        ("series,month,count\na,2024-01,1\n", "header", "line 1"),
        ("series_id;month;count\na;2024-01;1\n", "header", "line 1"),
        ("count,month,series_id\n1,2024-01,a\n", "header", "line 1"),
        (HEAD, "empty-file", "no rows"),
        (HEAD + "a,2024-01,1\na,2024-02\n", "field-count", "line 3: 2 fields"),
        (HEAD + "a,2024-01,1,\n", "field-count", "line 2: 4 fields"),
        (HEAD + "a,2024-01,1\n\na,2024-02,1\n", "field-count", "line 3: 0 fields"),
        (HEAD + "a,2024-01,1\nb,2024-01,1\na,2024-01,2\n", "duplicate-month", "line 4: 'a' has 2024-01"),
        (HEAD + "a,2024-13,1\n", "month-invalid", "line 2: no such month"),
        (HEAD + "a,01/2024,1\n", "month-invalid", "line 2: not a month"),
        (HEAD + "a,2024-01-01,1\n", "month-invalid", "line 2: not a month"),
        (HEAD + "a,2024-01,-1\n", "count-invalid", "line 2: the count is '-1'"),
        (HEAD + "a,2024-01,1.5\n", "count-invalid", "line 2: the count is '1.5'"),
        (HEAD + "a,2024-01,NA\n", "count-invalid", "line 2: the count is 'NA'"),
        (HEAD + "a,2024-01,<5\n", "count-invalid", "line 2"),
        (HEAD + "a,2024-01,1e3\n", "count-invalid", "line 2"),
        (HEAD + "a,2024-01, 1\n", "count-invalid", "line 2"),
        (HEAD + "a,2024-01,9999999999999999\n", "count-invalid", "line 2"),
        (HEAD + " ,2024-01,1\n", "series-invalid", "line 2"),
        (HEAD + "a\x1b[31m,2024-01,1\n", "series-invalid", "line 2"),
        (HEAD + '"a,2024-01,1\n', "not-csv", "line 2: this is not CSV"),
        (HEAD + "a,1999-01,1\na,2199-01,1\n", "month-span", "2401 months"),
        (HEAD.encode() + b"caf\xe9,2024-01,1\n", "encoding", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(write, text, reason, told):
    with pytest.raises(Rejected) as error:
        read_series(write(text))
    assert error.value.reason == reason
    assert told in str(error.value)
    assert error.value.advice
    assert error.value.exit_code == 3


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_series(path)
