"""From a reading's frames to rows in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd
from sqlalchemy import Connection

from jobs.sources.base import Reading
from jobs.store.bulk import Value, insert_rows
from jobs.store.tables import counts, incidents, published, quarantine
from rules.model import Window


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
        frame["street"] = frame["street"].map(visible)
        insert_rows(connection, incidents, ("extract_id", *names), ((key, *r) for r in _tuples(frame)))
    if reading.published is not None:
        names = ("area", "series", "month", "span", "rate", "band", "rank")
        beside = reading.published[list(names)]
        beside = beside.assign(band=beside["band"].map(visible, na_action="ignore"))
        insert_rows(
            connection, published, ("extract_id", *names), ((key, *r) for r in _tuples(beside))
        )  # fmt: skip
    insert_rows(
        connection, quarantine, ("extract_id", "line", "reason", "detail", "text"),
        ((key, b.line, b.reason, visible(b.detail), visible(b.text)) for b in reading.bad),
    )  # fmt: skip


def periods(windows: Iterable[Window]) -> list[tuple[int, int]]:
    """(last month, months) of each: the year that ends with a month is another period than the month."""
    return [(w.last.key, w.months) for w in windows]


def visible(text: str) -> str:
    """A NUL written out: PostgreSQL keeps none, and a workbook can hold one in any cell."""
    return text.replace("\0", "\\0")


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
