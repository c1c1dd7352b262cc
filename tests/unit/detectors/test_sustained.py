"""Sustained rises and falls: the stories with the figures of the sources, and what must stay quiet."""

from __future__ import annotations

import numpy as np
import pytest

from rules.model import Event, Month
from tests.unit.detectors.over_time import Counts, at, found, hits, library, on, one, spread, without, world

COUNTY = spread([4000] * 6)


def raised(counts: Counts, factor: float, months: int) -> Counts:
    """The last months times a factor, in whole numbers."""
    changed = counts.copy()
    changed[-months:] = np.round(changed[-months:] * factor)
    return changed


def test_s3_theft_from_vehicles_up_26_per_cent_over_two_years():
    judged = one(spread([371, 371, 371, 371, 415, 468]), COUNTY, "theft-from-vehicle", first="2006-10")
    rise = found("sustained-rise", judged)
    assert [(f.count, f.span) for f in rise] == [(468, 12)]
    assert rise[0].expected.upper < 468


def test_s10_deliberate_fires_196_to_102_is_good_news():
    judged = one(spread([196, 196, 196, 102]), COUNTY[:48], "fires-deliberate", first="2008-10")
    fall = found("sustained-fall", judged)
    assert [(f.count, f.span, f.direction) for f in fall] == [(102, 12, "fall")]
    assert round(fall[0].expected.mean) == pytest.approx(196, abs=2)
    assert fall[0].note == "196 were recorded in the same months a year earlier, 102 now"


def test_s12_personal_asb_down_by_36_per_cent():
    judged = one(spread([118, 118, 118, 75]), COUNTY[:48], "asb-personal", first="2020-01")
    assert [f.count for f in found("sustained-fall", judged)] == [75]
    assert not found("small-count-high-harm", judged)


def test_s34_total_crime_rises_in_2022_and_is_a_plateau_in_2023():
    counts = spread([6846, 7031, 7500, 8753, 8534])
    judged = one(counts, spread([60000] * 5), "total", first="2019-01")
    assert [f.count for f in found("sustained-rise", at(judged, "2022-12")) if f.span == 12] == [8753]
    assert not found("sustained-rise", judged)
    assert not found("sustained-fall", judged)


@pytest.mark.parametrize(
    ("before", "after", "series"),
    [(5060, 4931, "total"), (141, 155, "drugs"), (13, 20, "serious-violence"), (440, 422, "shoplifting")],
)
@pytest.mark.parametrize("years", [2, 4])
def test_what_is_no_change_stays_quiet(before, after, series, years):
    counts = spread([before] * years + [after])
    judged = one(counts, spread([before * 8.0] * (years + 1)), series)
    for rule in ("sustained-rise", "sustained-fall", "run-of-points", "record-high", "record-low"):
        assert not hits(rule, judged), rule
    for rule in ("step-change", "direction-change", "direction-change-fall"):
        assert not hits(rule, judged), rule


def test_the_county_s_rise_is_not_the_district_s():
    district = raised(spread([480] * 4), 1.5, 6)
    assert found("sustained-rise", one(district, COUNTY[:48]))
    assert not found("sustained-rise", one(district, raised(COUNTY[:48], 1.5, 6)))


def test_one_month_is_no_sustained_rise():
    district = spread([480] * 4)
    district[-2] = 160
    assert not hits("sustained-rise", one(district, COUNTY[:48]))


def test_a_festival_in_the_window_is_no_sustained_rise():
    district = spread([48] * 4)
    district[[5, 17, 29, 41]] = [30, 32, 29, 33]
    months = tuple(Month(2008 + i, 6) for i in range(4))
    event = Event("festival", "a festival", "mine", months, held=True, verified=True)
    judged = one(district, COUNTY[:48], events=(event,), month="2011-08")
    assert not hits("sustained-rise", judged)
    later = district.copy()
    later[42:] = 14  # and yet a rise in the months beside it is seen
    assert hits("sustained-rise", one(later, COUNTY[:48], events=(event,)))


def test_a_missing_month_is_not_filled_in():
    district = raised(spread([480] * 4), 1.5, 6)
    missing = np.zeros(48, dtype=bool)
    missing[-2] = True
    gap = without(one(district, COUNTY[:48]), missing)
    assert not hits("sustained-rise", gap)
    missing[:] = False
    missing[5:9] = True  # in the baseline it only makes the baseline shorter
    assert hits("sustained-rise", without(one(district, COUNTY[:48]), missing))


def test_a_slow_trend_does_not_ring_for_ever():
    counts = spread([1000 * 1.04**i for i in range(6)])
    assert not hits("sustained-rise", one(counts, spread([9000] * 6)))


def test_places_of_a_level_share_the_error():
    """The p that rings for one LSOA alone does not ring for one of sixty."""
    base, rest = spread([60] * 4), COUNTY[:48]
    raised = base.copy()
    raised[-6:] += 4
    alone = world({"burglary": {"mine": raised, "rest": rest}})
    among = world({"burglary": {"mine": raised, **{f"u{i}": base for i in range(59)}, "rest": rest}})
    rule = on("sustained-rise", "burglary", levels=tuple(library("sustained-rise").scope.levels))
    names = [among.cube.areas[h.area] for h in hits(rule, among)]
    assert "mine" in {alone.cube.areas[h.area] for h in hits(rule, alone)}
    assert "mine" not in names


def test_fly_tipping_has_a_rule_of_its_own():
    judged = one(raised(spread([432] * 4), 1.44, 6), COUNTY[:48], "fly-tipping")
    assert found("fly-tipping-rise", judged)
    assert not found("sustained-rise", judged)
