"""`tocsin serve` as it runs on a machine: months come in, it is stopped, killed and started again."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.delivery import REPEATED
from jobs.store import outbox, schema, sending
from jobs.store.engine import Store
from jobs.store.ledger import entries
from tests.acceptance.forked import Nursery
from tests.acceptance.serving import PATIENCE, Program, drop, partnership, wait_for
from tests.acceptance.standing import (
    all_sent,
    is_through,
    ledger,
    months_in,
    snapshot,
    titles,
    without_mark,
)
from tests.postgres import PostgresServer

pytestmark = pytest.mark.slow

FIRST, LAST = "2019-12", "2021-02"
DUE = "2021-05-{:02}"  # February 2021 is asked for from 1 May on, and late on the 15th
KILLS = {"sqlite": 6, "postgresql": 3}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the processes come from."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def served(nursery: Nursery, tmp_path: Path) -> Iterator[tuple[Program, Store, Path]]:
    """The program on an empty SQLite file, that database, and the inbox."""
    home, inbox = partnership(tmp_path)
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    program, store = Program(nursery, tmp_path, url, home), Store.at(url)
    yield program, store, inbox
    program.end()
    store.close()


@pytest.fixture(scope="module")
def undisturbed(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the tables hold when nothing goes wrong: one run, never stopped before it is through."""
    folder = tmp_path_factory.mktemp("undisturbed")
    home, inbox = partnership(folder)
    months = drop(inbox, FIRST, LAST)
    url = f"sqlite:///{folder / 'tocsin.db'}"
    program, store = Program(nursery, folder, url, home), Store.at(url)
    try:
        running = program.start(DUE.format(2))
        wait_for("every month and message", lambda: is_through(store, months, LAST))
        assert program.terminate(running) == 0
        judge(program, store)
        assert len(titles(store)) > 5
        assert not [line for line in program.printed() if line.endswith(REPEATED)]
        return snapshot(store)
    finally:
        program.end()
        store.close()


def state(store: Store, job: str) -> str:
    return ledger(store).get(job, ("", ""))[0]


def has_more(store: Store, months: int) -> bool:
    return months_in(store) > months


def is_done_with(store: Store, day: str) -> bool:
    """Whether the whole timetable was gone through on a day: the housekeeping comes last."""
    return ledger(store).get("housekeeping") == ("done", day)


def judge(program: Program, store: Store) -> None:
    """Each message was printed as it stands now, and none twice without saying so."""
    said = titles(store)
    lines = program.printed()
    plain, known = Counter(lines), Counter(said.values())
    bare = {without_mark(line) for line in lines}
    assert [title for title in said.values() if title not in bare] == [], "lost"
    assert {t: n for t, n in plain.items() if t in known and n > known[t]} == {}, "doubled without a mark"


def test_months_in_the_inbox_are_pulled_judged_and_rung_once(served, undisturbed) -> None:
    program, store, inbox = served
    (inbox / "README.txt").write_text("Put the monthly file here.\n", encoding="utf-8")
    running = program.start(DUE.format(1))
    wait_for("an inbox without an extract looked at", lambda: state(store, "pull:police") == "waiting")
    assert program.terminate(running) == 0
    assert months_in(store) == 0
    months = drop(inbox, FIRST, LAST)
    running = program.start(DUE.format(2))  # asked again on the next day
    wait_for("some months", partial(has_more, store, 2))
    assert program.terminate(running) == 0
    assert "stopped" in program.said()
    left_off_in_the_middle(store, months)
    running = program.start(DUE.format(2))  # the same day: it waits for no lease and for no tomorrow
    wait_for("another month", partial(has_more, store, months_in(store)))
    second = program.start(DUE.format(2))
    wait_for("every month and message", lambda: is_through(store, months, LAST))
    assert second.wait(PATIENCE) == 4, "SQLite has one writer"
    assert "another tocsin is writing" in program.said()
    assert running.poll() is None, "and it goes on"
    assert program.terminate(running) == 0
    judge(program, store)
    assert snapshot(store) == undisturbed


def left_off_in_the_middle(store: Store, months: int) -> None:
    """After SIGTERM: the extract at hand was finished, the rest of the inbox is for the next start."""
    assert 2 < months_in(store) < months
    with store.read() as connection:
        (left,) = entries(connection, "pull:police")
    assert (left.state, left.until, left.attempts) == ("waiting", None, 0)
    assert "asked to stop" in left.detail


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_again_and_again_it_loses_and_doubles_nothing(
    kind: str, nursery: Nursery, tmp_path: Path, undisturbed, request: pytest.FixtureRequest
) -> None:
    home, inbox = partnership(tmp_path)
    months = drop(inbox, FIRST, LAST)
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'tocsin.db'}"
        killed_and_settled(Program(nursery, tmp_path, url, home), months, undisturbed)
        return
    server = request.getfixturevalue("postgres")
    assert isinstance(server, PostgresServer)
    with server.database(request.getfixturevalue("postgres_template")) as url:
        killed_and_settled(Program(nursery, tmp_path, url, home), months, undisturbed)


def killed_and_settled(program: Program, months: int, undisturbed: dict[str, list[str]]) -> None:
    kind = program.database.split(":")[0].split("+")[0]
    chance, store = random.Random(7), Store.at(program.database)
    try:
        kills = 0
        for kill in range(KILLS[kind]):
            # A day later each time: the lease of what was killed is over by then.
            running = program.start(DUE.format(2 + kill), cold=kill == 1)
            before = months_in(store)
            if kill == 1:
                time.sleep(chance.uniform(0.3, 1.0))  # while it starts up
            else:
                wait_for("a month more", partial(has_more, store, before))
                time.sleep(chance.uniform(0, 0.3))
            program.kill(running)
            kills += months_in(store) < months
            if months_in(store) > months - 3:
                break
        assert kills > KILLS[kind] // 2, "killed when all was done: this proves nothing"
        running = program.start(DUE.format(9))
        wait_for("every month and message", lambda: is_through(store, months, LAST))
        assert program.terminate(running) == 0
        judge(program, store)
        assert snapshot(store) == undisturbed
    finally:
        program.end()
        store.close()


def test_a_message_that_was_under_way_is_printed_again_with_a_mark(served) -> None:
    program, store, _ = served
    payload = '{"title": "Invented notice", "text": "Number %d", "advice": ""}'
    schema.upgrade(store)
    noon = dt.datetime.fromisoformat(f"{DUE.format(2)}T12:00:00+00:00")
    with store.write() as connection:
        for n in (1, 2):
            text = payload.replace("%d", str(n)).replace("notice", f"notice {n}")
            outbox.enqueue(connection, f"notice:{n}", "partnership", "notice", text, noon)
    # This is what a process leaves behind that dies between printing and writing that down.
    assert sending.claim_next(store, "partnership", noon, dt.timedelta(5)) is not None
    running = program.start(DUE.format(3))
    wait_for("both notices", lambda: all_sent(store) and bool(ledger(store)))
    assert program.terminate(running) == 0
    shown = [
        line for line in program.printed() if line.startswith("Invented notice") and "Number" not in line
    ]
    assert shown == [f"Invented notice 1 {REPEATED}", "Invented notice 2"]


def test_a_late_source_is_said_once(served) -> None:
    program, store, _ = served
    for day in (16, 17):
        running = program.start(DUE.format(day))
        wait_for("the timetable gone through", partial(is_done_with, store, DUE.format(day)))
        wait_for("all said", lambda: all_sent(store))
        assert program.terminate(running) == 0
    late = [line for line in program.printed() if line.endswith("is late")]
    assert len(late) == 1
    assert "Street-level crime" in late[0]
    assert titles(store).keys() == {f"late:police:{LAST}"}
    assert ledger(store)["pull:police"] == ("waiting", DUE.format(17)), "and it was asked again"


def test_health_and_metrics_answer_on_loopback(served) -> None:
    program, store, _ = served
    running = program.start(None, tick=0.5, cold=True)
    wait_for("a healthy answer", lambda: program.ask("/healthz")[0] == 200)
    wait_for("something in the ledger", lambda: bool(ledger(store)))
    status, text = program.ask("/metrics")
    assert status == 200
    gauges = {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}
    assert {"tocsin_heartbeat_age_seconds", "tocsin_job_periods"} <= gauges
    assert "# TYPE tocsin_outbox_messages gauge" in text
    assert program.address().startswith("http://127.0.0.1:")
    assert program.terminate(running) == 0
