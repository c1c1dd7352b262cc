"""Real databases for the tests: every test that asks for `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from jobs.store import schema
from jobs.store.engine import Store
from tests.postgres import PostgresServer, running_postgres

_TEMPLATE = "tocsin_template"

# No example is judged by the clock: a busy machine is no defect.
settings.register_profile("tocsin", deadline=None)
settings.load_profile("tocsin")


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: many a test waits for a far side that is late."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Log lines to the standard error of the moment: a test may have configured one that is closed by now.

    And tracebacks without structlog's default of drawing every variable, which takes seconds.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the session. Fails, and never skips, when none can be started."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a database with the newest schema, to copy from: migrating for each test is slow."""
    from psycopg import sql

    postgres.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
    _migrate(postgres.url(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / f"{_TEMPLATE}.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite database with the newest schema."""
    path = tmp_path / "tocsin.db"
    shutil.copyfile(sqlite_template, path)
    yield from _opened(f"sqlite:///{path}")


@pytest.fixture
def postgres_store(postgres: PostgresServer, postgres_template: str) -> Iterator[Store]:
    """An empty PostgreSQL database with the newest schema."""
    with postgres.database(postgres_template) as url:
        yield from _opened(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty database with the newest schema, one test on each kind."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    opened = request.getfixturevalue(name)
    assert isinstance(opened, Store)
    return opened


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without any tables."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'bare.db'}")
        return
    server = request.getfixturevalue("postgres")
    assert isinstance(server, PostgresServer)
    with server.database() as url:
        yield from _opened(url)


def _opened(url: str) -> Iterator[Store]:
    store = Store.at(url)
    yield store
    store.close()  # an open connection at the end would be a warning, and warnings are errors


def _migrate(url: str) -> None:
    store = Store.at(url)
    schema.upgrade(store)
    store.close()
