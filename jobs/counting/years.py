"""A monthly source by calendar year: one series of one year for every place of the partnership, kept.

Every window that people ask for is made of the same few years, and every basket of the same few series: once
the last years have been read, no window has to be read again until an extract lands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.folder.geography import Geography
from jobs.store.engine import Connection
from jobs.store.kept import kept
from jobs.store.read import counts_given
from rules.model import Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed

_MONTHS = 12


@dataclass(frozen=True, eq=False)
class Counts:
    """(places, months) in the order of `codes_of`: counts, NaN where one was withheld, 0 where no row is."""

    counts: npt.NDArray[np.float64]
    there: npt.NDArray[np.bool_]  # where a row is


def counts_of(connection: Connection, feed: Feed, window: Window) -> Counts:
    """A monthly feed in the published months of a window in every place of its geography, kept."""
    key = ("counts", *feed.key, window, feed.geography.itself)
    return kept(connection, key, lambda: _counts(connection, feed, feed.inside(window)))


def _counts(connection: Connection, feed: Feed, months: Iterable[Month]) -> Counts:
    """All that makes up its series added up."""
    assert feed.dataset is None, "a table is no monthly source"
    assert feed.span == 1, "a table is no monthly source"
    none = np.zeros((len(codes_of(connection, feed.geography)), 0))
    counts, there = [none], [none.astype(bool)]
    for number, inside in _by_year(months).items():
        parts = [year_of(connection, feed.source.id, p, feed.geography, number) for p in feed.parts]
        columns = [m.number - 1 for m in inside]
        # Withheld is not nothing: NaN stays.
        counts.append(np.sum([p.counts[:, columns] for p in parts], axis=0))
        there.append(np.logical_or.reduce([p.there[:, columns] for p in parts]))
    return Counts(np.concatenate(counts, axis=1), np.concatenate(there, axis=1))


def codes_of(connection: Connection, geography: Geography) -> dict[str, int]:
    """The rows of `Counts`: every code of the geography, in order."""
    key = ("codes", geography.itself)
    return kept(connection, key, lambda: {code: n for n, code in enumerate(sorted(geography.codes))})


def bases_of(connection: Connection, geography: Geography) -> npt.NDArray[np.intp]:
    """For each row of `Counts` the row of the base unit that carries its counts."""

    def read() -> npt.NDArray[np.intp]:
        codes = codes_of(connection, geography)
        return np.array([codes[geography.base(code)] for code in codes], dtype=np.intp)

    return kept(connection, ("bases", geography.itself), read)


def year_of(connection: Connection, source: str, series: str, geography: Geography, number: int) -> Counts:
    """One series as it is stored, in one calendar year."""

    def read() -> Counts:
        codes = codes_of(connection, geography)
        counts = np.zeros((len(codes), _MONTHS))
        there = np.zeros(counts.shape, dtype=bool)
        months = [Month(number, m + 1) for m in range(_MONTHS)]
        if rows := counts_given(connection, source, series, months, codes.keys()):
            areas, keys, given = zip(*rows, strict=True)
            at = np.array([codes[area] for area in areas]), np.array(keys) % 100 - 1
            # An area may have several: of each dataset that covers the month. One withheld is NaN for all.
            np.add.at(counts, at, np.array(given, dtype=np.float64))
            there[at] = True
        return Counts(counts, there)

    return kept(connection, ("year", source, series, geography.itself, number), read)


def _by_year(months: Iterable[Month]) -> dict[int, list[Month]]:
    found: dict[int, list[Month]] = {}
    for month in months:
        found.setdefault(month.year, []).append(month)
    return found
