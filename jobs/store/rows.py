"""From a reading's frames to rows in the tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from sqlalchemy import Connection

from jobs.sources.base import Reading
from jobs.store.bulk import Value, insert_rows
from jobs.store.tables import counts, incidents, published, quarantine


def insert_facts(connection: Connection, key: int, source: str, reading: Reading) -> None:
    """Counts, incidents, printed figures and quarantined rows of one extract."""
    insert_rows(
        connection, counts,
        ("series", "area", "month", "span", "count", "extract_id", "source", "vintage"),
        ((*row, key, source, reading.vintage) for row in count_rows(reading.counts)),
    )  # fmt: skip
    if reading.incidents is not None:
        names = ("month", "area", "series", "crime_key", "lon", "lat", "street")
        frame = reading.incidents[list(names)].astype({"area": object}).fillna({"area": "", "street": ""})
        insert_rows(connection, incidents, ("extract_id", *names), ((key, *r) for r in _tuples(frame)))
    if reading.published is not None:
        names = ("area", "series", "month", "span", "rate", "band", "rank")
        insert_rows(
            connection, published, ("extract_id", *names),
            ((key, *r) for r in _tuples(reading.published[list(names)])),
        )  # fmt: skip
    insert_rows(
        connection, quarantine, ("extract_id", "line", "reason", "detail", "text"),
        ((key, b.line, b.reason, b.detail, b.text.replace("\0", "\\0")) for b in reading.bad),
    )  # fmt: skip


def count_rows(frame: pd.DataFrame) -> Iterator[tuple[str, str, int, int, int | None]]:
    """(series, area or '', month, span, count or None) of a reading's counts."""
    plain = frame[["series", "area", "month", "span", "count"]].astype({"area": object}).fillna({"area": ""})
    for series, area, month, span, count in _tuples(plain):
        yield (
            str(series),
            str(area),
            int(str(month)),
            int(str(span)),
            None if count is None else int(str(count)),
        )


def _tuples(frame: pd.DataFrame) -> Iterator[tuple[Value, ...]]:
    """Rows as plain Python values, missing as None."""
    columns = []
    for name in frame.columns:
        column = frame[name].astype(object)
        columns.append(column.where(column.notna(), None).tolist())
    return zip(*columns, strict=True)
