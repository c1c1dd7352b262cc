"""From the months in which a rule fired to the life of its alert. A pure function of history:

told again from the beginning it comes out the same, so a revised month edits what changed and no more.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.model import Month

NORMAL_MONTHS = 2  # this many judged months without a finding end an alert
LONGEST_SILENCE = 12  # months


@dataclass(frozen=True, slots=True)
class Episode:
    """One alert's life: opened, last seen, ended (None while it is open)."""

    opened: Month
    last: Month
    ended: Month | None
    fired: tuple[Month, ...]


def episodes(fired: Iterable[Month], judged: Sequence[Month]) -> tuple[Episode, ...]:
    """Split the months in which a fingerprint fired into alerts.

    `judged`: every month that was judged at all, ascending; a month that was not published neither
    continues nor ends anything.
    """
    told = sorted(set(fired))
    order = {m: i for i, m in enumerate(judged)}
    runs: list[list[Month]] = []
    for month in told:
        if runs and order[month] - order[runs[-1][-1]] <= NORMAL_MONTHS:
            runs[-1].append(month)
        else:
            runs.append([month])
    found = []
    for run in runs:
        end = order[run[-1]] + NORMAL_MONTHS
        found.append(Episode(run[0], run[-1], judged[end] if end < len(judged) else None, tuple(run)))
    return tuple(found)


def status(episode: Episode, now: Month, severities: Sequence[int]) -> str:
    """new | continuing | escalated | ended, as of the judged month `now`.

    `severities`: of the months in which it fired, in order; a rise over the one before escalates.
    """
    if episode.ended is not None and episode.ended <= now:
        return "ended"
    if episode.last == now and len(severities) > 1 and severities[-1] > max(severities[:-1]):
        return "escalated"
    return "new" if episode.opened == now else "continuing"


def stays_closed(episode: Episode, closed_through: Month | None) -> bool:
    """A person's close holds until the rule fires in a later month than the one that was closed."""
    return closed_through is not None and episode.last <= closed_through


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody's wish not to be told, from one local day to another, both included. It always ends."""

    who: str
    why: str
    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a local day."""
        return self.first <= day <= self.last


def silence_on(day: dt.date, silences: Iterable[Silence]) -> Silence | None:
    """Of those that reach an alert the one to name on a day: that which ends last; None = it may be told."""
    return max((s for s in silences if s.holds(day)), key=lambda s: s.last, default=None)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day where it has no such day."""
    month = Month.of(day) + months
    return dt.date(month.year, month.number, min(day.day, calendar.monthrange(month.year, month.number)[1]))
