"""The ticker, and the only file that knows APScheduler. It only ticks: what is due comes from the ledger.

Two beats a tick, so that a long job cannot be taken for a dead program: `tick_once` does the work one job
after another; `pulse` says "alive" and keeps the lease of the job that is on. A job that runs longer than
`longest` gets neither: its lease ends, the heartbeat grows old, and /healthz says so.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
from dataclasses import dataclass, field
from threading import Event
from zoneinfo import ZoneInfo

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from jobs import runs, schedule
from jobs.counting.freshness import published_months
from jobs.house import House
from jobs.store import ledger

HEARTBEAT = "ticker"

log = structlog.get_logger(__name__)


def heartbeat_name() -> str:
    """One name a process: a live worker must not answer for a dead one."""
    return f"{HEARTBEAT}:{socket.gethostname()[:20]}:{os.getpid()}"


@dataclass
class Ticker:
    """Runs what is due. `clock` is for replays and tests; intervals in seconds.

    Jobs without an action here are left to other workers. Once `house.stopping` is set, the job that is on
    leaves off where it can, and no other is begun.
    """

    house: House
    actions: runs.Actions
    clock: runs.Clock | None = None  # the house's, unless told otherwise
    interval: float = 30.0
    lease: dt.timedelta = runs.LEASE
    longest: dt.timedelta = dt.timedelta(hours=1)
    name: str = field(default_factory=heartbeat_name)
    _stopping: Event = field(default_factory=Event, init=False, repr=False)
    _scheduler: BackgroundScheduler | None = field(default=None, init=False, repr=False)
    _current: tuple[runs.Run, dt.datetime] | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Tick in the background: at once, then every `interval` seconds."""
        if self._scheduler is not None:
            return
        self._stopping.clear()
        self._tidy()
        # It warns of every tick that a long job makes it skip: that is how it is meant to be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=dt.UTC,
        )
        for work in (self.pulse, self.tick_once):
            self._scheduler.add_job(
                work,
                IntervalTrigger(seconds=self.interval, timezone=dt.UTC),
                next_run_time=dt.datetime.now(dt.UTC),
            )
        self._scheduler.start()

    def stop(self, wait: bool = True) -> None:
        """No more ticks; with `wait`, after the job that is on has ended."""
        self._stopping.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=wait)
            self._scheduler = None

    def pulse(self) -> bool:
        """Say "alive" and keep the lease of the job that is on; False when that did not work."""
        now = self._now()
        try:
            if self._current is not None:
                run, since = self._current
                if now - since > self.longest:
                    log.error("a job is stuck", run=run.name, since=since.isoformat())
                    return False
                runs.renew(run, self.lease)
            runs.beat(self.house.store, self.name, now)
        except Exception:
            log.exception("no heartbeat")
            return False
        return True

    def tick_once(self) -> list[tuple[schedule.Due, runs.Outcome]]:
        """One tick: the heartbeat, then everything that is due, once each, in order. Never raises."""
        self.pulse()
        ran: list[tuple[schedule.Due, runs.Outcome]] = []
        seen: set[schedule.Due] = set()
        try:
            # Asked again after each job: what one brings in may be what the next was waiting for.
            while not self._ends() and (item := self._next(seen)) is not None:
                seen.add(item)
                outcome = self._run(item)
                if outcome is not None:
                    ran.append((item, outcome))
        except Exception:
            log.exception("a tick was cut short")
        return ran

    def situation(self) -> schedule.Situation:
        """What decides what is due, as of now."""
        now = self._now()
        partnership = self.house.partnership
        feeds = list(partnership.sources.values())
        with self.house.store.read() as connection:
            covered = {f.id: set(published_months(connection, f)) for f in feeds if f.cadence == "monthly"}
            # Of the daily job today's line decides: ten years of it would be read before and after every job.
            today = now.astimezone(ZoneInfo(partnership.timezone)).date().isoformat()
            lines = ledger.entries(connection, since_of={schedule.HOUSEKEEPING: today})
        book: dict[str, dict[str, ledger.Entry]] = {}
        for line in lines:
            book.setdefault(line.job, {})[line.period] = line
        return schedule.Situation(feeds, ZoneInfo(partnership.timezone), book, covered, now)

    def _ends(self) -> bool:
        return self._stopping.is_set() or self.house.stopping.is_set()

    def _next(self, seen: set[schedule.Due]) -> schedule.Due | None:
        situation = self.situation()
        if schedule.DIGEST not in situation.ledger:
            self._begin(situation)
            situation = self.situation()
        for item in schedule.due(situation):
            if item not in seen and item.job.partition(":")[0] in self.actions:
                return item
        return None

    def _begin(self, situation: schedule.Situation) -> None:
        month = schedule.begins_after(situation)
        if month is None:
            return
        now = self._now()
        with self.house.store.write() as connection:
            ledger.mark_done(
                connection, schedule.DIGEST, str(month), now, "the digests begin after this month"
            )

    def _run(self, item: schedule.Due) -> runs.Outcome | None:
        run = runs.claim(self.house.store, item.job, item.period, self.lease, self._now)
        if run is None:
            return None
        self._current = (run, self._now())
        try:
            action = self.actions[item.job.partition(":")[0]]
            outcome = runs.carry_out(run, self.house, action)
        finally:
            self._current = None
        log.info("a job ran", run=run.name, state=outcome.state, detail=outcome.detail)
        return outcome

    def _tidy(self) -> None:
        try:
            runs.forget_workers(self.house.store, self._now())
        except Exception:
            log.exception("old heartbeats stay")  # no reason not to start: the database may be on its way

    def _now(self) -> dt.datetime:
        return (self.clock or self.house.now)()
