"""Which area a cell means: by code, or by a name that is exactly known. Nothing is guessed from likeness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.errors import UsageError
from jobs.folder.geography import Geography
from jobs.folder.partnership import Layout
from jobs.sources.sieve import Sieve
from jobs.sources.values import missing, per_value, plain
from rules.model import AreaKind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Found:
    """An area code ('' = the source gave no place), or why there is none."""

    code: str = ""
    reason: str = ""
    detail: str = ""


def find_areas(
    sieve: Sieve, column: pd.Series[str], layout: Layout, geography: Geography
) -> npt.NDArray[np.object_]:
    """Area codes of a column, '' where blank; unknown and ambiguous ones go to the sieve."""
    book = _Book(layout, geography, column.unique().tolist())
    found = per_value(column, book.find)
    for reason in ("unknown-area", "ambiguous-area"):
        bad = np.array([f.reason == reason for f in found], dtype=np.bool_)
        sieve.drop(bad, reason, lambda row: found[row].detail)
    return np.array([f.code for f in found], dtype=object)


@dataclass
class _Book:
    """Names and codes of one table; `texts` are all its different cells, for they tell what kind it is of."""

    layout: Layout
    geography: Geography
    texts: list[str]
    given: dict[str, str] = field(init=False)
    named: dict[str, set[str]] = field(init=False)
    kind: AreaKind | None = field(init=False)

    def __post_init__(self) -> None:
        self.given = {plain(text): code for text, code in self.layout.areas.items()}
        self.named = _names(self.geography) if self.layout.area_by == "name" else {}
        self.kind = self._only_kind()
        for code in self.given.values():
            if not self._known(code):
                raise UsageError(
                    f"the layout {self.layout.id!r} points to {code!r}, which is no area", "mend its `areas`"
                )

    def find(self, text: str) -> Found:
        """The area that one cell means."""
        if missing(text):
            return Found()
        words = plain(text)
        if words in self.given:
            return Found(self.given[words])
        cell = text.strip()
        if self._known(cell):
            return Found(cell)
        codes = self._sift(self.named.get(words, set()))
        if len(codes) == 1:
            return Found(next(iter(codes)))
        if codes:
            several = ", ".join(sorted(codes))
            return Found("", "ambiguous-area", f"{cell[:80]!r} may be {several}: say which in `areas`")
        return Found("", "unknown-area", f"{cell[:80]!r} is no known area")

    def _known(self, code: str) -> bool:
        return code in self.geography.areas or code in self.geography.unit_codes

    def _sift(self, codes: set[str]) -> set[str]:
        """Of several areas with one name the one of the table's kind, then of the layout's census."""
        areas = self.geography.areas
        for keep in (
            {c for c in codes if areas[c].kind is self.kind},
            {c for c in codes if areas[c].kind is self.kind and areas[c].vintage == self.layout.vintage},
        ):
            if len(codes) > 1 and len(keep) == 1:
                return keep
        return codes

    def _only_kind(self) -> AreaKind | None:
        """The one kind of area that every known name of the table may be of; None when that is not so."""
        possible: set[AreaKind] | None = None
        for text in self.texts:
            codes = self.named.get(plain(text), set()) if plain(text) not in self.given else set()
            kinds = {self.geography.areas[c].kind for c in codes}
            if kinds:
                possible = kinds if possible is None else possible & kinds
        return possible.pop() if possible and len(possible) == 1 else None


def _names(geography: Geography) -> dict[str, set[str]]:
    """Plain name -> codes of the areas called so: own name, official LSOA name, local names and aliases."""
    book: dict[str, set[str]] = {}
    for name, code in _pairs(geography):
        if words := plain(name):
            book.setdefault(words, set()).add(code)
    return book


def _pairs(geography: Geography) -> Iterable[tuple[str, str]]:
    yield from ((area.name, code) for code, area in geography.areas.items())
    yield from ((u.name, u.code) for u in geography.units if u.code in geography.areas)
    yield from ((name, code) for name, code, _ in geography.names)
