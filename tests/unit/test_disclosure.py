"""No small figure can be worked out: by a linear programme, and by whoever knows every rule."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.disclosure import Mark, months, parts, year_is_told

Counts = tuple[int, ...]
View = tuple[object, ...]


def seen_of_parts(counts: Counts, k: int) -> View:
    """What a reader sees of the parts of a whole that is told."""
    return (sum(counts), *_told(counts, parts(counts, k)))


def seen_of_year(counts: Counts, k: int) -> View:
    """What a reader sees of a year's months, and of the year."""
    return (sum(counts) if year_is_told(counts, k) else None, *_told(counts, months(counts, k)))


def seen_naively(counts: Counts, k: int) -> View:
    """ "<k" alone, with the whole: what must be broken."""
    return (sum(counts), *("<" if 0 < c < k else c for c in counts))


def _told(counts: Counts, marks: Iterable[Mark]) -> View:
    return tuple(c if m.told else m for c, m in zip(counts, marks, strict=True))


def worked_out(see: Callable[[Counts, int], View], worlds: Iterable[Counts], k: int) -> list[Counts]:
    """Worlds in which somebody who knows the rules can tell a small count: every world that looks the same
    has the same one there."""
    alike: dict[View, list[Counts]] = defaultdict(list)
    for world in worlds:
        alike[see(world, k)].append(world)
    return [
        group[0]
        for group in alike.values()
        if any(0 < column[0] < k and len(set(column)) == 1 for column in zip(*group, strict=True))
    ]


def worlds_of(size: int, highest: int) -> list[Counts]:
    return list(itertools.product(range(highest + 1), repeat=size))


@pytest.mark.parametrize("see", [seen_of_parts, seen_of_year])
@pytest.mark.parametrize(
    ("size", "k", "highest"), [(2, 3, 20), (3, 3, 12), (4, 3, 9), (2, 5, 30), (3, 5, 18), (4, 4, 11)]
)
def test_who_knows_every_rule_and_tries_every_world(
    see: Callable[[Counts, int], View], size: int, k: int, highest: int
) -> None:
    """Worlds near the edge of those tried have too few beside them: only sums that all lie inside count."""
    inside = [w for w in worlds_of(size, highest) if sum(w) <= highest]
    found = worked_out(see, inside, k)
    # A year that is not told has unbounded covers: a world at the edge may stand alone for that.
    assert [w for w in found if sum(w) < highest - k] == []


def test_the_naive_release_is_broken() -> None:
    assert (7, 0, 2) in worked_out(seen_naively, [w for w in worlds_of(3, 12) if sum(w) <= 12], 5)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.sampled_from([3, 5, 10]))
def test_nothing_told_is_taken_back(counts: list[int], k: int) -> None:
    whole = months(counts, k)
    for end in range(len(counts)):
        assert months(counts[:end], k) == whole[:end]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.sampled_from([3, 5, 10]))
def test_what_is_told_is_zero_or_large(counts: list[int], k: int) -> None:
    for marks in (months(counts, k), parts(counts, k)):
        for count, mark in zip(counts, marks, strict=True):
            assert not mark.told or count == 0 or count >= k
            assert mark is not Mark.COVER or count >= k
            assert mark is not Mark.SMALL or 0 < count < k
    if year_is_told(counts, k):
        assert sum(counts) == 0 or sum(counts) >= k


@given(st.lists(st.integers(5, 30), max_size=12))
def test_without_small_ones_all_is_told(counts: list[int]) -> None:
    assert set(months(counts, 5)) | set(parts(counts, 5)) <= {Mark.SHOWN}
    assert year_is_told(counts, 5)


def test_what_the_publisher_withheld_stays_withheld() -> None:
    counts = [math.nan, 6.0, 3.0]
    assert months(counts, 5) == (Mark.WITHHELD, Mark.SHOWN, Mark.SMALL)
    assert not year_is_told(counts, 5)
    assert set(parts(counts, 5)) == {Mark.WITHHELD}
