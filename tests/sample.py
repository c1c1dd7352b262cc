"""The shipped sample, loaded and judged as the months came in: for acceptance tests and the manual."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import func, select

from jobs.clock import utc_now
from jobs.house import House
from jobs.judging.evaluate import evaluate
from jobs.landing.ingest import pull_paths
from jobs.store import schema
from jobs.store.engine import Store
from jobs.store.tables import metadata
from tests.cli import NWL

AS_OF = dt.date(2022, 9, 20)  # the day on which the sample was received, in every test and in the manual
_NOON = dt.datetime.combine(AS_OF, dt.time(12), dt.UTC)


def house_at(url: str, *, now: dt.datetime | None = None) -> House:
    """The shipped partnership on a database with the newest schema; the clock stands at `now`, if given."""
    house = House(NWL, Store.at(url), utc_now if now is None else lambda: now)
    schema.create_or_require(house.store)
    return house


def load(house: House, name: str) -> None:
    """The shipped extracts of one source."""
    folder = house.partnership.sample(name)
    assert folder is not None
    for receipt in pull_paths(house, house.partnership.source(name), [folder]):
        assert receipt.outcome.value in {"accept", "quarantine-rows"}, receipt


def replay(url: str) -> None:
    """As the months came in: each is judged when it is the newest, and rings then."""
    house = house_at(url, now=_NOON)
    with closing(house.store):
        for name, source in house.partnership.sources.items():
            if source.sample:
                load(house, name)
        for _ in evaluate(house, ring_all=True):
            pass


def pour(path: Path, url: str) -> None:
    """The rows of the told file into an empty PostgreSQL database: seconds, where a replay takes a minute.

    What PostgreSQL makes of a month itself is shown by the tests that judge and load on a copy of it.
    """
    from psycopg import sql

    told, target = Store.at(f"sqlite:///{path}"), Store.at(url)
    schema.upgrade(target)
    with closing(told), closing(target), told.read() as rows, target.write() as connection:
        plain = connection.connection.driver_connection
        assert plain is not None
        plain.execute("SET LOCAL TIME ZONE 'UTC'")  # SQLite's moments carry no zone
        for table in metadata.sorted_tables:
            names = [column.name for column in table.columns]
            quoted = [f'"{name}"' for name in names]
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
            )
            found = rows.exec_driver_sql(f"SELECT {', '.join(quoted)} FROM {table.name}")
            with plain.cursor() as cursor, cursor.copy(into) as copy:
                for row in found:
                    copy.write_row(tuple(row))
            key = table.primary_key.columns.values()[0]
            sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, key.name))).scalar()
            if sequence is not None:  # what is written next is numbered from here
                connection.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))


@pytest.fixture(scope="session")
def told_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the sample loaded, judged and rung; to be read or copied, never written to.

    Every conftest that imports this has a fixture of its own; the file is made once a session all the same.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base  # one for all the workers
    path = shared / "told.db"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            unfinished = path.with_name("unfinished.db")
            replay(f"sqlite:///{unfinished}")
            unfinished.rename(path)
    return path
