"""What a cell says about time, by the layout: a month, a year, a range. Never read wider than it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jobs.folder.partnership import Layout
from jobs.sources.values import day
from rules.month import Month, Window

_YEAR = re.compile(r"[0-9]{4}\Z")
_FINANCIAL = re.compile(r"([0-9]{4})/([0-9]{2}|[0-9]{4})\Z")
_SPANS = (1, 3, 12)


def period(text: str, layout: Layout, iso: bool) -> Window | None:
    """The months that a cell names; None when it names none, or not as many as the layout says.

    month: the last month of `span` (`2012-09` with span 12 is the year to September). calendar-year: `2023`.
    financial-year: `2010/11` is April 2010 to March 2011. range: `2011-10/2012-09`, both included. `iso`:
    also a date as a workbook keeps it.
    """
    try:
        window = _READ[layout.period](text.strip(), layout, iso)
    except ValueError:  # a year or month that does not exist, an end before its start
        return None
    if window is None or window.months not in _SPANS:
        return None
    return window if layout.span in (1, window.months) or layout.period == "month" else None


def covered(seen: Iterable[Window], layout: Layout) -> tuple[Window, ...]:
    """The periods that a file speaks for, in order; with `file-span` also those between without a row."""
    windows = sorted(set(seen))
    if layout.covers == "months-seen" or not windows:
        return tuple(windows)
    step = windows[0].months
    filled = {Window.ending(last, step) for last in windows[0].last.until(windows[-1].last)[::step]}
    return tuple(sorted(filled | set(windows)))


def _month(text: str, layout: Layout, iso: bool) -> Window | None:
    try:
        month = Month.parse(text)
    except ValueError:
        date = day(text, layout.date_format, iso)
        if date is None:
            return None
        month = Month.of(date)
    return Window.ending(month, layout.span)


def _calendar_year(text: str, _: Layout, __: bool) -> Window | None:
    return Window(Month(int(text), 1), Month(int(text), 12)) if _YEAR.match(text) else None


def _financial_year(text: str, _: Layout, __: bool) -> Window | None:
    match = _FINANCIAL.match(text)
    if match is None:
        return None
    year = int(match[1])
    if str(year + 1)[-len(match[2]) :] != match[2]:
        return None
    return Window(Month(year, 4), Month(year + 1, 3))


def _range(text: str, _: Layout, __: bool) -> Window | None:
    first, slash, last = text.partition("/")
    return Window(Month.parse(first.strip()), Month.parse(last.strip())) if slash else None


_READ = {
    "month": _month,
    "calendar-year": _calendar_year,
    "financial-year": _financial_year,
    "range": _range,
}
