"""The schema's version: upgrade it, or say that it is too old."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from jobs.errors import NotReady
from jobs.store.engine import Store

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


@cache
def newest() -> str:
    """The revision this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(store: Store) -> str | None:
    """The revision the database is at; None when it is empty."""
    with store.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(store: Store) -> str:
    """Bring the database to the newest schema; returns the revision."""
    config = _config()
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
