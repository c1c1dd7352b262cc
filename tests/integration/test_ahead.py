"""The seasonal look-ahead of the digest: what the shipped years say of the coming months; the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jobs.attention.clearance import Readers
from jobs.figures.ahead import LookAhead, look_ahead
from jobs.house import House
from jobs.store.engine import Store
from rules.model import Classification, Month, Window
from tests import sample
from tests.cli import NWL
from tests.printed_figures import unclaimed

told_file = sample.told_file
COUNTY, DISTRICT = "E10000018", "E07000134"


@pytest.fixture(scope="module")
def house(told_file: Path) -> Iterator[House]:
    with closing(Store.at(f"sqlite:///{told_file}")) as store:
        yield House(NWL, store)


def ahead(house: House, month: str, clearance: Classification = Classification.PUBLIC) -> LookAhead:
    with house.store.read() as connection:
        return look_ahead(connection, house, Month.parse(month), Readers(clearance))


def test_a_peak_comes_with_its_evidence(house: House) -> None:
    found = ahead(house, "2020-01")
    assert found.months == Window(Month(2020, 2), Month(2020, 4))
    peaks = {(p.series, p.area, str(p.month)): p for p in found.peaks}
    march = peaks["fly-tipping", COUNTY, "2020-03"]
    assert (round(march.index), march.above, march.seen) == (130, 8, 12)
    assert march.window.last < Month(2020, 1)
    said = f"{march.month.words}: index {march.index:.0f}, above average in {march.above} of {march.seen}"
    assert unclaimed(said, march.claims()) == []
    # Where the district's own months show a season, it is the district's that is told.
    assert ("environmental", DISTRICT, "2020-02") in peaks


def test_only_the_coming_months_are_told(house: House) -> None:
    assert [p.series for p in ahead(house, "2020-06").peaks if p.series == "fly-tipping"] == []


def test_what_has_no_history_is_named_and_not_told_quiet(house: House) -> None:
    found = ahead(house, "2022-06")
    assert {"burglary", "total", "shoplifting"} <= set(found.without_history)
    assert not {p.series for p in found.peaks} & set(found.without_history)
    assert "hoax-calls" not in found.without_history
    assert "hoax-calls" in ahead(house, "2022-06", Classification.PARTNER).without_history


def test_events_that_lie_ahead_and_are_held(house: House) -> None:
    assert [e.name for e in ahead(house, "2022-05").events] == ["Download Festival"]
    assert ahead(house, "2020-05").events == (), "called off"
    assert ahead(house, "2022-07").events == ()
