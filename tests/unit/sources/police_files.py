"""Real excerpts of street-level crime, changed on purpose, and their reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from jobs.errors import Rejected
from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.police import read_police
from tests.unit.sources.world import POLICE, context, police

JUNE = "2022-06-leicestershire-street.csv"


Rows = list[list[str]]


ID, MONTH, FORCE, LON, LAT, PLACE, CODE, NAME, KIND = 0, 1, 3, 4, 5, 6, 7, 8, 9


def load(name: str) -> RawFile:
    return RawFile(name, (POLICE / name).read_bytes())


def rows_of(raw: RawFile) -> Rows:
    return list(csv.reader(io.StringIO(raw.content.decode(), newline="")))


def keyed() -> int:
    """Number of a row of the excerpt that has an ID and lies in the district."""
    rows = rows_of(load(JUNE))[1:]
    return next(i for i, row in enumerate(rows) if row[ID] and row[NAME].startswith("North West"))


def june(change: Callable[[Rows], object] | None = None, name: str = JUNE) -> RawFile:
    """The excerpt of June 2022 with its rows changed (the header is not among them)."""
    header, *rows = rows_of(load(JUNE))
    if change is not None:
        change(rows)
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return RawFile(name, out.getvalue().encode())


def read(raw: RawFile, given: ReadContext | None = None) -> Reading:
    reading = read_police(raw, given or context(police()))
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows
    assert reading.incidents is not None
    assert len(reading.incidents) == reading.rows_loaded == reading.counts["count"].sum()
    return reading


def refused(raw: RawFile, given: ReadContext | None = None) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read_police(raw, given or context(police()))
    assert raw.name in str(caught.value)
    assert caught.value.advice
    return caught.value


def put(row: int, column: int, value: str) -> Callable[[Rows], None]:
    return lambda rows: rows[row].__setitem__(column, value)
