"""The real command line against real databases: SQLite, and PostgreSQL that the fixtures start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli import tocsin
from tests.postgres import PostgresServer
from tests.sample import house_at, load, pour, told_file

__all__ = ["tocsin", "told_file"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database under test."""
    return str(request.param)


@pytest.fixture(scope="session")
def told(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """URL of a database with the shipped sample loaded and every month judged and rung, in order."""
    if kind == "sqlite":  # a copy: whoever asks is written down
        mine = tmp_path_factory.mktemp("told") / "told.db"
        shutil.copyfile(request.getfixturevalue("told_file"), mine)
        yield f"sqlite:///{mine}"
        return
    with _database(kind, tmp_path_factory, request) as url:
        pour(request.getfixturevalue("told_file"), url)
        yield url


@pytest.fixture
def told_copy(kind: str, told: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of `told` to write to."""
    if kind == "sqlite":
        path = tmp_path / "copy.db"
        shutil.copyfile(told.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    assert isinstance(server, PostgresServer)
    name = told.split("@/")[1].split("?", maxsplit=1)[0]
    with server.database(name) as url:
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
