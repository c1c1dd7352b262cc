"""What each job of the timetable does. Every one may run twice: the second time changes nothing."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jobs import runs, schedule
from jobs.attention.escalation import attend
from jobs.attention.subscriptions import listener
from jobs.counting.freshness import published_months, source_facts
from jobs.digest.post import is_out, queue_digest, refresh
from jobs.errors import NotReady, Retry
from jobs.facts import LATE, LateFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.evaluate import evaluate_within
from jobs.landing.ingest import take
from jobs.sources.archive import Opened, open_path
from jobs.sources.base import Receipt
from jobs.sources.readers import wanted
from jobs.store.housekeeping import sweep
from jobs.store.outbox import enqueue
from rules.model import Month


def pull(house: House, source_id: str, period: str) -> str:
    """Fetch a month, load it, judge it and ring: one transaction an extract.

    Raises Retry (asked again tomorrow) while the month is not out, Interrupted between two extracts.
    """
    source, month = house.partnership.source(source_id), Month.parse(period)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        receipts = [_load(house, source, opened) for opened in _files(house, source, month, Path(folder))]
    with house.store.read() as connection:
        there = month in published_months(connection, source)
    said = "; ".join(f"{Path(r.file).name}: {r.outcome.value}" for r in receipts) or _nothing(house, source)
    if not there:
        raise Retry(f"{source.short} has not published {month.words} yet ({said})")
    return said


def _load(house: House, source: SourceSettings, opened: Opened) -> Receipt:
    """One file with all that follows from it."""
    house.go_on()
    with house.store.write() as connection:
        receipt = take(connection, house, source, opened)
        judged = evaluate_within(connection, house, source)
        refresh(connection, house, {j.month for j in judged})
    return receipt


def _files(house: House, source: SourceSettings, month: Month, folder: Path) -> Iterator[Opened]:
    """The files of the inbox, whatever month they are of; then the publisher's, unless the month is in."""
    inbox = _inbox(house, source)
    if inbox is not None and inbox.exists():
        # Before anything has arrived it is empty, or holds a note on what is to be put there.
        yield from open_path(inbox, wanted(source), may_be_empty=True)
    with house.store.read() as connection:
        there = month in published_months(connection, source)
    if source.archive_url is None or there:
        return
    from jobs.sources.fetch import fetch

    def told(_: int, __: int | None) -> None:
        house.go_on()

    try:
        archive = fetch(source, None, month, folder, today=house.today, progress=told)
    except NotReady as error:
        raise Retry(str(error), error.advice) from error
    yield from open_path(archive, wanted(source, month))


def _inbox(house: House, source: SourceSettings) -> Path | None:
    return None if source.inbox is None else house.folder / source.inbox


def _nothing(house: House, source: SourceSettings) -> str:
    """Why there was no file; a folder that is not there may be a disk that is not."""
    inbox = _inbox(house, source)
    return "no file" if inbox is None or inbox.exists() else f"no file, and no folder {inbox}"


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
                due = listener(connection, house, channel.id).due(house, 1)
                key = f"late:{source.id}:{month}"
                enqueue(connection, key, channel.id, "late", payload, house.now(), due=due)
                told.append(channel.id)
    return f"said in {', '.join(told) or 'no channel'}"


def digest(house: House, _: str, period: str) -> str:
    """Put the month's digest into the outbox of its channels, or its draft into the operators'."""
    month = Month.parse(period)
    with house.store.write() as connection:
        told = ", ".join(queue_digest(connection, house, month)) or "no channel"
        waits = house.partnership.digest.mode == "draft" and not is_out(connection, month)
        return f"draft for {told}; an analyst signs it off" if waits else f"queued for {told}"


def housekeeping(house: House, _: str, period: str) -> str:
    """The daily round: let go of what is past its retention; silences that end, alerts that wait."""
    today = dt.date.fromisoformat(period)
    with house.store.write() as connection:
        gone = {s.id: sweep(connection, s.id, Month.of(today) + -s.retention_months)
                for s in house.partnership.sources.values()}  # fmt: skip
    swept = [f"{source}: {n} rows past retention" for source, n in gone.items() if n]
    return "; ".join(swept + attend(house)) or "nothing to do"


ACTIONS: runs.Actions = {
    "pull": pull,
    "late": late,
    schedule.DIGEST: digest,
    schedule.HOUSEKEEPING: housekeeping,
}
