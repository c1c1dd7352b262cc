"""The outbox in SQL: what channels are to be shown, and how far that has got.

    pending -> sending (intent_at, fence) -> sent (reference, sent_revision)   or   dead (error)

One row per key and channel, for ever. A changed payload bumps `revision`: it becomes an edit of the message
that is there. A row is claimed by a conditional UPDATE that commits the intent before anything is posted; a
row left in `sending` has an unknown outcome until somebody has looked. Writes name the fence they were
claimed under; a stale one changes nothing. Within a channel the oldest open row goes first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, insert, or_, select, update

from jobs.store.engine import Store, as_utc
from jobs.store.tables import outbox
from jobs.store.upsert import upsert

Enqueued = Literal["new", "edited", "unchanged"]
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
    attempts: int  # including this one, since it was last sent
    reference: str | None  # there already: an edit
    unknown: bool  # a post may have been made by a worker that was interrupted


@dataclass(frozen=True, slots=True)
class Standing:
    """How many rows of a channel are in a state, and since when the oldest is due."""

    channel: str
    state: str
    count: int
    oldest_due: dt.datetime


def enqueue(
    connection: Connection, key: str, channel: str, kind: str, payload: str, now: dt.datetime
) -> Enqueued:
    """Put a message up, in the caller's transaction; the same payload again changes nothing."""
    now = as_utc(now)
    added = connection.execute(
        upsert(connection, outbox)
        .values(
            key=key, channel=channel, kind=kind, revision=1, payload=payload, state="pending", fence=0,
            attempts=0, created_at=now, due_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key", "channel"])
    )  # fmt: skip
    if added.rowcount == 1:
        return "new"
    edited = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.channel == channel, outbox.c.payload != payload)
        .values(
            kind=kind,
            payload=payload,
            revision=outbox.c.revision + 1,
            # A row in `sending` stays there: whether it is on the wall is not known yet, and a plain
            # `pending` would post it a second time. mark_sent sees the newer revision.
            state=case((outbox.c.state == "sending", "sending"), else_="pending"),
            attempts=case((outbox.c.state == "sending", outbox.c.attempts), else_=0),
            due_at=now,
            error=None,
        )
    )
    return "edited" if edited.rowcount == 1 else "unchanged"


def keys_in(connection: Connection, channel: str) -> set[str]:
    """Every key that was ever put up in a channel."""
    return set(connection.execute(select(outbox.c.key).where(outbox.c.channel == channel)).scalars())


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
            .values(state="sending", fence=row.fence + 1, attempts=row.attempts + 1, intent_at=as_utc(now))
        )
    return Item(
        row.id, row.key, row.channel, row.kind, row.revision, row.payload, row.fence + 1, row.attempts + 1,
        row.reference, row.state == "sending",
    )  # fmt: skip


def renew_intent(store: Store, item: Item, now: dt.datetime) -> bool:
    """The last thing before a post: still ours, and the grace counts from now. False: hands off."""
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
    return _settle(store, item, {"state": "pending", "due_at": as_utc(due_at), "error": error[:_ERROR]})


def mark_unclear(store: Store, item: Item, error: str) -> bool:
    """Nobody knows whether it was taken: it stays in `sending`, and is looked for after the grace."""
    return _settle(store, item, {"error": error[:_ERROR]})


def mark_dead(
    store: Store, item: Item, error: str, now: dt.datetime, notice: tuple[str, str, str] | None = None
) -> bool:
    """It will never be taken. `notice` (key, channel, payload) is put up in the same transaction, once."""
    with store.write() as connection:
        done = _write(connection, item, {"state": "dead", "error": error[:_ERROR]})
        if done and notice is not None:
            key, channel, payload = notice
            enqueue(connection, key, channel, "notice", payload, now)
    return done


def revive(connection: Connection, channel: str, now: dt.datetime) -> int:
    """Dead letters of a channel that has been mended are tried again; how many."""
    done = connection.execute(
        update(outbox)
        .where(outbox.c.channel == channel, outbox.c.state == "dead")
        .values(state="pending", due_at=as_utc(now), attempts=0, error=None)
    )
    return done.rowcount


def standings(connection: Connection) -> list[Standing]:
    """For status and metrics: rows by channel and state."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.state, func.count(), func.min(outbox.c.due_at))
        .group_by(outbox.c.channel, outbox.c.state)
        .order_by(outbox.c.channel, outbox.c.state)
    )
    return [Standing(channel, state, n, as_utc(oldest)) for channel, state, n, oldest in rows]


def dead_letters(connection: Connection) -> list[tuple[str, str, str]]:
    """(channel, key, error) of everything that could not be delivered."""
    rows = connection.execute(
        select(outbox.c.channel, outbox.c.key, outbox.c.error)
        .where(outbox.c.state == "dead")
        .order_by(outbox.c.id)
    )
    return [(r.channel, r.key, r.error or "") for r in rows]


def _claimable(now: dt.datetime, grace: dt.timedelta) -> ColumnElement[bool]:
    """The oldest open row of its channel, if it is due or was interrupted long enough ago."""
    older = outbox.alias()
    now = as_utc(now)
    return and_(
        or_(
            and_(outbox.c.state == "pending", outbox.c.due_at <= now),
            and_(outbox.c.state == "sending", outbox.c.intent_at <= now - grace),
        ),
        ~exists().where(
            older.c.channel == outbox.c.channel, older.c.id < outbox.c.id, older.c.state.in_(_OPEN)
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
