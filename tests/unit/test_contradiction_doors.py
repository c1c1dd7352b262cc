"""The same errors once more, where figures are made: denominators, parts and wholes, years across a break."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.folder.atlas import load_geography
from jobs.folder.geography import Geography
from jobs.folder.partnership import load_partnership
from jobs.folder.registers import load_breaks
from jobs.sources.values import day
from rules.claims import Claimant
from rules.detectors.promises import progress
from rules.judgement import judge
from rules.model import Break, Month, Window
from rules.targets import Target
from tests.unit.detectors.relations import PARENTS, context_of, cube_of, ring, shipped, world, years
from tests.unit.test_contradictions import told

NWL = Path(__file__).resolve().parents[2] / "deploy" / "partnerships" / "nwl"
NOW, BEFORE = Window.ending(Month(2023, 12), 12), Window.ending(Month(2022, 12), 12)

# Why each printed error cannot come out of this program.
CLOSED = {
    "computed": "a claim made of the counts themselves",
    "base": "a claim names its denominator, and there is one denominator for a place and year",
    "whole": "a part above its whole is no share, and nothing is found on it",
    "break": "no comparison across a registered break",
    "period": "a window says both its ends",
    "area": "names and bands of places come from one gazetteer and one rule",
    "not said": "prose of its authors, which no command writes",
}
WHY = {
    "computed": "C01 C02 C06 C18 C19 C32 C37 C41",
    "base": "C03 C04 C05 C33 C34 C39 C45",
    "whole": "C13",
    "break": "C07",
    "period": "C12 C21 C22 C44",
    "area": "C11 C14 C27 C28 C46",
    "not said": "C08 C09 C10 C15 C16 C17 C20 C23 C24 C25 C26 C29 C30 C31 C35 C36 C38 C40 C42 C43 C47",
}


@pytest.fixture(scope="module")
def place() -> Geography:
    return load_geography(load_partnership(NWL))


def test_every_error_of_the_table_has_a_reason() -> None:
    assert sorted(" ".join(WHY.values()).split()) == sorted(told())
    assert set(WHY) == set(CLOSED)


@pytest.mark.parametrize("year", [2012, 2019, 2021, 2023])
def test_a_district_has_the_residents_of_its_lsoas_of_one_year_and_basis(place: Geography, year: int) -> None:
    """C05, C33, C34, C45: a rate of the district and those of its LSOAs have denominators of one kind."""
    units = place[place.district].units
    whole = place.population(units, year)
    assert whole is not None
    same = (whole.year, whole.basis)
    each = [p.people for u in units for p in place.populations[u] if (p.year, p.basis) == same]
    assert len(each) == len(units)
    assert sum(each) == pytest.approx(whole.people)
    assert str(whole.year) in whole.basis or "implied" in whole.basis


def test_no_rate_without_residents() -> None:
    with pytest.raises(ValueError, match="without people"):
        Claimant("police", NOW).rate("rate", 8534, 0.0, "residents")


@pytest.mark.parametrize("rule", ["alcohol-flag-share", "share-shift", "environmental-asb-divergence"])
def test_parts_above_their_whole_are_found_nowhere(rule: str) -> None:
    """C13: areas that sum to 305 where the district has 53 count something else, however far they rise."""
    part, whole = {
        "alcohol-flag-share": ("alcohol-violence", "violence"), "share-shift": ("drugs", "total"),
        "environmental-asb-divergence": ("asb-environmental", "asb"),
    }[rule]  # fmt: skip
    flat = years(300, 300)
    cube, context = world({part: (years(60, 305), flat), whole: (years(53, 53), years(900, 900))})
    assert ring(rule, cube, context) == ()
    cube, context = world({part: (years(60, 305), flat), whole: (years(900, 900), years(900, 900))})
    assert PARENTS.get(part, whole) == whole
    assert ring(rule, cube, context), "the same rise inside its whole is found"


@pytest.mark.parametrize(("known", "comparable"), [((), True), (("2022-06",), False)])
def test_no_target_is_measured_across_a_break(known: tuple[str, ...], *, comparable: bool) -> None:
    """C07, C44: a baseline on the other side of a change of recording promises nothing."""
    cube = cube_of({"asb": {"mine": years(996, 996, 996, 996, 900, 777)}})
    breaks = tuple(Break("b", "b", Month.parse(m), None, "straddle", ("asb",), ("*",)) for m in known)
    target = Target("t", "t", "asb", "ours", None, BEFORE, 10.0, None, "decrease", NOW, "a plan")
    month = judge(cube, context_of(cube, breaks=breaks, targets=(target,)), Month(2023, 12))
    assert bool(list(progress(shipped("target-pace"), month))) is comparable


def test_anti_social_behaviour_has_its_break_of_april_2011() -> None:
    """C07: "the highest ever" cannot be said of counts that start after the categories changed."""
    (known,) = [b for b in load_breaks(NWL / "breaks.toml") if b.id == "asb-2011"]
    assert (known.first, known.mask) == (Month(2011, 4), "straddle")
    assert {"asb", "asb-nuisance"} <= set(known.series)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window.ending(Month(2012, 9), 12), "the year to September 2012"),  # C22: called FY2012
        (Window(Month(2019, 1), Month(2023, 12)), "January 2019 to December 2023"),  # C12: "four years"
        (Window.ending(Month(2011, 3), 12), "the year to March 2011"),  # C44: 168 fires of another year
    ],
)
def test_a_window_says_what_it_covers(window: Window, words: str) -> None:
    assert window.words == words


def test_june_has_thirty_days() -> None:
    """C21: 31/06/2012."""
    assert day("31/06/2012", "%d/%m/%Y", iso=False) is None
    assert day("30/06/2012", "%d/%m/%Y", iso=False) is not None
