"""What somebody asked, understood; or not understood, with what to offer instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from rules.model import Classification, Month, Window

if TYPE_CHECKING:
    from jobs.attention.clearance import Readers


class Rank(StrEnum):
    """How areas are sorted."""

    COUNT = "count"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Place:
    """What a place name resolved to, and what else it could have meant."""

    code: str
    asked: str  # the words as typed, capped
    others: tuple[str, ...] = ()  # codes of other areas with that name ("Coalville" is four things)
    how: str = "exact"  # exact | alias | spelling


@dataclass(frozen=True, slots=True)
class Order:
    """What a command that does something was told beside places, series and period."""

    alert: str = ""  # its id
    text: str = ""  # the note or the reason
    until: dt.date | None = None
    days: int = 0  # for so many days
    rule: str = ""
    number: int = 0  # of a silence
    severity: int = 1  # and above
    hours: str = ""  # "18:00-08:00" or "off"; "" = what are they?
    here: bool = False  # for the channel, not for the person


@dataclass(frozen=True, slots=True)
class Query:
    """A command in one value, the same from Slack, Teams and the terminal."""

    verb: str
    places: tuple[Place, ...] = ()
    series: str | None = None
    by: Rank = Rank.COUNT
    window: Window | None = None  # as asked; None = the command's default
    base: Window | None = None  # of two periods to compare, the earlier; `window` is the later
    months: int | None = None  # "3m", "12m", "6y" = 72: the last so many months of data
    top: int | None = None
    share: bool = False
    word: str = ""  # free argument: an alert id, a term to define, "open" / "all"
    as_of: Month | None = None  # replay: nothing after this month is known
    clearance: Classification = Classification.PUBLIC
    named: tuple[str, ...] | None = None  # sensitive series that are open where it is asked; None = all
    asker: str = ""  # the person's id, for `alerts mine`
    order: Order = Order()

    @property
    def readers(self) -> Readers:
        """Who reads the answer."""
        from jobs.attention.clearance import Readers

        return Readers(self.clearance, self.named)


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Not understood: one sentence, and what to try, nearest first."""

    message: str
    suggestions: tuple[str, ...] = field(default=())
    title: str = "Not understood"
