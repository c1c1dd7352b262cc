"""Files that are complete and still wait for a yes: they would read as a fall or a rise that was none."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

from jobs.folder.partnership import SourceSettings
from jobs.sources.base import Reading
from jobs.store.engine import Connection
from jobs.store.extracts import row_counts
from rules.model import Month, Window

_USUAL_MONTHS = 12  # the volume of a month is weighed against the median of so many around it
_FEWEST = 3  # months that say what is usual


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a file is held: a code for machines, a sentence for people."""

    reason: str
    why: str


def doubt_about(
    connection: Connection, source: SourceSettings, reading: Reading, today: dt.date
) -> Doubt | None:
    """The first thing that is odd about a file that could be read; None when it may be loaded."""
    last = max(w.last for w in reading.windows)
    if last >= Month.of(today):
        return Doubt("unfinished", f"{last.words} has not ended yet")
    if reading.rows_loaded == 0:
        zeros = "every crime in it is counted in other months already: its months would read as zeros"
        return Doubt("counted-elsewhere", zeros)
    if source.cadence == "monthly" and len(reading.windows) == 1:
        return _odd_volume(connection, source, reading)
    return None


def _odd_volume(connection: Connection, source: SourceSettings, reading: Reading) -> Doubt | None:
    """Far fewer or far more rows than the dataset usually has."""
    month = reading.windows[0].last
    around = Window(month + -_USUAL_MONTHS, month + _USUAL_MONTHS)
    known = row_counts(connection, source.id, reading.dataset, around)
    if len(known) < _FEWEST:
        return None
    usual = statistics.median(known)
    share = reading.physical_rows / max(usual, 1)
    if source.hold_below <= share <= source.hold_above:
        return None
    odd = f"{reading.physical_rows:,} rows where {usual:,.0f} are usual ({100 * share:.0f} %)"
    return Doubt("volume", odd)
