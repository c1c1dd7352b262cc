"""The real command line against real databases: SQLite, and PostgreSQL that the fixtures start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli import houses_stay_open, tocsin
from tests.postgres import PostgresServer
from tests.sample import house_at, load, pour, told_file

__all__ = ["houses_stay_open", "tocsin", "told_file"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database under test."""
    return str(request.param)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, told_file: Path) -> str:
    """URL of an SQLite file with the shipped sample loaded and every month judged and rung, in order.

    That PostgreSQL answers the same is shown for every question at once: see test_both_databases.
    """
    mine = tmp_path_factory.mktemp("told") / "told.db"
    shutil.copyfile(told_file, mine)  # a copy: whoever asks is written down
    return f"sqlite:///{mine}"


@pytest.fixture(scope="session")
def told_postgres(postgres: PostgresServer, told_file: Path) -> Iterator[str]:
    """URL of a PostgreSQL database with the same rows."""
    with postgres.database() as url:
        pour(told_file, url)
        yield url


@pytest.fixture
def told_copy(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of `told`, on either database, to write to."""
    if kind == "sqlite":
        path = tmp_path / "copy.db"
        shutil.copyfile(request.getfixturevalue("told_file"), path)
        yield f"sqlite:///{path}"
        return
    name = request.getfixturevalue("told_postgres").split("@/")[1].split("?", maxsplit=1)[0]
    with request.getfixturevalue("postgres").database(name) as url:
        yield url


@pytest.fixture
def empty(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """URL of a database with nothing in it."""
    with _database(kind, tmp_path_factory, request) as url:
        yield url


@pytest.fixture(scope="session")
def tables(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """URL of a database with nothing but the annual tables of the published assessments."""
    with _database(kind, tmp_path_factory, request) as url:
        house = house_at(url)
        with closing(house.store):
            load(house, "assessments")
        yield url


@contextmanager
def _database(kind: str, folders: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folders.mktemp('acceptance') / 'tocsin.db'}"
        return
    server = request.getfixturevalue("postgres")
    assert isinstance(server, PostgresServer)
    with server.database() as url:
        yield url
