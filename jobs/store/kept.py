"""What was once worked out from the extracts, kept for as long as the same extracts stand in the database.

A question of millions of counts is answered from a few of them; what it takes to find out which (months,
series, places) goes through them all, and changes only when an extract lands. Whoever keeps something here
vouches that it follows from the extracts and the key alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Row, func, select

from jobs.store.engine import remembered
from jobs.store.tables import coverage, extracts

T = TypeVar("T")
Key = tuple[object, ...]
Version = tuple[object, ...]
Covered = frozenset[tuple[int, int]]  # (month, span): what an extract stands for at present
Piece = frozenset[tuple[object, ...]]
Pieces = dict[tuple[int, Covered], Piece]
Given = Iterable[tuple[int, tuple[object, ...]]]  # extract, what it gives

_MOST = 10_000  # values of one version: most are an answer; a year of the county's areas is about 50 kB
_AT_ONCE = 1_000  # extracts in one query
_VERSIONS = 2  # a reader that began before an extract landed goes on with what it began with

_NEWEST = select(extracts.c.sha256).order_by(extracts.c.id.desc()).limit(1).scalar_subquery()
_VERSION = select(
    func.count(),
    func.sum(coverage.c.extract_id),
    func.sum(coverage.c.extract_id * coverage.c.month),
    func.sum(coverage.c.extract_id * coverage.c.span),
    select(func.count()).select_from(extracts).scalar_subquery(),
    select(func.count()).where(extracts.c.state == "held").scalar_subquery(),  # a no changes that alone
    select(func.max(extracts.c.id)).scalar_subquery(),
    select(func.max(extracts.c.received_at)).scalar_subquery(),
    _NEWEST,
).select_from(coverage)


class Shelf:
    """The values of the newest versions of one database. For any number of threads."""

    def __init__(self) -> None:
        self._versions: OrderedDict[Version, OrderedDict[Key, object]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[tuple[Version, Key], threading.RLock] = {}
        self.pieces: dict[Key, Pieces] = {}

    def take(self, version: Version, key: Key, read: Callable[[], T]) -> T:
        """The value, read by one thread while the others that want it wait."""
        with self._lock:
            values = self._of(version)
            if key in values:
                values.move_to_end(key)
                return values[key]  # type: ignore[return-value]  # what this key was put there with
            making = self._making.setdefault((version, key), threading.RLock())
        with making:
            with self._lock:
                if key in values:
                    return values[key]  # type: ignore[return-value]  # as above
            try:
                made = read()
                with self._lock:
                    values[key] = made
                    while len(values) > _MOST:
                        values.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop((version, key), None)
        return made

    def _of(self, version: Version) -> OrderedDict[Key, object]:
        values = self._versions.setdefault(version, OrderedDict())
        self._versions.move_to_end(version)
        while len(self._versions) > _VERSIONS:
            self._versions.popitem(last=False)
        return values


def kept(connection: Connection, key: Key, read: Callable[[], T]) -> T:
    """What `read` gives, read once for each state of the extracts.

    A connection that writes reads each time; while it only looks (see `engine.looking`), once. The value is
    shared by every thread: callers do not change it. The key names everything that it follows from besides
    the extracts.
    """
    shelf: Shelf | None = connection.get_execution_options().get("tocsin_shelf")
    if shelf is None:
        return remembered(connection, ("kept", *key), read)
    version = remembered(connection, ("version",), lambda: version_of(connection))
    return shelf.take(version, key, read)


def of_extracts(
    connection: Connection, key: Key, source: str, read: Callable[[Sequence[int]], Given]
) -> dict[int, Piece]:
    """What `read` gives of each extract that stands for something now; only new or changed ones are read.

    Going through millions of counts takes seconds, one month of them does not.
    """
    rows = connection.execute(
        select(coverage.c.extract_id, coverage.c.month, coverage.c.span).where(coverage.c.source == source)
    )
    periods: dict[int, set[tuple[int, int]]] = {}
    for extract, month, span in rows:
        periods.setdefault(extract, set()).add((month, span))
    now = [(extract, frozenset(found)) for extract, found in periods.items()]
    shelf: Shelf | None = connection.get_execution_options().get("tocsin_shelf")
    known = shelf.pieces.get((*key, source), {}) if shelf else {}
    fresh = [extract for extract, covered in now if (extract, covered) not in known]
    given: dict[int, set[tuple[object, ...]]] = {}
    for start in range(0, len(fresh), _AT_ONCE):
        for extract, what in read(fresh[start : start + _AT_ONCE]):
            given.setdefault(extract, set()).add(what)
    pieces = {at: known[at] if at in known else frozenset(given.get(at[0], ())) for at in now}
    if shelf:
        shelf.pieces[(*key, source)] = pieces
    return {extract: piece for (extract, _), piece in pieces.items()}


def version_of(connection: Connection) -> Version:
    """Changes whenever an extract lands, is replaced, held, released or forgotten.

    Extracts are never altered in place: what counts for a month is changed by another extract that covers it.
    SQLite gives the number of a newest extract that was forgotten to the next one: hence its content.
    """
    row: Row[tuple[object, ...]] = connection.execute(_VERSION).one()
    return tuple(row)
