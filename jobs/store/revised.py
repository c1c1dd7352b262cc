"""What a later edition changed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select

from jobs.sources.base import Reading
from jobs.store.engine import as_utc
from jobs.store.rows import count_rows, periods
from jobs.store.tables import counts, coverage, revisions

_NAMES = ("extract_id", "source", "series", "area", "month", "span", "before", "after", "at")


def record_revisions(
    connection: Connection, key: int, source: str, reading: Reading, older: list[int], now: dt.datetime
) -> int:
    """Write down every count that the later edition changed, both sides; a first figure is no change."""
    again = _published(connection, source, reading) & set(periods(reading.windows))
    columns = (counts.c.series, counts.c.area, counts.c.month, counts.c.span, counts.c.count)
    rows = connection.execute(select(*columns).where(counts.c.extract_id.in_(older)))
    old = {(str(r.series), str(r.area), int(r.month), int(r.span)): r.count for r in rows}
    new = {(series, area, m, s): n for series, area, m, s, n in count_rows(reading.counts)}
    changed = [
        (key, source, *at, old.get(at), new.get(at), as_utc(now))
        for at in sorted(old.keys() | new.keys())
        if at[2:] in again and old.get(at, 0) != new.get(at, 0)
    ]
    if changed:
        connection.execute(insert(revisions), [dict(zip(_NAMES, row, strict=True)) for row in changed])
    return len(changed)


def _published(connection: Connection, source: str, reading: Reading) -> set[tuple[int, int]]:
    """The periods that the dataset had before: of a cumulative file, all but the newest."""
    rows = connection.execute(
        select(coverage.c.month, coverage.c.span).where(
            coverage.c.source == source, coverage.c.dataset == reading.dataset
        )
    )
    return {(r.month, r.span) for r in rows}
