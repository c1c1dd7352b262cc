"""Errors that were printed in public assessments: the same figures through `rules.claims` come out right."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rules.areas import moved
from rules.claims import PERCENT_BASE, UNUSUAL_Z, Claim, Claimant
from rules.detectors.years import two_years
from rules.judgement import judge
from rules.model import Break, Month, Window
from tests.unit.detectors.relations import context_of, cube_of, years

TABLE = Path(__file__).resolve().parents[1] / "data" / "contradictions" / "contradictions.csv"
NOW = Window.ending(Month(2023, 12), 12)
BEFORE = Window.ending(Month(2022, 12), 12)


def told() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def change(new: float, old: float) -> Claim | None:
    return Claimant("assessments", NOW).change("change", new, old, NOW, BEFORE)


def rate(count: float, people: float) -> Claim | None:
    return Claimant("assessments", NOW).rate("rate", count, people, "residents, census 2021")


def share(part: float, whole: float) -> Claim | None:
    return Claimant("assessments", NOW).share("share", part, whole, "of all")


# id, the claim made of the document's own counts, the figure that was printed, the right one.
WRONG = [
    ("C01", change(8534, 6846), 19.8, 24.7),  # divided by the new value
    ("C03", rate(1095, 104_705), 30.53, 10.46),  # the count of one category with the rate of another
    ("C04", rate(1125, 104_705), 10.46, 10.74),
    ("C05", rate(8534, 104_705), 78.4, 81.5),
    ("C18", share(45, 394), 10.4, 11.4),
    ("C18", share(349, 394), 89.6, 88.6),
    ("C32", change(1274, 1088), 15.0, 17.1),
    ("C41", change(18, 35), -35.0, -48.6),
]


@pytest.mark.parametrize(("number", "claim", "printed", "right"), WRONG)
def test_the_printed_figure_does_not_come_out(
    number: str, claim: Claim | None, printed: float, right: float
) -> None:
    assert claim is not None
    digits = len(f"{right}".partition(".")[2])
    assert round(claim.value, digits) == right
    assert round(claim.recompute(), digits) == right
    assert round(claim.value, digits) != printed
    words = told()[number]["as_printed"] + told()[number]["recomputed"]
    assert f"{abs(printed):g}" in words


@pytest.mark.parametrize(("number", "figure"), [("C01", "24.7"), ("C32", "17.1"), ("C05", "81.5")])
def test_the_right_figure_is_the_one_that_the_table_holds(number: str, figure: str) -> None:
    assert figure in told()[number]["recomputed"]


def test_a_yearly_increase_follows_from_the_right_total() -> None:
    """C02: "below 5 per cent a year" rests on the wrong 19.8."""
    claim = change(8534, 6846)
    assert claim is not None
    assert claim.value / 4 > 6
    assert 100 * ((1 + claim.value / 100) ** (1 / 4) - 1) == pytest.approx(5.7, abs=0.05)


@pytest.mark.parametrize(("count", "printed", "people"), [(5375, 63, 93_000), (5000, 55, 93_900)])
def test_a_rate_names_its_residents(count: int, printed: int, people: int) -> None:
    """C33, C34: rates of one report on the residents of 2001 and of the next on newer ones do not compare."""
    claim = rate(count, people)
    assert claim is not None
    assert round(claim.value) < printed
    assert (claim.denominator, claim.basis) == (people, "residents, census 2021")


def test_parts_above_their_total_are_no_share() -> None:
    """C13: ten areas with 305 where the district has 53; never a plausible percentage."""
    with pytest.raises(ValueError, match="305 of 53 is no share"):
        share(305, 53)


def test_a_fall_of_a_half_stands_on_the_year_that_it_names() -> None:
    """C44: 102 fires are -48 % of the 196 of the same twelve months, and -39 % of the 168 of other ones."""
    same, other = change(102, 196), change(102, 168)
    assert same is not None
    assert other is not None
    assert round(same.value) == -48
    assert round(other.value) == -39
    assert same.base_window == BEFORE


@pytest.mark.parametrize("old", [0, 1, 13, PERCENT_BASE - 1])
def test_no_percentage_on_a_base_under_thirty(old: int) -> None:
    assert change(20, old) is None


def test_fifty_four_per_cent_of_thirteen_is_not_said() -> None:
    """Serious violence 13 to 20: a count, no percentage, and no change."""
    assert change(20, 13) is None
    assert not moved(20, 13)


@pytest.mark.parametrize(
    ("new", "old", "z", "unusual"),
    [
        (4931, 5060, -1.8, False),  # "total crime fell by 3 %"
        (155, 141, 1.2, False),  # "drugs +10 %"
        (20, 13, 1.7, False),
        (777, 734, 1.6, False),  # C06: "up by 5.9 %" beside "a steady reduction"
        (896, 730, 5.8, True),  # serious acquisitive crime
        (1274, 1088, 5.4, True),  # reports of hate
        (102, 196, -7.8, True),  # deliberate fires
    ],
)
def test_below_a_z_of_three_nothing_changed(new: int, old: int, z: float, unusual: bool) -> None:
    claim = Claimant("assessments", NOW).z("z", new, old, NOW, BEFORE)
    assert round(claim.value, 1) == z
    assert (abs(claim.value) >= UNUSUAL_Z) is unusual
    assert moved(new, old) is unusual


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (52, 743, 7),  # S8: vehicle crime at Donington Park's events, April to September 2007
        (1948, 4931, 39.5),  # ten areas
    ],
)
def test_shares_that_were_printed_right(part: int, whole: int, percent: float) -> None:
    claim = share(part, whole)
    assert claim is not None
    assert claim.value == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize("mask", ["straddle", "exclude", "relative-only"])
def test_no_year_is_compared_across_a_break(mask: str) -> None:
    """C07: ASB before and after the categories changed is not one series."""
    cube = cube_of({"asb": {"mine": years(996, 777)}})
    last = None if mask == "straddle" else Month(2018, 9)
    known = Break("asb", "categories changed", Month(2018, 4), last, mask, ("asb",), ("*",))
    s, a = 0, cube.areas.index("ours")
    for breaks, comparable in (((), True), ((known,), False)):
        found = two_years(judge(cube, context_of(cube, breaks=breaks), cube.last))
        assert found is not None
        now, before = found.sums(found.own[s, a])
        assert bool(now + before == 996 + 777) is comparable


def test_the_table_is_whole() -> None:
    rows = told()
    assert list(rows) == [f"C{i:02d}" for i in range(1, 48)]
    assert all(r["as_printed"] and r["verdict"] for r in rows.values())
