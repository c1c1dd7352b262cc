"""The ledger: one worker at a time, done once, leases that end and fences that hold."""

import datetime as dt
import threading

from jobs import runs
from jobs.errors import Rejected, Retry
from jobs.store import ledger
from jobs.store.engine import Store

JOB, MONTH = "pull:police", "2022-06"
LEASE = dt.timedelta(minutes=15)


def line(store: Store, job: str = JOB, period: str = MONTH) -> ledger.Entry:
    with store.read() as connection:
        (found,) = [e for e in ledger.entries(connection, job) if e.period == period]
    return found


def claim(store: Store, clock) -> runs.Run:
    run = runs.claim(store, JOB, MONTH, LEASE, clock)
    assert run is not None
    return run


def test_a_period_is_claimed_once_and_done_for_ever(store: Store, clock):
    run = claim(store, clock)
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    assert runs.claim(store, JOB, "2022-07", LEASE, clock) is not None
    assert runs.claim(store, "pull:fire", MONTH, LEASE, clock) is not None

    assert runs.finish(run, "1 file")

    clock.advance(days=4000)
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    done = line(store)
    assert (done.state, done.detail, done.until) == ("done", "1 file", None)


def test_an_ended_lease_is_taken_over_and_the_first_worker_changes_nothing(store: Store, clock):
    slow = claim(store, clock)
    clock.advance(minutes=14, seconds=59)
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    clock.advance(seconds=1)

    quick = claim(store, clock)
    assert quick.entry.fence == slow.entry.fence + 1

    assert not runs.renew(slow)
    assert not runs.finish(slow, "too late")
    assert not runs.fail(slow, "too late")
    assert not runs.wait(slow, "too late", clock.now)
    assert line(store).state == "running"
    assert runs.finish(quick, "in time")
    assert not runs.finish(quick, "a second time")
    assert line(store).detail == "in time"


def test_a_renewed_lease_holds(store: Store, clock):
    run = claim(store, clock)
    clock.advance(minutes=14)
    assert runs.renew(run, LEASE)
    clock.advance(minutes=14)
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    assert runs.finish(run, "")
    assert not runs.renew(run)


def test_waiting_rests_for_as_long_as_was_said(store: Store, clock):
    run = claim(store, clock)
    assert runs.wait(run, "not out yet", clock.now + dt.timedelta(hours=2))
    clock.advance(minutes=119)
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    clock.advance(minutes=1)
    again = claim(store, clock)
    assert again.entry.attempts == 1, "not being out is no failure"


def test_an_operator_does_not_wait_for_the_next_try_but_for_another_worker(store: Store, clock):
    assert runs.fail(claim(store, clock), "broken")
    assert runs.claim(store, JOB, MONTH, LEASE, clock) is None
    run = runs.claim(store, JOB, MONTH, LEASE, clock, by_hand=True)
    assert run is not None
    assert runs.claim(store, JOB, MONTH, LEASE, clock, by_hand=True) is None
    assert runs.finish(run, "by hand")
    assert runs.claim(store, JOB, MONTH, LEASE, clock, by_hand=True) is None


def test_failures_rest_longer_each_time_and_waiting_starts_afresh(store: Store, clock):
    rests = []
    for _ in range(4):
        run = claim(store, clock)
        assert runs.fail(run, "broken")
        until = line(store).until
        assert until is not None
        rests.append((until - clock.now).total_seconds())
        clock.now = until
    assert rests == [60, 120, 240, 480]
    runs.wait(claim(store, clock), "not out", clock.now)
    assert runs.fail(claim(store, clock), "broken again")
    assert line(store).until == clock.now + dt.timedelta(minutes=1)
    assert runs.back_off(500) == dt.timedelta(hours=6)


def test_many_workers_one_winner(store: Store, clock):
    won: list[runs.Run] = []
    gate = threading.Barrier(6)

    def work() -> None:
        gate.wait()
        run = runs.claim(store, JOB, MONTH, LEASE, clock)
        if run is not None:
            won.append(run)

    for fence in (1, 2):
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [r.entry.fence for r in won] == list(range(1, fence + 1))
        clock.advance(minutes=15)


def test_how_an_action_ends_is_what_the_ledger_says(store: Store, clock, make_house):
    house = make_house(police=(1, 14))
    asked = []

    def action(_house, argument: str, period: str) -> str:
        asked.append((argument, period))
        raise endings.pop(0)

    endings = [
        Retry("not published yet"),
        Retry("slow down", after=90),
        Rejected("header", "the header is wrong", "ask for the file again"),
        KeyError("secret-token"),
    ]
    seen = []
    for _ in range(4):
        outcome = runs.carry_out(claim(store, clock), house, action)
        entry = line(store)
        assert entry.until is not None
        seen.append((outcome.state, entry.state, entry.detail, entry.until - clock.now))
        clock.now = entry.until
    minute = dt.timedelta(minutes=1)
    until_tomorrow = dt.timedelta(hours=15)  # 08:00 UTC is 09:00 in London
    assert seen[0] == ("waiting", "waiting", "not published yet", until_tomorrow)
    assert seen[1] == ("waiting", "waiting", "slow down", 1.5 * minute)
    assert seen[2] == ("failed", "failed", "the header is wrong (ask for the file again)", minute)
    assert seen[3][:2] == ("failed", "failed")
    assert "KeyError" in seen[3][2]
    assert "secret-token" not in seen[3][2]
    assert seen[3][3] == 2 * minute
    assert asked == [("police", MONTH)] * 4

    ended = runs.carry_out(claim(store, clock), house, lambda _h, _a, period: f"read {period}")
    assert (ended.state, line(store).detail) == ("done", "read 2022-06")


def test_a_run_lost_on_the_way_is_reported_as_lost(store: Store, clock, make_house):
    house = make_house(police=(1, 14))
    run = claim(store, clock)

    def sleepy(_house, _argument: str, _period: str) -> str:
        clock.advance(hours=1)
        assert runs.finish(claim(store, clock), "by the other")
        return "by the sleepy one"

    assert runs.carry_out(run, house, sleepy).state == "lost"
    assert line(store).detail == "by the other"


def test_heartbeats_are_per_worker_and_the_long_gone_are_forgotten(store: Store, clock):
    assert runs.heartbeat_age(store, "ticker", clock.now) is None
    runs.beat(store, "ticker:a_1", clock.now)
    clock.advance(seconds=40)
    runs.beat(store, "ticker:b", clock.now)
    clock.advance(seconds=5)

    assert runs.heartbeat_age(store, "ticker:a_1", clock.now) == dt.timedelta(seconds=45)
    assert runs.heartbeat_age(store, "ticker", clock.now) == dt.timedelta(seconds=5)
    assert runs.heartbeat_age(store, "ticker:aX1", clock.now) is None, "an underscore is no wildcard"

    clock.advance(days=3)
    runs.beat(store, "ticker:b", clock.now)
    assert runs.forget_workers(store, clock.now) == 1
    assert runs.heartbeat_age(store, "ticker:a_1", clock.now) is None
    assert runs.heartbeat_age(store, "ticker:b", clock.now) == dt.timedelta(0)


def test_marking_done_does_not_touch_a_line_that_is_there(store: Store, clock):
    run = claim(store, clock)
    with store.write() as connection:
        ledger.mark_done(connection, JOB, MONTH, clock.now, "by hand")
        ledger.mark_done(connection, "digest", "2022-05", clock.now, "the digests begin after this month")
    assert line(store).state == "running"
    assert runs.finish(run, "")
    assert line(store, "digest", "2022-05").state == "done"
    assert runs.claim(store, "digest", "2022-05", LEASE, clock) is None
