"""The outbox for operators: how far it has got, what could not be delivered, and another try for that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from jobs.store.engine import as_utc
from jobs.store.tables import outbox

_GIVEN_UP = ("dead", "unknown")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many rows of a channel are in a state, and how often the most stubborn of them was tried."""

    channel: str
    state: str
    count: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is due in a channel and not sent: since when, and how often the most stubborn of it was tried."""

    channel: str
    age: dt.timedelta
    attempts: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was given up."""

    channel: str
    key: str
    state: str  # dead | unknown
    error: str


def revive(connection: Connection, channel: str, now: dt.datetime) -> int:
    """Send what was given up in a channel after all, once an operator has mended it; how many."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.channel == channel, outbox.c.state.in_(_GIVEN_UP))
        .values(state="pending", due_at=as_utc(now), attempts=0, error=None)
    )
    return done.rowcount


def standings(connection: Connection) -> list[Standing]:
    """For status and metrics: rows by channel and state."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.state, func.count(), func.max(outbox.c.attempts))
        .group_by(outbox.c.channel, outbox.c.state)
        .order_by(outbox.c.channel, outbox.c.state)
    )
    return [Standing(*row) for row in rows]


def waiting(connection: Connection, now: dt.datetime) -> list[Waiting]:
    """Channels with messages that are due; what waits for the end of quiet hours, or rests, is not."""
    rows = connection.execute(
        select(outbox.c.channel, func.min(outbox.c.due_at), func.max(outbox.c.attempts))
        .where(outbox.c.state.in_(("pending", "sending")), outbox.c.due_at <= as_utc(now))
        .group_by(outbox.c.channel)
        .order_by(outbox.c.channel)
    )
    return [Waiting(channel, now - as_utc(since), attempts) for channel, since, attempts in rows]


def given_up(connection: Connection) -> list[Letter]:
    """Everything that could not be delivered, oldest first."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.key, outbox.c.state, outbox.c.error)
        .where(outbox.c.state.in_(_GIVEN_UP))
        .order_by(outbox.c.id)
    )
    return [Letter(r.channel, r.key, r.state, r.error or "") for r in rows]
