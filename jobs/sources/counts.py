"""A partner's ready counts, by the layouts of the source: long or wide, by month or by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.categories import find_series
from jobs.sources.entries import Entries, find_entries, find_figures, find_periods
from jobs.sources.incidents import check_month
from jobs.sources.layouts import Sheet, open_sheet
from jobs.sources.periods import covered
from jobs.sources.places import find_areas
from jobs.sources.printed import printed, published
from jobs.sources.sieve import Mask, Sieve
from jobs.sources.values import per_value, plain
from rules.month import Window

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ["series", "area", "month", "span"]


def read_counts(raw: RawFile, context: ReadContext) -> Reading:
    """Read one file. A figure that is withheld or no number is missing (NA) where nothing else is known.

    Categories that map to one series are added up; a figure given twice for the same category, area and
    period is not: the later row is set aside.
    """
    import pandas as pd

    sheet = open_sheet(raw, context.source, context.lexicon)
    sieve = Sieve(len(sheet.frame))
    entries = find_entries(raw, sheet)
    windows = find_periods(sieve, sheet, entries, context.today)
    counted = find_series(sieve, sheet, context.lexicon)
    areas = _areas(sieve, sheet, context)
    placed = sieve.good.copy()  # rows that say what, where and when, whatever the figure
    figures, withheld = find_figures(sieve, sheet, entries)
    placed &= ~_repeats(sieve, sheet, entries, windows, areas)
    shown = printed(sieve, sheet)
    if not (sieve.good | placed & entries.by_row(withheld, sieve.size)).any():
        raise sieve.nothing_left(raw)
    long = _long(entries, windows, placed, np.where(sieve.good[entries.rows], figures, np.nan))
    long = long.merge(pd.DataFrame({"row": counted.rows, "series": counted.series}), on="row")
    place = pd.Series(areas, dtype="str")
    long["area"] = place.where(place != "").reindex(long["row"]).to_numpy()
    counts, notes = _counts(long if entries.figure is not None else long.iloc[:0])
    beside = None
    if shown is not None:
        beside, more = published(long[sieve.good[long["row"]]], shown)
        notes += more
    periods = covered(
        (w for w, row in zip(windows, entries.rows, strict=True) if w and placed[row]), sheet.layout
    )
    check_month(raw, context, periods, sieve.size)
    return Reading(
        dataset=sheet.layout.id,
        windows=periods,
        physical_rows=sieve.size,
        counts=counts,
        published=beside,
        bad=sieve.bad_rows(sheet.table, sheet.positions),
        unlocated_rows=int((sieve.good & (areas == "")).sum()),
        vintage=sheet.layout.vintage,
        notes=(*sheet.notes, *notes),
    )


def _areas(sieve: Sieve, sheet: Sheet, context: ReadContext) -> npt.NDArray[np.object_]:
    column = sheet.role("area")
    if column is None:
        return np.full(sieve.size, "", dtype=object)
    return find_areas(sieve, column, sheet.layout, context.geography)


def _repeats(
    sieve: Sieve,
    sheet: Sheet,
    entries: Entries,
    windows: list[Window | None],
    areas: npt.NDArray[np.object_],
) -> Mask:
    """Rows that give a figure again. Areas that the layout merges on purpose are not: those add up."""
    merged = {plain(text) for text in sheet.layout.areas}
    column = sheet.role("area")
    words = [""] * sieve.size if column is None else per_value(column, plain)
    place = [w if w in merged else code for w, code in zip(words, areas, strict=True)]
    kinds = per_value(sheet.need("category"), lambda text: plain(text) or text.strip())
    seen: set[tuple[str, str, Window | None]] = set()
    again = np.zeros(len(entries.rows), dtype=np.bool_)
    for i, row in enumerate(entries.rows.tolist()):
        key = (kinds[row], place[row], windows[i])
        again[i] = sieve.good[row] and key in seen
        if sieve.good[row]:
            seen.add(key)
    entries.drop(sieve, again, "duplicate-row", lambda _: "an earlier row gives this figure")
    return entries.by_row(again, sieve.size)


def _long(
    entries: Entries, windows: list[Window | None], placed: Mask, figures: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """row, month (YYYYMM of the last month), span and figure of every entry that says what it is of."""
    import pandas as pd

    kept = np.flatnonzero(placed[entries.rows])
    known = [w for w in (windows[i] for i in kept.tolist()) if w is not None]
    return pd.DataFrame(
        {
            "row": entries.rows[kept],
            "month": np.array([w.last.key for w in known], np.int64),
            "span": np.array([w.months for w in known], np.int64),
            "figure": figures[kept],
        }
    )


def _counts(long: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Sums by series, area and period: NA when no part is known; a sum with missing parts is said."""
    groups = long.groupby(_KEYS, dropna=False)["figure"]
    counts = groups.agg(["sum", "count", "size"]).reset_index()
    partial = int(((counts["count"] > 0) & (counts["count"] < counts["size"])).sum())
    counts["count"] = counts["sum"].where(counts["count"] > 0).astype("Int64")
    note = f"{partial:,} of the counts are sums with a part missing, so they are minima"
    return counts[[*_KEYS, "count"]], (note,) if partial else ()
