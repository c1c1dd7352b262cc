"""The audit in SQL: lines are added, and never changed."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from jobs.store.engine import Store, as_utc
from jobs.store.tables import audit

_INSERT = insert(audit)


@dataclass(frozen=True, slots=True)
class Line:
    """Who asked for what, where, and what came of it."""

    at: dt.datetime
    who: str
    platform: str
    channel: str
    role: str
    clearance: str
    kind: str  # question | the deed's name
    query: str
    alert: str
    sources: tuple[str, ...]
    classification: str
    outcome: str
    suppressed: int


def add_line(connection: Connection, line: Line) -> None:
    """Write it down, in the caller's transaction."""
    _add(connection, [line])


def _add(connection: Connection, lines: list[Line]) -> None:
    rows = [
        {
            "at": as_utc(line.at), "who": line.who, "platform": line.platform, "channel": line.channel,
            "role": line.role, "clearance": line.clearance, "kind": line.kind, "query": line.query,
            "alert_id": line.alert, "sources": " ".join(line.sources), "classification": line.classification,
            "outcome": line.outcome, "suppressed": line.suppressed,
        }
        for line in lines
    ]  # fmt: skip
    connection.execute(_INSERT, rows)


@dataclass
class _Page:
    """Lines that go to disk together; `done` once they are there or cannot be."""

    lines: list[Line] = field(default_factory=list)
    done: bool = False
    failed: BaseException | None = None


class Book:
    """One database's audit for lines that have no transaction of their own. For any number of threads.

    A line costs a flush of the disk, and people ask at the same time: what comes while one page is being
    written goes onto the next, all in one transaction. Whoever adds a line waits until it is on disk.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writing, self._turning = threading.Lock(), threading.Lock()
        self._open = _Page()

    def add(self, line: Line) -> None:
        """Return when it is written down; raises what the store raises, to all whose line was on the page."""
        with self._turning:
            page = self._open
            page.lines.append(line)
        with self._writing:  # the first of a page to come in writes it for the others
            if not page.done:
                self._write(page)
        if page.failed is not None:
            raise page.failed

    def _write(self, page: _Page) -> None:
        with self._turning:
            self._open = _Page()
        try:
            with self._store.write() as connection:
                _add(connection, page.lines)
        except BaseException as error:
            page.failed = error
            raise
        finally:
            page.done = True


def list_lines(connection: Connection, *, most: int = 100) -> list[Line]:
    """The newest, newest first."""
    rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(most))
    return [
        Line(
            as_utc(r.at), r.who, r.platform, r.channel, r.role, r.clearance, r.kind, r.query, r.alert_id,
            tuple(r.sources.split()), r.classification, r.outcome, r.suppressed,
        )
        for r in rows
    ]  # fmt: skip
