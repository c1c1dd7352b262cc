"""What people did, in SQL: interactions handled once, feedback, the diary of an alert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from jobs.store.engine import as_utc
from jobs.store.findings import POSTED
from jobs.store.tables import alert_events, feedback, interactions
from jobs.store.upsert import upsert
from rules.model import Month


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an alert's diary."""

    at: dt.datetime
    kind: str  # new, continuing, ..., posted; acknowledge, own, note, ...
    month: Month  # of the alert at that time
    actor: str  # a person's id; `rules`; for `posted` the channel
    detail: str


def handle_once(connection: Connection, interaction: str, who: str, kind: str, now: dt.datetime) -> bool:
    """Whether the interaction is handled for the first time. A second transaction waits for the first one."""
    added = connection.execute(
        upsert(connection, interactions)
        .values(id=interaction, who=who, kind=kind, at=as_utc(now))
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(interactions.c.id)
    )
    return added.one_or_none() is not None


def forget_interactions(connection: Connection, before: dt.datetime) -> int:
    """Let go of those that no platform sends again; how many."""
    return connection.execute(delete(interactions).where(interactions.c.at < as_utc(before))).rowcount


def give_feedback(
    connection: Connection, alert: str, who: str, rule: str, verdict: str, now: dt.datetime
) -> None:
    """One verdict of each person on an alert; a later one replaces it."""
    new = {"rule": rule, "verdict": verdict, "at": as_utc(now)}
    connection.execute(
        upsert(connection, feedback)
        .values(alert_id=alert, who=who, **new)
        .on_conflict_do_update(index_elements=["alert_id", "who"], set_=new)
    )


def verdicts_on(connection: Connection, alert: str) -> Mapping[str, int]:
    """How many people said what of an alert."""
    rows = connection.execute(
        select(feedback.c.verdict, func.count())
        .where(feedback.c.alert_id == alert)
        .group_by(feedback.c.verdict)
    )
    return {str(verdict): int(n) for verdict, n in rows}


def verdicts_by_rule(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    """How many verdicts of each kind each rule's alerts were given."""
    columns = (feedback.c.rule, feedback.c.verdict)
    found: dict[str, dict[str, int]] = {}
    for rule, verdict, n in connection.execute(select(*columns, func.count()).group_by(*columns)):
        found.setdefault(str(rule), {})[str(verdict)] = int(n)
    return found


def diary(connection: Connection, alert: str) -> list[Entry]:
    """Everything that became of an alert, oldest first."""
    rows = connection.execute(
        select(alert_events).where(alert_events.c.alert_id == alert).order_by(alert_events.c.id)
    )
    return [Entry(as_utc(r.at), r.kind, Month.from_key(r.month), r.actor, r.detail) for r in rows]


def first_posted(connection: Connection) -> dict[str, dt.datetime]:
    """When each alert was first put up in any channel."""
    rows = connection.execute(
        select(alert_events.c.alert_id, func.min(alert_events.c.at))
        .where(alert_events.c.kind == POSTED)
        .group_by(alert_events.c.alert_id)
    )
    return {str(alert): as_utc(at) for alert, at in rows}
