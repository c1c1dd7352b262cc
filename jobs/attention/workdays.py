"""Working days in England and Wales: no weekends, no bank holidays; and how long an alert may wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

_DAY = dt.timedelta(days=1)
_MONDAY, _FRIDAY = 0, 4


class Escalation(BaseModel):
    """When an alert that nobody acknowledged is told once more, to the operator's channels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: int = Field(default=3, ge=1, le=3)  # and above
    working_days: int = Field(default=2, ge=1)
    days_off: tuple[dt.date, ...] = ()  # beside weekends and bank holidays: a coronation, an office closed


def working_days_since(day: dt.date, today: dt.date, days_off: Collection[dt.date] = ()) -> int:
    """How many whole working days lie between: told on a Friday, by Tuesday morning it is one."""
    found, each = 0, day + _DAY
    while each < today:
        found += is_working_day(each, days_off)
        each += _DAY
    return found


def is_working_day(day: dt.date, days_off: Collection[dt.date] = ()) -> bool:
    """Whether the office is open."""
    return day.weekday() <= _FRIDAY and day not in bank_holidays(day.year) and day not in days_off


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The standing bank holidays of England and Wales, on the days on which they are taken.

    Moved and single ones (a jubilee) are `days_off` of the partnership.
    """
    easter = _easter(year)
    fixed = [easter - 2 * _DAY, easter + _DAY, _first_monday(year, 5)]
    fixed += [_last_monday(year, 5), _last_monday(year, 8)]
    for month, number in ((1, 1), (12, 25), (12, 26)):
        day = dt.date(year, month, number)
        # A holiday at a weekend is taken on the next day that is not taken already.
        while day.weekday() > _FRIDAY or day in fixed:
            day += _DAY
        fixed.append(day)
    return frozenset(fixed)


def _first_monday(year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + _DAY * (-first.weekday() % 7)


def _last_monday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, 31)  # May and August
    return last - _DAY * (last.weekday() - _MONDAY)


def _easter(year: int) -> dt.date:
    """Gregorian Easter, by the rule of Butcher (1876), as in Meeus (1991, Astronomical Algorithms, 67)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114
    return dt.date(year, n // 31, n % 31 + 1)
