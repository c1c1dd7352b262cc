"""The values that the whole house passes around. Frozen; no behaviour beyond reading them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from rules.month import Month, Window

__all__ = [
    "Area",
    "AreaKind",
    "Basis",
    "Breadth",
    "Break",
    "Classification",
    "Cube",
    "Direction",
    "Event",
    "Month",
    "Polarity",
    "Series",
    "Severity",
    "Verdict",
    "Window",
]


Direction = Literal["rise", "fall"]
Breadth = Literal["local", "district", "county"]
Basis = Literal["here", "county"]  # own level with the borrowed season; share of the county that month


class Polarity(StrEnum):
    """What a rise means. Data on the series, never guessed from the number."""

    BAD = "bad"
    GOOD = "good"  # more reports are wanted; there the alarm is a fall
    ACTIVITY = "activity"  # follows police work
    AMBIGUOUS = "ambiguous"  # reporting or recording may have changed


class Classification(StrEnum):
    """Who may see it. Ordered by `rank`: an answer has the highest class of its inputs."""

    PUBLIC = "public"
    PARTNER = "partner"
    SENSITIVE = "sensitive"

    @property
    def rank(self) -> int:
        """0 public, 1 partner, 2 sensitive."""
        return list(Classification).index(self)


class AreaKind(StrEnum):
    """What sort of place an area is, smallest first."""

    LSOA = "lsoa"
    SITE = "site"
    MSOA = "msoa"
    WARD = "ward"
    TOWN = "town"
    STATION = "station"
    DISTRICT = "district"
    COUNTY = "county"


class Severity(IntEnum):
    """How loudly it rings."""

    NOTE = 1
    WARNING = 2
    URGENT = 3


class Verdict(StrEnum):
    """The one verbal scale of every message."""

    USUAL = "within the usual range"
    HIGHER = "higher than usual"
    MUCH_HIGHER = "much higher than usual"
    LOWER = "lower than usual"
    MUCH_LOWER = "much lower than usual"
    TOO_FEW = "too few to judge"
    NO_HISTORY = "not enough history"


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted. A parent is the sum of its children unless it is given directly."""

    id: str
    title: str
    parent: str | None
    polarity: Polarity
    harm: int  # 1 low, 2 medium, 3 high: orders alerts, never changes a verdict
    classification: Classification
    floor: int  # smallest count shown to readers without clearance; 0 = no floor
    noun: str  # "burglaries"
    synonyms: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A place people name. `units` are the LSOA codes (of `vintage`) that make it up."""

    code: str
    name: str
    kind: AreaKind
    units: frozenset[str]
    vintage: int = 2011
    parent: str | None = None  # code of the next larger area that findings fold into
    visitor: str = ""  # "festival and race visitors": rates per resident are not risk here
    note: str = ""  # where the set of units comes from


@dataclass(frozen=True, slots=True)
class Event:
    """A dated happening at an area, of the calendar; `held` is False when it was cancelled."""

    uid: str
    name: str
    area: str  # code of the site
    months: tuple[Month, ...]
    held: bool
    verified: bool
    source: str = ""
    days: tuple[dt.date, dt.date] | None = None  # first and last, where the calendar has days


@dataclass(frozen=True, slots=True)
class Break:
    """A known change of recording or of life. `mask`: exclude | relative-only | straddle.

    `exclude` months enter no baseline; `relative-only` months only the comparison with the county;
    `straddle` is a point in time (`first`) that no comparison may cross.
    """

    id: str
    title: str
    first: Month
    last: Month | None
    mask: str
    series: tuple[str, ...]  # ids; ("*",) = all
    areas: tuple[str, ...]  # codes; ("*",) = all
    source: str = ""

    def touches(self, series: str, area: str) -> bool:
        """Whether it concerns this series in this area."""
        return ("*" in self.series or series in self.series) and ("*" in self.areas or area in self.areas)


Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cube:
    """Monthly counts, shape (series, areas, months). NaN = not published, which is not zero."""

    series: tuple[str, ...]
    areas: tuple[str, ...]
    first: Month
    counts: Counts
    unlocated: Counts  # (series, months): recorded by the source without a place

    @property
    def last(self) -> Month:
        """The last month of the cube."""
        return self.first + (int(self.counts.shape[2]) - 1)

    def published(self, month: Month) -> bool:
        """Whether anything at all was published for the month."""
        i = month - self.first
        return 0 <= i < self.counts.shape[2] and not bool(np.isnan(self.counts[:, :, i]).all())

    def row(self, series: str, area: str) -> Counts:
        """The months of one series in one area, shape (months,)."""
        row: Counts = self.counts[self.series.index(series), self.areas.index(area)]
        return row

    def at(self, series: str, area: str, month: Month) -> float:
        """One count; NaN where not published or outside the cube."""
        i = month - self.first
        return float(self.row(series, area)[i]) if 0 <= i < self.counts.shape[2] else float("nan")
