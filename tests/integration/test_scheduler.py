"""The ticker on real databases: each period once, whatever the actions, the database and other workers do."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from jobs import runs
from jobs.errors import Retry, UsageError
from jobs.scheduler import Ticker
from jobs.store import ledger
from jobs.store.engine import Store


class Works:
    """Actions that note what they were asked to do, and do as they are told."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str, str]] = []
        self.faults: dict[tuple[str, str], list[BaseException]] = {}
        self.lock = threading.Lock()

    def action(self, name: str) -> runs.Action:
        def run(_house, argument: str, period: str) -> str:
            faults = self.faults.get((name, period))
            if faults:
                raise faults.pop(0)
            with self.lock:
                self.done.append((name, argument, period))
            return "did it"

        return run

    def actions(self, *names: str) -> dict[str, runs.Action]:
        return {name: self.action(name) for name in names or ("pull", "late", "digest", "housekeeping")}

    def of(self, name: str) -> list[str]:
        return [period for job, _, period in self.done if job == name]


@pytest.fixture
def works() -> Works:
    return Works()


def states(store: Store) -> dict[tuple[str, str], str]:
    with store.read() as connection:
        return {(e.job, e.period): e.state for e in ledger.entries(connection)}


def test_a_year_with_forty_days_of_sleep_each_period_once_in_order(make_house, clock, works):
    house = make_house(police=(2, 14))
    ticker = Ticker(house, works.actions())
    end = clock.now + dt.timedelta(days=400)
    asleep = (clock.now + dt.timedelta(days=100), clock.now + dt.timedelta(days=140))
    while clock.now < end:
        if not asleep[0] <= clock.now < asleep[1]:
            ticker.tick_once()
        clock.advance(days=5, hours=7)
    months = ["2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11", "2022-12"]
    months += ["2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2023-07"]
    assert works.of("pull")[: len(months)] == months
    assert works.of("digest") == works.of("pull")
    assert works.of("late") == []
    assert works.of("housekeeping") == sorted(set(works.of("housekeeping")))
    assert {argument for job, argument, _ in works.done if job == "pull"} == {"police"}


def test_faults_are_written_down_and_tried_again_and_stop_nothing(make_house, clock, works, store):
    house = make_house(police=(2, 14), fire=(2, 14))
    ticker = Ticker(house, works.actions())
    works.faults["pull", "2022-06"] = [RuntimeError("a defect"), UsageError("the URL is wrong", "mend it")]
    ticker.tick_once()
    assert states(store)["pull:police", "2022-06"] == "failed"
    assert states(store)["pull:fire", "2022-06"] == "failed"
    assert works.of("housekeeping") == ["2022-09-01"]
    with store.read() as connection:
        details = [e.detail for e in ledger.entries(connection, "pull:police", "pull:fire")]
    assert details == ["the URL is wrong (mend it)", "a defect (RuntimeError); the log has the whole of it"]

    clock.advance(seconds=59)
    assert ticker.tick_once() == []
    clock.advance(seconds=1)
    ticker.tick_once()
    assert works.of("pull") == ["2022-06", "2022-06"]
    assert works.of("digest") == ["2022-06"]


def test_not_out_yet_is_asked_daily_and_said_once_when_late(make_house, clock, works, store):
    house = make_house(police=(2, 14))
    ticker = Ticker(house, works.actions())
    works.faults["pull", "2022-06"] = [Retry("not out") for _ in range(20)]
    for _ in range(4 * 28):
        ticker.tick_once()
        clock.advance(hours=6)
    assert works.of("late") == ["2022-06"]
    assert works.faults["pull", "2022-06"] == [], "asked on twenty days"
    assert works.of("pull") == ["2022-06"]
    assert works.of("digest") == ["2022-06"]
    assert states(store)["late:police", "2022-06"] == "done"


def test_three_tickers_on_one_database_run_every_period_once(make_house, clock, works):
    house = make_house(police=(1, 14), fire=(2, 30))
    tickers = [Ticker(house, works.actions(), name=f"ticker:{i}") for i in range(3)]
    for _ in range(6):
        threads = [threading.Thread(target=t.tick_once) for t in tickers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.advance(days=16)
    assert len(works.done) == len(set(works.done))
    pulled = [period for job, source, period in works.done if (job, source) == ("pull", "police")]
    assert pulled == sorted(pulled)
    assert len(pulled) >= 3


def test_jobs_without_an_action_are_left_to_others(make_house, works, store):
    house = make_house(police=(2, 14))
    Ticker(house, works.actions("pull")).tick_once()
    assert {job for job, _, _ in works.done} == {"pull"}
    assert ("housekeeping", "2022-09-01") not in states(store)


def test_a_database_that_fails_does_not_kill_the_ticker(make_house, clock, works, bare_store):
    house = make_house(police=(2, 14))
    healthy = house.store
    broken = Ticker(type(house)(house.folder, bare_store, clock), works.actions())
    assert broken.tick_once() == []
    assert not broken.pulse()

    ticker = Ticker(house, works.actions())
    assert [d.job for d, _ in ticker.tick_once()] == ["pull:police", "digest", "housekeeping"]
    assert runs.heartbeat_age(healthy, ticker.name, clock.now) == dt.timedelta(0)


def test_a_long_job_keeps_its_lease_and_the_heartbeat_until_it_is_stuck(make_house, clock, store):
    house = make_house(police=(2, 14))
    seen: list[tuple[bool, bool]] = []

    def long(_house, _argument: str, _period: str) -> str:
        for _ in range(5):
            clock.advance(minutes=14)
            alive = ticker.pulse()
            rival = runs.claim(store, "pull:police", "2022-06", clock=clock)
            seen.append((alive, rival is None))
        return ""

    ticker = Ticker(house, {"pull": long})
    ((_, outcome),) = ticker.tick_once()
    # 14, 28, 42 and 56 minutes are long; 70 is more than the hour, and its lease ran out at 71.
    assert seen == [(True, True)] * 4 + [(False, True)]
    assert outcome.state == "done"


def test_it_ticks_by_itself_and_stops_when_told(make_house, works):
    house = make_house(police=(2, 14))
    gone_on = threading.Event()

    def slow(_house, _argument: str, _period: str) -> str:
        gone_on.wait(5)
        return ""

    ticker = Ticker(house, {"pull": slow, **works.actions("housekeeping")}, interval=0.05)
    ticker.start()
    ticker.start()  # a second start is the first
    deadline = time.monotonic() + 5
    while states(house.store).get(("pull:police", "2022-06")) != "running" and time.monotonic() < deadline:
        time.sleep(0.01)
    gone_on.set()
    while not works.done and time.monotonic() < deadline:
        time.sleep(0.01)
    ticker.stop()
    ticker.stop()
    assert works.of("housekeeping") == ["2022-09-01"]
    assert states(house.store)["pull:police", "2022-06"] == "done"
    assert not [t for t in threading.enumerate() if "APScheduler" in t.name]
