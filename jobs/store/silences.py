"""Silences in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from jobs.store.engine import as_utc
from jobs.store.tables import silences
from rules.lifecycle import Silence
from rules.model import Classification


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """A silence as stored. `alert`: the alert it was made for, or ''."""

    id: int
    alert: str
    rule: str
    series: str
    area: str
    clearance: Classification
    silence: Silence


def add_silence(
    connection: Connection,
    alert: str,
    rule: str,
    series: str,
    area: str,
    clearance: Classification,
    silence: Silence,
    now: dt.datetime,
) -> int:
    """Store one; its number."""
    added = connection.execute(
        insert(silences)
        .values(
            alert_id=alert, rule=rule, series=series, area=area, clearance=clearance.value,
            who=silence.who, why=silence.why, first=silence.first, last=silence.last, at=as_utc(now),
        )
        .returning(silences.c.id)
    )  # fmt: skip
    return int(added.scalar_one())


def standing_silences(connection: Connection, today: dt.date) -> list[SilenceRow]:
    """Those that hold on a day, or will; the ones that end last first."""
    rows = connection.execute(
        select(silences)
        .where(silences.c.last >= today, silences.c.lifted_by.is_(None))
        .order_by(silences.c.last.desc(), silences.c.id)
    )
    return [
        SilenceRow(
            r.id, r.alert_id, r.rule, r.series, r.area, Classification(r.clearance),
            Silence(r.who, r.why, r.first, r.last),
        )
        for r in rows
    ]  # fmt: skip


def lift_silence(connection: Connection, silence: int, who: str) -> bool:
    """End one before its time; it stays in the book. False when somebody did before."""
    done = connection.execute(
        update(silences).where(silences.c.id == silence, silences.c.lifted_by.is_(None)).values(lifted_by=who)
    )
    return done.rowcount == 1
