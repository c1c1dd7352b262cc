"""Part 5: which of the months ahead are usually high, by what earlier years recorded."""

from __future__ import annotations

from itertools import groupby

from jobs.attention.clearance import Readers
from jobs.digest.boards import followed
from jobs.digest.diary import AHEAD
from jobs.facts import SeasonFacts
from jobs.figures import ahead
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Month


def look_ahead(
    connection: Connection, house: House, month: Month, readers: Readers
) -> tuple[tuple[SeasonFacts, ...], int]:
    """The series that are usually high in a month ahead; and of how many series a season is known at all."""
    wanted = followed(house)
    told = ahead.look_ahead(connection, house, month, readers, AHEAD, wanted)
    peaks = sorted(told.peaks, key=lambda p: (wanted.index(p.series), p.month))
    found = [list(same) for _, same in groupby(peaks, key=lambda p: p.series)]
    return tuple(_season(house, peaks) for peaks in found), told.known


def _season(house: House, peaks: list[ahead.Peak]) -> SeasonFacts:
    """One series; where the district's own months show no season, the county's is told and named."""
    first = peaks[0]
    where = "" if first.area == house.partnership.district else f" in {house.geography[first.area].name}"
    return SeasonFacts(
        first.series, first.title + where, first.source, tuple(str(p.month) for p in peaks),
        tuple(round(p.index / 100, 3) for p in peaks), min(p.seen for p in peaks), str(first.window),
    )  # fmt: skip
