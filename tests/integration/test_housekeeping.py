"""Retention: what names a street or repeats a row goes in time; counts, which name nobody, stay."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from sqlalchemy import func, select

from jobs.actions import housekeeping
from jobs.sources.base import BadRow, Outcome, RawFile
from jobs.store.engine import Connection, Store
from jobs.store.extracts import list_extracts
from jobs.store.housekeeping import sweep
from jobs.store.read import fetch_counts
from jobs.store.tables import incidents, quarantine, raw_files
from jobs.store.write import put_aside
from rules.model import Month
from tests.integration import small_county as small
from tests.integration.small_county import HOME_UNITS, NOON, put

A = HOME_UNITS[0]
OLD, NEW = "2020-01", "2022-06"


def with_rows(connection: Connection, source: str, *months: str) -> None:
    """A file with one incident and one quarantined row a month."""
    frame = pd.DataFrame(
        {
            "line": range(len(months)), "crime_key": pd.array([None] * len(months), dtype="Int64"),
            "month": [Month.parse(m).key for m in months], "area": A, "series": "burglary",
            "lon": 0.1, "lat": 0.2, "street": "High Street",
        }
    )  # fmt: skip
    put(
        connection, source, {("burglary", A, m): 1 for m in months}, incidents=frame,
        bad=[BadRow(9, "unknown-area", "x,y")] * len(months), rows=2 * len(months),
    )  # fmt: skip


def aside(connection: Connection, source: str, raw: RawFile, outcome: Outcome, at: dt.datetime) -> None:
    put_aside(connection, source, raw, outcome, dataset="", physical_rows=1, reason="x", advice="y", now=at)


def left(connection: Connection) -> tuple[int, int, int]:
    """Incidents, quarantined rows and kept files that are there."""
    one, two, three = (
        connection.execute(select(func.count()).select_from(t)).scalar_one()
        for t in (incidents, quarantine, raw_files)
    )
    return one, two, three


def test_what_is_past_its_retention_goes_and_the_counts_stay(store: Store) -> None:
    with store.write() as connection:
        with_rows(connection, "open", OLD)
        with_rows(connection, "open", NEW)
        before = fetch_counts(connection)
        assert sweep(connection, "open", Month.parse(NEW)) == 2
        assert left(connection) == (1, 1, 0)
        assert sweep(connection, "open", Month.parse(NEW)) == 0, "told again it changes nothing"
        pd.testing.assert_frame_equal(fetch_counts(connection), before)
        assert [e.state for e in list_extracts(connection)] == ["current", "current"]


def test_the_month_at_the_edge_stays(store: Store) -> None:
    with store.write() as connection:
        with_rows(connection, "open", OLD)
        assert sweep(connection, "open", Month.parse(OLD)) == 0
        assert sweep(connection, "open", Month.parse(OLD) + 1) == 2


def test_of_a_file_of_many_months_the_old_incidents_go(store: Store) -> None:
    with store.write() as connection:
        with_rows(connection, "open", OLD, NEW)
        assert sweep(connection, "open", Month.parse(NEW)) == 1
        assert left(connection)[0] == 1


def test_another_source_keeps_what_is_its_own(store: Store) -> None:
    with store.write() as connection:
        with_rows(connection, "open", OLD)
        with_rows(connection, "other", OLD)
        sweep(connection, "open", Month.parse(NEW))
        assert left(connection)[0] == 1


@pytest.mark.parametrize("outcome", [Outcome.REJECT_FILE, Outcome.HOLD])
def test_files_that_were_set_aside_go_in_time_as_well(store: Store, outcome: Outcome) -> None:
    """They hold whole rows, and no month is known of them: the day of receipt counts."""
    with store.write() as connection:
        aside(connection, "open", small.raw(), outcome, dt.datetime(2020, 1, 31, 12, tzinfo=dt.UTC))
        aside(connection, "open", small.raw(), outcome, dt.datetime(2022, 6, 1, 12, tzinfo=dt.UTC))
        aside(connection, "other", small.raw(), outcome, dt.datetime(2020, 1, 31, 12, tzinfo=dt.UTC))
        assert left(connection)[2] == 3
        sweep(connection, "open", Month.parse(NEW))
        assert left(connection)[2] == 2
        assert len(list_extracts(connection)) == 3, "the receipt stays: it names nobody"


def test_the_job_keeps_each_source_for_as_long_as_its_settings_say(store: Store) -> None:
    house = small.house(
        store, small.source("open", retention_months=12), small.source("other", retention_months=120)
    )
    with store.write() as connection:
        for name in ("open", "other"):
            with_rows(connection, name, "2021-08", "2021-09")
    period = str(NOON.date())
    assert housekeeping(house, "", period) == "open: 1 rows past retention"
    assert housekeeping(house, "", period) == "nothing to do"
    with store.read() as connection:
        assert left(connection)[0] == 3
