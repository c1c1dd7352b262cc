"""Areas side by side: the bands of the county, and what counts as a change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.areas import Band, Bands, moved, ranks, z_change, z_changes

ORDER = [Band.AVERAGE, Band.ABOVE, Band.HIGH, Band.VERY_HIGH]
counts = st.integers(0, 10**6)
county = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


def over(numbers: list[int]) -> Bands:
    return Bands.over(np.array(numbers, dtype=float))


def test_cut_offs_are_the_mean_and_one_and_two_standard_deviations_over_it() -> None:
    bands = over([0, 0, 10, 10])  # mean 5, population SD 5
    assert (bands.mean, bands.sd, bands.areas) == (5.0, 5.0, 4)
    said = [bands.of(n) for n in (0, 5, 6, 10, 11, 15, 16)]
    assert said == [
        Band.AVERAGE, Band.AVERAGE, Band.ABOVE, Band.ABOVE, Band.HIGH, Band.HIGH, Band.VERY_HIGH,
    ]  # fmt: skip


def test_areas_without_crime_count_and_unknown_ones_do_not() -> None:
    assert over([0, 0, 0, 8]).mean == 2
    with_unknown = Bands.over(np.array([0, 0, 0, 8, np.nan]))
    assert (with_unknown.mean, with_unknown.areas) == (2, 4)


@pytest.mark.parametrize("counts_", [[], [np.nan, np.nan]])
def test_where_nothing_is_known_no_area_stands_out(counts_: list[float]) -> None:
    """A source that counts by fire station has no figure for any LSOA."""
    bands = Bands.over(np.array(counts_, dtype=float))
    assert bands.areas == 0
    assert np.isnan(bands.mean)
    assert bands.of(10.0) is Band.AVERAGE


@given(county, counts, counts)
def test_a_higher_count_never_has_a_lower_band(numbers: list[int], a: int, b: int) -> None:
    bands = over(numbers)
    low, high = sorted((a, b))
    assert ORDER.index(bands.of(low)) <= ORDER.index(bands.of(high))


@given(st.integers(0, 1000), st.integers(1, 50))
def test_where_all_areas_are_alike_none_stands_out(n: int, size: int) -> None:
    bands = over([n] * size)
    assert bands.of(n) is Band.AVERAGE
    assert bands.of(n + 1) is Band.VERY_HIGH


@given(county)
def test_the_order_of_the_areas_does_not_matter(numbers: list[int]) -> None:
    a, b = over(numbers), over(sorted(numbers))
    assert (a.mean, a.sd, a.areas) == pytest.approx((b.mean, b.sd, b.areas))


@given(counts, counts)
def test_a_change_is_one_thing_seen_from_either_side(a: int, b: int) -> None:
    assert z_change(a, b) == pytest.approx(-z_change(b, a))
    assert moved(a, b) == moved(b, a)
    assert not moved(a, a)


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        (4931, 5060, False),  # total recorded crime of two years: z -1.8
        (41, 26, False),
        (102, 196, True),  # deliberate fires: z -7.8
        (20, 13, False),  # serious violence
        (6, 0, True),
        (2, 0, False),
    ],
)
def test_small_changes_are_usual_variation(new: int, old: int, said: bool) -> None:
    assert moved(new, old) is said


def test_places_in_a_ranking_share_ties_and_unknown_ones_have_none() -> None:
    found = ranks(np.array([[5.0, 9.0, 5.0, np.nan, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]]))
    assert found[0].tolist()[:3] == [2, 1, 2]
    assert np.isnan(found[0, 3])
    assert found[0, 4] == 4
    assert found[1].tolist() == [1, 1, 1, 1, 1]


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=20))
def test_changes_of_many_are_those_of_each(pairs: list[tuple[int, int]]) -> None:
    new, old = np.array(pairs, dtype=float).T
    assert z_changes(new, old).tolist() == pytest.approx([z_change(a, b) for a, b in pairs])
