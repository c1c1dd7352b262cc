"""Which LSOAs touch: from the boundaries, where two share a corner."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

Corner = tuple[float, float]


@dataclass(frozen=True)
class Neighbours(Mapping[str, frozenset[str]]):
    """LSOA code -> codes of those that touch it; from GeoJSON with the property `code`.

    Read when somebody asks: most questions do not.
    """

    boundaries: Sequence[Path]

    @cached_property
    def _found(self) -> dict[str, frozenset[str]]:
        return _read(self.boundaries)

    def __getitem__(self, code: str) -> frozenset[str]:
        return self._found[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _read(boundaries: Sequence[Path]) -> dict[str, frozenset[str]]:
    # Generalised boundaries of one edition share their corners exactly, so no tolerance is needed.
    at: dict[Corner, set[str]] = defaultdict(set)
    for path in boundaries:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            code = str(feature["properties"]["code"])
            for corner in _corners(feature["geometry"]["coordinates"]):
                at[corner].add(code)
    found: dict[str, set[str]] = defaultdict(set)
    for codes in at.values():
        for code in codes:
            found[code] |= codes - {code}
    return {code: frozenset(near) for code, near in sorted(found.items())}


def _corners(shape: object) -> Iterator[Corner]:
    """Every point of a polygon or multipolygon, however deep the rings are nested."""
    parts = cast("list[object]", shape)
    if parts and isinstance(parts[0], int | float):
        x, y = cast("list[float]", parts)[:2]
        yield (x, y)
        return
    for part in parts:
        yield from _corners(part)
