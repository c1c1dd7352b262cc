"""Where a map is too crowded for its tags: which part to enlarge, and which corner has room for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.pictures.outlines import Shape, Spot, bounds

_NEAR = 0.1  # of the map's height: tags that close cover what they are about
_LEAST = 3  # so many of them
_LARGEST = 0.13  # a crowded area is no larger than this part of the height
_SHARES = (0.4, 0.33, 0.27)  # of the map's width and height, for the enlarged part: the first that fits
_WORTH = 1.6  # times larger, or it is not worth its room
_PAD = 0.06


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a map in degrees."""

    west: float
    east: float
    south: float
    north: float

    @property
    def wide(self) -> float:
        """Degrees of longitude."""
        return self.east - self.west

    @property
    def tall(self) -> float:
        """Degrees of latitude."""
        return self.north - self.south

    def holds(self, spot: Spot) -> bool:
        """Whether a point lies in it."""
        return self.west <= spot[0] <= self.east and self.south <= spot[1] <= self.north


@dataclass(frozen=True, slots=True)
class Inset:
    """`part` of the map, drawn again `times` larger in the empty `place`."""

    part: Box
    place: Box
    times: float
    below: float  # degrees of latitude under the place, where its caption goes


def crowded(
    shapes: Mapping[str, Shape], spots: Mapping[str, Spot], frame: Box, aspect: float
) -> Inset | None:
    """What to enlarge of a map; None where its tags have room, or no corner has any.

    `spots` are where tags go, `aspect` how much longer a degree of latitude is than one of longitude.
    """
    small = [code for code in spots if _extent(shapes[code], aspect) <= _LARGEST * frame.tall]
    groups = ([b for b in small if _apart(spots[a], spots[b], aspect) <= _NEAR * frame.tall] for a in small)
    group = max(groups, key=len, default=[])
    if len(group) < _LEAST:
        return None
    part = _padded(Box(*bounds(shapes[code] for code in group)))
    points = [p for shape in shapes.values() for polygon in shape for p in polygon[0]]
    below = 0.025 * frame.tall
    for share in _SHARES:
        times = min(share * frame.tall / part.tall, share * frame.wide / part.wide)
        for place in _corners(frame, part, times) if times >= _WORTH else ():
            room = Box(place.west, place.east, place.south - 2 * below, place.north)
            if not any(map(room.holds, points)):
                return Inset(part, place, times, below)
    return None


def _extent(shape: Shape, aspect: float) -> float:
    west, east, south, north = bounds([shape])
    return max((east - west) / aspect, north - south)


def _apart(a: Spot, b: Spot, aspect: float) -> float:
    return math.hypot((a[0] - b[0]) / aspect, a[1] - b[1])


def _padded(box: Box) -> Box:
    x, y = _PAD * box.wide, _PAD * box.tall
    return Box(box.west - x, box.east + x, box.south - y, box.north + y)


def _corners(frame: Box, part: Box, times: float) -> Iterable[Box]:
    """Upper corners first: below stands the key."""
    wide, tall = part.wide * times, part.tall * times
    x, y = 0.02 * frame.wide, 0.02 * frame.tall
    for south in (frame.north - y - tall, frame.south + 3 * y):
        for west in (frame.west + x, frame.east - x - wide):
            yield Box(west, west + wide, south, south + tall)
