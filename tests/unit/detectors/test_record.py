"""Records, and runs of months on one side."""

from __future__ import annotations

import numpy as np
import pytest

from rules.model import Break, Event, Month
from tests.unit.detectors.over_time import found, hits, one, spread

COUNTY = spread([4000] * 5)
ABANDONED = spread([118, 112, 104, 109, 62])


def test_s23_abandoned_vehicles_at_an_all_time_low():
    low = found("record-low", one(ABANDONED, COUNTY, "abandoned-vehicles", first="2006-04"))
    assert [(f.count, f.span) for f in low] == [(62, 12)]
    assert low[0].note == "the lowest of 49 sums of 12 months on record"


def test_a_record_by_a_hair_is_none():
    assert not hits("record-low", one(spread([118, 112, 104, 109, 101]), COUNTY, "abandoned-vehicles"))


def test_a_second_year_as_low_sets_no_record():
    counts = spread([118, 112, 62, 109, 62])
    assert not hits("record-low", one(counts, COUNTY, "abandoned-vehicles"))


@pytest.mark.parametrize("months", [12, 23, 24])
def test_a_short_history_holds_no_record(months):
    counts = np.full(months, 30.0)
    counts[-1] = 80
    assert not hits("record-high", one(counts, np.full(months, 300.0)))


def test_what_was_counted_otherwise_holds_no_record():
    counts = np.full(60, 30.0)
    counts[10], counts[-1] = 90, 62
    assert not hits("record-high", one(counts, COUNTY, first="2008-01"))
    cut = Break("cut", "counted anew", Month(2009, 6), None, "straddle", ("*",), ("*",))
    high = found("record-high", one(counts, COUNTY, first="2008-01", breaks=(cut,)))
    assert high[0].note == "the highest of 43 months on record"


def test_an_event_month_sets_no_record_of_its_own():
    counts = np.full(60, 30.0)
    counts[-1] = 80
    event = Event("festival", "a festival", "mine", (Month(2012, 12),), held=True, verified=True)
    assert hits("record-high", one(counts, COUNTY))
    assert not hits("record-high", one(counts, COUNTY, events=(event,)))


def test_a_record_year_made_by_one_month_is_that_month_s():
    counts = np.full(60, 6.0)
    counts[-3] = 60
    assert not hits("record-high", one(counts, COUNTY))
