"""The edges: exact tails, hostile shapes, and how often unchanged histories ring."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors.exact import fisher_mid_p
from rules.engine import evaluate
from tests.unit.detectors.relations import PEERS, Row, context_of, cube_of, ring, shipped, world


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_exact_p_is_a_probability_and_turns_round(a: int, rest: int, b: int, rest_before: int) -> None:
    up = fisher_mid_p(a, a + rest, b, b + rest_before)
    down = fisher_mid_p(b, b + rest_before, a, a + rest)
    assert 0 <= up <= 1
    assert up + down == pytest.approx(1, abs=1e-6)


def test_the_exact_p_of_a_small_table() -> None:
    """3 of 3 against 0 of 3: one table in twenty, half of it counted."""
    assert fisher_mid_p(3, 3, 0, 3) == pytest.approx(0.025)


@pytest.mark.parametrize("factor", [0.0, np.nan, 1e6])
@pytest.mark.parametrize("months", [1, 23, 24, 30])
def test_hostile_shapes_raise_nothing(factor: float, months: int) -> None:
    names = ("alcohol-flagged", "asb", "asb-environmental", "domestic-incidents", "domestic-offences",
             "drugs", "fires-deliberate", "fires-primary-other", "fly-tipping", "total")  # fmt: skip
    row = np.full(months, factor)
    cube, context = world(dict.fromkeys(names, (row, row)))
    for rule in ("share-shift", "environmental-asb-divergence", "alcohol-flag-share", "county-movement",
                 "deliberate-fires-non-vehicle", "reporting-ratio", "peer-rank", "peer-gap", "target-pace",
                 "fire-asb-flytip-cluster"):  # fmt: skip
        assert not ring(rule, cube, context)


def test_false_findings_among_unchanged_districts() -> None:
    """1,000 unchanged over-dispersed histories: no more findings than the nominal alpha, with slack."""
    rng = np.random.default_rng(7)
    rung = dict.fromkeys(("share-shift", "environmental-asb-divergence"), 0)
    for _ in range(10):
        rows: dict[str, Mapping[str, Row]] = {}
        for i in range(100):
            # Negative binomial, variance / mean 2; the other districts are steady and large.
            part, rest = (rng.negative_binomial(n, 0.5, 24).astype(float) for n in (20, 80))
            others = {p: rng.poisson(100, 24).astype(float) for p in PEERS}
            rows[f"part-{i}"] = {"mine": part} | {p: 0.2 * n for p, n in others.items()}
            rows[f"whole-{i}"] = {"mine": part + rest} | {p: n.copy() for p, n in others.items()}
        cube = cube_of(rows)
        context = context_of(cube, parents={f"part-{i}": f"whole-{i}" for i in range(100)})
        for name in rung:
            rule = shipped(name)
            anything = rule.model_copy(
                update={"scope": rule.scope.model_copy(update={"series": ("leaves",)})}
            )
            rung[name] += len(evaluate([anything], cube, cube.last, context))
    assert rung["share-shift"] <= 4  # .00135 of 1,000 is 1.4
    assert rung["environmental-asb-divergence"] <= 15  # .01 of 1,000 is 10
