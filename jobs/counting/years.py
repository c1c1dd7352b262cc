"""A monthly source by calendar year: one series of one year for every place of the partnership, kept.

Every window that people ask for is made of the same few years, and every basket of the same few series: once
the last years have been read, no window has to be read again until an extract lands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.folder.geography import Geography
from jobs.store.engine import Connection
from jobs.store.kept import kept
from jobs.store.read import sums
from rules.model import Month

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed

_MONTHS = 12


@dataclass(frozen=True, eq=False)
class Year:
    """(places, 12) in the order of `codes_of`: counts, NaN where one was withheld, 0 where no row is."""

    counts: npt.NDArray[np.float64]
    there: npt.NDArray[np.bool_]  # where a row is


def sums_by_year(
    connection: Connection, feed: Feed, areas: Collection[str], months: Iterable[Month]
) -> dict[str, dict[int, float]]:
    """What `jobs.store.read.sums` gives of a monthly feed and places of its geography: area, month, count."""
    assert feed.dataset is None, "a table is no monthly source"
    assert feed.span == 1, "a table is no monthly source"
    codes = codes_of(connection, feed.geography)
    rows = [(code, codes[code]) for code in sorted(areas)]
    found: dict[str, dict[int, float]] = {}
    for number, inside in _by_year(months).items():
        parts = [year_of(connection, feed.source.id, p, feed.geography, number) for p in feed.parts]
        counts = np.sum([p.counts for p in parts], axis=0)  # withheld is not nothing: NaN stays
        columns = [(m.key, m.number - 1) for m in inside]
        there = np.logical_or.reduce([p.there for p in parts])
        for code, row in rows:
            some, given = counts[row].tolist(), there[row].tolist()
            cells = {key: some[m] for key, m in columns if given[m]}
            if cells:
                found.setdefault(code, {}).update(cells)
    return found


def codes_of(connection: Connection, geography: Geography) -> dict[str, int]:
    """The rows of a `Year`: every code of the geography, in order."""
    key = ("codes", geography.itself)
    return kept(connection, key, lambda: {code: n for n, code in enumerate(sorted(geography.codes))})


def year_of(connection: Connection, source: str, series: str, geography: Geography, number: int) -> Year:
    """One series as it is stored, in one calendar year."""

    def read() -> Year:
        codes = codes_of(connection, geography)
        counts = np.zeros((len(codes), _MONTHS))
        there = np.zeros(counts.shape, dtype=bool)
        months = [Month(number, m + 1) for m in range(_MONTHS)]
        found = sums(connection, source, series=[series], areas=codes.keys(), months=months, span=1)
        for code, cells in found.items():
            for month, count in cells.items():
                at = codes[code], month % 100 - 1
                counts[at], there[at] = count, True
        return Year(counts, there)

    return kept(connection, ("year", source, series, geography.itself, number), read)


def _by_year(months: Iterable[Month]) -> dict[int, list[Month]]:
    found: dict[int, list[Month]] = {}
    for month in months:
        found.setdefault(month.year, []).append(month)
    return found
