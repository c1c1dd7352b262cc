"""Figures that carry what they were computed from, and can be computed again from it alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.claims import PERCENT_BASE, Claim, Claimant, Unit
from rules.month import Month, Window

YEAR = Window.ending(Month(2012, 9), 12)
BEFORE = Window.ending(Month(2011, 9), 12)
counts = st.integers(0, 10**7)
some = st.integers(1, 10**7)


def one(make: Callable[[Claimant], Claim | None]) -> Claim | None:
    claimant = Claimant("police", YEAR)
    made = make(claimant)
    assert claimant.made == ([made] if made else [])
    return made


MAKERS: dict[str, Callable[[int, int], Claim | None]] = {
    "count": lambda n, _: one(lambda c: c.count("x", n)),
    "per_1000": lambda n, d: one(lambda c: c.rate("x", n, d, "residents, mid-2020")),
    "share": lambda n, d: one(lambda c: c.share("x", n, d, "recorded in the district")),
    "percent": lambda n, d: one(lambda c: c.change("x", n, d, YEAR, BEFORE)),
    "z": lambda n, d: one(lambda c: c.z("x", n, d, YEAR, BEFORE)),
}


@pytest.mark.parametrize("unit", MAKERS)
@given(n=counts, d=some)
def test_every_claim_computes_again_to_the_value_it_states(unit: str, n: int, d: int) -> None:
    claim = MAKERS[unit](n, d)
    if claim is None:
        assert unit == "percent"
        assert d < PERCENT_BASE
        return
    assert claim.unit == unit
    assert claim.recompute() == pytest.approx(claim.value, rel=1e-12, abs=1e-9)


@given(n=counts, d=some, unit=st.sampled_from(sorted(MAKERS)))
def test_what_is_printed_as_json_is_enough_to_compute_it_again(n: int, d: int, unit: str) -> None:
    claim = MAKERS[unit](n, d)
    if claim is None:
        return
    told = json.loads(json.dumps(claim.as_json()))
    bare = Claim("x", 0.0, told["unit"], told["numerator"], told["denominator"], YEAR, told["source"])
    assert bare.recompute() == pytest.approx(told["value"], rel=1e-12, abs=1e-9)
    assert told["window"] == "2011-10..2012-09"
    assert told["source"] == "police"


@given(n=counts, d=st.integers(0, PERCENT_BASE - 1))
def test_no_percentage_on_a_small_base(n: int, d: int) -> None:
    assert MAKERS["percent"](n, d) is None


def test_the_smallest_base_of_a_percentage() -> None:
    claim = MAKERS["percent"](33, PERCENT_BASE)
    assert claim is not None
    assert claim.value == pytest.approx(10.0)


def test_a_change_is_divided_by_the_old_value() -> None:
    """A published document prints +19.8 % for 6,846 to 8,534: it divided by the new one."""
    claim = MAKERS["percent"](8534, 6846)
    assert claim is not None
    assert round(claim.value, 1) == 24.7
    assert (claim.window, claim.base_window) == (YEAR, BEFORE)


def test_a_small_change_in_total_crime_is_usual_variation() -> None:
    claim = MAKERS["z"](4931, 5060)
    assert claim is not None
    assert round(claim.value, 1) == -1.8


@given(counts, counts)
def test_z_is_nothing_without_change_and_turns_round(a: int, b: int) -> None:
    def z(new: int, old: int) -> float:
        claim = MAKERS["z"](new, old)
        assert claim is not None
        return claim.value

    assert z(a, a) == 0
    assert z(a, b) == pytest.approx(-z(b, a))
    assert (z(a, b) > 0) == (a > b)


@pytest.mark.parametrize("unit", ["per_1000", "share", "ratio", "percent"])
@pytest.mark.parametrize("nothing", [0, None])
def test_nothing_to_divide_by_is_no_figure(unit: Unit, nothing: float | None) -> None:
    assert math.isnan(Claim("x", math.nan, unit, 5, nothing, YEAR, "police").recompute())


def test_claims_are_kept_in_the_order_made_each_with_its_own_window() -> None:
    claimant = Claimant("police", YEAR)
    claimant.count("now", 4931)
    claimant.count("before", 5060, BEFORE)
    assert claimant.change("too small", 5, 4, YEAR, BEFORE) is None
    claimant.share("part", 1948, 4931, "recorded in the whole area")
    assert [(c.name, c.window) for c in claimant.made] == [("now", YEAR), ("before", BEFORE), ("part", YEAR)]
    assert claimant.made[2].basis == "recorded in the whole area"


def test_a_claim_once_made_does_not_change() -> None:
    claim = MAKERS["count"](5, 1)
    assert claim is not None
    with pytest.raises(FrozenInstanceError):
        claim.value = 6  # type: ignore[misc]
