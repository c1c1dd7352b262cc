"""Opening the database: SQLite (WAL, one writer) or PostgreSQL, with errors that people can act on."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from jobs.errors import NotReady, Refused, TocsinError, UsageError

if TYPE_CHECKING:
    from jobs.store.kept import Shelf

_BUSY_SECONDS = 20

# Rooms that do not know SQLAlchemy take the name of an open connection from here.
__all__ = ["Connection", "Store", "as_utc", "looking", "remembered"]

T = TypeVar("T")


@dataclass(frozen=True)
class Store:
    """A database and how to talk to it. Cheap to make; connects on first use."""

    url: URL

    @classmethod
    def at(cls, url: str) -> Store:
        """From a URL; UsageError when it is not one we speak."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            parsed = URL.create("none")
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
            raise UsageError(
                "the database URL is not understood",
                "use sqlite:///FILE.db or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
            )
        return cls(parsed)

    @property
    def is_sqlite(self) -> bool:
        """SQLite has one writer; PostgreSQL many."""
        return self.url.drivername == "sqlite"

    @property
    def shown(self) -> str:
        """The URL for people: without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and for memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @cached_property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, made on first use."""
        if not self.is_sqlite:
            return create_engine(
                self.url, pool_pre_ping=True, pool_size=4, connect_args={"connect_timeout": 10}
            )
        engine = create_engine(self.url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @cached_property
    def _shelf(self) -> Shelf:
        from jobs.store.kept import Shelf

        return Shelf()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; one snapshot, so what it was told once stays true: see `remembered`."""
        options: dict[str, object] = {"tocsin_known": {}, "tocsin_shelf": self._shelf}
        if not self.is_sqlite:  # PostgreSQL else shows each statement what has been committed by then
            options["isolation_level"] = "REPEATABLE READ"
        with _told(self), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @cached_property
    def _turns(self) -> Lock:
        return Lock()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite's one writer is waited for here by the threads of a process, before they open a connection.

        SQLite itself asks again and again, each time less often, and fifty channels that ask take every
        connection there is. After a while it is left to SQLite, which says that the database is locked.
        """
        mine = self.is_sqlite and self._turns.acquire(timeout=_BUSY_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._turns.release()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all or nothing."""
        with (
            _told(self),
            self._turn(),
            self.engine.connect().execution_options(tocsin_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writer(self, wait: float = 2.0) -> Iterator[None]:
        """Be the one writer for a while (SQLite only): a lock file beside the database; Refused if taken."""
        if self.path is None:
            yield
            return
        lock = FileLock(f"{self.path}.lock", timeout=wait)
        try:
            # A folder that takes no file at all would look like a lock that is taken.
            tempfile.TemporaryFile(dir=self.path.parent).close()
            lock.acquire()
        except Timeout:
            raise Refused(
                f"another tocsin is writing to {self.path}",
                "wait until it has finished, or stop it; a PostgreSQL database takes several writers",
            ) from None
        except OSError as error:
            raise NotReady(
                f"{self.path.parent} cannot be written to ({error.strerror})",
                "give --database another place, or make the folder writable",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def exists(self) -> bool:
        """Whether there is a database with a schema in it."""
        if self.path is not None and not self.path.exists():
            return False
        with self.read() as connection:
            return inspect(connection).has_table("alembic_version")

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def remembered(connection: Connection, key: tuple[object, ...], read: Callable[[], T]) -> T:
    """What `read` gives, read once a reading connection; a connection that writes reads every time.

    The value is shared: callers do not change it.
    """
    known: dict[tuple[object, ...], T] | None = connection.get_execution_options().get("tocsin_known")
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]


@contextmanager
def looking(connection: Connection) -> Iterator[None]:
    """While nothing is written, a connection that writes remembers like one that reads; and forgets after."""
    if connection.get_execution_options().get("tocsin_known") is not None:
        yield
        return
    connection.execution_options(tocsin_known={})
    try:
        yield
    finally:
        connection.execution_options(tocsin_known=None)


def as_utc(moment: dt.datetime) -> dt.datetime:
    """SQLite gives times back without their zone; they were written as UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once under WAL if another wrote in between;
    # writers therefore take their place at the start.
    write = connection.get_execution_options().get("tocsin_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """Turn the driver's first refusal into a sentence."""
    try:
        yield
    except OperationalError as error:
        raise _explain(store, error) from error
    except DBAPIError as error:
        if "no such table" in str(error.orig) or "does not exist" in str(error.orig):
            raise _explain(store, error) from error
        raise


def _explain(store: Store, error: DBAPIError) -> TocsinError:
    said = str(error.orig).strip().splitlines()[0] if error.orig else ""
    if "no such table" in said or "does not exist" in said:
        return NotReady(
            f"{store.shown} has no Tocsin tables yet", "run `tocsin pull police` or `tocsin db upgrade`"
        )
    if "locked" in said or "deadlock" in said:
        return Refused(f"{store.shown} is locked by another program", "try again when it has finished")
    if "readonly" in said or "unable to open" in said:
        return NotReady(
            f"{store.shown} cannot be opened for writing ({said})",
            "give --database another place, or make the folder writable",
        )
    return NotReady(f"{store.shown} does not answer ({said})", "start the database, or check --database")
