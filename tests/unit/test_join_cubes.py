"""Cubes of several sources as one: every count kept, none made up, none added to another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.judging import joint
from rules.model import Cube, Month


def cube(names: str, first: int, months: int, level: float) -> Cube:
    counts = np.full((len(names), 2, months), level)
    return Cube(tuple(names), ("here", "county"), Month(2020, 1) + first, counts, counts[:, 0])


@given(
    shapes=st.lists(
        st.tuples(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(0, 30), st.integers(1, 30)),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_joined_cubes_keep_every_count_and_make_up_none(shapes: list[tuple[set[str], int, int]]) -> None:
    cubes = [cube("".join(sorted(s)), first, n, float(i)) for i, (s, first, n) in enumerate(shapes)]
    whole = joint.join_cubes(cubes)
    assert (whole.first, whole.last) == (min(c.first for c in cubes), max(c.last for c in cubes))
    for name in whole.series:
        level, own = next((i, c) for i, c in enumerate(cubes) if name in c.series)
        for month in whole.first.until(whole.last):
            told = whole.at(name, "here", month)
            assert told == level if own.first <= month <= own.last else np.isnan(told)


def test_cubes_of_different_places_are_not_joined() -> None:
    other = Cube(("b",), ("there", "county"), Month(2020, 1), np.ones((1, 2, 3)), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="same areas"):
        joint.join_cubes([cube("a", 0, 3, 1.0), other])
