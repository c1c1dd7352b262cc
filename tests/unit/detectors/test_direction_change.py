"""Turns after years in one direction, with the serious acquisitive crime of the sources."""

from __future__ import annotations

import numpy as np
import pytest

from rules.model import Break, Month
from tests.unit.detectors.over_time import at, found, hits, one, spread, without

SAC = [1306, 1287, 1229, 922, 730, 896]
REST = spread([9000] * 6)


def test_s4_serious_acquisitive_crime_730_to_896_after_four_falls():
    judged = one(spread(SAC), REST, "serious-acquisitive", first="2006-10")
    turn = found("direction-change", judged)
    assert [(f.count, f.span, f.expected.mean) for f in turn] == [(896, 12, 730.0)]
    assert "922, 730, 896" in turn[0].note
    assert not found("sustained-fall", judged), "896 is below the five years before, and is no fall"


def test_the_year_before_it_was_still_falling():
    assert not hits("direction-change", one(spread(SAC[:5]), REST[:60], "serious-acquisitive"))


def test_the_turn_of_the_whole_county_is_not_the_district_s():
    judged = one(spread(SAC), spread(SAC) * 9, "serious-acquisitive")
    assert not hits("direction-change", judged)


@pytest.mark.parametrize("last", [731, 760, 790])
def test_small_rises_are_no_turn(last):
    assert not hits("direction-change", one(spread([*SAC[:5], last]), REST, "serious-acquisitive"))


def test_a_turn_of_two_years_is_found_where_each_year_alone_is_too_small():
    judged = one(spread([700, 560, 371, 415, 468]), REST[:60], "theft-from-vehicle")
    turn = found("direction-change", judged)
    assert [round(f.expected.mean) for f in turn] == [371]


def test_the_reverse():
    rises = spread([500, 560, 650, 760, 820, 660])
    assert found("direction-change-fall", one(rises, REST, "burglary"))
    assert not found("direction-change", one(rises, REST, "burglary"))


def test_a_missing_month_or_a_break_between_the_years_says_nothing():
    judged = one(spread(SAC), REST, "serious-acquisitive", first="2006-10")
    gone = np.zeros(72, dtype=bool)
    gone[52] = True
    assert not hits("direction-change", without(judged, gone))
    cut = Break("cut", "counted anew", Month(2011, 4), None, "straddle", ("*",), ("*",))
    crossed = one(spread(SAC), REST, "serious-acquisitive", first="2006-10", breaks=(cut,))
    assert not hits("direction-change", crossed)


def test_too_few_years_say_nothing():
    judged = one(spread(SAC), REST, "serious-acquisitive", first="2006-10")
    assert not hits("direction-change", at(judged, "2009-08"))
