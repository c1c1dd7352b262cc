"""Quiet hours: a new message that falls into them waits until they are over."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|to|\u2013)\s*(\d{1,2}):(\d{2})")
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day to another, over midnight when the second is earlier; local time."""

    start: dt.time
    end: dt.time

    @classmethod
    def parse(cls, text: str) -> Quiet:
        """Read `18:00-08:00`; ValueError otherwise."""
        match = _HOURS.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"quiet hours are written 18:00-08:00, not {text[:20]!r}")
        start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
        try:
            start, end = dt.time(start_hour, start_minute), dt.time(end_hour, end_minute)
        except ValueError:
            raise ValueError(f"there is no such time in {text[:20]!r}") from None
        if start == end:
            raise ValueError("quiet hours that end when they begin would last for ever or not at all")
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, at: dt.time) -> bool:
        """Whether a local time of the day is quiet: the start is, the end is not."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def over(self, moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The first moment from `moment` on (aware) that is not quiet: itself, or a whole minute in UTC.

        Minute by minute on the wall clock of `zone`: on the days when it jumps, adding up hours is wrong by
        one, and an end may come twice or not at all.
        """
        found = moment.astimezone(dt.UTC)
        if not self.holds(found.astimezone(zone).time()):
            return found
        found = found.replace(second=0, microsecond=0)
        while self.holds(found.astimezone(zone).time()):
            found += _MINUTE
        return found
