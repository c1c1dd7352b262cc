"""Eight months in a row above what was expected."""

from __future__ import annotations

import numpy as np

from tests.unit.detectors.over_time import found, hits, one, spread

COUNTY = spread([4200] * 4)


def raised(months: int):
    """Forty a month, and the last months about fifty."""
    counts = spread([480] * 4)
    counts[-months:] += 10
    return counts


def test_eight_in_a_row():
    run = found("run-of-points", one(raised(8), COUNTY))
    assert [(f.count, f.span) for f in run] == [(400, 8)]
    assert run[0].note == "each of the last 8 months was above what was expected of it"


def test_seven_and_an_ordinary_one_are_no_run():
    assert not hits("run-of-points", one(raised(7), COUNTY))
    broken = raised(8)
    broken[-4] = 38
    assert not hits("run-of-points", one(broken, COUNTY))


def test_a_run_of_the_whole_county_is_not_the_district_s():
    county = COUNTY.copy()
    county[-8:] = np.round(county[-8:] * 1.25)
    assert not hits("run-of-points", one(raised(8), county))


def test_eight_months_a_little_above_are_chance():
    counts = spread([480] * 4)
    counts[-8:] += 1
    assert not hits("run-of-points", one(counts, COUNTY))
