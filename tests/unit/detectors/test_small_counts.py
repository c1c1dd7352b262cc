"""Exact limits for rare and harmful series; and the two spike rules with a lower least count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rules.detectors.small_counts import limit
from rules.model import AreaKind
from tests.unit.detectors.over_time import found, hits, on, one, spread


@pytest.mark.parametrize(("mean", "least"), [(0.5, 4), (1.0, 5), (2.0, 7), (3.0, 9)])
def test_the_limits_of_the_design(mean, least):
    assert limit(mean) == least


@given(st.floats(0.1, 30), st.floats(1e-6, 0.2))
def test_a_limit_is_the_smallest_count_that_rare(mean, alpha):
    k = limit(mean, alpha)
    assert stats.poisson.sf(k - 1, mean) < alpha * (1 + 1e-9)
    assert stats.poisson.sf(k - 2, mean) >= alpha * (1 - 1e-9)


@pytest.mark.parametrize(("a_year", "least"), [(6, 4), (12, 5), (24, 7), (36, 9)])
def test_the_limit_rings_and_one_fewer_does_not(a_year, least):
    for count, rings in ((least, True), (least - 1, False)):
        counts = spread([a_year] * 3)
        counts = np.append(counts, count)
        judged = one(counts, np.append(spread([600] * 3), 50.0), "robbery")
        assert bool(found("small-count-high-harm", judged)) is rings, count


def test_the_note_says_how_the_limit_came():
    judged = one(np.append(spread([6] * 3), 4), np.append(spread([600] * 3), 50.0), "robbery")
    told = found("small-count-high-harm", judged)[0]
    assert told.note == "18 in the 36 months before; 4 or more in one month is rare"


def test_serious_violence_13_to_20_in_a_year_stays_quiet_in_every_month():
    counts = spread([13, 13, 20])
    for t in range(24, 36):
        judged = one(counts[: t + 1], spread([300] * 3)[: t + 1], "serious-violence")
        assert not hits("small-count-high-harm", judged)


def test_common_series_are_not_small():
    counts = np.append(spread([120] * 3), 30)
    assert not hits("small-count-high-harm", one(counts, np.append(spread([600] * 3), 50.0), "robbery"))


def test_s2_thefts_from_vehicles_78_in_april_2012_against_39():
    counts = spread([468] * 4)
    counts[-9] = 78
    judged = one(counts, spread([4600] * 4), "theft-from-vehicle", first="2009-01", month="2012-04")
    spike = found("vehicle-crime-spike", judged)
    assert [(f.count, round(f.expected.mean)) for f in spike] == [(78, 39)]
    assert spike[0].expected.p_high < 1e-5


def test_five_burglaries_ring_where_the_general_rule_asks_for_six():
    counts = np.append(np.tile([1.0, 0, 0, 0, 1, 0], 6), 5.0)
    judged = one(counts, np.append(spread([900] * 3), 75.0), "burglary")
    assert found("burglary-spike", judged, "mine") or found("burglary-spike", judged)
    general = on("month-spike", "burglary", levels=(AreaKind.LSOA, AreaKind.DISTRICT))
    assert not hits(general, judged)
    assert not hits("month-spike", judged), "burglary is left to its own rule"
