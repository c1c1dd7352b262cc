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
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.model import Month

if TYPE_CHECKING:
    from jobs.partnership import SourceSettings
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
    covered: Mapping[str, Collection[Month]]  # source -> months that are in, however they came
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

    def is_done(self, job: str, period: object) -> bool:
        """Whether the ledger has it as done."""
        found = self.entry(job, period)
        return found is not None and found.state == "done"

    def may_run(self, job: str, period: object) -> bool:
        """Neither done nor resting nor in another worker's hands."""
        found = self.entry(job, period)
        return found is None or not (found.state == "done" or found.resting(self.now))

    def is_in(self, feed: SourceSettings, month: Month) -> bool:
        """Whether a month's data are there, pulled or brought by hand."""
        return month in self.covered.get(feed.id, ()) or self.is_done(pull_job(feed), month)


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
    pulls = sorted(
        (month, place, Due(pull_job(feed), str(month)))
        for place, feed in enumerate(situation.monthly)
        for month in _pulls(situation, feed)
    )
    found = [item for _, _, item in pulls]
    for feed in situation.monthly:
        found += [Due(late_job(feed), str(m)) for m in _lates(situation, feed)]
    found += [Due(DIGEST, str(m)) for m in _digests(situation)]
    if situation.may_run(HOUSEKEEPING, situation.today.isoformat()):
        found.append(Due(HOUSEKEEPING, situation.today.isoformat()))
    return found


def begins_after(situation: Situation) -> Month | None:
    """The last month that gets no digest, for the ledger when it has none yet; None without monthly sources.

    Digests start with the month after the newest one that is in, else with the newest that should be out.
    """
    if not situation.monthly:
        return None
    known = [m for f in situation.monthly for m in situation.covered.get(f.id, ())]
    return max(known) if known else max(newest_out(f, situation.today) for f in situation.monthly) + -1


def _asked(situation: Situation, feed: SourceSettings) -> list[Month]:
    """The months this source's timetable covers, oldest first.

    It starts with the month after the last that is in (else the newest that should be out), or where the
    ledger starts if that is earlier: a month once asked for is not forgotten when a later one comes in.
    """
    newest = newest_out(feed, situation.today)
    known = situation.covered.get(feed.id, ())
    first = max(known) + 1 if known else newest
    started = situation.ledger.get(pull_job(feed))
    if started:
        first = min(first, Month.parse(min(started)))
    return first.until(newest)


def _pulls(situation: Situation, feed: SourceSettings) -> Iterator[Month]:
    job = pull_job(feed)
    for month in _asked(situation, feed):
        entry = situation.entry(job, month)
        if entry is None:
            if not situation.is_in(feed, month):
                yield month
        elif situation.may_run(job, month):
            yield month
        elif _holds_the_next(entry):
            return  # alerts are told in order


def _holds_the_next(entry: Entry) -> bool:
    """A month in somebody's hands, or one that has failed a few times only, keeps later months waiting."""
    return entry.state == "running" or (entry.state == "failed" and entry.attempts < _GIVE_WAY)


def _lates(situation: Situation, feed: SourceSettings) -> Iterator[Month]:
    today = situation.today
    asked = [m for m in _asked(situation, feed) if late_day(feed, m) <= today]
    for month in asked[-_STALE_NEWS:]:
        tried = situation.entry(pull_job(feed), month)
        # A bot that slept does not know whether the month is out: it asks first, and the pull then rests.
        knows = tried is not None and tried.state in {"waiting", "failed"} and tried.resting(situation.now)
        if knows and not situation.is_in(feed, month) and situation.may_run(late_job(feed), month):
            yield month


def _digests(situation: Situation) -> Iterator[Month]:
    """In order, and none before its time: a month that still has time to come in holds the next ones."""
    started = situation.ledger.get(DIGEST)
    if not started:
        return
    for month in Month.parse(min(started)).until(Month.of(situation.today) + -1):
        entry = situation.entry(DIGEST, month)
        if entry is not None and not situation.may_run(DIGEST, month):
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
