"""Figures that carry what they were computed from, and can be computed again from it alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.claims import PERCENT_BASE, UNUSUAL_Z, Claim, Claimant, Unit
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
    "rank": lambda n, d: one(lambda c: c.rank("x", n, d)),
    "modelled": lambda n, _: one(lambda c: c.modelled("x", n / 7, "its usual level", BEFORE)),
    "difference": lambda n, d: one(lambda c: c.difference("x", n, d, YEAR, BEFORE)),
    "ratio": lambda n, d: one(lambda c: c.ratio("x", n, d, "areas")),
    "per_1000": lambda n, d: one(lambda c: c.rate("x", n, d, "residents, mid-2020")),
    "share": lambda n, d: one(lambda c: c.share("x", min(n, d), d, "recorded in the district")),
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


@given(whole=counts, more=some)
def test_a_part_above_its_whole_is_no_share(whole: int, more: int) -> None:
    """Areas that add up to more than their district were counted by other rules."""
    with pytest.raises(ValueError, match="no share"):
        Claimant("police", YEAR).share("the areas", whole + more, whole, "recorded in the district")
    with pytest.raises(ValueError, match="no share"):
        Claim("read back", 100.0, "share", whole + more, whole, YEAR, "police")


def test_a_refused_share_names_itself_and_its_parts() -> None:
    claimant = Claimant("assessments", YEAR)
    with pytest.raises(ValueError, match=r"^hate, ten areas: 1,305 of 53 is no share$"):
        claimant.share("hate, ten areas", 1305, 53, "recorded in the district")
    assert claimant.made == []


@pytest.mark.parametrize("nothing", [0, -3])
def test_no_rate_ratio_or_share_of_nothing(nothing: int) -> None:
    claimant = Claimant("police", YEAR)
    for make in (claimant.rate, claimant.ratio, claimant.share):
        with pytest.raises(ValueError, match=r"^burglary: no "):
            make("burglary", 0, nothing, "residents")


def test_a_sentence_is_written_from_the_claim() -> None:
    claimant = Claimant("police", YEAR)
    now, change = claimant.count("now", 8534), claimant.change("change", 8534, 6846, YEAR, BEFORE)
    assert f"{now:,.0f} recorded, {change:+.1f} %" == "8,534 recorded, +24.7 %"
    assert f"{claimant.count('areas', 7)} areas" == "7 areas"


def test_a_figure_of_no_months_has_no_window() -> None:
    claim = Claimant("areas").count("LSOAs of a place", 7)
    assert claim.window is None
    assert claim.as_json()["window"] is None


def test_how_often_a_z_of_three_errs() -> None:
    """The figures that the docstrings state: variance 2, so p = .034 of two unchanged years, not .0027."""
    rng = np.random.default_rng(1)
    new, old = rng.poisson(400.0, (2, 100_000))
    z = 2 * (np.sqrt(new) - np.sqrt(old))
    assert float(z.var()) == pytest.approx(2, rel=0.03)
    assert float((abs(z) >= UNUSUAL_Z).mean()) == pytest.approx(0.034, abs=0.003)


@pytest.mark.parametrize("unit", ["per_1000", "ratio", "percent"])
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
