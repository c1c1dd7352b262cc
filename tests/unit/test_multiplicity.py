"""Many looks at once: Benjamini and Hochberg, and what weighs most in a full month."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rules.baselines.tails import mid_p
from rules.multiplicity import adjusted, discoveries, novelty, rings, weight

tails = st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=60)


def test_the_example_of_benjamini_and_hochberg_1995() -> None:
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                  0.4262, 0.5719, 0.6528, 0.7590, 1.0])  # fmt: skip
    assert discoveries(p, 0.05).sum() == 4


@given(tails)
def test_the_same_as_scipy(some: list[float]) -> None:
    assert adjusted(np.array(some)) == pytest.approx(stats.false_discovery_control(some))


@given(tails, st.integers(0, 20), st.integers(0, 99))
def test_nan_is_no_look_and_order_does_not_matter(some: list[float], holes: int, seed: int) -> None:
    mixed = np.array([*some, *[np.nan] * holes])
    order = np.random.default_rng(seed).permutation(len(mixed))
    found = adjusted(mixed[order])
    back = np.empty_like(found)
    back[order] = found
    assert back[: len(some)] == pytest.approx(adjusted(np.array(some)))
    assert np.isnan(back[len(some) :]).all()
    assert not discoveries(mixed, 0.999)[len(some) :].any()


@given(tails, st.floats(0.01, 0.5))
def test_looks_that_could_all_ring_are_benjamini_and_hochberg(some: list[float], q: float) -> None:
    p = np.array(some)
    every = np.ones(len(p), dtype=bool)
    # Not exactly at the limit: there the order of a product decides.
    clear = np.abs(adjusted(p) - q) > 1e-9
    found = rings(p, every, lambda t: t * len(p), q)
    assert (found == discoveries(p, q))[clear].all()
    assert not rings(p, ~every, lambda t: 0.0 * t, q).any()


def test_places_that_could_hardly_ring_do_not_hide_one_that_does() -> None:
    p = np.array([3e-4, *[0.9] * 600])
    assert not discoveries(p, 0.1).any()
    found = rings(p, p < 0.001, lambda t: t + 600 * min(t, 1e-6), 0.1)
    assert found.tolist() == [True, *[False] * 600]
    assert not rings(p, p < 0.001, lambda t: 601 * t, 0.1).any()


def test_the_false_discovery_rate_holds_where_most_places_have_next_to_nothing() -> None:
    """Six or more where 0.01 to 4 are usual, 600 places a month, in two of them something real."""
    rng, k = np.random.default_rng(17), np.arange(50.0)
    mean = np.geomspace(0.01, 4.0, 600)
    real = np.isin(np.arange(600), [450, 550])
    chances = np.asarray(stats.poisson.pmf(k, mean[:, None]))
    tails = mid_p(k, mean[:, None], np.ones((600, 1)))[0]

    def in_vain(t: float) -> float:
        return float(chances[(tails <= t) & (k >= 6)].sum())

    false, found, before = [], 0, 0
    for _ in range(1000):
        count = rng.poisson(np.where(real, mean + 5, mean))
        p = tails[np.arange(600), count]
        may = (count >= 6) & (p < 0.01)
        rung = rings(p, may, in_vain, 0.1)
        false.append(rung[~real].sum() / max(rung.sum(), 1))
        found, before = found + int(rung[real].sum()), before + int((discoveries(p, 0.1) & may & real).sum())
    assert 0.02 < np.mean(false) < 0.1
    assert found > 1.1 * before > 500


def test_any_shape() -> None:
    p = np.array([[0.001, 0.5], [np.nan, 0.9]])
    assert adjusted(p).shape == (2, 2)
    assert adjusted(np.full((3, 0), np.nan)).shape == (3, 0)
    assert discoveries(p, 0.1).tolist() == [[True, False], [False, False]]


@given(st.floats(0.1, 40), st.integers(1, 30))
def test_what_goes_on_never_weighs_more_than_news_and_a_priority_always_more(
    score: float, running: int
) -> None:
    assert weight(score, priority=False, running=running) >= weight(
        score, priority=False, running=running + 1
    )
    assert weight(score, priority=True, running=running) > weight(score, priority=False, running=running)
    assert weight(2 * score, priority=False, running=1) > weight(score, priority=True, running=1)
    assert (novelty(1), novelty(2), novelty(40)) == (1.0, 0.5, 0.25)
