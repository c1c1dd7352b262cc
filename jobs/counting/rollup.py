"""Counts given for places of several sizes, added up so that nothing is counted twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from jobs.counting.grain import places
from jobs.folder.geography import Geography
from jobs.folder.partnership import SourceSettings
from rules.model import AreaKind

_KINDS = list(AreaKind)  # smallest first
_KEY = ["series", "month"]


@dataclass(frozen=True)
class Rollup:
    """How the counts of one source add up.

    `ready`: each count is the figure of a place with all that lies in it, so a district's own count stands
    for the wards and LSOAs given beside it. An incident has one row, wherever it is placed: all add up.
    """

    geography: Geography
    ready: bool

    @classmethod
    def of(cls, source: SourceSettings, geography: Geography) -> Rollup:
        """The way of this source."""
        return cls(geography, source.reader == "counts")

    def inside(self, code: str) -> set[str]:
        """Codes, as stored, whose counts are part of an area's: its own, LSOAs of every census, places."""
        lsoas = any_vintage(self.geography, self.geography[code].units)
        return {code, *lsoas, *self._below(code)}

    def figure(self, rows: pd.DataFrame, code: str) -> pd.Series[float]:
        """The area's counts by series and month, from `rows` inside it (area, series, month, count).

        NaN where a part that counts was suppressed; keys without a row are absent.
        """
        if self.ready:
            given = places(self.geography).intersection(rows["area"].unique())
            # Outermost first: what a district's own count stands for has no say any more.
            for place in sorted(given, key=lambda c: (c == code, *self._size(c)), reverse=True):
                rows = _without(rows, place, None if place == code else self._stands_for(place))
        sums: pd.Series[float] = rows.groupby(_KEY)["count"].sum(skipna=False)
        return sums

    def _size(self, code: str) -> tuple[int, int]:
        area = self.geography[code]
        return _KINDS.index(area.kind), len(area.units)

    def _stands_for(self, code: str) -> set[str]:
        """What lies wholly in a place, by its parents or by its LSOAs."""
        own = self.geography[code]
        if own.kind is AreaKind.SITE:  # lies in its LSOAs, is not made of them
            return set()
        within = {
            a.code for a in self.geography.areas.values()
            if a.units and a.units <= own.units and self._size(a.code) < self._size(code)
        }  # fmt: skip
        return (self.inside(code) | within) - {code}

    def _below(self, code: str) -> list[str]:
        found = [code]
        for up in found:
            found.extend(self.geography.children.get(up, ()))
        return found[1:]


def any_vintage(geography: Geography, units: Iterable[str]) -> list[str]:
    """LSOA codes of every census whose counts belong to these base units."""
    base = set(units)
    return sorted(base.union(*(geography.newer.get(unit, ()) for unit in base)))


def _without(rows: pd.DataFrame, place: str, lower: Collection[str] | None) -> pd.DataFrame:
    """Rows less those of `lower` (None: of every other area) in months that the place's own count is for."""
    own = rows["area"] == place
    known = pd.MultiIndex.from_frame(rows.loc[own, _KEY])
    beside = ~own if lower is None else rows["area"].isin(list(lower))
    twice = beside & pd.Series(pd.MultiIndex.from_frame(rows[_KEY]).isin(known), index=rows.index)
    return rows[~twice]
