"""What was judged and found, and the alerts that came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from jobs.store.engine import as_utc
from jobs.store.tables import alert_events, alerts, findings, judged
from jobs.store.upsert import upsert
from rules.model import Month

POSTED = "posted"  # an event of an alert: it went to a channel (the actor) for the first time


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as stored: who, when, how loud, and its facts as JSON."""

    fingerprint: str
    month: Month
    source: str
    severity: int
    score: float
    facts: str
    parent: str | None = None  # fingerprint of the finding it is folded into


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as stored."""

    id: str
    source: str
    fingerprint: str
    series: str
    area: str
    severity: int
    status: str
    opened: Month
    last: Month
    ended: Month | None
    revision: int
    parent: str | None
    owner: str
    facts: str


def judged_months(connection: Connection, source: str) -> dict[Month, str]:
    """The months of a source that were judged, each with the fingerprint of what it was judged on."""
    rows = connection.execute(select(judged.c.month, judged.c.data).where(judged.c.source == source))
    return {Month.from_key(m): data for m, data in sorted((int(m), str(d)) for m, d in rows)}


def replace_findings(
    connection: Connection, source: str, month: Month, data: str, rows: Sequence[FindingRow], now: dt.datetime
) -> None:
    """A month judged: its findings stand in place of what was found in it before."""
    connection.execute(delete(findings).where(findings.c.source == source, findings.c.month == month.key))
    if rows:
        connection.execute(
            insert(findings),
            [
                {
                    "fingerprint": r.fingerprint, "month": month.key, "source": source,
                    "severity": r.severity, "score": r.score, "facts": r.facts, "parent": r.parent,
                }
                for r in rows
            ],
        )  # fmt: skip
    same = (judged.c.source == source) & (judged.c.month == month.key)
    if connection.execute(update(judged).where(same).values(data=data, at=now)).rowcount == 0:
        connection.execute(insert(judged).values(source=source, month=month.key, data=data, at=now))


def list_findings(connection: Connection, source: str, until: Month) -> list[FindingRow]:
    """Findings up to a month, oldest first, loudest first within a month."""
    rows = connection.execute(
        select(findings)
        .where(findings.c.source == source, findings.c.month <= until.key)
        .order_by(findings.c.month, findings.c.score.desc(), findings.c.fingerprint)
    )
    return [
        FindingRow(r.fingerprint, Month.from_key(r.month), r.source, r.severity, r.score, r.facts, r.parent)
        for r in rows
    ]


def scores_of(connection: Connection, source: str, month: Month) -> dict[str, float]:
    """How loud each finding of a month is, by fingerprint."""
    query = select(findings.c.fingerprint, findings.c.score)
    rows = connection.execute(query.where(findings.c.source == source, findings.c.month == month.key))
    return {str(f): float(s) for f, s in rows}


def list_alerts(
    connection: Connection, *, source: str | None = None, open_only: bool = False, lock: bool = False
) -> list[AlertRow]:
    """Alerts, newest first. With `lock`, nobody else changes them before this transaction ends."""
    query = select(alerts).order_by(alerts.c.last.desc(), alerts.c.severity.desc(), alerts.c.id)
    if source is not None:
        query = query.where(alerts.c.source == source)
    if open_only:
        query = query.where(alerts.c.ended.is_(None))
    if lock:
        query = query.with_for_update()  # PostgreSQL; SQLite has one writer at a time anyway
    return [_alert(r) for r in connection.execute(query).mappings()]


def get_alert(connection: Connection, key: str, *, lock: bool = False) -> AlertRow | None:
    """One alert by its id, whatever the case it was typed in."""
    query = select(alerts).where(func.upper(alerts.c.id) == key.upper())
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _alert(row)


def save_alert(connection: Connection, row: AlertRow) -> None:
    """Insert or update."""
    values = {
        "source": row.source, "fingerprint": row.fingerprint, "series": row.series, "area": row.area,
        "severity": row.severity, "status": row.status, "opened": row.opened.key, "last": row.last.key,
        "ended": row.ended.key if row.ended else None, "revision": row.revision, "parent": row.parent,
        "owner": row.owner, "facts": row.facts,
    }  # fmt: skip
    if connection.execute(update(alerts).where(alerts.c.id == row.id).values(**values)).rowcount == 0:
        connection.execute(insert(alerts).values(id=row.id, **values))


def note_event(
    connection: Connection,
    alert: str,
    kind: str,
    month: Month,
    now: dt.datetime,
    actor: str = "rules",
    *,
    ref: str = "",
    detail: str = "",
) -> None:
    """Write the alert's diary once per kind, month, actor and interaction (`ref`)."""
    connection.execute(
        upsert(connection, alert_events)
        .values(
            alert_id=alert, kind=kind, month=month.key, actor=actor, ref=ref, detail=detail, at=as_utc(now)
        )
        .on_conflict_do_nothing(index_elements=["alert_id", "kind", "month", "actor", "ref"])
    )  # fmt: skip


def posted_in(connection: Connection, channel: str, month: Month) -> int:
    """How many alerts were first posted in a channel in a month, of whatever source."""
    return connection.execute(
        select(func.count()).where(
            alert_events.c.kind == POSTED,
            alert_events.c.month == month.key,
            alert_events.c.actor == channel,
        )
    ).scalar_one()


def next_ids(connection: Connection, month: Month) -> Iterable[str]:
    """Unused ids of a month, A-2022-06-01 upwards."""
    taken = connection.execute(select(alerts.c.id).where(alerts.c.id.like(f"A-{month}-%"))).scalars()
    last = max((int(i.rsplit("-", 1)[1]) for i in taken), default=0)
    while True:
        last += 1
        yield f"A-{month}-{last:02d}"


def _alert(r: object) -> AlertRow:
    row = dict(r)  # type: ignore[call-overload]
    return AlertRow(
        row["id"], row["source"], row["fingerprint"], row["series"], row["area"], row["severity"],
        row["status"], Month.from_key(row["opened"]), Month.from_key(row["last"]),
        Month.from_key(row["ended"]) if row["ended"] else None, row["revision"], row["parent"],
        row["owner"], row["facts"],
    )  # fmt: skip
