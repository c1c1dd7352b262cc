"""What is known of the past: steps and one-offs that people confirmed, events that come every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rules.baselines.past import past
from rules.baselines.windows import compare
from rules.judgement import Judgement, judge
from rules.model import Event, Month
from tests.unit.detectors.over_time import DISTRICT, Counts, found, hits, one, spread

REST = spread([9000] * 4)
STEP = 30  # the index of the first month at the new level


def stepped(level: float = 1.5, base: int = 720) -> Counts:
    """A quarter more, or so, from July 2010 on, in a little unrest."""
    counts = spread([base] * 4) + (np.arange(48) * 7 % 11 - 5)
    counts[STEP:] = np.round(counts[STEP:] * level)
    return counts


def knowing(
    judged: Judgement,
    *,
    restart: int | None = None,
    confirmed: Sequence[int] = (),
    month: int | None = None,
) -> Judgement:
    """The same months judged with what people said of the district."""
    name, first = judged.cube.series[0], judged.cube.first
    context = replace(
        judged.context,
        restarts=() if restart is None else ((name, DISTRICT, first + restart),),
        confirmed=frozenset((name, DISTRICT, first + t) for t in confirmed),
    )
    return judge(judged.cube, context, judged.month if month is None else first + month)


def cell(judged: Judgement) -> tuple[int, int]:
    return 0, judged.cube.areas.index(DISTRICT)


# A confirmed step


def test_after_a_confirmed_step_months_are_judged_by_the_new_level():
    plain = knowing(one(stepped(), REST), month=STEP + 5)
    assert found("step-change", plain)
    restarted = knowing(plain, restart=STEP, month=STEP + 5)
    s, a = cell(plain)
    level = float(plain.counts[s, a])
    assert plain.here.mean[s, a] < 0.97 * level
    assert restarted.here.mean[s, a] == pytest.approx(level, rel=0.05)
    assert restarted.here_high[s, a] > 0.2
    assert restarted.share_high[s, a] > 0.2


@pytest.mark.parametrize("after", [6, 9, 12, 17])
def test_a_confirmed_step_is_told_once_and_rings_in_no_sum(after):
    judged = knowing(one(stepped(), REST), restart=STEP, month=STEP + after)
    for rule in ("step-change", "sustained-rise", "run-of-points", "record-high", "month-spike"):
        assert not [h for h in hits(rule, judged) if judged.cube.areas[h.area] == DISTRICT], rule


def test_a_sum_across_a_confirmed_step_is_not_judged_and_one_after_it_is():
    judged = knowing(one(stepped(), REST), restart=STEP, month=STEP + 8)
    s, a = cell(judged)
    old = past(judged, [s], [a])
    assert np.isnan(compare(old, 12).here.mean).all()
    assert np.isnan(compare(old, 12).county.mean).all()
    six = compare(old, 6)
    assert six.here.mean[0, 0] == pytest.approx(six.count[0, 0], rel=0.1)
    assert six.expected(0, 0).months == 3, "the months since the step, and low confidence is said"
    assert six.expected(0, 0).confidence == "low"


def test_a_second_rise_on_the_new_level_rings():
    counts = stepped()
    counts[STEP + 12 :] = np.round(counts[STEP + 12 :] * 1.5)
    judged = knowing(one(counts, REST), restart=STEP)
    assert [f.span for f in found("sustained-rise", judged)] == [6]
    counts[-1] *= 2
    assert found("month-spike", knowing(one(counts, REST, "theft"), restart=STEP))


def test_a_month_with_a_restart_says_from_when_its_baseline_is():
    judged = knowing(one(stepped(), REST), restart=STEP)
    s, a = cell(judged)
    said = judged.expected(s, a, "here")
    assert said is not None
    assert said.window is not None
    assert said.window.first == judged.cube.first + STEP
    assert said.months == 48 - STEP - 1
    assert said.caveat == f"low confidence: only {said.months} usable months of history"


# A confirmed one-off


def test_a_confirmed_one_off_does_not_hide_the_next():
    counts = spread([240] * 4) + (np.arange(48) * 7 % 5 - 2)
    counts[35] = 90
    counts[47] = 44
    judged = one(counts, REST, "theft")
    s, a = cell(judged)
    knew = knowing(judged, confirmed=(35,))
    assert knew.here_high[s, a] < judged.here_high[s, a]
    assert found("month-spike", knew)
    assert knew.here.months[s, a] == judged.here.months[s, a] - 1


def test_a_confirmed_one_off_is_in_a_sum_and_does_not_make_it_ring():
    counts = spread([720] * 4)
    counts[44] = 240
    judged = knowing(one(counts, REST), confirmed=(44,))
    s, a = cell(judged)
    both = compare(past(judged, [s], [a]), 6)
    assert both.count[0, 0] == counts[-6:].sum()
    assert both.mean[0, 0] == pytest.approx(5 * 60 + 240, rel=0.02)
    assert not hits("sustained-rise", judged)


# Events


def festival(counts: Counts, june: Sequence[int], now: int, *, held: Sequence[bool] = ()) -> Judgement:
    months = counts.copy()
    months[5::12] = june
    held = held or [True] * len(june)
    events = tuple(
        Event(f"fair-{i}", "a fair", "mine", (Month(2008 + i, 6),), held=h, verified=True)
        for i, h in enumerate(held)
    )
    return one(months, REST, "theft", events=events, month=f"{2008 + now}-06")


def test_an_ordinary_festival_is_expected_at_the_size_of_earlier_ones():
    counts = spread([48] * 4)
    judged = festival(counts, [30, 32, 29, 33], 3)
    s, a = cell(judged)
    assert judged.here.mean[s, a] == pytest.approx(30, rel=0.15)
    assert judged.share.mean[s, a] == pytest.approx(30, rel=0.15)
    for rule in ("month-spike", "record-high", "sustained-rise"):
        assert not hits(rule, judged), rule
    assert found("month-spike", festival(counts, [30, 32, 29, 90], 3))


def test_the_first_festival_is_news_and_a_cancelled_one_is_no_measure():
    counts = spread([48] * 4)
    assert found("month-spike", festival(counts, [4, 4, 4, 30], 3, held=[False, False, False, True]))
    judged = festival(counts, [30, 4, 4, 30], 3, held=[True, False, False, True])
    s, a = cell(judged)
    assert judged.here.mean[s, a] == pytest.approx(30, rel=0.25), "the empty fields of two years are no fair"
    off = festival(counts, [30, 32, 29, 5], 3, held=[True, True, True, False])
    assert off.here.mean[s, a] == pytest.approx(4, rel=0.25), (
        "where it was cancelled nothing is expected of it"
    )


def test_a_festival_in_a_sum_is_compared_with_festivals_elsewhere():
    counts = spread([48] * 4)
    judged = festival(counts, [30, 32, 29, 60], 3)
    later = knowing(judged, month=44)
    s, a = cell(later)
    both = compare(past(later, [s], [a]), 6)
    assert both.count[0, 0] == later.cube.counts[s, a, 39:45].sum()
    assert both.mean[0, 0] == pytest.approx(both.count[0, 0], rel=0.15)
