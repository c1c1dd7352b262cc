"""A partner's incidents, one row each, by the layouts of the source."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.categories import Counted, find_series
from jobs.sources.coordinates import Floats, coordinates
from jobs.sources.layouts import Sheet, open_sheet
from jobs.sources.periods import covered, period
from jobs.sources.places import find_areas
from jobs.sources.received import reject
from jobs.sources.sieve import Sieve
from jobs.sources.values import cell, crime_key, day, missing, per_value
from rules.month import Month, Window

if TYPE_CHECKING:
    import pandas as pd

Months = npt.NDArray[np.int64]


def read_incidents(raw: RawFile, context: ReadContext) -> Reading:
    """Read one file; a row that is flagged counts again for the flag's series (loaded rows stay one each)."""
    sheet = open_sheet(raw, context.source, context.lexicon)
    sieve = Sieve(len(sheet.frame))
    months = find_months(sieve, sheet, context.today)
    counted = find_series(sieve, sheet, context.lexicon)
    areas = _areas(sieve, sheet, context)
    lon, lat = _points(sieve, sheet)
    keys, blank = _keys(sieve, sheet)
    if not sieve.good.any():
        raise sieve.nothing_left(raw)
    windows = covered(
        (Window(m, m) for m in map(Month.from_key, np.unique(months[sieve.good]))), sheet.layout
    )
    check_month(raw, context, windows, len(sheet.frame))
    frame = _frame(sheet, sieve, counted, months, areas, (lon, lat), (keys, blank))
    return Reading(
        dataset=sheet.layout.id,
        windows=windows,
        physical_rows=len(sheet.frame),
        counts=_counts(frame),
        incidents=frame,
        bad=sieve.bad_rows(sheet.table, sheet.positions),
        unlocated_rows=int((sieve.good & (areas == "")).sum()),
        vintage=sheet.layout.vintage,
        notes=sheet.notes,
        verbatim=sheet.table.verbatim,
    )


def check_month(raw: RawFile, context: ReadContext, windows: tuple[Window, ...], rows: int) -> None:
    """A file that was called one month's must speak of that month; it may speak of others as well."""
    if context.month is not None and not any(context.month in w for w in windows):
        said = ", ".join(str(w) for w in windows[:3])
        error: Rejected = reject(
            raw, "other-month", f"is of {said}, not of {context.month}", "say its month", rows
        )
        raise error


def find_months(sieve: Sieve, sheet: Sheet, today: dt.date) -> Months:
    """Month of every row as YYYYMM, 0 where there is none; from a date, or from a month of span 1."""
    date, iso = sheet.role("date"), sheet.table.dated
    column = date if date is not None else sheet.need("month")
    if date is None and (sheet.layout.period != "month" or sheet.layout.span != 1):
        raise UsageError(f"the layout {sheet.layout.id!r} counts incidents", "give them a month or a date")

    def read(text: str) -> dt.date | None:
        if date is not None:
            return day(text, sheet.layout.date_format, iso)
        window = period(text, sheet.layout, iso)
        return window.last.first_day if window else None

    days = per_value(column, read)
    absent = np.array(per_value(column, missing), dtype=np.bool_)
    wrong = np.array([d is None for d in days], dtype=np.bool_)
    later = np.array([d is not None and d > today for d in days], dtype=np.bool_)
    sieve.drop(absent, "date-missing")
    sieve.drop(wrong, "date-invalid", lambda row: f"{cell(column, row)} is no date of this layout")
    sieve.drop(later, "future-date", lambda row: f"{cell(column, row)} is after {today}")
    return np.array([d.year * 100 + d.month if d else 0 for d in days], np.int64)


def _areas(sieve: Sieve, sheet: Sheet, context: ReadContext) -> npt.NDArray[np.object_]:
    column = sheet.role("area")
    if column is None:
        return np.full(len(sheet.frame), "", dtype=object)
    return find_areas(sieve, column, sheet.layout, context.geography)


def _points(sieve: Sieve, sheet: Sheet) -> tuple[Floats, Floats]:
    lon, lat = sheet.role("lon"), sheet.role("lat")
    if lon is None or lat is None:
        nowhere = np.full(len(sheet.frame), np.nan)
        return nowhere, nowhere
    x, y, bad = coordinates(lon, lat)
    sieve.drop(bad, "bad-coordinates", lambda row: f"{cell(lon, row)} {cell(lat, row)}")
    return x, y


def _keys(sieve: Sieve, sheet: Sheet) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """60-bit keys and where there is none; the second row with an id is the same incident again."""
    ids = sheet.role("id")
    if ids is None:
        return np.zeros(len(sheet.frame), np.int64), np.ones(len(sheet.frame), dtype=np.bool_)
    blank = np.array(per_value(ids, missing), dtype=np.bool_)
    keys = np.array(per_value(ids, lambda text: crime_key(text.strip())), np.int64)
    candidates = np.flatnonzero(sieve.good & ~blank)
    _, first = np.unique(keys[candidates], return_index=True)
    repeated = np.zeros(len(keys), dtype=np.bool_)
    repeated[np.delete(candidates, first)] = True
    sieve.drop(repeated, "duplicate-id", "the id stands in an earlier row")
    return keys, blank


def _frame(
    sheet: Sheet,
    sieve: Sieve,
    counted: Counted,
    months: Months,
    areas: npt.NDArray[np.object_],
    points: tuple[Floats, Floats],
    ids: tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]],
) -> pd.DataFrame:
    import pandas as pd

    kept = sieve.good[counted.rows]
    rows = counted.rows[kept]
    area, street = pd.Series(areas[rows], dtype="str"), sheet.role("street")
    return pd.DataFrame(
        {
            "line": sheet.table.lines[sheet.positions[rows]],
            "crime_key": pd.arrays.IntegerArray(ids[0][rows], ids[1][rows]),
            "month": months[rows],
            "area": area.where(area != ""),
            "series": pd.Series(counted.series[kept], dtype="str"),
            "lon": points[0][rows],
            "lat": points[1][rows],
            "street": "" if street is None else street.str.strip().to_numpy()[rows],
        }
    )


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    keys = ["series", "area", "month"]
    counts = frame.groupby(keys, dropna=False).size().rename("count").reset_index()
    counts["span"] = np.int64(1)
    return counts.astype({"count": "Int64"})[[*keys, "span", "count"]]
