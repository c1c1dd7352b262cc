"""How fresh a source is: what is in, what is missing, what was changed, what is late."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.counting.freshness import due_month, gaps, late_month, published_months, source_facts
from jobs.sources.base import BadRow, Outcome
from jobs.store.engine import Store
from jobs.store.write import put_aside
from rules.model import Month, Window
from tests.integration import small_county as small
from tests.integration.small_county import HOME_UNITS, NOON, put

SOURCE = small.source("open", lag_months=2, waiting_days=14)
A = HOME_UNITS[0]
START = Month(2020, 1)


def cells(*months: str, n: int = 10) -> dict[tuple[str, str, str], int | None]:
    return {("burglary", A, m): n for m in months}


# Without a database


@given(st.sets(st.integers(0, 60), min_size=1))
def test_gaps_and_months_together_are_the_whole_run(numbers: set[int]) -> None:
    months = [START + n for n in sorted(numbers)]
    missing = []
    for gap in gaps(months):
        window = Window.parse(gap)
        run = window.first.until(window.last)
        assert run[0] + -1 in months
        assert run[-1] + 1 in months
        missing += run
    assert sorted([*months, *missing]) == months[0].until(months[-1])


def test_no_gaps_without_months() -> None:
    assert gaps([]) == ()


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (dt.date(2022, 9, 1), "2022-06"),  # June ended two months ago
        (dt.date(2022, 8, 31), "2022-05"),
        (dt.date(2022, 2, 28), "2021-11"),
        (dt.date(2023, 1, 1), "2022-10"),
    ],
)
def test_the_month_that_should_be_out(today: dt.date, due: str) -> None:
    assert str(due_month(SOURCE, today)) == due


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 6))
def test_a_month_is_due_once_its_lag_is_over_and_no_sooner(today: dt.date, lag: int) -> None:
    due = due_month(small.source(lag_months=lag), today)
    assert (due + (1 + lag)).first_day <= today < (due + (2 + lag)).first_day


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (dt.date(2022, 9, 14), None),  # June is due on 1 September; 14 days are waited
        (dt.date(2022, 9, 15), "2022-06"),
        (dt.date(2023, 3, 1), "2022-06"),  # the first that is missing, not the newest
    ],
)
def test_a_source_is_late_after_its_waiting_days(today: dt.date, late: str | None) -> None:
    assert late_month(SOURCE, [Month(2022, 5)], today) == late


def test_a_source_that_is_not_monthly_or_never_came_is_not_late() -> None:
    today = dt.date(2025, 1, 1)
    assert late_month(SOURCE, [], today) is None
    assert late_month(small.source(cadence="annual"), [Month(2022, 5)], today) is None
    assert late_month(small.source(cadence="once"), [Month(2022, 5)], today) is None


# Of a source in the database


def test_a_source_without_an_extract(store: Store) -> None:
    with store.read() as connection:
        facts = source_facts(connection, SOURCE, today=dt.date(2022, 9, 1))
        assert published_months(connection, SOURCE) == []
    assert (facts.last_month, facts.received, facts.months, facts.late, facts.rows) == (
        None,
        None,
        0,
        None,
        0,
    )


def test_what_is_in_what_is_missing_and_what_was_changed(store: Store) -> None:
    bad = [BadRow(7, "unknown-area", "x,y")]
    with store.write() as connection:
        for month in ("2022-01", "2022-02", "2022-05"):
            put(connection, "open", cells(month))
        later = NOON + dt.timedelta(days=30)
        put(connection, "open", cells("2022-05", n=12), bad=bad, rows=13, now=later)
        facts = source_facts(connection, SOURCE, today=dt.date(2022, 9, 15))
    assert (facts.last_month, facts.months, facts.gaps) == ("2022-05", 3, ("2022-03..2022-04",))
    assert (facts.edition, facts.received, facts.revised) == (2, later.date(), ("2022-05",))
    assert (facts.rows, facts.quarantined, facts.last_rows) == (10 + 10 + 12, 1, 13)
    assert facts.late == "2022-06"


def test_the_first_missing_month_of_several_is_late_even_when_a_gap_lies_before(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-01", "2022-06"))
        facts = source_facts(connection, SOURCE, today=dt.date(2022, 12, 1))
    assert facts.late == "2022-07"


def test_as_of_a_month_nothing_later_is_known(store: Store) -> None:
    """A replay of January must not say that March was revised, nor how many rows came in February."""
    with store.write() as connection:
        for month in ("2022-01", "2022-02", "2022-03"):
            put(connection, "open", cells(month))
        put(connection, "open", cells("2022-03", n=3))
        facts = source_facts(connection, SOURCE, until=Month(2022, 1))
        now = source_facts(connection, SOURCE)
    assert (facts.last_month, facts.months, facts.rows, facts.edition) == ("2022-01", 1, 10, 1)
    assert facts.revised == ()
    assert (now.revised, now.rows) == (("2022-03",), 23)


def test_rows_without_a_place_are_those_of_the_last_month(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-01"), rows=10, unlocated=9)
        put(connection, "open", cells("2022-02"), rows=14, unlocated=4)
        facts = source_facts(connection, SOURCE)
    assert (facts.unlocated, facts.last_rows) == (4, 14)


def test_of_a_file_of_many_months_no_share_is_printed_under_the_name_of_the_last(store: Store) -> None:
    """A file of thirteen years has 74 rows without a place; none of them need lie in its last month."""
    with store.write() as connection:
        put(connection, "open", cells("2022-01", "2022-02", "2022-03"), rows=104, unlocated=74)
        facts = source_facts(connection, SOURCE)
    assert facts.last_month == "2022-03"
    assert (facts.unlocated, facts.last_rows) == (0, 0)


def test_the_share_is_of_the_file_that_holds_the_last_month_now(store: Store) -> None:
    """The quarter's file ends with the same month, but that was replaced."""
    with store.write() as connection:
        put(connection, "open", cells("2022-01", "2022-02", "2022-03"), rows=104, unlocated=74)
        later = NOON + dt.timedelta(days=30)
        put(connection, "open", cells("2022-03", n=12), rows=12, unlocated=3, now=later)
        facts = source_facts(connection, SOURCE)
    assert (facts.unlocated, facts.last_rows, facts.received) == (3, 12, later.date())


def test_as_of_a_month_what_was_left_out_of_the_telling_is_not_late(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-05"))
        put(connection, "open", cells("2022-06"))
        today = dt.date(2022, 9, 15)
        told = [source_facts(connection, SOURCE, until=Month.parse(m), today=today).late
                for m in ("2022-05", "2022-06")]  # fmt: skip
        later = source_facts(connection, SOURCE, until=Month(2022, 6), today=dt.date(2022, 10, 15)).late
    assert (told, later) == ([None, None], "2022-07")


def test_a_later_month_that_waits_for_a_yes_is_not_known_yet(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-01"))
        put_aside(
            connection, "open", small.raw(), Outcome.HOLD, dataset="open-table", physical_rows=99,
            reason="volume", advice="y", now=NOON, windows=small.windows(["2022-02"]),
        )  # fmt: skip
        held = [source_facts(connection, SOURCE, until=until).held for until in (Month(2022, 1), None)]
    assert held == [0, 1]


def test_held_and_rejected_files_are_no_data(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-01"))
        for outcome in (Outcome.HOLD, Outcome.REJECT_FILE):
            put_aside(
                connection, "open", small.raw(), outcome, dataset="open-table", physical_rows=99,
                reason="x", advice="y", now=NOON,
            )  # fmt: skip
        facts = source_facts(connection, SOURCE)
    assert (facts.held, facts.rows, facts.months, facts.last_month) == (1, 10, 1, "2022-01")


def test_years_of_tables_have_no_monthly_gaps(store: Store) -> None:
    annual = small.source("open", cadence="annual")
    with store.write() as connection:
        put(connection, "open", cells("2011-09", "2012-09"), span=12)
        facts = source_facts(connection, annual, today=dt.date(2025, 1, 1))
        assert published_months(connection, SOURCE) == [], "a year is no month of a monthly source"
    assert (facts.last_month, facts.months, facts.gaps, facts.late) == ("2012-09", 2, (), None)


def test_sources_do_not_see_each_other(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", cells("2022-01"))
        put(connection, "other", cells("2022-06"))
        facts = source_facts(connection, SOURCE)
    assert (facts.last_month, facts.rows) == ("2022-01", 10)
