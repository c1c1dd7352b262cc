"""What holds for every detector over time: error rates, invariants, hostile shapes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.baselines.past import past
from rules.baselines.windows import compare
from rules.judgement import Judgement
from rules.model import AreaKind, Break, Month
from tests.unit.detectors.over_time import Counts, at, hits, library, on, one, spread, without, world

RULES = (
    "sustained-rise", "sustained-fall", "step-change", "run-of-points", "record-high", "record-low",
    "direction-change", "direction-change-fall", "seasonal-excess-burglary", "small-count-high-harm",
)  # fmt: skip
NAMES = [f"s{i}" for i in range(10)]
SEASON = 1 + 0.15 * np.sin(2 * np.pi * (np.arange(12) + 2) / 12)


def null_world(rng: np.random.Generator, months: int, phi: float, bump: float = 1.0) -> Judgement:
    """Series in which nothing changes: Poisson (phi = 1) or negative binomial, 0.2 to 4 a month and LSOA.

    `bump` multiplies the last six months of everybody, county included.
    """
    season = np.tile(SEASON, 10)[:months]
    season[-6:] *= bump

    def draw(mean: Counts) -> Counts:
        counts = rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)
        return counts.astype(float)

    counts = {}
    for name in NAMES:
        level = np.exp(rng.uniform(np.log(0.2), np.log(4)))
        by_unit = {f"u{u}": draw(level * rng.gamma(2, 0.5) * season) for u in range(12)}
        counts[name] = {**by_unit, "rest": draw(level * 150 * season)}
    return world(counts)


@pytest.mark.parametrize(("phi", "slack"), [(1.0, 1.5), (1.8, 3.0)])
def test_unchanged_series_rarely_ring(phi, slack):
    """1,170 histories of districts and LSOAs: findings a series and month no more than alpha, with slack.

    Slack: three sums are tried for one alpha, and months of one history are not independent.
    """
    rng = np.random.default_rng(20261121)
    told: Counter[str] = Counter()
    months = 0
    for _ in range(9):
        judged = null_world(rng, 60, phi)
        for t in range(27, 60, 6):
            months += len(NAMES)
            now = at(judged, str(judged.cube.first + t))
            for name in RULES:
                rule = on(name, *NAMES, levels=library(name).scope.levels)
                told[name] += len({h.series for h in hits(rule, now)})
    assert months >= 500
    levels = 2  # the district, and its LSOAs together
    for name in RULES:
        alpha = library(name).parameters.model_dump()["alpha"]
        # Exact limits are a month's and a place's own: twelve LSOAs and the district.
        places = 13 if name == "small-count-high-harm" else levels
        assert told[name] / months <= slack * places * alpha, (name, told[name], months)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.2, 5.0), st.integers(1, 20), st.integers(2, 40))
def test_a_factor_on_the_whole_county_rings_no_local_rule(factor, last, level):
    counts = np.full(60, float(level))
    counts[-last:] *= factor
    judged = one(counts, 40 * counts)
    for name in RULES:
        assert not hits(on(name, "burglary"), judged), name


def test_a_county_that_doubles_rings_no_more_than_one_that_does_not():
    rng = np.random.default_rng(7)
    told = dict.fromkeys(RULES, 0)
    for _ in range(6):
        judged = null_world(rng, 48, 1.0, bump=2.0)
        for name in RULES:
            rule = on(name, *NAMES, levels=library(name).scope.levels)
            told[name] += len({h.series for h in hits(rule, judged)})
    assert sum(told.values()) <= 6, ("60 series, 13 places, ten rules", told)


@settings(max_examples=8, deadline=None)
@given(st.permutations([f"u{i}" for i in range(5)]), st.integers(0, 1000))
def test_permuted_areas_permute_the_findings(order, seed):
    rng = np.random.default_rng(seed)
    by_unit = {f"u{i}": rng.poisson(3, 48).astype(float) for i in range(5)}
    by_unit["u2"][-6:] += 8
    by_unit["rest"] = rng.poisson(300, 48).astype(float)
    plain = world({"burglary": by_unit})
    mixed = world({"burglary": {u: by_unit[u] for u in [*order, "rest"]}})
    for name in RULES:
        rule = on(name, "burglary", levels=(AreaKind.LSOA, AreaKind.DISTRICT))
        first = {(plain.cube.areas[h.area], round(h.p, 12), h.count) for h in hits(rule, plain)}
        second = {(mixed.cube.areas[h.area], round(h.p, 12), h.count) for h in hits(rule, mixed)}
        assert first == second, name


@settings(max_examples=10, deadline=None)
@given(
    st.integers(1, 40), st.lists(st.booleans(), min_size=40, max_size=40),
    st.sampled_from(["zero", "flat", "huge", "one"]),
)  # fmt: skip
def test_hostile_shapes_never_raise(months, missing, shape):
    counts = {"zero": 0.0, "flat": 4.0, "huge": 1e6, "one": 1.0}[shape]
    judged = one(np.full(months, counts), np.full(months, counts * 3), "burglary")
    for holes in (np.array(missing[:months]), np.ones(months, dtype=bool)):
        for name in RULES:
            assert not hits(name, without(judged, holes)), (name, "no change, and yet a finding")


def test_all_months_masked_say_nothing():
    mask = Break("all", "a mask", Month(2000, 1), None, "exclude", ("*",), ("*",))
    counts = spread([400] * 4)
    counts[-6:] *= 2
    judged = one(counts, spread([4000] * 4), breaks=(mask,))
    assert not any(hits(n, judged) for n in RULES)


def test_a_masked_past_leaves_the_comparison_with_the_county():
    mask = Break("lockdown", "a mask", Month(2008, 1), None, "relative-only", ("*",), ("*",))
    counts = spread([480] * 4)
    counts[-6:] *= 1.5
    told = hits("sustained-rise", one(counts, spread([4000] * 4), breaks=(mask,)))
    assert told
    assert {h.expected.basis for h in told if h.expected} == {"county"}


def test_the_prediction_of_a_sum_has_the_variance_of_the_formula():
    """Poisson, five years of a hundred a month: the level is known to 1.3 % and wanders by 0.7 % a month."""
    judged = one(spread([1200] * 6), np.zeros(72))  # nobody else records it: own history alone
    old = past(judged, [0], [judged.cube.areas.index("district")])
    both = compare(old, 6)
    assert np.isnan(both.county.mean).all()
    assert both.here.mean[0, 0] == pytest.approx(600, rel=0.01)
    phi, doubt = both.here.phi[0, 0], both.here.phi[0, 0] / both.here.total[0, 0]
    assert both.here.factor[0, 0] == pytest.approx(phi + 600 * doubt, rel=0.001)
    assert 1 <= phi < 1.1
    assert 0.02**2 < doubt < 0.04**2


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 50), st.integers(0, 100))
def test_more_is_never_less_unusual(level, more):
    counts = np.full(48, float(level))
    rest = np.full(48, 40.0 * level)

    def p_of(extra: int) -> float:
        counts[-3:] = level + extra
        judged = one(counts.copy(), rest)
        old = past(judged, [0], [judged.cube.areas.index("district")])
        return float(compare(old, 3).joint("rise")[0, 0])

    assert p_of(more + 1) <= p_of(more) + 1e-9
