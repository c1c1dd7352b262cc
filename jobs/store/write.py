"""Putting an extract away: all its rows or none, its months replaced as a whole, what changed kept."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from jobs.sources.base import Outcome, RawFile, Reading
from jobs.store.bulk import Value
from jobs.store.engine import as_utc
from jobs.store.revised import record_revisions
from jobs.store.rows import insert_facts, periods, visible
from jobs.store.tables import (
    counts,
    coverage,
    extracts,
    incidents,
    published,
    raw_files,
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
    windows: tuple[Window, ...] = (),
) -> tuple[int, bool]:
    """Keep a rejected or held file and its bytes; returns its id and whether it is new (say it once).

    `windows`: the periods it speaks of, where that is known (a held file).
    """
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
        reason=reason, advice=visible(advice), **_between(windows),
    )  # fmt: skip
    if len(raw.content) <= _KEEP_RAW:
        connection.execute(insert(raw_files).values(extract_id=key, content=zlib.compress(raw.content, 6)))
    return key, True


def land(
    connection: Connection, source: str, raw: RawFile, reading: Reading, outcome: Outcome, now: dt.datetime
) -> Landed:
    """Store a reading in place of what its dataset had for the same periods."""
    _forget(connection, source, raw.sha256)
    before = _current(connection, source, reading)
    edition = 1 + (max((e for e, _ in before.values()), default=0))
    key = _insert_extract(
        connection, source, raw, now, outcome=outcome.value, state="current", edition=edition,
        dataset=reading.dataset, physical_rows=reading.physical_rows, rows_loaded=reading.rows_loaded,
        rows_quarantined=len(reading.bad), unlocated_rows=reading.unlocated_rows, vintage=reading.vintage,
        **_between(reading.windows),
    )  # fmt: skip
    changes = record_revisions(connection, key, source, reading, list(before), now) if before else 0
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
    row = {"source": source, "name": visible(raw.name), "sha256": raw.sha256, "size": len(raw.content)}
    # SQLite keeps what a clock on the wall shows and forgets its zone.
    done = connection.execute(insert(extracts).values(received_at=as_utc(now), **row, **values))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def _between(windows: tuple[Window, ...]) -> dict[str, int]:
    """The first and the last month of an extract; nothing where no period is known."""
    months = [w.last.key for w in windows]
    return {"first_month": min(months), "last_month": max(months)} if months else {}


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
            or_(*(and_(coverage.c.month == m, coverage.c.span == s) for m, s in periods(reading.windows))),
        )
        .distinct()
    )
    return {r.id: (r.edition, r.name) for r in rows}


def _clear(connection: Connection, extract: int, windows: tuple[Window, ...]) -> None:
    """What an earlier extract gave for these periods goes: its year that ends with a month is another one."""
    for span in {w.months for w in windows}:
        months = [w.last.key for w in windows if w.months == span]
        for table in (counts, published):
            where = and_(table.c.extract_id == extract, table.c.span == span, table.c.month.in_(months))
            connection.execute(delete(table).where(where))
        if span == 1:
            where = and_(incidents.c.extract_id == extract, incidents.c.month.in_(months))
            connection.execute(delete(incidents).where(where))


def _retire(connection: Connection, extract: int) -> None:
    """An extract none of whose periods count any more is replaced; its receipt stays."""
    left = connection.execute(select(coverage.c.month).where(coverage.c.extract_id == extract).limit(1))
    if left.first() is None:
        connection.execute(update(extracts).where(extracts.c.id == extract).values(state="replaced"))


def _cover(connection: Connection, key: int, source: str, reading: Reading) -> None:
    for month, span in periods(reading.windows):
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
