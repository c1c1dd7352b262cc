"""A level that moves and stays: told once it is confirmed, and not for ever."""

from __future__ import annotations

import numpy as np
import pytest

from rules.model import AreaKind
from tests.unit.detectors.over_time import at, found, hits, on, one, spread

VIOLENCE = spread([746, 746, 1007, 1007, 1007, 1095])  # 2018-2023: +34.9 % in 2020, 8.7 % in 2023


def test_s13_violence_steps_up_in_2020_and_the_slower_rise_of_2023_is_none():
    judged = one(VIOLENCE, spread([9000] * 6), "violence", first="2018-01")
    told = [m for m in range(24, 72) if found("step-change", at(judged, str(judged.cube.first + m)))]
    assert told
    assert told[0] <= 28, "within five months of January 2020"
    assert told[-1] < 33, "and not for ever: the new level is the usual one by then"
    first = found("step-change", at(judged, str(judged.cube.first + told[0])))[0]
    assert "the level moved in January 2020 and stayed" in first.note


def test_s14_sexual_offences_up_62_per_cent_and_then_level():
    counts = spread([100, 100, 100, 162, 159])
    judged = one(counts, spread([1500] * 5), "sexual-offences", first="2018-01")
    assert any(found("step-change", at(judged, f"2021-{m:02d}")) for m in range(5, 10))
    assert not any(found("step-change", at(judged, f"2022-{m:02d}")) for m in range(3, 13))


def test_s15_domestic_abuse_824_to_1125_is_a_step_but_the_lockdown_of_everybody_is_not():
    judged = one(spread([824, 824, 1125]), spread([7000] * 3), "domestic", first="2018-01", month="2020-06")
    assert found("step-change", judged)
    shared = one(
        spread([824, 824, 967]), spread([7000, 7000, 8218]), "domestic", first="2018-01", month="2020-07"
    )
    assert not found("step-change", shared)


@pytest.mark.parametrize("months", [1, 2, 3])
def test_nothing_is_confirmed_before_the_fourth_month(months):
    counts = spread([720] * 3)
    counts[-months:] = 90
    assert not hits("step-change", one(counts, spread([7000] * 3)))


def test_a_spike_is_no_step():
    counts = spread([720] * 3)
    counts[-4] = 240
    assert not hits("step-change", one(counts, spread([7000] * 3)))


def test_the_county_itself_is_told_when_asked():
    counts, rest = spread([720] * 3), spread([7000] * 3)
    for row in (counts, rest):
        row[-5:] = np.round(row[-5:] * 1.5)
    judged = one(counts, rest)
    assert not hits("step-change", judged)
    county = on("step-change", "burglary", levels=(AreaKind.COUNTY,))
    assert [judged.cube.areas[h.area] for h in hits(county, judged)] == ["county"]
