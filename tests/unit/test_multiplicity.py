"""Many looks at once: Benjamini and Hochberg, and what weighs most in a full month."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rules.multiplicity import adjusted, discoveries, novelty, weight

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
