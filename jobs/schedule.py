"""The timetable as data: which (job, period) is due now, from the ledger and what is in. No clock, no disk.

    pull:<source>   a data month     from the first local day `lag_months` after the month has ended, asked
                                     daily until it is in; after downtime every missed month, oldest first
    late:<source>   a data month     `waiting_days` after that, when it was asked for and is not in; said once
    digest          a data month     when every monthly source is in, or its waiting days are over
    housekeeping    a local day      today's only: yesterday's dust is today's dust

Days are the partnership's local days, moments are UTC: no run is lost or doubled when the clocks change.
Annual and one-off sources are loaded by hand and have no place here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.model import Month

if TYPE_CHECKING:
    from jobs.folder.partnership import SourceSettings
    from jobs.store.ledger import Entry

DIGEST = "digest"
HOUSEKEEPING = "housekeeping"
_STALE_NEWS = 3  # months: after a long gap, older months are not called late one by one
_GIVE_WAY = 4  # failures in a row before a month lets later ones past


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something to do now."""

    job: str
    period: str


@dataclass(frozen=True)
class Situation:
    """Everything that decides what is due."""

    feeds: Sequence[SourceSettings]
    timezone: ZoneInfo
    ledger: Mapping[str, Mapping[str, Entry]]  # job -> period -> its line
    covered: Mapping[str, AbstractSet[Month]]  # source -> months that are in, however they came
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The partnership's local day."""
        return self.now.astimezone(self.timezone).date()

    @property
    def monthly(self) -> list[SourceSettings]:
        """The sources on the timetable."""
        return [f for f in self.feeds if f.cadence == "monthly"]

    def entry(self, job: str, period: object) -> Entry | None:
        """The ledger's line, if there is one."""
        return self.ledger.get(job, {}).get(str(period))

    def open(self, job: str, first: Month, last: Month) -> Iterator[tuple[Month, Entry | None]]:
        """The months of a job that are not done, oldest first, with their lines."""
        lines = self.ledger.get(job, {})
        for month, text in _run_of_months(first, last):
            entry = lines.get(text)
            if entry is None or entry.state != "done":
                yield month, entry

    def is_in(self, feed: SourceSettings, month: Month) -> bool:
        """Whether a month's data are there, pulled or brought by hand."""
        pulled = self.entry(pull_job(feed), month)
        return month in self.covered.get(feed.id, ()) or (pulled is not None and pulled.state == "done")


def pull_job(feed: SourceSettings) -> str:
    """The job that fetches this source."""
    return f"pull:{feed.id}"


def late_job(feed: SourceSettings) -> str:
    """The job that calls this source late."""
    return f"late:{feed.id}"


def out_day(feed: SourceSettings, month: Month) -> dt.date:
    """The first local day on which a month is asked for."""
    return (month + (1 + feed.lag_months)).first_day


def late_day(feed: SourceSettings, month: Month) -> dt.date:
    """The first local day on which a month that is not in is late."""
    return out_day(feed, month) + dt.timedelta(days=feed.waiting_days)


def newest_out(feed: SourceSettings, day: dt.date) -> Month:
    """The newest month that should be out on a day."""
    return Month.of(day) + -(1 + feed.lag_months)


def due(situation: Situation) -> list[Due]:
    """What may be run now, in the order in which to run it: pulls by month, then notices, digests, dust."""
    pulls, lates = [], []
    for place, feed in enumerate(situation.monthly):
        first = _first(situation, feed)
        pulls += [(month, place, Due(pull_job(feed), str(month))) for month in _pulls(situation, feed, first)]
        lates += [Due(late_job(feed), str(month)) for month in _lates(situation, feed, first)]
    found = [item for _, _, item in sorted(pulls)] + lates
    found += [Due(DIGEST, str(m)) for m in _digests(situation)]
    today = situation.today.isoformat()
    swept = situation.entry(HOUSEKEEPING, today)
    if swept is None or not (swept.state == "done" or swept.resting(situation.now)):
        found.append(Due(HOUSEKEEPING, today))
    return found


def begins_after(situation: Situation) -> Month | None:
    """The last month that gets no digest, for the ledger when it has none yet; None without monthly sources.

    Digests start with the month after the newest one that is in, else with the newest that should be out.
    """
    if not situation.monthly:
        return None
    known = [m for f in situation.monthly for m in situation.covered.get(f.id, ())]
    return max(known) if known else max(newest_out(f, situation.today) for f in situation.monthly) + -1


def _first(situation: Situation, feed: SourceSettings) -> Month:
    """Where a source's timetable starts: after the last month that is in, else with the newest due.

    Or where the ledger starts, if that is earlier: a month once asked for is not forgotten when a later one
    comes in first.
    """
    known = situation.covered.get(feed.id)
    first = max(known) + 1 if known else newest_out(feed, situation.today)
    started = situation.ledger.get(pull_job(feed))
    return min(first, Month.parse(min(started))) if started else first


@lru_cache(maxsize=64)
def _run_of_months(first: Month, last: Month) -> tuple[tuple[Month, str], ...]:
    """Months and their names. Years of them are looked through at every tick, and hardly ever change."""
    return tuple((month, str(month)) for month in first.until(last))


def _holds_the_next(entry: Entry) -> bool:
    """A month in somebody's hands, or one that has failed a few times only, keeps later months waiting."""
    return entry.state == "running" or (entry.state == "failed" and entry.attempts < _GIVE_WAY)


def _pulls(situation: Situation, feed: SourceSettings, first: Month) -> Iterator[Month]:
    for month, entry in situation.open(pull_job(feed), first, newest_out(feed, situation.today)):
        if entry is None:
            if not situation.is_in(feed, month):
                yield month
        elif not entry.resting(situation.now):
            yield month
        elif _holds_the_next(entry):
            return  # alerts are told in order


def _lates(situation: Situation, feed: SourceSettings, first: Month) -> Iterator[Month]:
    newest = newest_out(feed, situation.today - dt.timedelta(days=feed.waiting_days))
    for month, said in situation.open(late_job(feed), max(first, newest + (1 - _STALE_NEWS)), newest):
        # A bot that slept does not know whether the month is out: it asks first, and the pull then rests.
        tried = situation.entry(pull_job(feed), month)
        knows = tried is not None and tried.resting(situation.now) and not _holds_the_next(tried)
        unsaid = said is None or not said.resting(situation.now)
        if knows and unsaid and not situation.is_in(feed, month):
            yield month


def _digests(situation: Situation) -> Iterator[Month]:
    """In order, and none before its time: a month that still has time to come in holds the next ones."""
    started = situation.ledger.get(DIGEST)
    if not started:
        return
    for month, entry in situation.open(DIGEST, Month.parse(min(started)), Month.of(situation.today) + -1):
        if entry is not None and entry.resting(situation.now):
            if _holds_the_next(entry):
                return
            continue
        have = [situation.is_in(f, month) for f in situation.monthly]
        waits = any(
            not there and situation.today < late_day(feed, month)
            for feed, there in zip(situation.monthly, have, strict=True)
        )
        if waits:
            return
        if any(have):  # nothing in at all is no digest; if it comes after all, it gets one then
            yield month
