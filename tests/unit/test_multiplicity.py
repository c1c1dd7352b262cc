"""Many looks at once: Benjamini and Hochberg, and the room there is in a month."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rules.findings import Expected, Finding
from rules.model import Month, Severity, Verdict
from rules.multiplicity import adjusted, discoveries, novelty, within_budget

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


def finding(area: str, score: float, parents: tuple[str, ...] = ()) -> Finding:
    expected = Expected(1, 0, 3, 1, 0.0001, 0.9999, 24, None, "here")
    return Finding("r", 1, "burglary", area, Month(2022, 6), 9, 1, expected, Verdict.MUCH_HIGHER,
                   Severity.NOTE, "rise", score, "local", parents=parents)  # fmt: skip


def test_the_loudest_get_the_room_and_what_is_folded_takes_none() -> None:
    some = [finding("a", 3.0), finding("b", 9.0), finding("c", 8.0, ("r|burglary|b",)), finding("d", 5.0)]
    told, rest = within_budget(some, 2)
    assert ([f.area for f in told], [f.area for f in rest]) == (["b", "d"], ["a"])
    assert within_budget(some, 0)[0] == ()


def test_priority_and_news_weigh() -> None:
    some = [finding("a", 4.0), finding("b", 6.0)]
    told, _ = within_budget(some, 1, running=lambda f: 6 if f.area == "b" else 1)
    assert told[0].area == "a"
    told, _ = within_budget(some, 1, priority=lambda f: 2.0 if f.area == "a" else 1.0)
    assert told[0].area == "a"
    assert (novelty(1), novelty(2), novelty(40)) == (1.0, 0.5, 0.25)
