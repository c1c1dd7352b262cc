"""Targets met and missed; ranks and gaps among districts."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.context import Context
from rules.detectors.peers import league, peer_years
from rules.detectors.promises import Progress
from rules.engine import evaluate
from rules.judgement import judge
from rules.model import Break, Cube, Month, Window
from rules.targets import Target
from tests.unit.detectors.relations import PEERS, Row, context_of, cube_of, ring, shipped, spread, years

# The baseline year 2018, the promise for 2019.
PAST = Window(Month(2018, 1), Month(2018, 12))
YEAR = Window(Month(2019, 1), Month(2019, 12))


def target(
    series: str, percent: float, direction: Literal["increase", "decrease"], baseline: float | None = None
) -> Target:
    return Target("t", "A promise", series, "ours", baseline, PAST, percent, None, direction, YEAR, "a plan")


def so_far(series: str, past: int, now: list[float], promise: Target, *breaks: Break) -> tuple[Cube, Context]:
    row = [*spread(past), *now]
    cube = cube_of({series: {"mine": row} | {p: [float(past)] * len(row) for p in PEERS}})
    return cube, context_of(cube, targets=(promise,), breaks=breaks)


def test_hate_reports_reach_their_target() -> None:
    """S19: 1,274 against 1,088 and a promise of a tenth more; the months are spread evenly."""
    promise = target("hate", 10, "increase", 1088)
    cube, context = so_far("hate", 1088, spread(1274), promise)
    fired = [f for m in YEAR.first.until(cube.last) for f in ring("target-increase", cube, context, m)]
    (found,) = fired
    assert found.month == Month(2019, 12), "1,197 are reached in December, 1,167 before"
    assert (found.count, found.span) == (1274, 12)
    assert "target of 1,197 is met with 1,274, +17.1 % on the baseline of 1,088" in found.note
    assert found.expected.p_high < 0.001


@pytest.mark.parametrize("now", [1150, 1196])
def test_a_target_not_reached_is_not_announced(now: int) -> None:
    cube, context = so_far("hate", 1088, spread(now), target("hate", 10, "increase", 1088))
    assert not any(ring("target-increase", cube, context, m) for m in YEAR.first.until(cube.last))


def test_exactly_the_goal_is_enough() -> None:
    cube, context = so_far("hate", 100, spread(110), target("hate", 10, "increase", 100))
    assert ring("target-increase", cube, context)


def test_a_target_for_a_fall_is_met_when_its_window_ends() -> None:
    rule = shipped("target-increase")
    fall = rule.model_copy(
        update={"direction": "fall", "scope": rule.scope.model_copy(update={"series": ("total",)})}
    )
    cube, context = so_far("total", 5060, spread(4700), target("total", 5, "decrease"))
    assert not evaluate([fall], cube, cube.last + -1, context)
    (found,) = evaluate([fall], cube, cube.last, context)
    assert "target of 4,807 is met with 4,700" in found.note


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        (spread(4200, 8), True),  # a quarter above the pace of 3,205
        (spread(3205, 8), False),  # on pace
        (spread(4931)[:8], False),  # the published non-change: 4,931 against 4,807 is no clear miss
        (spread(1300, 2), False),  # two months are too early
    ],
)
def test_the_pace_of_a_year(now: list[float], rings: bool) -> None:
    cube, context = so_far("total", 5060, now, target("total", 5, "decrease"))
    found = ring("target-pace", cube, context)
    assert bool(found) is rings
    if rings:
        assert found[0].count == 4200
        assert "the target is 4,807" in found[0].note
        assert "at this pace 6,301" in found[0].note


def test_reports_behind_their_target_are_found_by_a_rule_for_falls() -> None:
    rule = shipped("target-pace")
    fall = rule.model_copy(update={"direction": "fall"})
    cube, context = so_far("hate", 1088, spread(500, 8), target("hate", 10, "increase", 1088))
    assert not evaluate([rule], cube, cube.last, context)
    (found,) = evaluate([fall], cube, cube.last, context)
    assert found.expected.p_low < 0.005


def test_no_target_is_measured_across_a_break_or_a_gap() -> None:
    now = spread(4200, 8)
    for mask, last in (("straddle", None), ("exclude", Month(2019, 3))):
        known = Break("b", "b", Month(2019, 2), last, mask, ("total",), ("*",))
        assert not ring("target-pace", *so_far("total", 5060, now, target("total", 5, "decrease"), known))
    now[3] = np.nan
    assert not ring("target-pace", *so_far("total", 5060, now, target("total", 5, "decrease")))


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 20_000), done=st.integers(1, 12), goal=st.integers(1, 20_000))
def test_a_projection_holds_what_is_there_already(count: int, done: int, goal: int) -> None:
    promise = target("total", 5, "decrease", 1000)
    p = Progress(promise, 0, 0, done, count, 0, goal, 1000, done / 12, 1.5)
    mean, low, high, met = p.projected()
    assert count <= low <= mean + 1
    assert mean <= high + 1
    assert 0 <= met <= 1
    if count > goal:
        assert met == 0


# Peers ---------------------------------------------------------------------------------------------------

LEVELS = (500, 450, 420, 310, 290, 280, 270)


def districts(own: tuple[int, int], factor: float = 1.0) -> tuple[Cube, Context]:
    rows: dict[str, Row] = {"mine": years(*own)}
    rows |= {p: years(n, round(n * factor)) for p, n in zip(PEERS, LEVELS, strict=True)}
    cube = cube_of({"total": rows})
    return cube, context_of(cube)


def test_second_of_the_districts() -> None:
    """S25, S26: a rank is stated with the ranks that chance allows."""
    cube, context = districts((480, 480))
    judged = judge(cube, context, cube.last)
    years_ = peer_years(judged)
    assert years_ is not None
    table = league(judged, years_, 0)
    assert table is not None
    assert table.rank(table.now) == 2
    assert table.rank_range(table.now) == (1, 3)


def test_a_rank_that_changed_beyond_chance() -> None:
    (found,) = ring("peer-rank", *districts((300, 480)))
    assert "rank 2 of 8 districts by rate (4.8 per 1,000 residents in 12 months)" in found.note
    assert "a year ago rank 5; chance allows any rank from 1 to 3" in found.note


@pytest.mark.parametrize(
    ("own", "factor"),
    [
        ((300, 330), 1.0),  # fifth to fourth: level districts change places
        ((300, 480), 1.6),  # everybody moves
        ((141, 155), 1.0),  # S26: drugs +10 %
        ((506, 493), 1.0),  # total, -3 %
    ],
)
def test_ranks_and_gaps_that_mean_nothing(own: tuple[int, int], factor: float) -> None:
    assert not ring("peer-rank", *districts(own, factor))
    assert not ring("peer-gap", *districts(own, factor))


def test_a_gap_opens_and_is_said_once() -> None:
    (found,) = ring("peer-gap", *districts((380, 1500)))
    assert "15.0 per 1,000 residents in 12 months" in found.note
    assert not ring("peer-gap", *districts((1500, 1500))), "as wide a year ago"


def test_ranks_need_residents_and_districts() -> None:
    cube, context = districts((300, 480))
    nobody = Context(context.areas, context.series, "ours", "county")
    assert not ring("peer-rank", cube, nobody)
    assert not ring("peer-gap", cube, nobody)


def test_false_ranks_among_unchanged_districts() -> None:
    """1,000 unchanged series in eight districts with over-dispersion 1.5: under the nominal alpha."""
    rng = np.random.default_rng(5)
    rung = {"peer-rank": 0, "peer-gap": 0}
    for _ in range(10):
        rows = {
            f"s{i}": {
                u: rng.negative_binomial(2 * n / 12, 2 / 3, 24).astype(float)
                for u, n in zip(("mine", *PEERS), (330, *LEVELS), strict=True)
            }
            for i in range(100)
        }
        cube = cube_of(rows)
        context = context_of(cube)
        for rule in rung:
            rung[rule] += len(ring(rule, cube, context))
    assert rung["peer-rank"] <= 2
    assert rung["peer-gap"] <= 5
