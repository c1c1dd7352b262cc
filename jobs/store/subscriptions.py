"""What channels and people asked to hear, and when not, in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from jobs.store.engine import as_utc
from jobs.store.tables import quiet_hours, subscriptions
from jobs.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody wants to hear of alerts in an area and of a series ('*' = any), from a severity on."""

    subscriber: str  # a channel's id, or `person:ID`
    area: str
    series: str
    min_severity: int


def add_subscription(connection: Connection, wish: Subscription, who: str, now: dt.datetime) -> None:
    """Store one; the same area and series again changes its severity."""
    new = {"min_severity": wish.min_severity, "who": who, "at": as_utc(now)}
    connection.execute(
        upsert(connection, subscriptions)
        .values(subscriber=wish.subscriber, area=wish.area, series=wish.series, **new)
        .on_conflict_do_update(index_elements=["subscriber", "area", "series"], set_=new)
    )


def drop_subscription(connection: Connection, subscriber: str, area: str, series: str) -> int:
    """Take back what was asked for; how many there were (at most one)."""
    t = subscriptions
    where = (t.c.subscriber == subscriber) & (t.c.area == area) & (t.c.series == series)
    return connection.execute(delete(t).where(where)).rowcount


def list_subscriptions(connection: Connection, subscriber: str | None = None) -> list[Subscription]:
    """All, or those of one subscriber."""
    t = subscriptions
    query = select(t).order_by(t.c.subscriber, t.c.area, t.c.series)
    if subscriber is not None:
        query = query.where(t.c.subscriber == subscriber)
    return [Subscription(r.subscriber, r.area, r.series, r.min_severity) for r in connection.execute(query)]


def set_quiet(connection: Connection, subscriber: str, hours: str, who: str, now: dt.datetime) -> None:
    """Quiet hours in place of those of the settings; '' = none."""
    new = {"hours": hours, "who": who, "at": as_utc(now)}
    connection.execute(
        upsert(connection, quiet_hours)
        .values(subscriber=subscriber, **new)
        .on_conflict_do_update(index_elements=["subscriber"], set_=new)
    )


def quiet_of(connection: Connection) -> dict[str, str]:
    """The quiet hours that people set, by subscriber."""
    rows = connection.execute(select(quiet_hours.c.subscriber, quiet_hours.c.hours))
    return {str(subscriber): str(hours) for subscriber, hours in rows}
