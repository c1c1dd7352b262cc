"""Which places a source speaks for. Where it says nothing there is no figure, which is not zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jobs.folder.geography import Geography
from rules.model import AreaKind

Given = Iterable[tuple[str, str | None]]  # (series, place); None stands for any LSOA


@dataclass(frozen=True)
class Grain:
    """The kinds of place that each series of one source is counted by, and the places named."""

    geography: Geography
    kinds: Mapping[str, frozenset[AreaKind]]
    named: frozenset[str]  # places other than LSOAs, in any series: one with nothing in this series has zero
    _reached: dict[frozenset[AreaKind], frozenset[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, given: Given, geography: Geography) -> Grain:
        """From every series and place that the source has given counts for."""
        kinds: dict[str, set[AreaKind]] = {}
        named = set()
        for series, place in given:
            if place is not None:
                named.add(place)
            kind = AreaKind.LSOA if place is None else geography[place].kind
            kinds.setdefault(series, set()).add(kind)
        return cls(geography, {s: frozenset(k) for s, k in kinds.items()}, frozenset(named))

    def speaks(self, series: str, code: str) -> bool:
        """Whether the area has a figure in the series: counts by LSOA speak for every place made of LSOAs,
        counts by station (ward, town) for the stations named and for what they lie in."""
        kinds = self.kinds.get(series) or self._every
        if AreaKind.LSOA in kinds and self.geography[code].units:
            return True
        if kinds not in self._reached:
            self._reached[kinds] = frozenset(self._upwards(kinds))
        return code in self._reached[kinds]

    @property
    def _every(self) -> frozenset[AreaKind]:
        """For a series that was never located: what the source locates otherwise."""
        return frozenset().union(*self.kinds.values()) or frozenset({AreaKind.LSOA})

    def _upwards(self, kinds: frozenset[AreaKind]) -> Iterable[str]:
        for place in self.named:
            if self.geography[place].kind in kinds:
                yield from upwards(self.geography, place)


def upwards(geography: Geography, code: str) -> Iterable[str]:
    """The area and what it lies in by its parents, smallest first."""
    up: str | None = code
    while up is not None and up in geography.areas:
        yield up
        up = geography[up].parent


def places(geography: Geography) -> frozenset[str]:
    """Codes of all areas that are no LSOAs of any census."""
    return geography.places
