"""A calendar month as a value: what every extract, count and alert is keyed by."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_TEXT = re.compile(r"([0-9]{4})-([0-9]{2})\Z")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month, ordered; `Month(2022, 6) + 1` is July and `later - earlier` a number of months."""

    year: int
    number: int  # 1 = January

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1900 <= self.year <= 2200):
            raise ValueError(f"no such month: {self.year}-{self.number:02d}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM` and nothing else; ValueError otherwise."""
        match = _TEXT.match(text)
        if match is None:
            raise ValueError(f"not a month (YYYY-MM): {text[:20]!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def from_key(cls, key: int) -> Month:
        """From the number 202206, the form in which the database keeps months."""
        key = int(key)  # numpy integers come this way, and databases take them for bytes
        return cls(key // 100, key % 100)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Month:
        """From the number of months since year 0."""
        ordinal = int(ordinal)
        return cls(ordinal // 12, ordinal % 12 + 1)

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def key(self) -> int:
        """202206: sorts, and an operator can read it in a query."""
        return self.year * 100 + self.number

    @property
    def ordinal(self) -> int:
        """Months since year 0; the difference of two is their distance."""
        return self.year * 12 + self.number - 1

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.number, 1)

    @property
    def words(self) -> str:
        """`June 2022`, as people write it."""
        return f"{_NAMES[self.number - 1]} {self.year}"

    def __add__(self, months: int) -> Month:
        return Month.from_ordinal(self.ordinal + months)

    def __sub__(self, other: Month) -> int:
        return self.ordinal - other.ordinal

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def until(self, last: Month) -> list[Month]:
        """Every month from this one to `last`, both included; empty when `last` is earlier."""
        return [self + i for i in range(last - self + 1)]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A run of whole months, both ends included: the window that travels with every printed figure."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a window cannot end ({self.last}) before it starts ({self.first})")

    @classmethod
    def ending(cls, last: Month, months: int) -> Window:
        """The `months` months that end with `last`."""
        return cls(last + (1 - months), last)

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read `2022-06` or `2021-08..2022-07`, as str() writes them; ValueError otherwise."""
        first, dots, last = text.partition("..")
        return cls(Month.parse(first), Month.parse(last if dots else first))

    @property
    def months(self) -> int:
        """How many months it covers."""
        return self.last - self.first + 1

    @property
    def words(self) -> str:
        """`June 2022`, `the year to September 2012` or `March 2021 to May 2021`."""
        if self.months == 1:
            return self.first.words
        if self.months == 12:
            return (
                f"the year {self.last.year}" if self.last.number == 12 else f"the year to {self.last.words}"
            )
        return f"{self.first.words} to {self.last.words}"

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.months == 1 else f"{self.first}..{self.last}"
