"""Working days: against the bank holidays that were printed for these years."""

from __future__ import annotations

import datetime as dt

import pytest

from jobs.attention.workdays import bank_holidays, is_working_day, working_days_since


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year", "printed"),
    [
        # As published on gov.uk for England and Wales, without the single ones and those that were moved.
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        (2023, "01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26"),
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    ],
)
def test_bank_holidays(year: int, printed: str) -> None:
    assert sorted(bank_holidays(year)) == [day(f"{year}-{d}") for d in printed.split()]


@pytest.mark.parametrize(
    ("posted", "today", "whole"),
    [
        ("2022-09-01", "2022-09-01", 0),
        ("2022-09-01", "2022-09-02", 0),  # no whole day lies between
        ("2022-09-01", "2022-09-03", 1),
        ("2022-09-01", "2022-09-05", 1),  # Friday counts, the weekend does not
        ("2022-09-01", "2022-09-06", 2),
        ("2022-12-23", "2022-12-28", 0),  # Christmas on a Sunday: 26 and 27 are taken
        ("2022-12-23", "2022-12-30", 2),
        ("2022-09-06", "2022-09-01", 0),
    ],
)
def test_whole_working_days_between(posted: str, today: str, whole: int) -> None:
    assert working_days_since(day(posted), day(today)) == whole


def test_the_partnerships_own_days_off() -> None:
    coronation = day("2023-05-08")
    assert is_working_day(coronation)
    assert not is_working_day(coronation, {coronation})
