"""Anybody's monthly series from a CSV: `series_id,month,count`, read strictly."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.errors import Rejected, UsageError
from rules.month import Month

if TYPE_CHECKING:
    from rules.model import Counts

HEADER = ["series_id", "month", "count"]
_WHOLE = re.compile(r"\d{1,12}(\.0+)?", re.ASCII)  # 28.0 too: pandas writes whole numbers so beside gaps
_LONGEST = 1200  # months; a longer span is a typing error in a year, and would fill the memory
_FORM = (
    f"the file must look like this: a first line {','.join(HEADER)}, then lines such as burglary,2024-06,28"
)


@dataclass(frozen=True)
class SeriesTable:
    """Series in the order of the file, over the months from the earliest to the latest of all of them."""

    ids: tuple[str, ...]
    first: Month
    counts: Counts  # (series, months); NaN where the count is empty or the month is not in the file

    @property
    def last(self) -> Month:
        """The last month of the table."""
        return self.first + (int(self.counts.shape[1]) - 1)


def read_series(path: Path) -> SeriesTable:
    """Read a file of monthly counts.

    Raises UsageError when there is no such file, and Rejected, naming the line, for a wrong header, a row
    that does not have three fields, a month or count that is none, or a month given twice for a series.
    """
    import numpy as np

    found: dict[str, dict[int, float]] = {}
    for line, series, month, count in _rows(path):
        row = found.setdefault(series, {})
        if month in row:
            told = Month.from_ordinal(month)
            raise _reject(path, line, "duplicate-month", f"{series!r} has {told} a second time")
        row[month] = count
    if not found:
        raise Rejected("empty-file", f"{path.name} has a header but no rows", _FORM)
    first = min(min(row) for row in found.values())
    months = max(max(row) for row in found.values()) - first + 1
    if months > _LONGEST:
        raise Rejected(
            "month-span",
            f"{path.name} runs from {Month.from_ordinal(first)} over {months} months",
            "a year is probably mistyped; look at the first and the last month",
        )
    counts = np.full((len(found), months), np.nan)
    for i, row in enumerate(found.values()):
        counts[i, np.fromiter(row, np.int64, len(row)) - first] = list(row.values())
    return SeriesTable(tuple(found), Month.from_ordinal(first), counts)


def _rows(path: Path) -> Iterator[tuple[int, str, int, float]]:
    """(line, series, month ordinal, count) of every row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if header != HEADER:
                told = ",".join(header)[:80]
                raise _reject(path, 1, "header", f"the header is {told!r}, not {','.join(HEADER)!r}")
            for row in reader:
                yield _row(path, reader.line_num, row)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise Rejected("encoding", f"{path.name} is not UTF-8 text", "save it as CSV UTF-8") from None
    except csv.Error as error:
        raise _reject(path, reader.line_num, "not-csv", f"this is not CSV: {error}") from None


def _row(path: Path, line: int, row: list[str]) -> tuple[int, str, int, float]:
    if len(row) != len(HEADER):
        raise _reject(path, line, "field-count", f"{len(row)} fields, not {len(HEADER)}")
    series, month, count = row
    if not series.strip() or not series.isprintable():
        raise _reject(path, line, "series-invalid", "the series has no name that can be printed")
    try:
        ordinal = _ordinal(month)
    except ValueError as error:
        raise _reject(path, line, "month-invalid", str(error)) from None
    if count == "":
        return line, series, ordinal, float("nan")
    if not _WHOLE.fullmatch(count):
        told = f"the count is {count[:20]!r}, not a whole number of 0 or more"
        raise _reject(path, line, "count-invalid", told, "leave the count empty where a month is missing")
    return line, series, ordinal, float(count)


@lru_cache(maxsize=2400)
def _ordinal(month: str) -> int:
    return Month.parse(month).ordinal


def _reject(path: Path, line: int, reason: str, message: str, advice: str = _FORM) -> Rejected:
    return Rejected(reason, f"{path.name} line {line}: {message}", advice)
