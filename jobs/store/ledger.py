"""The clock's ledger in SQL: who runs what, until when, under which fencing number; and heartbeats.

A period is claimed by one conditional upsert. `lease_until` means "nobody else before then": the end of
the lease while a run is on, the moment of the next try when it waits or has failed. Every later write names
the fencing number it was claimed under; one from a worker that has lost its lease changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, or_, select, update

from jobs.store.engine import as_utc
from jobs.store.tables import heartbeats, job_run
from jobs.store.upsert import upsert

State = Literal["running", "waiting", "failed", "done"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    job: str
    period: str
    state: State
    fence: int
    attempts: int  # tries in a row that did not end in order
    until: dt.datetime | None  # lease or rest
    started: dt.datetime
    finished: dt.datetime | None
    detail: str

    def resting(self, now: dt.datetime) -> bool:
        """Whether nobody may take it yet: another worker is at it, or the next try is later."""
        return self.state != "done" and self.until is not None and self.until > now


def take(
    connection: Connection,
    job: str,
    period: str,
    now: dt.datetime,
    until: dt.datetime,
    *,
    by_hand: bool = False,
) -> Entry | None:
    """Claim a period; None when it is done, resting (unless `by_hand`), or in somebody else's hands."""
    now, until = as_utc(now), as_utc(until)
    fresh = upsert(connection, job_run).values(
        job=job, period=period, state="running", fence=1, attempts=1, lease_until=until, started_at=now,
        finished_at=None, detail="",
    )  # fmt: skip
    free = or_(job_run.c.lease_until.is_(None), job_run.c.lease_until <= now)
    if by_hand:
        free = or_(free, job_run.c.state != "running")
    # RETURNING speaks only when the row was inserted or the WHERE held: the answer is the claim.
    claimed = connection.execute(
        fresh.on_conflict_do_update(
            index_elements=["job", "period"],
            set_={
                "state": "running",
                "fence": job_run.c.fence + 1,
                "attempts": job_run.c.attempts + 1,
                "lease_until": until,
                "started_at": now,
                "finished_at": None,
            },
            where=and_(job_run.c.state != "done", free),
        ).returning(*job_run.c)
    ).one_or_none()
    return None if claimed is None else _entry(claimed)


def settle(
    connection: Connection,
    entry: Entry,
    state: State,
    now: dt.datetime,
    until: dt.datetime | None,
    detail: str,
) -> bool:
    """Write how a run ended; False, and nothing changed, when the run is no longer this worker's."""
    done = connection.execute(
        update(job_run)
        .where(*_held(entry))
        .values(
            state=state,
            lease_until=None if until is None else as_utc(until),
            finished_at=as_utc(now),
            detail=detail,
            # A source that is not out yet is no failure: the next real failure starts its back-off afresh.
            attempts=0 if state == "waiting" else job_run.c.attempts,
        )
    )
    return done.rowcount == 1


def extend(connection: Connection, entry: Entry, until: dt.datetime) -> bool:
    """A longer lease for a run that goes on; False when it is no longer this worker's."""
    done = connection.execute(update(job_run).where(*_held(entry)).values(lease_until=as_utc(until)))
    return done.rowcount == 1


def mark_done(connection: Connection, job: str, period: str, now: dt.datetime, detail: str) -> None:
    """Enter a period as done without a run: where the timetable begins. An existing line stays."""
    connection.execute(
        upsert(connection, job_run)
        .values(
            job=job, period=period, state="done", fence=0, attempts=0, lease_until=None,
            started_at=as_utc(now), finished_at=as_utc(now), detail=detail,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


def entries(
    connection: Connection, *jobs: str, since: str = "", since_of: Mapping[str, str] | None = None
) -> list[Entry]:
    """The ledger, by job and period; `jobs` narrows to some, `since` to periods from that one on.

    `since_of` does so for single jobs.
    """
    query = select(job_run).where(job_run.c.period >= since).order_by(job_run.c.job, job_run.c.period)
    if jobs:
        query = query.where(job_run.c.job.in_(jobs))
    for job, first in (since_of or {}).items():
        query = query.where(or_(job_run.c.job != job, job_run.c.period >= first))
    return [_entry(r) for r in connection.execute(query)]


def beat(connection: Connection, name: str, at: dt.datetime) -> None:
    """Say that `name` is alive."""
    at = as_utc(at)
    connection.execute(
        upsert(connection, heartbeats)
        .values(name=name, at=at)
        .on_conflict_do_update(index_elements=["name"], set_={"at": at})
    )


def last_beat(connection: Connection, prefix: str) -> dt.datetime | None:
    """When anybody whose name starts with `prefix` was last alive."""
    found = connection.execute(
        select(func.max(heartbeats.c.at)).where(heartbeats.c.name.startswith(prefix, autoescape=True))
    ).scalar()
    return None if found is None else as_utc(found)


def forget_beats(connection: Connection, before: dt.datetime) -> int:
    """Drop the heartbeats of workers that have long gone."""
    return connection.execute(delete(heartbeats).where(heartbeats.c.at < as_utc(before))).rowcount


def _held(entry: Entry) -> tuple[ColumnElement[bool], ...]:
    """Still this worker's run."""
    return (
        job_run.c.job == entry.job,
        job_run.c.period == entry.period,
        job_run.c.fence == entry.fence,
        job_run.c.state == "running",
    )


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        row.job, row.period, row.state, row.fence, row.attempts,
        None if row.lease_until is None else as_utc(row.lease_until),
        as_utc(row.started_at),
        None if row.finished_at is None else as_utc(row.finished_at),
        row.detail,
    )  # fmt: skip
