"""Rates, bands and ranks that a source printed beside its counts: kept as printed, never recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jobs.sources.layouts import Sheet
from jobs.sources.sieve import Sieve
from jobs.sources.values import cell, count, is_suppressed, missing, number, per_value

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ["series", "area", "month", "span"]


def printed(sieve: Sieve, sheet: Sheet) -> pd.DataFrame | None:
    """rate (float), band (str or NA) and rank (Int64) of every row; None when the table has none of them."""
    import pandas as pd

    columns = {role: sheet.role(role) for role in ("rate", "band", "rank")}
    if all(column is None for column in columns.values()):
        return None
    absent = pd.Series([""] * len(sheet.frame), dtype="str")
    rate, band, rank = (absent if c is None else c.str.strip() for c in columns.values())
    frame = pd.DataFrame({"band": band.where(band != "")})
    frame["rate"] = _numbers(sieve, sheet, rate, "rate")
    frame["rank"] = pd.Series(_numbers(sieve, sheet, rank, "rank")).astype("Int64")
    return frame


def _numbers(sieve: Sieve, sheet: Sheet, column: pd.Series[str], role: str) -> list[float]:
    tokens = sheet.layout.suppressed
    read = number if role == "rate" else count
    values = per_value(column, read)
    empty = per_value(column, lambda text: missing(text) or is_suppressed(text, tokens))
    wrong = np.array([v is None and not e for v, e in zip(values, empty, strict=True)], dtype=np.bool_)
    sieve.drop(wrong, f"{role}-invalid", lambda row: f"{cell(column, row)} is no {role}")
    return [np.nan if v is None else float(v) for v in values]


def published(long: pd.DataFrame, shown: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Figures by series, area ('' = no place), month and span; those of parts of a series are left out."""
    frame = long.merge(shown, left_on="row", right_index=True)
    frame["area"] = frame["area"].fillna("")
    parts = frame.duplicated(_KEYS, keep=False)
    note = f"{int(parts.sum()):,} printed rates and ranks are of parts of a series and were left out"
    kept = frame.loc[~parts, [*_KEYS, "rate", "band", "rank"]].reset_index(drop=True)
    return kept, (note,) if parts.any() else ()
