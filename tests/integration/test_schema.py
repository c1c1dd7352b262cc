"""The migrations make the schema that the program was written for, on both databases."""

import datetime as dt

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from jobs.errors import NotReady
from jobs.store import schema
from jobs.store.engine import Store
from jobs.store.outbox import enqueue
from jobs.store.sending import claim_next
from jobs.store.tables import heartbeats, metadata


def test_upgrade_brings_an_empty_database_to_the_newest_schema(bare_store: Store):
    assert schema.current(bare_store) is None
    assert not bare_store.exists()

    assert schema.upgrade(bare_store) == schema.newest()

    assert schema.current(bare_store) == schema.newest()
    assert bare_store.exists()
    schema.require(bare_store)


def test_migrations_and_tables_say_the_same(store: Store):
    with store.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        names = set(inspect(connection).get_table_names())

    assert differences == []
    assert names == set(metadata.tables) | {"alembic_version"}


def test_upgrading_twice_keeps_what_is_there(store: Store, clock):
    with store.write() as connection:
        connection.execute(heartbeats.insert().values(name="me", at=clock.now))

    schema.upgrade(store)

    with store.read() as connection:
        assert connection.execute(select(heartbeats.c.name)).scalars().all() == ["me"]


def test_what_was_sent_before_there_were_threads_stays_and_threads_follow(bare_store: Store, clock):
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with bare_store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO outbox (key, channel, kind, revision, payload, state, fence, attempts, "
                "created_at, due_at, reference) VALUES ('A', 'jag', 'alert', 1, 'x', 'sent', 1, 0, "
                "'2022-08-01 00:00:00', '2022-08-01 00:00:00', 'ts-1')"
            )
        )
    with pytest.raises(NotReady, match="schema 0001"):
        schema.require(bare_store)

    schema.upgrade(bare_store)

    with bare_store.write() as connection:
        assert enqueue(connection, "A", "jag", "alert", "x", clock.now) == "unchanged"
        enqueue(connection, "A:1", "jag", "alert", "y", clock.now, thread="A")
    item = claim_next(bare_store, "jag", clock.now, dt.timedelta(0))
    assert item is not None
    assert (item.key, item.thread) == ("A:1", "ts-1")


def test_an_empty_database_is_not_ready(bare_store: Store):
    with pytest.raises(NotReady, match=r"is empty|no database") as refusal:
        schema.require(bare_store)
    assert "tocsin" in refusal.value.advice


def test_a_schema_of_another_version_is_named(store: Store):
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(NotReady, match="schema 0000") as refusal:
        schema.require(store)
    assert "tocsin db upgrade" in refusal.value.advice


def test_a_missing_file_is_not_ready_and_not_made(tmp_path):
    path = tmp_path / "none.db"
    with pytest.raises(NotReady, match="no database"):
        schema.require(Store.at(f"sqlite:///{path}"))
    assert not path.exists()
