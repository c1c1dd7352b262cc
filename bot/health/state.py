"""How a running program is: what makes it unwell, and its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.health.gauges import Gauge
from jobs import runs
from jobs.clock import utc_now
from jobs.counting.freshness import late_month, published_months
from jobs.store import ledger, letters
from jobs.store.engine import Connection, Store

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.letters import Waiting

MISSED = 3  # ticks
STUCK = dt.timedelta(minutes=30)  # that a message which is due may wait: a retry rests for 15 at most
STUBBORN = 10  # tries of one message

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Health:
    """What there is to say about a running program. `worker` is the ticker's name, `interval` in seconds.

    `house`: whose sources are asked how fresh they are; without one, that is not told. `channels`: those that
    this program delivers to; what waits for others is somebody else's business.
    """

    store: Store
    worker: str
    interval: float
    clock: Callable[[], dt.datetime] = utc_now
    house: House | None = None
    channels: frozenset[str] = field(default=frozenset())

    def reasons(self) -> list[str]:
        """Why it is not well; empty when it is."""
        try:
            age = runs.heartbeat_age(self.store, self.worker, self.clock())
            with self.store.read() as connection:
                waiting = letters.waiting(connection, self.clock())
        except Exception:
            log.exception("health: the database does not answer")
            return ["the database does not answer"]
        if age is None:
            return ["the ticker has not beaten yet"]
        found = []
        if age.total_seconds() >= MISSED * self.interval:
            found.append(
                f"the ticker last beat {age.total_seconds():.0f} s ago; it should every {self.interval:g} s"
            )
        return found + [said for w in waiting if w.channel in self.channels and (said := _stuck(w))]

    def gauges(self) -> list[Gauge]:
        """The figures for Prometheus."""
        now = self.clock()
        with self.store.read() as connection:
            lines = ledger.entries(connection)
            rows = letters.standings(connection)
            last = ledger.last_beat(connection, self.worker)
            waiting = letters.waiting(connection, now)
            fresh = self._freshness(connection)
        states: dict[tuple[str, str], int] = {}
        for line in lines:
            states[line.job, line.state] = states.get((line.job, line.state), 0) + 1
        age = -1.0 if last is None else (now - last).total_seconds()
        return [
            Gauge("tocsin_heartbeat_age_seconds", "Since the ticker last beat; -1 = never.", (({}, age),)),
            Gauge(
                "tocsin_job_periods", "Periods in the ledger by job and state.",
                tuple(({"job": job, "state": state}, n) for (job, state), n in sorted(states.items())),
            ),
            Gauge(
                "tocsin_outbox_messages", "Messages in the outbox by channel and state.",
                tuple(({"channel": r.channel, "state": r.state}, r.count) for r in rows),
            ),
            Gauge(
                "tocsin_outbox_attempts", "Tries of the most stubborn message by channel and state.",
                tuple(({"channel": r.channel, "state": r.state}, r.attempts) for r in rows),
            ),
            Gauge(
                "tocsin_outbox_age_seconds", "How long the message that waits longest has been due.",
                tuple(({"channel": w.channel}, w.age.total_seconds()) for w in waiting),
            ),
            *fresh,
        ]  # fmt: skip

    def _freshness(self, connection: Connection) -> list[Gauge]:
        """How old the newest month of each monthly source is, and whether the next one is late."""
        if self.house is None:
            return []
        today, ages, late = self.house.today, [], []
        for source in self.house.partnership.sources.values():
            months = published_months(connection, source) if source.cadence == "monthly" else []
            if months:
                ended = (months[-1] + 1).first_day
                ages.append(({"source": source.id}, float((today - ended).days)))
                late.append(({"source": source.id}, float(late_month(source, months, today) is not None)))
        return [
            Gauge("tocsin_source_age_days", "Days since the newest month of a source ended.", tuple(ages)),
            Gauge("tocsin_source_late", "Whether a source's next month should be in by now.", tuple(late)),
        ]


def _stuck(waiting: Waiting) -> str:
    """What is wrong with a channel; '' while its messages get through in their time."""
    if waiting.age >= STUCK:
        return (
            f"messages to {waiting.channel} have waited {waiting.age.total_seconds() / 60:.0f} min to be sent"
        )
    if waiting.attempts >= STUBBORN:
        return f"a message to {waiting.channel} was tried {waiting.attempts} times"
    return ""
