"""What a reader of extracts takes and gives. One type between two stages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from rules.model import Month, Window

if TYPE_CHECKING:
    import pandas as pd

    from jobs.folder.geography import Geography
    from jobs.folder.lexicon import Lexicon
    from jobs.folder.partnership import SourceSettings


class Outcome(StrEnum):
    """What became of an extract."""

    ACCEPT = "accept"
    QUARANTINE_ROWS = "quarantine-rows"
    REJECT_FILE = "reject-file"
    HOLD = "hold"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class RawFile:
    """One file as received, in memory (size already capped): a CSV, or an XLSX."""

    name: str  # file name, for people: "2022-06.zip:2022-06/2022-06-leicestershire-street.csv"
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Of the content: the same CSV in another zip is the same extract."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def base(self) -> str:
        """The last part of the name, where months and forces are written."""
        return self.name.replace(":", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be right: kept verbatim, never guessed."""

    line: int  # physical line in the file, header = 1
    reason: str  # code: month-mismatch, duplicate-id, count-invalid, suppressed-value, unknown-area, ...
    text: str  # the row as it stood
    detail: str = ""


@dataclass(frozen=True)
class Reading:
    """A validated extract. loaded + quarantined = physical rows, always.

    `incidents` (None for ready counts): line, crime_key (Int64, NA = no id), month (int64 YYYYMM), area (str
    or NA when the source gave no location), series, lon, lat, street. `counts`: series, area, month, span
    (months a count covers: 1, 3, 12), count (Int64; NA = suppressed by the publisher); area NA = no place.
    `published`: figures the source printed beside a count (rate, band, rank), for sources that do.
    """

    dataset: str  # replaced as a whole by a later edition: "leicestershire-street", "deliberate-fires"
    windows: tuple[Window, ...]  # the periods this file covers; a period without rows is a real zero
    physical_rows: int
    counts: pd.DataFrame
    incidents: pd.DataFrame | None = None
    published: pd.DataFrame | None = None
    bad: list[BadRow] = field(default_factory=list)
    unlocated_rows: int = 0
    vintage: int = 2011
    notes: tuple[str, ...] = ()
    verbatim: Callable[[int], str] = str  # physical line -> the row as it stood; for incident files

    @property
    def rows_loaded(self) -> int:
        """Physical rows that were not quarantined."""
        return self.physical_rows - len(self.bad)


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader may know beside the bytes."""

    source: SourceSettings
    geography: Geography
    lexicon: Lexicon
    today: dt.date  # the clock: later months are impossible
    month: Month | None = None  # the month the caller expects, if it said so


class Reader(Protocol):
    """Bytes to a Reading; raises jobs.errors.Rejected when the file as a whole cannot be used."""

    def __call__(self, raw: RawFile, context: ReadContext) -> Reading:
        """Read one file."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is said about one file, to people and as one JSON line."""

    file: str
    source: str
    month: str | None
    edition: int | None
    outcome: Outcome
    physical_rows: int
    rows_loaded: int
    rows_quarantined: int
    reason: str | None = None
    advice: str | None = None
    unlocated_rows: int = 0
    changes: int = 0  # counts that a later edition changed
    notes: tuple[str, ...] = ()
    extract: int | None = None  # id in the store, for `tocsin extracts accept ID`
