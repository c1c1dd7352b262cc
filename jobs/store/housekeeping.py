"""Retention: incidents and quarantined rows go; counts, which name nobody, stay."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, and_, delete, or_, select

from jobs.store.tables import extracts, incidents, quarantine, raw_files
from rules.model import Month


def sweep(connection: Connection, source: str, before: Month) -> int:
    """Delete what a source brought for months before `before`; how many rows went.

    Of a file that was set aside often no month is known: then the month in which it was received counts.
    """
    edge = dt.datetime.combine(before.first_day, dt.time(), dt.UTC)
    past = or_(
        extracts.c.last_month < before.key,
        and_(extracts.c.last_month.is_(None), extracts.c.received_at < edge),
    )
    old = select(extracts.c.id).where(extracts.c.source == source, past)
    gone = connection.execute(
        delete(incidents).where(incidents.c.month < before.key, incidents.c.extract_id.in_(
            select(extracts.c.id).where(extracts.c.source == source)
        ))
    ).rowcount  # fmt: skip
    for table in (quarantine, raw_files):
        gone += connection.execute(delete(table).where(table.c.extract_id.in_(old))).rowcount
    return gone
