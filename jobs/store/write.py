"""Putting an extract away: all its rows or none, its months replaced as a whole, what changed kept."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from jobs.sources.base import Outcome, RawFile, Reading
from jobs.store.bulk import Value
from jobs.store.rows import count_rows, insert_facts
from jobs.store.tables import (
    counts,
    coverage,
    extracts,
    incidents,
    published,
    raw_files,
    revisions,
)
from rules.model import Window

_KEEP_RAW = 64 * 1024 * 1024  # a rejected file larger than this is named, not kept


@dataclass(frozen=True, slots=True)
class Landed:
    """Where an extract ended up."""

    extract: int
    edition: int
    changes: int  # counts that differ from the edition before
    replaced: tuple[int, ...]  # extracts that this one replaced, wholly or in part


def put_aside(
    connection: Connection,
    source: str,
    raw: RawFile,
    outcome: Outcome,
    *,
    dataset: str,
    physical_rows: int,
    reason: str,
    advice: str,
    now: dt.datetime,
) -> tuple[int, bool]:
    """Keep a rejected or held file and its bytes; returns its id and whether it is new (say it once)."""
    state = "held" if outcome is Outcome.HOLD else "rejected"
    known = connection.execute(
        select(extracts.c.id, extracts.c.state, extracts.c.reason).where(
            extracts.c.source == source, extracts.c.sha256 == raw.sha256
        )
    ).one_or_none()
    if known is not None and (known.state, known.reason) == (state, reason):
        return known.id, False
    _forget(connection, source, raw.sha256)
    key = _insert_extract(
        connection, source, raw, now, outcome=outcome.value, state=state, edition=0, dataset=dataset,
        physical_rows=physical_rows, rows_loaded=0, rows_quarantined=0, unlocated_rows=0, vintage=0,
        reason=reason, advice=advice,
    )  # fmt: skip
    if len(raw.content) <= _KEEP_RAW:
        connection.execute(insert(raw_files).values(extract_id=key, content=zlib.compress(raw.content, 6)))
    return key, True


def land(
    connection: Connection, source: str, raw: RawFile, reading: Reading, outcome: Outcome, now: dt.datetime
) -> Landed:
    """Store a reading in place of what its dataset had for the same periods."""
    _forget(connection, source, raw.sha256)
    months = sorted(w.last.key for w in reading.windows)
    before = _current(connection, source, reading)
    edition = 1 + (max((e for e, _ in before.values()), default=0))
    key = _insert_extract(
        connection, source, raw, now, outcome=outcome.value, state="current", edition=edition,
        dataset=reading.dataset, first_month=months[0], last_month=months[-1],
        physical_rows=reading.physical_rows, rows_loaded=reading.rows_loaded,
        rows_quarantined=len(reading.bad), unlocated_rows=reading.unlocated_rows, vintage=reading.vintage,
    )  # fmt: skip
    changes = _record_revisions(connection, key, source, reading, list(before), now) if before else 0
    for older in before:
        _clear(connection, older, reading.windows)
    insert_facts(connection, key, source, reading)
    _cover(connection, key, source, reading)
    for older in before:
        _retire(connection, older)
    return Landed(key, edition, changes, tuple(before))


def _insert_extract(
    connection: Connection, source: str, raw: RawFile, now: dt.datetime, **values: Value
) -> int:
    row = {"source": source, "name": raw.name, "sha256": raw.sha256, "size": len(raw.content)}
    done = connection.execute(insert(extracts).values(received_at=now, **row, **values))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def _forget(connection: Connection, source: str, sha256: str) -> None:
    """A file that was rejected or held before and is tried again starts afresh."""
    connection.execute(
        delete(extracts).where(
            extracts.c.source == source,
            extracts.c.sha256 == sha256,
            extracts.c.state.in_(("rejected", "held")),
        )
    )


def _current(connection: Connection, source: str, reading: Reading) -> dict[int, tuple[int, str]]:
    """Extracts that now hold any of these periods: id -> (edition, name)."""
    rows = connection.execute(
        select(extracts.c.id, extracts.c.edition, extracts.c.name)
        .join(coverage, coverage.c.extract_id == extracts.c.id)
        .where(
            coverage.c.source == source,
            coverage.c.dataset == reading.dataset,
            or_(*(and_(coverage.c.month == m, coverage.c.span == s) for m, s in _periods(reading.windows))),
        )
        .distinct()
    )
    return {r.id: (r.edition, r.name) for r in rows}


def _periods(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    return [(w.last.key, w.months) for w in windows]


def _record_revisions(
    connection: Connection, key: int, source: str, reading: Reading, older: list[int], now: dt.datetime
) -> int:
    """Write down every count that the later edition changed; both sides are kept."""
    periods = set(_periods(reading.windows))
    columns = (counts.c.series, counts.c.area, counts.c.month, counts.c.span, counts.c.count)
    old = {
        (str(r.series), str(r.area), int(r.month), int(r.span)): r.count
        for r in connection.execute(select(*columns).where(counts.c.extract_id.in_(older)))
        if (r.month, r.span) in periods
    }
    new = {(series, area, m, s): n for series, area, m, s, n in count_rows(reading.counts)}
    changed = [
        (key, source, *at, old.get(at), new.get(at), now)
        for at in sorted(old.keys() | new.keys())
        if old.get(at, 0) != new.get(at, 0)
    ]
    names = ("extract_id", "source", "series", "area", "month", "span", "before", "after", "at")
    if changed:
        connection.execute(insert(revisions), [dict(zip(names, row, strict=True)) for row in changed])
    return len(changed)


def _clear(connection: Connection, extract: int, windows: tuple[Window, ...]) -> None:
    months = [w.last.key for w in windows]
    for table in (counts, published, incidents):
        connection.execute(delete(table).where(table.c.extract_id == extract, table.c.month.in_(months)))


def _retire(connection: Connection, extract: int) -> None:
    """An extract none of whose periods count any more is replaced; its receipt stays."""
    left = connection.execute(select(coverage.c.month).where(coverage.c.extract_id == extract).limit(1))
    if left.first() is None:
        connection.execute(update(extracts).where(extracts.c.id == extract).values(state="replaced"))


def _cover(connection: Connection, key: int, source: str, reading: Reading) -> None:
    for month, span in _periods(reading.windows):
        where = and_(
            coverage.c.source == source,
            coverage.c.dataset == reading.dataset,
            coverage.c.month == month,
            coverage.c.span == span,
        )
        if connection.execute(update(coverage).where(where).values(extract_id=key)).rowcount == 0:
            connection.execute(
                insert(coverage).values(
                    source=source, dataset=reading.dataset, month=month, span=span, extract_id=key
                )
            )
