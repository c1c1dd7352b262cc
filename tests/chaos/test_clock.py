"""Ten years of clock changes with pauses of up to forty days: each period once, in order."""

from __future__ import annotations

import datetime as dt
import random

from jobs.scheduler import Ticker
from rules.model import Month
from tests.integration.conftest import START

_YEARS = 10


def changes() -> list[dt.datetime]:
    """The last Sundays of March and October, 01:00 UTC: when the clocks of Europe/London change."""
    found = []
    for year in range(START.year, START.year + _YEARS + 1):
        for month in (3, 10):
            last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
            found.append(last - dt.timedelta(days=(last.weekday() + 1) % 7))
    return [at for at in found if START < at < START + dt.timedelta(days=365 * _YEARS)]


def test_ten_years_each_period_once(make_house, clock, works, note) -> None:
    house = make_house(police=(2, 14))
    chance, ticks, slept = random.Random(11), 0, 0
    end = START + dt.timedelta(days=365 * _YEARS)
    moments = [START + dt.timedelta(days=n * 14, hours=chance.uniform(0, 24)) for n in range(26 * _YEARS)]
    for change in changes():  # every half hour of the night in which one hour is missing or comes twice
        moments += [change + dt.timedelta(minutes=m) for m in range(-90, 91, 30)]
    asleep: dt.datetime = START
    for at in sorted(moments):
        if at < asleep or at > end:
            continue
        if chance.random() < 0.02:
            asleep, slept = at + dt.timedelta(days=40), slept + 1
            continue
        clock.now = at
        # A bot begins anew now and then: what is done is known from the ledger alone.
        Ticker(house, works.actions(), name=f"ticker:{ticks % 3}").tick_once()
        ticks += 1
    clock.now = end
    for _ in range(3):
        Ticker(house, works.actions()).tick_once()
    pulled = works.of("pull")
    months = [str(m) for m in Month.parse(pulled[0]).until(Month.parse(pulled[-1]))]
    assert pulled == months, "each once, in order"
    assert len(months) >= 12 * _YEARS
    assert works.of("digest") == months
    assert len(works.done) == len(set(works.done))
    assert slept > 0, "it never slept: the test proves nothing"
    wrong = len(works.done) - len(set(works.done))
    note(rounds=ticks, periods=len(months), pauses=slept, changes=len(changes()), lost=0, doubled=wrong)
