"""What a database holds while `serve` is at work, and in the end."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from bot.delivery import REPEATED
from bot.works import BUILDERS
from jobs.store import tables
from jobs.store.engine import Store

_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")  # in facts: when an extract was received


def months_in(store: Store) -> int:
    """How many months are loaded; 0 while there is no schema."""
    if not store.exists():
        return 0
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(tables.coverage)).scalar_one()


def all_sent(store: Store) -> bool:
    """Whether no message is under way."""
    with store.read() as connection:
        return set(connection.execute(select(tables.outbox.c.state)).scalars()) <= {"sent"}


def is_through(store: Store, months: int, last: str) -> bool:
    """Whether every month is loaded, the last one has its digest, and all of it is printed."""
    if months_in(store) < months:
        return False
    with store.read() as connection:
        run = tables.job_run
        ended = select(run.c.job).where(run.c.period == last, run.c.state == "done")
        done = set(connection.execute(ended).scalars())
    return {"pull:police", "digest"} <= done and all_sent(store)


def ledger(store: Store) -> dict[str, tuple[str, str]]:
    """Of every job: the state of its newest period, and the day on which it was last tried."""
    if not store.exists():
        return {}
    with store.read() as connection:
        rows = connection.execute(select(tables.job_run).order_by(tables.job_run.c.period))
        return {r.job: (r.state, f"{r.started_at:%Y-%m-%d}") for r in rows}


def titles(store: Store) -> dict[str, str]:
    """Of every message in the outbox: key -> its title as it stands now."""
    with store.read() as connection:
        rows = connection.execute(select(tables.outbox.c.key, tables.outbox.c.kind, tables.outbox.c.payload))
        return {r.key: BUILDERS[r.kind](r.payload).title for r in rows}


def without_mark(line: str) -> str:
    """A printed title as it was before an interruption was noted on it."""
    return line.removesuffix(f" {REPEATED}")


_COMPARED = {
    tables.extracts: ("source", "sha256", "state", "edition", "first_month", "physical_rows", "rows_loaded"),
    tables.coverage: ("source", "dataset", "month", "span"),
    tables.counts: ("area", "series", "month", "span", "count", "vintage"),
    tables.incidents: ("month", "area", "series", "crime_key", "street"),
    tables.quarantine: ("line", "reason", "text"),
    tables.findings: ("fingerprint", "month", "severity", "parent", "facts"),
    tables.judged: ("source", "month"),
    tables.alerts: ("id", "fingerprint", "severity", "status", "opened", "last", "ended", "parent", "facts"),
    tables.alert_events: ("alert_id", "kind", "month", "actor"),
    tables.outbox: ("key", "channel", "kind", "payload"),
}


def snapshot(store: Store) -> dict[str, list[str]]:
    """Everything that counts, table by table, without row ids and without the days on which it came about."""
    with store.read() as connection:
        return {
            table.name: sorted(
                _DAY.sub("DAY", repr(tuple(row)))
                for row in connection.execute(select(*(table.c[name] for name in names)))
            )
            for table, names in _COMPARED.items()
        }
