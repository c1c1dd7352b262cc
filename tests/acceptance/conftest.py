"""The real command line against real databases: SQLite, and PostgreSQL that the fixtures start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobs.evaluate import evaluate
from jobs.house import House
from jobs.ingest import pull_paths
from jobs.store import schema
from jobs.store.engine import Store
from tests.cli import NWL, tocsin
from tests.postgres import PostgresServer

__all__ = ["tocsin"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database under test."""
    return str(request.param)


@pytest.fixture(scope="session")
def told(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """URL of a database with the shipped sample loaded and every month judged and rung, in order."""
    with _database(kind, tmp_path_factory, request) as url:
        _replay(url)
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
        house = _house(url)
        _load(house, "assessments")
        house.store.close()
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


def _house(url: str) -> House:
    house = House(NWL, Store.at(url))
    schema.create_or_require(house.store)
    return house


def _load(house: House, name: str) -> None:
    folder = house.partnership.sample(name)
    assert folder is not None
    for receipt in pull_paths(house, house.partnership.source(name), [folder]):
        assert receipt.outcome.value in {"accept", "quarantine-rows"}, receipt


def _replay(url: str) -> None:
    """As the months came in: each is judged when it is the newest, and rings then."""
    house = _house(url)
    for name, source in house.partnership.sources.items():
        if source.sample:
            _load(house, name)
    for _ in evaluate(house, ring_all=True):
        pass
    house.store.close()
