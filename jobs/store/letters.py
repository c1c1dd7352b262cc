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


def given_up(connection: Connection) -> list[Letter]:
    """Everything that could not be delivered, oldest first."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.key, outbox.c.state, outbox.c.error)
        .where(outbox.c.state.in_(_GIVEN_UP))
        .order_by(outbox.c.id)
    )
    return [Letter(r.channel, r.key, r.state, r.error or "") for r in rows]
