"""The outbox in SQL: what channels are to be shown, and how far that has got; `sending` takes it there.

    pending -> sending (intent_at, fence) -> sent (reference, sent_revision)
                                             dead (error): it will never be taken
                                             unknown: perhaps posted, and the far side cannot be asked

One row per key and channel, for ever. A changed payload bumps `revision`: it becomes an edit of the message
that is there.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import Connection, case, func, select, update

from jobs.store.engine import as_utc
from jobs.store.tables import outbox
from jobs.store.upsert import upsert

Enqueued = Literal["new", "edited", "unchanged"]


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
