"""Claims on work: a (job, period) is run by one worker at a time, and once it is done it is done for ever.

    claim -> Run | None -> finish | wait | fail | leave

A claim is a lease with a fencing number. A worker that lost its lease is told so by its last write (False)
and changes nothing. Every job may run twice: what it writes has unique keys of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from jobs.clock import utc_now
from jobs.errors import Retry, TocsinError
from jobs.house import House, Interrupted
from jobs.store import ledger
from jobs.store.engine import Store

Clock = Callable[[], dt.datetime]
Action = Callable[[House, str, str], str]
"""(house, argument, period) -> what was done, in a few words. `pull:police` for 2022-06 is called with
"police" and "2022-06"; a job without a colon gets an empty argument. It may raise Retry (not out yet),
Interrupted (the program stops) or any TocsinError (failed)."""
Actions = Mapping[str, Action]  # by the job's name before the colon: pull, late, digest, housekeeping

LEASE = dt.timedelta(minutes=15)
_FIRST_REST = dt.timedelta(minutes=1)
_LONGEST_REST = dt.timedelta(hours=6)
_FORGET_WORKERS = dt.timedelta(days=2)
_DETAIL = 1000  # characters kept of what went wrong

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """A period in this worker's hands."""

    store: Store
    entry: ledger.Entry
    clock: Clock

    @property
    def name(self) -> str:
        """For logs: `pull:police 2022-06`."""
        return f"{self.entry.job} {self.entry.period}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; `lost` when another worker took it over in the meantime."""

    state: Literal["done", "waiting", "failed", "lost"]
    detail: str


def claim(
    store: Store,
    job: str,
    period: str,
    lease: dt.timedelta = LEASE,
    clock: Clock = utc_now,
    *,
    by_hand: bool = False,
) -> Run | None:
    """Take a period; None when it is done, resting until its next try, or in another worker's hands.

    An operator does not wait for the next try: `by_hand` takes a period that rests.
    """
    now = clock()
    with store.write() as connection:
        entry = ledger.take(connection, job, period, now, now + lease, by_hand=by_hand)
    return None if entry is None else Run(store, entry, clock)


def renew(run: Run, lease: dt.timedelta = LEASE) -> bool:
    """Keep a run that takes long; False when it has been taken over."""
    with run.store.write() as connection:
        return ledger.extend(connection, run.entry, run.clock() + lease)


def finish(run: Run, detail: str) -> bool:
    """Done, for ever; False when the run had been taken over, and nothing was written."""
    return _settle(run, "done", None, detail)


def wait(run: Run, detail: str, until: dt.datetime) -> bool:
    """In order, but not out yet: tried again at `until`."""
    return _settle(run, "waiting", until, detail)


def leave(run: Run, detail: str) -> bool:
    """In order, but left off in the middle: goes on as soon as somebody looks at the timetable again."""
    return _settle(run, "waiting", None, detail)


def fail(run: Run, detail: str) -> bool:
    """Went wrong: tried again after a rest that doubles with each failure in a row, up to six hours."""
    return _settle(run, "failed", run.clock() + back_off(run.entry.attempts), detail)


def back_off(
    attempts: int, first: dt.timedelta = _FIRST_REST, longest: dt.timedelta = _LONGEST_REST
) -> dt.timedelta:
    """1, 2, 4 ... times the first rest after so many failures in a row; jobs: minutes, at most six hours."""
    doublings: int = 2 ** min(max(attempts, 1) - 1, 20)
    return min(first * doublings, longest)


def carry_out(run: Run, house: House, action: Action) -> Outcome:
    """Run the action and write down how it ended. Only the database's own errors are raised."""
    _, _, argument = run.entry.job.partition(":")
    try:
        detail = action(house, argument, run.entry.period)
    except Retry as error:
        return _outcome("waiting", str(error), wait(run, str(error), _next_try(run, house, error)))
    except Interrupted as error:
        return _outcome("waiting", str(error), leave(run, str(error)))
    except TocsinError as error:
        detail = f"{error} ({error.advice})" if error.advice else str(error)
        log.warning("a job failed", run=run.name, attempt=run.entry.attempts, error=detail)
        return _outcome("failed", detail, fail(run, detail))
    except Exception as error:
        detail = f"a defect ({type(error).__name__}); the log has the whole of it"
        log.exception("a job failed", run=run.name, attempt=run.entry.attempts)
        return _outcome("failed", detail, fail(run, detail))
    return _outcome("done", detail, finish(run, detail))


def beat(store: Store, name: str, at: dt.datetime) -> None:
    """Say that the worker called `name` is alive."""
    with store.write() as connection:
        ledger.beat(connection, name, at)


def forget_workers(store: Store, now: dt.datetime) -> int:
    """Drop the heartbeats of workers that went days ago; how many. Each start of a worker leaves one."""
    # Never in the transaction of a beat: two workers back from a long sleep would delete each other's, and
    # PostgreSQL ends that as a deadlock.
    with store.write() as connection:
        return ledger.forget_beats(connection, now - _FORGET_WORKERS)


def heartbeat_age(store: Store, name: str, now: dt.datetime) -> dt.timedelta | None:
    """How long ago a worker whose name starts with `name` was alive; None when there never was one."""
    with store.read() as connection:
        last = ledger.last_beat(connection, name)
    return None if last is None else now - last


def _next_try(run: Run, house: House, error: Retry) -> dt.datetime:
    """When it was told, else with the next local day.

    Not 24 hours later: months that wait are then asked for together, and the older ones first.
    """
    now = run.clock()
    if error.after is not None:
        return now + dt.timedelta(seconds=error.after)
    zone = ZoneInfo(house.partnership.timezone)
    tomorrow = now.astimezone(zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), zone)


def _settle(run: Run, state: ledger.State, until: dt.datetime | None, detail: str) -> bool:
    with run.store.write() as connection:
        return ledger.settle(connection, run.entry, state, run.clock(), until, detail[:_DETAIL])


def _outcome(state: Literal["done", "waiting", "failed"], detail: str, mine: bool) -> Outcome:
    if mine:
        return Outcome(state, detail)
    log.warning("a run was taken over by another worker", detail=detail)
    return Outcome("lost", detail)
