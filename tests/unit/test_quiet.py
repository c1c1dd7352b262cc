"""Quiet hours on the wall clock, on the days when it jumps as on any other."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.attention.quiet import Quiet

LONDON = ZoneInfo("Europe/London")
START = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
NIGHTS = [dt.datetime(2022, m, d, 18, tzinfo=dt.UTC) for m, d in ((3, 26), (10, 29))]
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))
# A night in winter, one in summer, and those in which the clocks change: 27 March and 30 October, 01:00 UTC.
moments = st.builds(
    lambda start, minutes: start + dt.timedelta(minutes=minutes),
    st.sampled_from([*NIGHTS, START, dt.datetime(2023, 6, 30, tzinfo=dt.UTC)]),
    st.integers(0, 15 * 60),
)


@settings(deadline=None, max_examples=60)
@given(hours, moments)
def test_it_is_over_at_the_first_minute_that_is_not_quiet(quiet: Quiet, moment: dt.datetime) -> None:
    over = quiet.over(moment, LONDON)
    assert moment <= over < moment + dt.timedelta(hours=25)
    assert not quiet.holds(over.astimezone(LONDON).time())
    minute = moment
    while minute < over:
        assert quiet.holds(minute.astimezone(LONDON).time())
        minute += dt.timedelta(minutes=7)


@pytest.mark.parametrize(
    ("said", "now", "over"),
    [
        ("18:00-08:00", "2022-06-01T16:59", "2022-06-01T16:59"),  # 17:59 in London
        ("18:00-08:00", "2022-06-01T17:00", "2022-06-02T07:00"),
        ("18:00-08:00", "2022-12-01T17:00", "2022-12-01T17:00"),
        ("18:00-08:00", "2022-12-01T18:00", "2022-12-02T08:00"),
        ("08:00-18:00", "2022-12-01T09:00", "2022-12-01T18:00"),
        ("22:00-01:30", "2022-03-27T00:30", "2022-03-27T01:00"),  # 01:30 does not come: 02:00 does
        ("22:00-01:30", "2022-10-30T00:10", "2022-10-30T00:30"),  # the first of two 01:30
        ("22:00-01:30", "2022-10-30T01:10", "2022-10-30T01:30"),  # 01:10 again is quiet again
        ("18:00-08:00", "2022-10-29T17:00", "2022-10-30T08:00"),  # the longest night
        ("18:00-08:00", "2022-03-26T18:00", "2022-03-27T07:00"),  # the shortest
    ],
)
def test_both_changes_of_the_clock(said: str, now: str, over: str) -> None:
    found = Quiet.parse(said).over(dt.datetime.fromisoformat(f"{now}+00:00"), LONDON)
    assert found == dt.datetime.fromisoformat(f"{over}+00:00")


@pytest.mark.parametrize("said", ["18:00-08:00", "8:00 - 9:30", "18:00 to 8:00", "18:00–08:00"])
def test_how_they_are_written(said: str) -> None:
    quiet = Quiet.parse(said)
    assert Quiet.parse(str(quiet)) == quiet


@pytest.mark.parametrize("said", ["", "18-8", "25:00-08:00", "18:00-18:00", "18:00", "always", "18:60-08:00"])
def test_what_is_no_quiet_hours(said: str) -> None:
    with pytest.raises(ValueError, match=r"quiet hours|no such time"):
        Quiet.parse(said)
