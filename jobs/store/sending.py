"""Sending what the outbox holds: a row is claimed, posted, and settled under the fence it was claimed under.

A row is claimed by a conditional UPDATE that commits the intent before anything is posted; a row left in
`sending` has an unknown outcome until somebody has looked. Writes name the fence they were claimed under; a
stale one changes nothing. Within a channel the oldest open row goes first; one that waits for the end of
quiet hours stands aside, and so does one that belongs into the thread of a message that is not up yet: it
has nowhere to go, and holds up nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, exists, or_, select, update

from jobs.store.engine import Store, as_utc
from jobs.store.outbox import enqueue
from jobs.store.tables import outbox

_OPEN = ("pending", "sending")
_ERROR = 500  # characters kept of what went wrong


@dataclass(frozen=True, slots=True)
class Item:
    """A row in this worker's hands."""

    id: int
    key: str
    channel: str
    kind: str
    revision: int
    payload: str
    fence: int
    attempts: int  # tries that failed since it was last sent, and this one; a worker's death is none
    reference: str | None  # there already: an edit
    unknown: bool  # a post may have been made by a worker that was interrupted
    thread: str | None = None  # reference of the message in whose thread it stands


@dataclass(frozen=True, slots=True)
class Notice:
    """What an operator is told of a dead letter."""

    key: str
    channel: str
    payload: str


def due_channels(store: Store, now: dt.datetime, grace: dt.timedelta) -> list[str]:
    """Channels in which something can be claimed now."""
    with store.read() as connection:
        found = connection.execute(
            select(outbox.c.channel).where(_claimable(now, grace)).distinct().order_by(outbox.c.channel)
        )
        return list(found.scalars())


def claim_next(store: Store, channel: str, now: dt.datetime, grace: dt.timedelta) -> Item | None:
    """Take the oldest open row of a channel and commit the intent to send it; None when nothing is due.

    `grace` is how long an interrupted post may still be under way (client timeout and a margin): a row left
    in `sending` is taken over after that, marked `unknown`.
    """
    with store.write() as connection:
        row = connection.execute(
            select(outbox)
            .where(outbox.c.channel == channel, _claimable(now, grace))
            .limit(1)
            .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer at a time anyway
        ).one_or_none()
        if row is None:
            return None
        connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(state="sending", fence=row.fence + 1, intent_at=as_utc(now))
        )
        thread = None if row.thread is None else _reference(connection, row.thread, channel)
    return Item(
        row.id, row.key, row.channel, row.kind, row.revision, row.payload, row.fence + 1, row.attempts + 1,
        row.reference, row.state == "sending", thread,
    )  # fmt: skip


def _reference(connection: Connection, key: str, channel: str) -> str | None:
    where = (outbox.c.key == key) & (outbox.c.channel == channel)
    return connection.execute(select(outbox.c.reference).where(where)).scalar_one_or_none()


def renew_intent(store: Store, item: Item, now: dt.datetime) -> bool:
    """Before a post, if the intent is not fresh: still ours, the grace counts from now. False: hands off."""
    return _settle(store, item, {"intent_at": as_utc(now)})


def mark_sent(store: Store, item: Item, reference: str, revision: int, now: dt.datetime) -> bool:
    """It is on the wall, with the text of `revision`; a newer revision turns into an edit."""
    state = case((outbox.c.revision > revision, "pending"), else_="sent")
    return _settle(
        store, item,
        {
            "state": state, "reference": reference, "sent_revision": revision, "attempts": 0,
            "due_at": as_utc(now), "error": None,
        },
    )  # fmt: skip


def mark_retry(store: Store, item: Item, due_at: dt.datetime, error: str) -> bool:
    """It was certainly not taken: again at `due_at`. The channel's later rows wait for it."""
    return _settle(
        store, item,
        {"state": "pending", "due_at": as_utc(due_at), "attempts": item.attempts, "error": error[:_ERROR]},
    )  # fmt: skip


def mark_unclear(store: Store, item: Item, since: dt.datetime, error: str) -> bool:
    """Nobody knows whether it was taken: it stays in `sending`, and is looked for a grace after `since`."""
    return _settle(
        store, item, {"intent_at": as_utc(since), "attempts": item.attempts, "error": error[:_ERROR]}
    )


def mark_dead(
    store: Store,
    item: Item,
    error: str,
    now: dt.datetime,
    *,
    notice: Notice | None = None,
    state: Literal["dead", "unknown"] = "dead",
) -> bool:
    """Given up, with the notice in the same transaction: put up again unchanged it says nothing new."""
    with store.write() as connection:
        done = _write(connection, item, {"state": state, "attempts": item.attempts, "error": error[:_ERROR]})
        if done and notice is not None:
            enqueue(connection, notice.key, notice.channel, "notice", notice.payload, now)
    return done


def _claimable(now: dt.datetime, grace: dt.timedelta) -> ColumnElement[bool]:
    """The oldest open row of its channel, if it is due or was interrupted long enough ago.

    A row that waits for the end of quiet hours, and was not tried yet, holds up nothing that may be sent.
    """
    older = outbox.alias()
    now = as_utc(now)
    resting = and_(older.c.state == "pending", older.c.attempts == 0, older.c.due_at > now)
    return and_(
        or_(
            and_(outbox.c.state == "pending", outbox.c.due_at <= now),
            and_(outbox.c.state == "sending", outbox.c.intent_at <= now - grace),
        ),
        ~_hangs(outbox),
        ~exists().where(
            older.c.channel == outbox.c.channel, older.c.id < outbox.c.id, older.c.state.in_(_OPEN),
            ~resting, ~_hangs(older),
        ),
    )  # fmt: skip


def _hangs(row: FromClause) -> ColumnElement[bool]:
    """Whether it belongs into the thread of a message that is not up."""
    parent = outbox.alias()
    return and_(
        row.c.thread.is_not(None),
        ~exists().where(
            parent.c.channel == row.c.channel, parent.c.key == row.c.thread, parent.c.reference.is_not(None)
        ),
    )


def _settle(store: Store, item: Item, values: dict[str, object]) -> bool:
    with store.write() as connection:
        return _write(connection, item, values)


def _write(connection: Connection, item: Item, values: dict[str, object]) -> bool:
    done = connection.execute(
        update(outbox)
        .where(outbox.c.id == item.id, outbox.c.fence == item.fence, outbox.c.state == "sending")
        .values(values)
    )
    return done.rowcount == 1
