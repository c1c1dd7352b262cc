"""Reports that are wanted: the fall is the alarm, the rise is good news."""

from __future__ import annotations

from rules.model import Polarity
from tests.unit.detectors.over_time import found, hits, on, one, spread


def test_s19_more_hate_reports_are_no_drop():
    judged = one(spread([1088, 1088, 1274]), spread([6000] * 3), "hate", polarity=Polarity.GOOD)
    assert not hits("reporting-drop", judged)


def test_the_same_figures_the_other_way_round_ring():
    judged = one(spread([1274, 1274, 1088 * 0.9]), spread([6000] * 3), "hate", polarity=Polarity.GOOD)
    drop = found("reporting-drop", judged)
    assert drop
    assert drop[0].direction == "fall"
    assert drop[0].severity >= 2


def test_only_series_of_which_more_is_wanted():
    judged = one(spread([1274, 1274, 900]), spread([6000] * 3), "hate", polarity=Polarity.AMBIGUOUS)
    assert not hits("reporting-drop", judged)
    assert hits(on("sustained-fall", "hate"), judged)


def test_s15_rising_domestic_abuse_reports_do_not_ring_as_a_drop():
    judged = one(spread([824, 967, 1050, 1125]), spread([9000] * 4), "domestic", polarity=Polarity.GOOD)
    assert not hits("reporting-drop", judged)
