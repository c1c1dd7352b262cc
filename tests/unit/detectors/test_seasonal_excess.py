"""A season against other winters, or other springs."""

from __future__ import annotations

import numpy as np
import pytest

from rules.judgement import Judgement
from tests.unit.detectors.over_time import at, found, hits, one, spread

WINTER = [12, 9, 8, 8, 7, 7, 7, 7, 8, 9, 12, 12]
SPRING = [8, 12, 13, 13, 12, 8, 8, 8, 8, 9, 10, 9]
COUNTY = spread([2400] * 6, WINTER)


def s1() -> Judgement:
    """Domestic burglary, 212 a year; the year to September 2012 has 278 (+31 %), the 66 in three months."""
    counts = spread([212] * 6, WINTER)
    counts[[46, 47, 48]] += 22
    return one(counts, COUNTY, "burglary-domestic", first="2008-01")


def test_s1_the_winter_of_2011_is_told_and_then_ended():
    judged = s1()
    year = judged.cube.row("burglary-domestic", "district")[45:57]
    assert year.sum() == pytest.approx(212 * 1.31, abs=2)
    assert found("seasonal-excess-burglary", at(judged, "2011-12"))
    peak = found("seasonal-excess-burglary", at(judged, "2012-01"))
    assert [(f.count, f.span, f.severity) for f in peak] == [(int(year[1:4].sum()), 3, peak[0].severity)]
    for month in ("2011-10", "2011-11", "2012-02", "2012-03", "2012-12", "2013-01"):
        assert not hits("seasonal-excess-burglary", at(judged, month)), month


def test_the_winter_rise_of_every_year_is_none():
    judged = one(spread([212] * 6, WINTER), COUNTY, "burglary-domestic", first="2008-01")
    for year in range(2010, 2014):
        assert not hits("seasonal-excess-burglary", at(judged, f"{year}-01"))


def test_s6_high_springs_of_a_slow_rise_are_the_season():
    counts = spread([365, 380, 395, 410, 425, 408], SPRING)
    judged = one(counts, spread([3500] * 6, SPRING), "shoplifting", first="2007-01")
    for year in range(2009, 2013):
        assert not hits("seasonal-excess-shoplifting", at(judged, f"{year}-05"))
    assert not hits("sustained-fall", judged), "4 % fewer in the year"
    counts[50:53] *= 1.5
    worse = one(np.round(counts), spread([3500] * 6, SPRING), "shoplifting", first="2007-01", month="2011-05")
    assert found("seasonal-excess-shoplifting", worse)


def test_one_bad_month_is_no_season():
    counts = spread([212] * 6, WINTER)
    counts[47] += 66
    judged = one(counts, COUNTY, "burglary-domestic", first="2008-01")
    assert not hits("seasonal-excess-burglary", at(judged, "2012-01"))


def test_a_bad_winter_everywhere_is_the_county_s():
    judged = s1()
    rest = COUNTY.copy()
    rest[46:49] *= 2
    own = judged.cube.row("burglary-domestic", "district")
    shared = one(own, rest, "burglary-domestic", first="2008-01")
    assert not hits("seasonal-excess-burglary", at(shared, "2012-01"))
