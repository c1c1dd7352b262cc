"""From the months in which a rule fired to the life of its alert. A pure function of history:

told again from the beginning it comes out the same, so a revised month edits what changed and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.model import Month

NORMAL_MONTHS = 2  # this many judged months without a finding end an alert


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
