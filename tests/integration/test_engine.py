"""Opening a database: all or nothing, one writer, and refusals that say what to do."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, insert, select, update

from jobs.errors import NotReady, Refused, UsageError
from jobs.store.bulk import insert_rows
from jobs.store.engine import Store, as_utc
from jobs.store.tables import audit, heartbeats

NOON = dt.datetime(2022, 6, 30, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name", "sqlite+aiosqlite:///x.db"])
def test_other_databases_are_refused_by_name(url):
    with pytest.raises(UsageError, match="not understood") as refusal:
        Store.at(url)
    assert "postgresql+psycopg://" in refusal.value.advice


def test_the_password_is_never_shown():
    store = Store.at("postgresql://ann:secret@db.example/tocsin")
    assert "secret" not in store.shown
    assert "ann" in store.shown
    assert store.url.drivername == "postgresql+psycopg"


def test_a_write_that_fails_leaves_nothing(store: Store):
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        connection.execute(insert(heartbeats).values(name="half", at=NOON))
        raise ZeroDivisionError
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(heartbeats)).scalar() == 0


def test_times_come_back_as_they_went_in(store: Store):
    with store.write() as connection:
        connection.execute(insert(heartbeats).values(name="me", at=NOON))
    with store.read() as connection:
        assert as_utc(connection.execute(select(heartbeats.c.at)).scalar_one()) == NOON


def test_writers_at_the_same_time_take_turns(store: Store):
    """Read, then write, from four threads: without a place in the queue SQLite fails or loses updates."""
    with store.write() as connection:
        connection.execute(insert(heartbeats).values(name="n", at=NOON))

    def add_a_second() -> None:
        for _ in range(10):
            with store.write() as connection:
                at = connection.execute(select(heartbeats.c.at).with_for_update()).scalar_one()
                connection.execute(update(heartbeats).values(at=as_utc(at) + dt.timedelta(seconds=1)))

    threads = [threading.Thread(target=add_a_second) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        last = as_utc(connection.execute(select(heartbeats.c.at)).scalar_one())
    assert last - NOON == dt.timedelta(seconds=40)


def test_missing_tables_are_explained(bare_store: Store):
    with pytest.raises(NotReady, match="no Tocsin tables") as refusal, bare_store.read() as connection:
        connection.execute(select(heartbeats))
    assert "tocsin" in refusal.value.advice


def test_a_server_that_is_not_there_is_explained(tmp_path):
    store = Store.at(f"postgresql://ann:secret@/none?host={tmp_path}")
    with pytest.raises(NotReady, match="does not answer") as refusal, store.read():
        pass
    assert "secret" not in str(refusal.value)


def test_a_file_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    store = Store.at(f"sqlite:///{tmp_path / 'file' / 'tocsin.db'}")
    with pytest.raises(NotReady, match="cannot be opened"), store.read():
        pass


def test_sqlite_has_one_writer_and_refuses_the_second(sqlite_store: Store):
    second = Store(sqlite_store.url)
    with sqlite_store.writer():
        with pytest.raises(Refused, match="another tocsin is writing") as refusal, second.writer(wait=0.05):
            pass
        assert "PostgreSQL" in refusal.value.advice
    with second.writer(wait=0.05):
        pass


def test_postgresql_takes_several_writers(postgres_store: Store):
    with postgres_store.writer(), postgres_store.writer():
        pass


def test_bulk_rows_keep_every_character(store: Store):
    odd = 'a "quote", a \\ backslash, a\ttab, a\nline, NA, \\N, é, 🔔'
    names = ("at", "who", "platform", "channel", "role", "clearance", "kind", "query", "alert_id", "sources",
             "classification", "outcome", "suppressed")  # fmt: skip
    at = NOON.isoformat(" ")[:19]
    row = (at, "me", "terminal", "c", "reader", "public", "question", odd, "", "", "public", "ok", 0)
    with store.write() as connection:
        insert_rows(connection, audit, names, [row, row])
        insert_rows(connection, audit, names, [])
    with store.read() as connection:
        assert connection.execute(select(audit.c.query)).scalars().all() == [odd, odd]
