"""Ready counts as entries: one figure for one series, area and period. A wide row gives several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobs.errors import UsageError
from jobs.sources.base import RawFile
from jobs.sources.layouts import Sheet
from jobs.sources.periods import period
from jobs.sources.received import reject
from jobs.sources.sieve import Mask, Sieve
from jobs.sources.values import count, is_suppressed, missing, per_value
from rules.month import Month, Window


@dataclass(frozen=True, slots=True)
class Entries:
    """`rows[i]` is the row of the sheet that figure i stands in; `when` and `figure` are its cells."""

    rows: npt.NDArray[np.int64]
    when: list[str]
    figure: list[str] | None  # None: the table has rates only

    def by_row(self, mask: Mask, size: int) -> Mask:
        """Of a mask over entries the mask over rows: any entry of the row."""
        rows = np.zeros(size, dtype=np.bool_)
        rows[self.rows[mask]] = True
        return rows

    def drop(self, sieve: Sieve, mask: Mask, reason: str, detail: Callable[[int], str]) -> None:
        """Quarantine the rows of entries; `detail` is asked with the number of an entry."""
        bad = np.flatnonzero(mask)
        first = dict(zip(self.rows[bad][::-1].tolist(), bad[::-1].tolist(), strict=True))
        sieve.drop(self.by_row(mask, sieve.size), reason, lambda row: detail(first[row]))


def find_entries(raw: RawFile, sheet: Sheet) -> Entries:
    """The figures of a long table, or of a wide one with a column for each period (blank ones left out).

    Rejected when a wide table has none at all: a file without a figure speaks for no period.
    """
    layout, size = sheet.layout, len(sheet.frame)
    if not layout.melt:
        figures = sheet.role("count")
        if figures is None and sheet.role("rate") is None:
            raise UsageError(
                f"the layout {layout.id!r} names no count", "add `count`, `rate` or `melt` to it"
            )
        when = sheet.need("month").tolist()
        return Entries(np.arange(size), when, None if figures is None else figures.tolist())
    rows: list[int] = []
    when, cells = [], []
    for header, text in layout.melt.items():
        for row, cell in enumerate(sheet.frame[header].tolist()):
            if not missing(cell):
                rows.append(row)
                when.append(text)
                cells.append(cell)
    if not rows:
        raise reject(
            raw, "empty", f"has no figure in any column of {layout.id}", "ask for the file again", size
        )
    return Entries(np.array(rows, np.int64), when, cells)


def find_periods(sieve: Sieve, sheet: Sheet, entries: Entries, today: dt.date) -> list[Window | None]:
    """The period of every entry; rows with none, or with one that is still to come, go to the sieve."""
    known: dict[str, Window | None] = {}
    for text in entries.when:
        if text not in known:
            known[text] = period(text, sheet.layout, sheet.table.dated)
    windows = [known[text] for text in entries.when]
    current = Month.of(today)
    wrong = np.array([w is None for w in windows], dtype=np.bool_)
    later = np.array([w is not None and w.last > current for w in windows], dtype=np.bool_)
    entries.drop(
        sieve, wrong, "month-invalid", lambda i: f"{entries.when[i][:40]!r} is no {sheet.layout.period}"
    )
    entries.drop(
        sieve, later, "future-month", lambda i: f"{entries.when[i][:40]} is still to come on {today}"
    )
    return windows


def find_figures(sieve: Sieve, sheet: Sheet, entries: Entries) -> tuple[npt.NDArray[np.float64], Mask]:
    """Whole numbers (NaN where there is none) and which were withheld; those rows go to the sieve."""
    cells = entries.figure
    if cells is None:
        return np.full(len(entries.rows), np.nan), np.zeros(len(entries.rows), dtype=np.bool_)
    tokens = sheet.layout.suppressed
    withheld = np.array(_each(cells, lambda text: is_suppressed(text, tokens)), dtype=np.bool_)
    numbers = _each(cells, count)
    figures = np.array([np.nan if n is None else n for n in numbers], dtype=np.float64)
    figures[withheld] = np.nan
    entries.drop(
        sieve, withheld, "suppressed-value", lambda i: f"{cells[i][:40]!r} was withheld by the source"
    )
    invalid = np.isnan(figures) & ~withheld
    entries.drop(sieve, invalid, "count-invalid", lambda i: f"{cells[i][:40]!r} is no count")
    return figures, withheld


def _each(cells: Sequence[str], read: Callable[[str], object]) -> list[object]:
    import pandas as pd

    return per_value(pd.Series(cells, dtype="str"), read)
