"""What each job of the timetable does. Every one may run twice: the second time changes nothing."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jobs import runs, schedule
from jobs.digest import queue_digest
from jobs.errors import Retry
from jobs.evaluate import evaluate_within
from jobs.facts import LATE, LateFacts
from jobs.freshness import published_months, source_facts
from jobs.house import House
from jobs.ingest import take
from jobs.partnership import SourceSettings
from jobs.sources.archive import open_path
from jobs.sources.base import Receipt
from jobs.sources.readers import wanted
from jobs.store.housekeeping import sweep
from jobs.store.outbox import enqueue
from rules.model import Month


def pull(house: House, source_id: str, period: str) -> str:
    """Fetch a month, load it, judge it and ring: one transaction an extract.

    Raises Retry (asked again tomorrow) while the month is not out.
    """
    source, month = house.partnership.source(source_id), Month.parse(period)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        receipts = list(_load(house, source, month, Path(folder)))
    with house.store.read() as connection:
        there = month in published_months(connection, source)
    said = "; ".join(f"{Path(r.file).name}: {r.outcome.value}" for r in receipts) or "no file"
    if not there:
        raise Retry(f"{source.short} has not published {month.words} yet ({said})")
    return said


def _load(house: House, source: SourceSettings, month: Month, folder: Path) -> Iterator[Receipt]:
    """The files of the inbox, then the publisher's; each with all that follows from it."""
    for path in _origins(house, source, month, folder):
        for opened in open_path(path, wanted(source, None if source.inbox else month)):
            with house.store.write() as connection:
                receipt = take(connection, house, source, opened)
                evaluate_within(connection, house, source)
            yield receipt


def _origins(house: House, source: SourceSettings, month: Month, folder: Path) -> Iterator[Path]:
    inbox = house.folder / source.inbox if source.inbox else None
    if inbox is not None and inbox.is_dir() and any(inbox.iterdir()):
        yield inbox
    with house.store.read() as connection:
        there = month in published_months(connection, source)
    if source.archive_url and not there:
        from jobs.sources.fetch import fetch

        yield fetch(source, None, month, folder, today=house.today)


def late(house: House, source_id: str, period: str) -> str:
    """Say once, in every channel that may know of the source, that a month should be in by now."""
    source, month = house.partnership.source(source_id), Month.parse(period)
    expected = schedule.late_day(source, month)
    told = []
    with house.store.write() as connection:
        facts = LateFacts(source_facts(connection, source, today=house.today), period, expected)
        for channel in house.partnership.channels.values():
            if source.classification.rank <= channel.clearance.rank:
                payload = LATE.dump_json(facts).decode()
                enqueue(connection, f"late:{source.id}:{month}", channel.id, "late", payload, house.now())
                told.append(channel.id)
    return f"said in {', '.join(told) or 'no channel'}"


def digest(house: House, _: str, period: str) -> str:
    """Put the month's digest into the outbox of its channels."""
    with house.store.write() as connection:
        return f"queued for {', '.join(queue_digest(connection, house, Month.parse(period))) or 'no channel'}"


def housekeeping(house: House, _: str, period: str) -> str:
    """Let go of what is past its retention."""
    today = dt.date.fromisoformat(period)
    with house.store.write() as connection:
        gone = {s.id: sweep(connection, s.id, Month.of(today) + -s.retention_months)
                for s in house.partnership.sources.values()}  # fmt: skip
    return (
        ", ".join(f"{source}: {n} rows past retention" for source, n in gone.items() if n) or "nothing to do"
    )


ACTIONS: runs.Actions = {
    "pull": pull,
    "late": late,
    schedule.DIGEST: digest,
    schedule.HOUSEKEEPING: housekeeping,
}
