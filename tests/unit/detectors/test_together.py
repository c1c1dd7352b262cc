"""Disorder that rises together in one place, and movements of the whole county."""

from __future__ import annotations

import calendar
from dataclasses import replace

import numpy as np
import pytest

from rules.context import Context
from rules.engine import evaluate
from rules.model import Break, Cube, Month
from tests.unit.detectors.relations import FIRST, PEERS, Row, context_of, cube_of, ring, shipped, spread

LINKED = ("fires-deliberate", "asb", "fly-tipping")


def quarter(before: int, now: int) -> list[float]:
    return [*spread(before), *spread(now, 3)]


def place(own: dict[str, tuple[int, int]], rest: dict[str, tuple[int, int]]) -> tuple[Cube, Context]:
    rows = {s: {"mine": quarter(*own[s])} | {p: quarter(*rest[s]) for p in PEERS} for s in own}
    cube = cube_of(rows)
    return cube, context_of(cube)


USUAL = {"fires-deliberate": (60, 15), "asb": (1200, 300), "fly-tipping": (240, 60)}


def test_fires_asb_and_fly_tipping_in_one_place() -> None:
    (found,) = ring(
        "fire-asb-flytip-cluster",
        *place({"fires-deliberate": (4, 6), "asb": (40, 25), "fly-tipping": (12, 9)}, USUAL),
    )
    assert (found.area, found.series, found.count, found.span) == ("mine", "fires-deliberate", 6, 3)
    assert "Fires-deliberate 6" in found.note
    assert "Asb 25" in found.note


def test_one_of_them_alone_is_no_cluster() -> None:
    assert not ring(
        "fire-asb-flytip-cluster",
        *place({"fires-deliberate": (4, 1), "asb": (40, 60), "fly-tipping": (12, 3)}, USUAL),
    )


def test_a_dry_spring_everywhere_is_no_cluster() -> None:
    more = {s: (a, 6 * b) for s, (a, b) in USUAL.items()}
    own = {"fires-deliberate": (4, 6), "asb": (40, 60), "fly-tipping": (12, 18)}
    assert not ring("fire-asb-flytip-cluster", *place(own, more))


def test_clusters_follow_their_place_when_places_change_names() -> None:
    cube, context = place({"fires-deliberate": (4, 6), "asb": (40, 25), "fly-tipping": (12, 9)}, USUAL)
    order = list(range(len(cube.areas)))[::-1]
    turned = Cube(
        cube.series, tuple(cube.areas[i] for i in order), cube.first, cube.counts[:, order], cube.unlocated
    )
    assert ring("fire-asb-flytip-cluster", turned, context) == ring("fire-asb-flytip-cluster", cube, context)


def test_false_clusters_among_unchanged_places() -> None:
    """1,000 places with Poisson counts of all three: at most the nominal .0005, with slack for one."""
    rng = np.random.default_rng(11)
    rung = 0
    for _ in range(500):
        rows = {
            s: {u: rng.poisson(m, 15).astype(float) for u in ("mine", "other")}
            | {p: rng.poisson(20 * m, 15).astype(float) for p in PEERS}
            for s, m in zip(LINKED, (0.4, 4.0, 1.0), strict=True)
        }
        cube = cube_of(rows)
        rung += len(ring("fire-asb-flytip-cluster", cube, context_of(cube)))
    assert rung <= 2


# County months -------------------------------------------------------------------------------------------


def month_of(levels: list[float], growth: list[float], months: int = 14) -> tuple[Cube, Context]:
    """total = violence + drugs in eight districts; the last month grows by `growth` in each."""
    days = [calendar.monthrange((FIRST + i).year, (FIRST + i).number)[1] / 30.4 for i in range(months)]
    wave = [1 + 0.02 * (-1) ** i for i in range(months)]
    rows: dict[str, dict[str, Row]] = {"violence": {}, "drugs": {}, "total": {}}
    for unit, level, grown in zip(("mine", *PEERS), levels, growth, strict=True):
        base = np.array([level * d * w for d, w in zip(days, wave, strict=True)])
        violence, drugs = base.copy(), base.copy()
        violence[-1] *= grown
        rows["violence"][unit], rows["drugs"][unit] = violence.round(), drugs.round()
        rows["total"][unit] = violence.round() + drugs.round()
    cube = cube_of(rows)
    return cube, context_of(cube, parents={"violence": "total", "drugs": "total"})


EVEN = [100.0] * 8


def test_a_month_in_which_every_district_rises_is_one_finding() -> None:
    cube, context = month_of(EVEN, [1.4] * 8)
    (found,) = ring("county-movement", cube, context)
    assert (found.series, found.area, found.scope) == ("total", "county", "county")
    assert found.expected.confidence == "low"
    assert "8 of 8 districts moved the same way; Violence alone makes" in found.note


def test_a_rise_that_one_district_makes_is_not_the_countys() -> None:
    assert not ring("county-movement", *month_of(EVEN, [4.0, *[1.0] * 7]))


def test_a_longer_month_is_no_rise() -> None:
    """March is a tenth longer than February: 10 % more is the calendar's."""
    cube, context = month_of(EVEN, [1.0] * 8, months=15)  # ends in March
    assert not ring("county-movement", cube, context)


def test_the_movement_is_named_by_the_part_that_moved_when_the_total_did_not() -> None:
    (found,) = ring("county-movement", *month_of(EVEN, [1.15] * 8))
    assert found.series == "violence"


def test_a_fall_is_found_by_a_rule_for_falls() -> None:
    cube, context = month_of(EVEN, [0.6] * 8)
    rule = shipped("county-movement")
    assert not evaluate([rule], cube, cube.last, context)
    (found,) = evaluate([rule.model_copy(update={"direction": "fall"})], cube, cube.last, context)
    assert found.series == "total"
    assert found.expected.p_low < 0.01


def test_masked_months_are_neither_judged_nor_a_baseline() -> None:
    cube, context = month_of(EVEN, [1.4] * 8)
    now = Break("now", "now", cube.last, None, "relative-only", ("*",), ("*",))
    before = Break("before", "before", FIRST, Month(2018, 8), "relative-only", ("*",), ("*",))
    for known in (now, before):
        assert not ring("county-movement", cube, replace(context, breaks=(known,)))


def test_false_county_findings() -> None:
    """Counties whose months vary by a common factor of 4 %: rings in at most 1 % of 500, with slack."""
    rng = np.random.default_rng(3)
    rung = 0
    for _ in range(500):
        common = rng.normal(1, 0.04, 13)
        rows = {"violence": {u: rng.poisson(100 * common).astype(float) for u in ("mine", *PEERS)}}
        cube = cube_of(rows)
        rung += len(ring("county-movement", cube, context_of(cube)))
    assert rung <= 9


@pytest.mark.parametrize("months", [1, 5, 8])
def test_too_few_months_say_nothing(months: int) -> None:
    assert not ring("county-movement", *month_of(EVEN, [3.0] * 8, months=months))
