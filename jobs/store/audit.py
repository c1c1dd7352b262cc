"""The audit in SQL: lines are added, and never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from jobs.store.engine import as_utc
from jobs.store.tables import audit


@dataclass(frozen=True, slots=True)
class Line:
    """Who asked for what, where, and what came of it."""

    at: dt.datetime
    who: str
    platform: str
    channel: str
    role: str
    clearance: str
    kind: str  # question | the deed's name
    query: str
    alert: str
    sources: tuple[str, ...]
    classification: str
    outcome: str
    suppressed: int


def add_line(connection: Connection, line: Line) -> None:
    """Write it down, in the caller's transaction."""
    connection.execute(
        insert(audit).values(
            at=as_utc(line.at), who=line.who, platform=line.platform, channel=line.channel, role=line.role,
            clearance=line.clearance, kind=line.kind, query=line.query, alert_id=line.alert,
            sources=" ".join(line.sources), classification=line.classification, outcome=line.outcome,
            suppressed=line.suppressed,
        )
    )  # fmt: skip


def list_lines(connection: Connection, *, most: int = 100) -> list[Line]:
    """The newest, newest first."""
    rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(most))
    return [
        Line(
            as_utc(r.at), r.who, r.platform, r.channel, r.role, r.clearance, r.kind, r.query, r.alert_id,
            tuple(r.sources.split()), r.classification, r.outcome, r.suppressed,
        )
        for r in rows
    ]  # fmt: skip
