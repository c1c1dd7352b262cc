"""Retention: incidents and quarantined rows go; counts, which name nobody, stay."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from jobs.store.tables import extracts, incidents, quarantine, raw_files
from rules.model import Month


def sweep(connection: Connection, source: str, before: Month) -> int:
    """Delete what a source brought for months before `before`; how many rows went."""
    old = select(extracts.c.id).where(extracts.c.source == source, extracts.c.last_month < before.key)
    gone = connection.execute(
        delete(incidents).where(incidents.c.month < before.key, incidents.c.extract_id.in_(
            select(extracts.c.id).where(extracts.c.source == source)
        ))
    ).rowcount  # fmt: skip
    for table in (quarantine, raw_files):
        gone += connection.execute(delete(table).where(table.c.extract_id.in_(old))).rowcount
    return gone
