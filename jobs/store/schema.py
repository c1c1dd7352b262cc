"""The schema's version: upgrade it, or say that it is too old."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import column, inspect, select, table

from jobs.errors import NotReady
from jobs.store.engine import Store

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))  # where alembic keeps it


@cache
def newest() -> str:
    """The revision this program was written for: the number that the last migration's file begins with."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(store: Store) -> str | None:
    """The revision the database is at; None when it is empty.

    Asked by every command, so without alembic, which takes longer to import than most questions to answer.
    """
    with store.read() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        return connection.execute(select(_VERSION.c.version_num)).scalar()


def upgrade(store: Store) -> str:
    """Bring the database to the newest schema; returns the revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest()


def create_or_require(store: Store) -> None:
    """A new database gets the newest schema; an older one is never upgraded behind somebody's back."""
    if store.path is not None and not store.path.parent.is_dir():
        raise NotReady(
            f"there is no folder {store.path.parent} to put the database in", "make it, or change --database"
        )
    if not store.exists():
        with store.writer():
            upgrade(store)
    require(store)


def require(store: Store) -> None:
    """NotReady unless the database is there and of this program's schema."""
    advice = "run `tocsin demo` for a try, or `tocsin pull police` to load your own extracts"
    if store.path is not None and not store.path.exists():
        raise NotReady(f"there is no database at {store.path} yet", advice)
    found = current(store)
    if found is None:
        raise NotReady(f"{store.shown} is empty", advice)
    if found != newest():
        raise NotReady(
            f"{store.shown} has schema {found}, this program needs {newest()}", "run `tocsin db upgrade`"
        )
