"""The only door to the law: what fires where, what is folded into what, and that it is always the same."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.context import Context
from rules.engine import evaluate
from rules.findings import Finding
from rules.model import Area, AreaKind, Month, Severity, Verdict
from rules.spec import Rule
from tests.unit import small_cube as small
from tests.unit.small_cube import (
    AREAS,
    COUNTY,
    COUNTYWIDE,
    DISTRICTS,
    DROP,
    FIRST,
    HOME,
    LAST,
    MONTHS,
    SERIES,
    SITE,
    SPIKE,
    UNITS,
    WINDOW,
    Small,
    context,
    cube,
    usual,
)

MINE, NEXT, FAR = UNITS[0], UNITS[2], UNITS[4]  # in the first MSOA, in the second, in another district
LSOAS = small.rule("month-spike", "lsoa")
ALL: Sequence[Rule] = (SPIKE, DROP, COUNTYWIDE, WINDOW)


def with_month(changes: Mapping[str, float], t: int = MONTHS - 1, level: int = 12) -> Small:
    """The usual counts with some LSOAs' counts of one month changed."""
    found = usual(level)
    for unit, n in changes.items():
        found[UNITS.index(unit), t] = n
    return found


def judged(counts: Small, rules: Sequence[Rule] = ALL, own: Context | None = None) -> dict[str, Finding]:
    """Findings of the last month by `rule area`."""
    found = evaluate(rules, cube(counts), LAST, own or context())
    assert len({f.fingerprint for f in found}) == len(found)
    return {f"{f.rule} {f.area}": f for f in found}


# What fires where


def test_an_ordinary_month_is_quiet() -> None:
    assert judged(usual()) == {}


def test_a_place_far_above_usual_is_told_with_those_around_it_as_a_chain() -> None:
    found = judged(with_month({MINE: 90}), [SPIKE])
    assert set(found) == {f"month-spike {a}" for a in (MINE, "m1", HOME)}
    own, middle, top = (found[f"month-spike {a}"] for a in (MINE, "m1", HOME))
    assert (own.count, own.scope, own.direction) == (90, "local", "rise")
    assert own.expected.mean == pytest.approx(12, abs=1.5)
    assert own.expected.lower < 12 < own.expected.upper < 90
    assert own.expected.p_high < 0.001 < own.expected.p_low
    assert (own.parents, middle.parents, top.parents) == ((middle.fingerprint,), (top.fingerprint,), ())
    assert (own.children, middle.children, top.children) == ((), (own.fingerprint,), (middle.fingerprint,))


def test_places_with_next_to_nothing_do_not_hide_one_that_moves() -> None:
    """A p-value of a thousandth among many places: enough where few of them could have rung."""
    sparse = [f"kind{i}" for i in range(60)]
    names = ("theft", *sparse)
    kinds = {n: small.series(n) for n in names}
    own = context(kinds=kinds)
    rare = [usual(2) * 0.0 + (np.arange(MONTHS) % 9 == i % 9) * 1.0 for i in range(len(sparse))]
    busy = with_month({MINE: 26})
    alone = evaluate([LSOAS], cube(busy), LAST, own)
    with_them = evaluate([LSOAS], cube(busy, *rare, names=names), LAST, own)
    assert [(f.area, f.series) for f in alone] == [(MINE, "theft")]
    assert [(f.area, f.series) for f in with_them] == [(MINE, "theft")]
    p = alone[0].expected.p_high
    assert p * 4 < 0.1 < p * 4 * len(names)  # Benjamini and Hochberg would have to see it among 244 looks
    # Sixty kinds as large as the first are as many chances to ring in vain.
    many = [usual(12) for _ in sparse]
    assert evaluate([LSOAS], cube(busy, *many, names=names), LAST, own) == ()


def test_only_our_district_is_told_about() -> None:
    assert judged(with_month(dict.fromkeys(DISTRICTS["east"], 90)), [SPIKE, DROP]) == {}


def test_a_month_in_which_everybody_doubles_is_one_finding_about_the_county() -> None:
    found = judged(with_month(dict.fromkeys(UNITS, 26)))
    assert set(found) == {f"county-movement {COUNTY}"}
    (only,) = found.values()
    assert (only.scope, only.parents, only.count) == ("county", (), 26 * 12)


def test_a_rise_beyond_everybodys_stands_alone() -> None:
    found = judged(with_month(dict.fromkeys(UNITS, 26) | {MINE: 60}), [SPIKE, COUNTYWIDE])
    assert found[f"county-movement {COUNTY}"].children == ()
    assert found[f"month-spike {MINE}"].parents == (found["month-spike m1"].fingerprint,)
    tops = {f.area for f in found.values() if not f.parents}
    assert COUNTY in tops
    assert len(tops) == 2


def test_a_county_that_rises_because_of_us_is_folded_into_our_news() -> None:
    found = judged(with_month(dict.fromkeys(DISTRICTS[HOME], 60)), [SPIKE, COUNTYWIDE])
    county, own = found[f"county-movement {COUNTY}"], found[f"month-spike {HOME}"]
    assert county.parents == (own.fingerprint,)
    assert county.fingerprint in own.children
    assert own.parents == ()


def test_a_fall_is_told_as_a_fall() -> None:
    found = judged(with_month(dict.fromkeys(DISTRICTS[HOME], 2)), [SPIKE, DROP])
    assert set(found) == {f"month-drop {HOME}"}
    (fall,) = found.values()
    assert (fall.direction, fall.verdict) == ("fall", Verdict.MUCH_LOWER)


def test_a_rise_and_a_fall_are_not_folded_into_each_other() -> None:
    counts = with_month(dict.fromkeys(DISTRICTS[HOME], 0) | {MINE: 40}, level=30)
    found = judged(counts, [SPIKE, DROP])
    for f in found.values():
        for up in f.parents:
            (parent,) = (g for g in found.values() if g.fingerprint == up)
            assert parent.direction == f.direction


@pytest.mark.parametrize(("name", "harm", "severity"), [("theft", 1, 1), ("robbery", 2, 2), ("arson", 3, 3)])
def test_harm_makes_a_strong_finding_louder(name: str, harm: int, severity: int) -> None:
    found = evaluate([SPIKE], cube(with_month({MINE: 90}), names=[name]), LAST, context())
    assert {f.severity for f in found} == {Severity(severity)}
    assert SERIES[name].harm == harm


def test_the_loudest_comes_first() -> None:
    counts = with_month({MINE: 90}), with_month({NEXT: 40})
    found = evaluate(ALL, cube(*counts, names=["theft", "robbery"]), LAST, context())
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert all(math.isfinite(f.score) and f.score > 0 for f in found)


# What is not known


def test_months_outside_the_data_have_no_findings() -> None:
    whole = cube(with_month({MINE: 90}))
    assert evaluate(ALL, whole, LAST + 1, context()) == ()
    assert evaluate(ALL, whole, FIRST + -1, context()) == ()


def test_a_month_that_was_not_published_is_not_a_fall() -> None:
    counts = usual()
    counts[:, -1] = np.nan
    assert judged(counts) == {}


def test_one_unknown_place_makes_its_surroundings_unknown_and_others_are_judged() -> None:
    counts = with_month({NEXT: 90})
    counts[UNITS.index(MINE), -1] = np.nan
    assert {f.area for f in judged(counts, [SPIKE]).values()} <= {NEXT, "m2"}


def test_missing_months_are_left_out_of_the_usual_and_are_not_zeros() -> None:
    counts = with_month({MINE: 90})
    counts[:, 5:17] = np.nan
    gap = judged(counts)[f"month-spike {MINE}"].expected
    assert gap.mean == pytest.approx(12, abs=1.5)
    assert gap.months == MONTHS - 1 - 12


@pytest.mark.parametrize(("months", "fires"), [(11, False), (12, True)])
def test_less_than_a_year_of_history_judges_nothing(months: int, fires: bool) -> None:
    counts = with_month({MINE: 90})
    counts[:, : MONTHS - 1 - months] = np.nan
    found = judged(counts)
    assert bool(found) is fires
    for f in found.values():
        assert f.expected.confidence == "low"
        assert any("12 usable months" in c for c in f.caveats)


# Masks, breaks and events


def test_inside_a_pandemic_only_the_comparison_with_the_county_speaks() -> None:
    own = context(breaks=[small.known_break("relative-only", FIRST + 24)])
    everybody = dict.fromkeys(UNITS, 26)
    assert judged(with_month(everybody), own=own) == {}, "everybody's rise is the pandemic's"
    local = judged(with_month({MINE: 90}), [SPIKE], own)
    assert local[f"month-spike {MINE}"].expected.basis == "county"


def test_after_a_break_in_recording_the_old_level_is_forgotten() -> None:
    moved = usual()
    moved[:, 20:] += 20
    broken = judged(moved, own=context(breaks=[small.known_break("straddle", FIRST + 20)]))
    assert broken == {}
    soon = moved.copy()
    soon[:, -1] += 60
    late = context(breaks=[small.known_break("straddle", LAST + -5)])
    assert judged(soon, own=late) == {}, "five months after a break nothing can be judged"


def test_last_years_festival_does_not_make_this_years_spike_usual() -> None:
    counts = with_month({MINE: 40})
    for t in range(0, MONTHS - 1, 2):
        counts[0, t] = 80
    happenings = [small.event(f"e{t}", FIRST + t) for t in range(0, MONTHS - 1, 2)]
    assert f"month-spike {MINE}" not in judged(counts, [SPIKE])
    with_events = judged(counts, [SPIKE], context(events=happenings))
    assert with_events[f"month-spike {MINE}"].expected.mean == pytest.approx(12, abs=1.5)


def test_a_finding_in_the_month_of_an_event_names_it() -> None:
    own = context(events=[small.event("e-now", LAST)])
    found = judged(with_month({MINE: 90}), [SPIKE], own)
    assert {f.event for f in found.values()} == {"e-now"}
    elsewhere = judged(with_month({NEXT: 90}), [SPIKE], own)
    assert elsewhere[f"month-spike {NEXT}"].event == ""


def test_two_events_of_one_month_at_one_place_are_one_finding() -> None:
    """A festival in mid June and a race that begins on the 30th: one count, told once."""
    own = context(events=[small.event("festival", LAST), small.event("race", LAST, LAST + 1)])
    found = judged(with_month({MINE: 90}), [WINDOW], own)
    assert set(found) == {f"at-events {SITE}"}
    assert found[f"at-events {SITE}"].count == 90


# Places without LSOAs of their own


STATION = Area("station", "A fire station", AreaKind.STATION, frozenset(), 2011, HOME)
ABROAD = Area("abroad", "Another district's station", AreaKind.STATION, frozenset(), 2011, "east")
STATIONS = small.rule("station-spike", "station", "msoa")


def with_stations(**counts: float) -> dict[str, Finding]:
    """The usual counts; the stations have a steady ten a month, and in the last one what is given."""
    areas = {**AREAS, "station": STATION, "abroad": ABROAD}
    made = cube(with_month({MINE: 90}), areas=areas)
    for name, n in counts.items():
        row = made.counts[0, made.areas.index(name)]
        row[:], row[-1] = 10, n
    found = evaluate([STATIONS], made, LAST, context(areas=areas))
    return {f.area: f for f in found}


def test_a_station_is_nobodys_part_unless_somebody_says_so() -> None:
    """The empty set lies inside every set; a fire ground does not lie inside every village."""
    found = with_stations(station=90)
    assert set(found) == {"station", "m1"}
    assert found["station"].parents == ()
    assert found["m1"].children == ()


def test_a_station_of_another_district_is_not_ours() -> None:
    assert "abroad" not in with_stations(abroad=90)


# Always the same


_COUNTS = st.lists(st.integers(0, 60), min_size=len(UNITS), max_size=len(UNITS))


@settings(deadline=None, max_examples=40)  # a busy machine is no failure
@given(_COUNTS, _COUNTS)
def test_whatever_the_month_brings_the_findings_hang_together(last: list[int], before: list[int]) -> None:
    counts = usual()
    counts[:, -1], counts[:, -2] = last, before
    made = cube(counts)
    found = evaluate(ALL, made, LAST, context(events=[small.event("e", LAST)]))
    by_print = {f.fingerprint: f for f in found}
    assert len(by_print) == len(found)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    for f in found:
        assert f.month == LAST
        assert f.count == made.at(f.series, f.area, LAST)
        assert f.area == COUNTY or AREAS[f.area].units <= set(DISTRICTS[HOME])
        rise = f.direction == "rise"
        assert f.verdict in (
            {Verdict.HIGHER, Verdict.MUCH_HIGHER} if rise else {Verdict.LOWER, Verdict.MUCH_LOWER}
        )
        assert (f.count > f.expected.mean) == rise
        assert f.expected.lower <= f.expected.mean <= f.expected.upper
        assert len(f.parents) <= 1
        for up in f.parents:
            assert f.fingerprint in by_print[up].children
        for down in f.children:
            assert by_print[down].parents == (f.fingerprint,)
        seen = {f.fingerprint}
        while f.parents:
            f = by_print[f.parents[0]]
            assert f.fingerprint not in seen, "nothing is its own part"
            seen.add(f.fingerprint)


def test_the_order_of_rules_series_and_areas_does_not_matter() -> None:
    counts = {"theft": with_month({MINE: 90, FAR: 3}), "robbery": with_month(dict.fromkeys(UNITS, 26))}

    def told(rules: Sequence[Rule], names: list[str], codes: list[str]) -> list[tuple[object, ...]]:
        areas = {c: AREAS[c] for c in codes}
        made = cube(*(counts[n] for n in names), names=names, areas=areas)
        found = evaluate(rules, made, LAST, context())
        return [
            (f.fingerprint, f.count, f.severity, f.parents, f.children, round(f.expected.mean, 6))
            for f in found
        ]

    first = told(ALL, ["theft", "robbery"], list(AREAS))
    assert len(first) >= 4
    for rules, names, codes in itertools.product(
        (ALL, ALL[::-1]),
        (["theft", "robbery"], ["robbery", "theft"]),
        (list(AREAS), sorted(AREAS, reverse=True)),
    ):
        assert sorted(told(rules, names, codes), key=str) == sorted(first, key=str)


def test_told_twice_it_is_the_same() -> None:
    made, own = cube(with_month({MINE: 90})), context()
    before = made.counts.copy()
    assert evaluate(ALL, made, LAST, own) == evaluate(ALL, made, LAST, own)
    np.testing.assert_array_equal(made.counts, before)


def test_what_comes_later_does_not_change_what_was_said() -> None:
    counts = with_month({MINE: 90}, t=30)
    early = evaluate(ALL, cube(counts[:, :31]), FIRST + 30, context())
    counts[:, 31:] = 500
    assert evaluate(ALL, cube(counts), FIRST + 30, context()) == early
    assert early


def test_the_calendar_month_of_the_first_column_is_minded() -> None:
    """A county whose Decembers are twice as busy: December is no news, the same count in June is."""
    counts = usual(20, 60)
    december = np.arange(60) % 12 == 11
    counts[:, december] *= 2
    own = cube(counts, first=Month(2016, 1))
    assert evaluate([SPIKE, COUNTYWIDE], own, Month(2020, 12), context()) == ()
    counts[:, 59 - 6] *= 2
    june = evaluate([SPIKE, COUNTYWIDE], cube(counts, first=Month(2016, 1)), Month(2020, 6), context())
    assert {f.area for f in june} == {COUNTY}
