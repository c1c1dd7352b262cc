"""What may enter a baseline: masks, breaks and events, each where and when it applies and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Area, AreaKind, Break, Month
from tests.unit import small_cube as small
from tests.unit.small_cube import AREAS, COUNTY, FIRST, HOME, LAST, MONTHS, SITE, UNITS, context, known_break

CUBE = small.cube(small.usual(), small.usual(), names=("theft", "robbery"))
HOSTS = {UNITS[0], "m1", SITE, HOME}  # where an event at the site is a large part of a month


def left_out(usable: npt.NDArray[np.bool_]) -> set[tuple[str, str, str]]:
    """(series, area, month) that may not enter a baseline."""
    return {(CUBE.series[s], CUBE.areas[a], str(CUBE.first + int(t))) for s, a, t in np.argwhere(~usable)}


# Masks


def test_without_breaks_and_events_every_month_may_be_used() -> None:
    assert context().usable(CUBE, relative=False).all()
    assert not context().touched(CUBE, LAST).any()
    assert (context().since(CUBE, LAST) == 0).all()


@pytest.mark.parametrize("relative", [True, False])
def test_an_excluded_month_enters_no_baseline(relative: bool) -> None:
    known = known_break("exclude", Month(2020, 3), Month(2020, 4), series=("theft",), areas=(HOME, UNITS[4]))
    found = left_out(context(breaks=[known]).usable(CUBE, relative=relative))
    assert found == {("theft", a, m) for a in (HOME, UNITS[4]) for m in ("2020-03", "2020-04")}


def test_a_relative_only_month_may_only_be_compared_with_the_county() -> None:
    own = context(breaks=[known_break("relative-only", Month(2020, 3), Month(2020, 3))])
    assert own.usable(CUBE, relative=True).all()
    assert len(left_out(own.usable(CUBE, relative=False))) == 2 * len(CUBE.areas)


def test_a_straddle_takes_no_month_out_and_says_from_when_on_months_compare() -> None:
    first = Month(2020, 6)
    own = context(breaks=[known_break("straddle", first, series=("theft",), areas=(HOME,))])
    assert own.usable(CUBE, relative=False).all()
    since = own.since(CUBE, LAST)
    theft, home = CUBE.series.index("theft"), CUBE.areas.index(HOME)
    assert since[theft, home] == first - FIRST
    assert since.sum() == first - FIRST, "nowhere else"
    assert (own.since(CUBE, first + -1) == 0).all(), "before it happens it parts nothing"
    assert own.since(CUBE, first)[theft, home] == first - FIRST


def test_of_several_straddles_the_latest_that_has_happened_counts() -> None:
    breaks = [known_break("straddle", FIRST + n) for n in (20, 5, 30)]
    assert (context(breaks=breaks).since(CUBE, FIRST + 25) == 20).all()


def test_a_month_inside_a_mask_is_touched_by_it() -> None:
    own = context(breaks=[known_break("relative-only", FIRST + 3, FIRST + 5), known_break("straddle", FIRST)])
    said = [bool(own.touched(CUBE, FIRST + n).all()) for n in range(2, 7)]
    assert said == [False, True, True, True, False]
    still = context(breaks=[known_break("exclude", FIRST + 3)])
    assert still.touched(CUBE, LAST).all(), "without an end it goes on"


_AT = st.integers(-30, MONTHS + 30).map(lambda n: FIRST + n)
_BREAKS = st.builds(
    lambda mask, first, length, series, areas: Break(
        "b", "t", first, None if mask == "straddle" or length is None else first + length, mask, series, areas
    ),
    st.sampled_from(["exclude", "relative-only", "straddle"]),
    _AT,
    st.one_of(st.none(), st.integers(0, 50)),
    st.sampled_from([("*",), ("theft",), ("robbery", "theft"), ("none",)]),
    st.sampled_from([("*",), (HOME, UNITS[3]), ("elsewhere",)]),
)


@given(st.lists(_BREAKS, max_size=3), st.integers(0, MONTHS - 1))
def test_masks_are_what_their_registry_says_cell_by_cell(breaks: list[Break], t: int) -> None:
    own, month = context(breaks=breaks), FIRST + t
    for relative in (True, False):
        usable = own.usable(CUBE, relative=relative)
        for s, name in enumerate(CUBE.series):
            for a in (CUBE.areas.index(HOME), CUBE.areas.index(UNITS[5])):
                mine = [b for b in breaks if b.touches(name, CUBE.areas[a])]
                masked = [
                    b for b in mine
                    if b.mask == "exclude" or (b.mask == "relative-only" and not relative)
                ]  # fmt: skip
                inside = any(b.first <= month and (b.last is None or month <= b.last) for b in masked)
                assert usable[s, a, t] == (not inside)
                points = [b.first - FIRST for b in mine if b.mask == "straddle" and b.first <= month]
                assert own.since(CUBE, month)[s, a] == max([0, *points])


# Events


def test_months_of_past_events_are_left_out_where_the_event_is_and_only_there() -> None:
    own = context(events=[small.event("e", FIRST + 5, FIRST + 6)])
    for relative in (True, False):
        found = left_out(own.usable(CUBE, relative=relative))
        assert {a for _, a, _ in found} == HOSTS, "not in the county, of which it is a small part"
        assert {m for _, _, m in found} == {str(FIRST + 5), str(FIRST + 6)}
        assert {s for s, _, _ in found} == set(CUBE.series)


def test_a_cancelled_event_and_one_outside_the_data_change_nothing() -> None:
    for happening in (small.event("e", FIRST + 5, held=False), small.event("e", FIRST + -1, LAST + 1)):
        assert context(events=[happening]).usable(CUBE, relative=False).all()


def test_an_event_half_inside_the_data_is_left_out_by_half() -> None:
    found = left_out(context(events=[small.event("e", LAST, LAST + 1)]).usable(CUBE, relative=False))
    assert {m for _, _, m in found} == {str(LAST)}


def test_events_of_a_month_are_those_held_at_a_place_in_or_around_the_area() -> None:
    may = Month(2021, 5)
    events = [small.event("held", may), small.event("off", may, held=False), small.event("later", may + 1)]
    own = context(events=events)
    for area in AREAS:
        said = [e.uid for e in own.events_in(area, may)]
        assert said == (["held"] if area in HOSTS | {COUNTY} else [])


def test_an_event_is_measured_by_earlier_ones_of_its_name_at_its_place() -> None:
    may = Month(2021, 5)
    held = [may + -36, may + -24, may]
    events = [
        *(small.event("fair", m) for m in held if m >= FIRST),
        small.event("fair", may + -12, held=False),
        small.event("race", may + -1),
        small.event("fair", may + 1),
        small.event("fair", may + -6, area=UNITS[5]),
    ]
    own = context(events=events)
    found = own.happened(CUBE, may)
    assert found is not None
    assert found.shape == (1, len(CUBE.areas), MONTHS)
    where = {(CUBE.areas[a], str(FIRST + int(t))) for _, a, t in np.argwhere(found)}
    assert where == {(a, str(m)) for a in HOSTS for m in held if m >= FIRST}
    assert own.happened(CUBE, may + -12) is None, "cancelled"
    assert own.happened(CUBE, may + 2) is None


# What people confirmed


def test_a_confirmed_month_leaves_the_baselines_of_what_it_was_and_no_other() -> None:
    month = FIRST + 7
    said = frozenset(
        {
            ("theft", HOME, month),
            ("theft", "nowhere", month),
            ("fraud", HOME, month),
            ("theft", HOME, LAST + 9),
        }
    )
    own = replace(context(), confirmed=said)
    for relative in (True, False):
        assert left_out(own.usable(CUBE, relative=relative)) == {("theft", HOME, str(month))}
    assert not own.touched(CUBE, month).any(), "the month itself may be judged"


def test_a_confirmed_step_begins_a_new_level_once_it_is_past() -> None:
    steps = (("theft", HOME, FIRST + 9), ("theft", HOME, FIRST + 20), ("robbery", SITE, LAST + 5))
    own = replace(context(), restarts=steps)
    theft, home = CUBE.series.index("theft"), CUBE.areas.index(HOME)
    for month, start in ((FIRST + 15, 9), (FIRST + 20, 9), (FIRST + 21, 20), (LAST, 20)):
        found = own.restarted(CUBE, month)
        assert found is not None
        assert found[theft, home] == start
        assert found.sum() == start, "nowhere else"
    assert own.restarted(CUBE, FIRST + 9) is None
    assert (own.since(CUBE, LAST) == 0).all(), "months before it may still be compared"


# Who comes there


def test_visitors_are_said_of_the_place_and_of_lsoas_inside_it() -> None:
    own = context()
    assert own.visitor(SITE) == own.visitor(UNITS[0]) == "festival visitors"
    assert {own.visitor(a) for a in ("m1", HOME, COUNTY, UNITS[1])} == {""}


def test_an_areas_own_tag_comes_before_that_of_a_place_around_it() -> None:
    tagged = replace(AREAS[UNITS[0]], visitor="shoppers")
    own = context(areas={**AREAS, UNITS[0]: tagged})
    assert own.visitor(UNITS[0]) == "shoppers"


def test_a_place_without_lsoas_hosts_nothing() -> None:
    station = Area("station", "station", AreaKind.STATION, frozenset(), 2011, HOME)
    own = context(areas={**AREAS, "station": station}, events=[small.event("e", FIRST)])
    assert own.events_in("station", FIRST) == ()
    assert own.visitor("station") == ""
    assert own.home == frozenset(UNITS[:4])
