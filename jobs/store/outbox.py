"""The outbox in SQL: what channels are to be shown, and how far that has got.

    pending -> sending (intent_at, fence) -> sent (reference, sent_revision)
                                             dead (error): it will never be taken
                                             unknown: perhaps posted, and the far side cannot be asked

One row per key and channel, for ever. A changed payload bumps `revision`: it becomes an edit of the message
that is there. A row is claimed by a conditional UPDATE that commits the intent before anything is posted; a
row left in `sending` has an unknown outcome until somebody has looked. Writes name the fence they were
claimed under; a stale one changes nothing. Within a channel the oldest open row goes first; one that
waits for the end of quiet hours stands aside, and so does one that belongs into the thread of a message that
is not up yet: it has nowhere to go, and holds up nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, exists, func, or_, select, update

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


def enqueue(
    connection: Connection,
    key: str,
    channel: str,
    kind: str,
    payload: str,
    now: dt.datetime,
    *,
    due: dt.datetime | None = None,
    thread: str | None = None,
) -> Enqueued:
    """Put a message up, in the caller's transaction; the same payload again changes nothing.

    `due`: before then a new message is not sent (quiet hours). An edit makes no noise and does not wait.
    `thread`: the key of the message of this channel in whose thread it stands, for ever. It is sent once that
    one is up.
    """
    now = as_utc(now)
    added = connection.execute(
        upsert(connection, outbox)
        .values(
            key=key, channel=channel, kind=kind, revision=1, payload=payload, state="pending", fence=0,
            attempts=0, created_at=now, due_at=now if due is None else as_utc(due), thread=thread,
        )
        .on_conflict_do_nothing(index_elements=["key", "channel"])
        .returning(outbox.c.id)
    )  # fmt: skip
    if added.one_or_none() is not None:
        return "new"
    # A row in `sending` or `unknown` keeps its state: whether it is on the wall is not known, and a plain
    # `pending` would post it a second time; mark_sent sees the newer revision. A row at rest goes on resting.
    settled = outbox.c.state.in_(("sent", "dead"))
    edited = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.channel == channel, outbox.c.payload != payload)
        .values(
            kind=kind,
            payload=payload,
            revision=outbox.c.revision + 1,
            state=case((settled, "pending"), else_=outbox.c.state),
            attempts=case((settled, 0), else_=outbox.c.attempts),
            due_at=case((settled, now), else_=outbox.c.due_at),
        )
    )
    return "edited" if edited.rowcount == 1 else "unchanged"


def keys_in(connection: Connection, channel: str) -> set[str]:
    """Every key that was ever put up in a channel."""
    return set(connection.execute(select(outbox.c.key).where(outbox.c.channel == channel)).scalars())


def channels_with(connection: Connection, key: str) -> list[str]:
    """The channels in which a key was ever put up."""
    return list(
        connection.execute(
            select(outbox.c.channel).where(outbox.c.key == key).order_by(outbox.c.channel)
        ).scalars()
    )


def newest_key(connection: Connection, beginning: str) -> str | None:
    """The last in alphabet of the keys that begin so: of keys with a month, the newest month."""
    where = outbox.c.key.startswith(beginning, autoescape=True)
    return connection.execute(select(func.max(outbox.c.key)).where(where)).scalar_one_or_none()


def revision_in(connection: Connection, key: str, channel: str) -> int | None:
    """The newest revision of a message in a channel: Slack's metadata says which one is on the wall."""
    where = (outbox.c.key == key) & (outbox.c.channel == channel)
    return connection.execute(select(outbox.c.revision).where(where)).scalar_one_or_none()


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
