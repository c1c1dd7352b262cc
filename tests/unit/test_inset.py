"""Which part of a crowded map is drawn larger, and where. The outlines are made-up squares."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.inset import Box, crowded
from bot.pictures.outlines import Shape, Spot

FRAME = Box(0.0, 1.0, 0.0, 1.0)


def square(x: float, y: float, side: float) -> Shape:
    return ((((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)),),)


def town(x: float, y: float, *, many: int = 4, side: float = 0.03) -> dict[str, Shape]:
    return {f"T{i}": square(x + i * side, y, side) for i in range(many)}


def middles(shapes: dict[str, Shape]) -> dict[str, Spot]:
    return {c: (s[0][0][0][0] + 0.01, s[0][0][0][1] + 0.01) for c, s in shapes.items()}


def test_small_areas_with_tags_on_top_of_each_other_are_drawn_larger_in_an_empty_corner():
    shapes = {**town(0.6, 0.3), "land": square(0.3, 0.05, 0.6)}
    found = crowded(shapes, middles(town(0.6, 0.3)), FRAME, 1.0)
    assert found is not None
    assert found.part.west < 0.6 < 0.72 < found.part.east
    assert found.place.wide / found.part.wide == found.times >= 1.6
    assert (found.place.west, found.place.north) == (0.02, 0.98), "the upper left is free"


def test_what_has_room_is_left_as_it_is():
    apart = {f"A{i}": square(0.1 + 0.25 * i, 0.4, 0.03) for i in range(4)}
    assert crowded(apart, middles(apart), FRAME, 1.0) is None
    two = town(0.5, 0.5, many=2)
    assert crowded(two, middles(two), FRAME, 1.0) is None
    large = {f"L{i}": square(0.3 + 0.02 * i, 0.3, 0.2) for i in range(4)}
    assert crowded(large, middles(large), FRAME, 1.0) is None
    assert crowded({}, {}, FRAME, 1.0) is None


def test_nothing_is_drawn_over_a_map_without_an_empty_corner():
    everywhere = {f"{x}.{y}": square(x / 10, y / 10, 0.1) for x in range(10) for y in range(10)}
    assert crowded({**everywhere, **town(0.5, 0.5)}, middles(town(0.5, 0.5)), FRAME, 1.0) is None


places = st.lists(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.1)), max_size=30)


@settings(deadline=None)
@given(places, st.floats(1, 2))
def test_the_enlarged_part_covers_no_corner_of_any_area(squares, aspect):
    shapes = {str(i): square(x, y, side) for i, (x, y, side) in enumerate(squares)}
    found = crowded(shapes, middles(shapes), FRAME, aspect)
    if found is not None:
        assert not any(found.place.holds(p) for s in shapes.values() for p in s[0][0])
        assert FRAME.holds((found.place.west, found.place.south))
        assert FRAME.holds((found.place.east, found.place.north))
        assert sum(found.part.holds(spot) for spot in middles(shapes).values()) >= 3
