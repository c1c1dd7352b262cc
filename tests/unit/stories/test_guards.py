"""What a true count may be misread as: breaks, peaks, records without a place, visitors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rules.engine import find
from rules.findings import Finding
from rules.guards import ASIDE_BEFORE, ASIDE_NOW, PLACELESS, RETURN, guarded
from rules.judgement import Judgement, judge
from rules.model import Break, Month, Window
from tests.unit.stories.by_area import BY_AREA
from tests.unit.stories.county import COUNTY, OUR, book
from tests.unit.stories.over_time import OVER_TIME
from tests.unit.stories.story import evenly, years
from tests.unit.stories.world import Row, World, Years, findings, judged

MAR_2011, DEC_2020 = Month(2011, 3), Month(2020, 12)
STORIES = {s.id: s for s in (*OVER_TIME, *BY_AREA)}


def told(month: Judgement) -> list[Finding]:
    """What the whole book says after the guards."""
    return [g for f in find(book(), month) if (g := guarded(month, f)) is not None]


def about(found: Sequence[Finding], area: str = OUR) -> list[Finding]:
    return [f for f in found if f.area == area]


# S33: lockdown and new categories of anti-social behaviour, as breaks of the register. All counts invented.
ASB = Row(
    "asb", years(600, 610, 590, 605, 600, 1180, **evenly(2020, 1180)), years(),
    (620, 610, 600, 605, 610, 1200),
)  # fmt: skip


ALONE = World(DEC_2020, (replace(ASB, rest=()),))  # told by a source of our district
EVERYWHERE = World(DEC_2020, (replace(ASB, rest=(620, 610, 600, 605, 610, 1220)),))  # and by the county's


@pytest.mark.parametrize(("mask", "last"), [("straddle", None), ("relative-only", Month(2021, 6))])
@pytest.mark.parametrize(
    ("world", "months"), [(ALONE, (4, 8, 12)), (EVERYWHERE, (1, 2))], ids=["alone", "everywhere"]
)
def test_s33_a_registered_break_is_no_news(
    world: World, months: tuple[int, ...], mask: str, last: Month | None
) -> None:
    known = Break("asb", "new categories", Month(2020, 1), last, mask, ("asb",), ("*",))
    for month in (Month(2020, m) for m in months):
        assert findings(world, month=month), "without the register it rings"
        assert [f for f in findings(replace(world, breaks=(known,)), month=month) if not f.parents] == []


def test_s33_our_own_doubling_in_a_pandemic_is_news_all_the_same() -> None:
    known = Break("pandemic", "the pandemic", Month(2020, 3), None, "relative-only", ("*",), ("*",))
    world = World(DEC_2020, (replace(ASB, rest=(620, 610, 600, 605, 610, 615)),), breaks=(known,))
    assert about(findings(world, month=Month(2020, 8)))


def hoaxes(*totals: int, **exact: int) -> World:
    """A source that speaks of our district alone."""
    return World(MAR_2011, (Row("asb-hoax", Years(totals, years(**exact).exact), years()),))


def test_s22_a_fall_from_a_peak_says_so() -> None:
    story = STORIES["S22"]
    found = about(told(judged(story.world)))
    assert found
    assert all(RETURN["fall"] in f.caveats for f in found)


@pytest.mark.parametrize(
    ("totals", "way", "says"),
    [
        pytest.param((182, 178, 181, 320, 189), "fall", True, id="from a peak"),
        pytest.param((320, 318, 325, 320, 189), "fall", False, id="from where it was all along"),
        pytest.param((220, 250, 290, 330, 189), "fall", True, id="from the top of a climb"),
        pytest.param((320, 181, 325, 326, 189), "fall", False, id="as high two years ago"),
        pytest.param((320, 326, 318, 182, 310), "rise", True, id="from a low"),
        pytest.param((180, 182, 178, 182, 310), "rise", False, id="up from where it was"),
    ],
)
def test_a_return_is_told_only_after_an_extreme(totals: tuple[int, ...], way: str, says: bool) -> None:
    month = judged(hoaxes(*totals))
    finding = by_hand(month, totals[-1], mean=float(totals[-2]), rise=way == "rise")
    kept = guarded(month, finding)
    assert kept is not None
    assert (kept.caveats != finding.caveats) is says
    assert set(kept.caveats) - set(finding.caveats) <= {RETURN[finding.direction]}


def by_hand(month: Judgement, count: int, *, mean: float, rise: bool, area: str = OUR) -> Finding:
    """A year's count against the year before, whichever rule says so; half or twice as many are far out."""
    story = STORIES["S22"]
    one = next(f for f in findings(story.world) if f.rule == story.rule)
    expected = replace(
        one.expected, mean=mean, dispersion=1.5, basis="here", p_high=0.0 if rise else 1.0,
        p_low=1.0 if rise else 0.0,
    )  # fmt: skip
    return replace(
        one, area=area, month=month.month, count=count, expected=expected, caveats=(), parents=(),
        children=(), direction="rise" if rise else "fall",
    )  # fmt: skip


def test_two_years_are_too_few_to_call_one_a_peak() -> None:
    month = judged(hoaxes(180, 320, 189))
    kept = guarded(month, by_hand(month, 189, mean=320.0, rise=False))
    assert kept is not None
    assert kept.caveats == ()


def test_years_before_a_break_make_no_peak() -> None:
    known = Break("asb", "new categories", Month(2009, 4), None, "straddle", ("*",), ("*",))
    month = judged(replace(hoaxes(182, 178, 181, 320, 189), breaks=(known,)))
    kept = guarded(month, by_hand(month, 189, mean=320.0, rise=False))
    assert kept is not None
    assert kept.caveats == ()


def test_where_a_place_stands_is_no_movement() -> None:
    """A rate far above the county's was not low before: nothing to return from."""
    story = STORIES["S28"]
    month = judged(story.world)
    (own,) = [f for f in find(book(), month) if f.rule == story.rule]
    assert guarded(month, own) == own
    assert "airport passengers and staff are not among the residents" in own.note


@pytest.mark.parametrize(
    ("aside", "says"),
    [
        pytest.param({}, (), id="nothing set aside"),
        pytest.param({MAR_2011: 0.59}, (), id="half a bad month of twelve: less than one row in twenty"),
        pytest.param({MAR_2011: 0.61}, (ASIDE_NOW,), id="most of a month"),
        pytest.param({MAR_2011 + -i: 0.051 for i in range(12)}, (ASIDE_NOW,), id="a little of every month"),
        pytest.param({MAR_2011 + -i: 0.049 for i in range(12)}, (), id="too little of every month"),
        pytest.param({MAR_2011 + -i: 0.4 for i in range(12, 24)}, (ASIDE_BEFORE,), id="of the year before"),
        pytest.param({MAR_2011 + -40: 0.9}, (), id="of a month that is not compared"),
    ],
)
def test_rows_set_aside_are_said_beside_what_they_would_have_counted_in(
    aside: dict[Month, float], says: tuple[str, ...]
) -> None:
    plain = judged(hoaxes(320, 318, 325, 320, 189))
    month = replace(plain, context=replace(plain.context, aside=aside))
    kept = guarded(month, by_hand(month, 189, mean=320.0, rise=False))
    assert kept is not None
    assert kept.caveats == says


def test_rows_set_aside_are_said_where_a_place_stands() -> None:
    story = STORIES["S28"]
    plain = judged(story.world)
    month = replace(plain, context=replace(plain.context, aside={plain.month: 1.0}))
    (own,) = [f for f in find(book(), month) if f.rule == story.rule]
    assert ASIDE_NOW in own.caveats


def placeless(month: Judgement, share: float, months: slice) -> Judgement:
    """The same month, but so much of every series came without a place: it is taken out of all areas."""
    cube = month.cube
    counts, unlocated = cube.counts.copy(), cube.unlocated.copy()
    county = cube.areas.index(COUNTY)
    lost = np.floor(counts[:, :, months] * share)
    unlocated[:, months] += lost[:, county]
    counts[:, :, months] -= lost
    return judge(replace(cube, counts=counts, unlocated=unlocated), month.context, month.month)


LAST, BEFORE = slice(-1, None), slice(-37, -1)


@pytest.mark.parametrize(
    ("months", "way"), [pytest.param(LAST, "fall", id="fall"), pytest.param(BEFORE, "rise", id="rise")]
)
def test_records_without_a_place_make_no_movement(months: slice, way: str) -> None:
    month = placeless(judged(hoaxes(*(1200,) * 5)), 0.4, months)
    plain = [f for f in about(find(book(), month)) if f.direction == way]
    assert about(told(month)) == []
    # A rule that compares with the district's own past alone would ring.
    count, mean = (round(float(month.counts[0, month.cube.areas.index(OUR)])), 100.0)
    finding = replace(by_hand(month, count, mean=mean if way == "fall" else 60.0, rise=way == "rise"), span=1)
    assert guarded(month, finding) is None
    assert all(guarded(month, f) is None for f in plain)


def test_a_fall_beyond_what_they_can_make_is_told_with_them() -> None:
    month = placeless(judged(hoaxes(*(1200,) * 5)), 0.1, LAST)
    kept = guarded(month, replace(by_hand(month, 30, mean=100.0, rise=False), span=1))
    assert kept is not None
    assert PLACELESS["fall"] in kept.caveats


def test_the_usual_few_without_a_place_are_not_worth_a_word() -> None:
    month = placeless(judged(hoaxes(*(1200,) * 5)), 0.03, slice(None))
    kept = guarded(month, replace(by_hand(month, 30, mean=100.0, rise=False), span=1))
    assert kept is not None
    assert kept.caveats == ()


def test_the_county_lost_the_same_records_so_its_verdict_stands() -> None:
    month = placeless(judged(hoaxes(*(1200,) * 5)), 0.4, LAST)
    finding = replace(by_hand(month, 30, mean=100.0, rise=False), span=1)
    against = replace(finding, expected=replace(finding.expected, basis="county"))
    kept = guarded(month, against)
    assert kept is not None
    assert kept.caveats == ()


def test_a_baseline_before_the_first_month_is_known_to_miss_nothing() -> None:
    month = placeless(judged(hoaxes(*(1200,) * 5)), 0.1, LAST)
    finding = replace(by_hand(month, 30, mean=100.0, rise=False), span=1)
    old = Window.ending(month.cube.first + -6, 12)
    kept = guarded(month, replace(finding, expected=replace(finding.expected, window=old)))
    assert kept is not None
    assert PLACELESS["fall"] in kept.caveats
