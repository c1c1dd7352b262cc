"""Several bots on one PostgreSQL, killed in turn; and PostgreSQL itself killed under them."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest

from jobs.store import ledger
from jobs.store.engine import Store
from tests.integration import test_kill as kills
from tests.integration.test_kill import judge, kill_and_settle
from tests.postgres import PostgresServer, running_postgres


def runs_done(store: Store) -> Counter[tuple[str, str]]:
    """How often each job of each period stands as done in the ledger."""
    with store.read() as connection:
        found = [e for e in ledger.entries(connection) if e.state == "done"]
    return Counter((e.job, e.period) for e in found)


def test_three_bots_on_one_database(spawn, postgres_store: Store, tmp_path, note) -> None:
    far, expected = kill_and_settle(spawn, postgres_store, tmp_path / "partnership", bots=3, seed=3)
    judge(far, expected)
    done = runs_done(postgres_store)
    posts = Counter(far.posts)
    note(
        rounds=kills._KILLS, runs=len(done), messages=len(expected), lost=len(expected.keys() - posts.keys()),
        doubled=sum(n > 1 for n in posts.values()),
    )  # fmt: skip


@pytest.fixture
def own_server():
    """A server that nobody else uses."""
    with running_postgres() as server:
        yield server


def test_postgresql_killed_under_the_bots(spawn, own_server: PostgresServer, tmp_path, note) -> None:
    from jobs.store import schema

    with own_server.database() as url:
        store = Store.at(url)
        schema.upgrade(store)
        far, expected = kill_and_settle(
            spawn, store, tmp_path / "partnership", bots=2, seed=4, server=own_server
        )
        store.close()
        judge(far, expected, looked=False)
        assert len(own_server.started) == kills._KILLS, "it was killed and came back each time"
    posts = Counter(far.posts)
    note(
        rounds=kills._KILLS, messages=len(expected), lost=len(expected.keys() - posts.keys()),
        doubled=sum(n > 1 for n in posts.values()),
    )  # fmt: skip


def test_a_killed_server_is_really_gone(own_server: PostgresServer) -> None:
    own_server.kill()
    with pytest.raises(psycopg.OperationalError):
        for _ in range(100):
            psycopg.connect(f"host={own_server.folder} user=tocsin dbname=postgres connect_timeout=2").close()
    own_server.restart()
    psycopg.connect(f"host={own_server.folder} user=tocsin dbname=postgres connect_timeout=2").close()
