"""Outlines of areas from GeoJSON, and where on them a label fits. Plain geometry, no drawing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jobs.errors import UsageError

Spot = tuple[float, float]  # longitude, latitude
Ring = tuple[Spot, ...]
Shape = tuple[tuple[Ring, ...], ...]  # polygons: outer ring, then holes

_LEVELS = 15  # horizontal cuts tried for a label
_TAG = 0.042  # size of a tag as a fraction of the map's height


def read_outlines(paths: Sequence[Path]) -> dict[str, Shape]:
    """Shapes by the property `code`; the first file with a code wins. UsageError names a broken file."""
    found: dict[str, Shape] = {}
    for path in paths:
        try:
            shapes = _read(path, path.stat().st_mtime_ns)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise UsageError(f"{path} is no usable GeoJSON: {error!r}", "restore the file") from error
        found = {**shapes, **found}
    return found


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> dict[str, Shape]:
    """`changed` is the file's time stamp: a new file is read anew."""
    del changed
    shapes: dict[str, Shape] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        kind, found = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        polygons = {"Polygon": [found], "MultiPolygon": found}[kind]
        shapes[str(feature["properties"]["code"])] = tuple(
            tuple(_turned(ring, outer=i == 0) for i, ring in enumerate(polygon)) for polygon in polygons
        )
    return shapes


def twice_area(ring: Ring) -> float:
    """Twice the signed area: positive when the ring runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


def _turned(points: Sequence[Sequence[float]], *, outer: bool) -> Ring:
    # Agg fills by winding: a hole only stays open when it runs the other way round than its outer ring.
    ring = tuple((float(p[0]), float(p[1])) for p in points)
    return ring if (twice_area(ring) > 0) == outer else ring[::-1]


def bounds(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """West, east, south, north."""
    points = [p for shape in shapes for polygon in shape for p in polygon[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), max(xs), min(ys), max(ys)


def inner_spot(shape: Shape) -> Spot:
    """A point well inside the largest part: the middle of its widest horizontal cut.

    A centroid may lie outside a crescent, and then the label names the neighbour.
    """
    polygon = max(shape, key=lambda rings: abs(twice_area(rings[0])))
    _, _, south, north = bounds([(polygon,)])
    best = (-1.0, polygon[0][0])
    for level in range(_LEVELS):
        part = (level + 0.39) / _LEVELS  # off the round fractions, where drawn edges tend to lie
        y = south + (north - south) * part
        favour = 1 - abs(part - 0.5)  # a cut near an edge looks misplaced, be it a little wider
        crossings = sorted(x for ring in polygon for x in _crossings(ring, y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            best = max(best, ((right - left) * favour, ((left + right) / 2, y)))
    return best[1]


def _crossings(ring: Ring, y: float) -> list[float]:
    return [
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (a[1] > y) != (b[1] > y)
    ]


def spread(spots: Mapping[str, Spot], height: float, aspect: float) -> dict[str, Spot]:
    """Where tags go so that none covers another: at their spot, or beside it on a widening spiral.

    `height` is the map's in degrees of latitude, `aspect` how much longer a degree of latitude is
    than one of longitude.
    """
    gap = _TAG * height
    placed: dict[str, Spot] = {}
    for code, (x, y) in spots.items():
        tries = ((x + aspect * r * gap * math.cos(t), y + r * gap * math.sin(t)) for r, t in _spiral())
        placed[code] = next((s for s in tries if _free(s, placed.values(), gap, aspect)), (x, y))
    return placed


def _spiral() -> Iterable[tuple[float, float]]:
    yield 0.0, 0.0
    for step in range(2, 13):
        for turn in range(12):
            yield step * 0.6, turn * math.pi / 6


def _free(spot: Spot, taken: Iterable[Spot], gap: float, aspect: float) -> bool:
    return all(math.hypot((spot[0] - x) / aspect, spot[1] - y) >= gap for x, y in taken)
