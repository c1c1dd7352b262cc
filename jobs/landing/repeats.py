"""A crime is one crime, however many files tell of it: what another month has counted is set aside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.sources.base import BadRow, Reading
from jobs.store.engine import Connection
from jobs.store.read import months_of_keys

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ["series", "area", "month"]


def without_known_crimes(connection: Connection, source: str, reading: Reading) -> Reading:
    """The reading without the crimes that the source has counted in a month which this file does not replace.

    A Crime ID that stands in two months is one crime: the later arrival goes to quarantine.
    """
    frame = reading.incidents
    if frame is None:
        return reading
    keys = frame["crime_key"].dropna().tolist()
    known = months_of_keys(connection, source, keys, [w.last for w in reading.windows])
    if not known:
        return reading
    again = frame["crime_key"].isin(known.keys())
    # A flagged incident counts in several series, and is one row.
    first = frame[again].drop_duplicates("line")
    bad = [
        BadRow(line, "duplicate-id", reading.verbatim(line), f"counted in {known[key]}")
        for line, key in zip(first["line"].tolist(), first["crime_key"].tolist(), strict=True)
    ]
    return replace(
        reading, incidents=frame[~again], counts=_less(reading.counts, frame[again]),
        bad=[*reading.bad, *bad], unlocated_rows=reading.unlocated_rows - int(first["area"].isna().sum()),
    )  # fmt: skip


def _less(counts: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """The counts of an incident file without some of its incidents; what comes to zero is left out."""
    less = gone.groupby(_PLACE, dropna=False).size().rename("less").reset_index()
    left = counts.merge(less, on=_PLACE, how="left")
    left["count"] = left["count"] - left.pop("less").fillna(0).astype("Int64")
    return left[left["count"] > 0]
