"""Events: an .ics file as people already have it, read into the months and areas that they touch.

One VEVENT a happening (RFC 5545); STATUS:CANCELLED says that it did not take place.
    X-TOCSIN-AREA: code of the area; without it LOCATION must be the name of exactly one area
    X-TOCSIN-VERIFIED: TRUE | FALSE; without it FALSE: nobody has checked the date
Breaks and targets, the other two registers of time, are read in `registers.py` and offered here as well.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jobs.errors import UsageError
from jobs.folder.geography import Geography
from jobs.folder.registers import load_breaks, load_targets, once
from rules.model import Event
from rules.month import Month
from rules.targets import Target

if TYPE_CHECKING:
    from icalendar.cal import Event as Vevent

__all__ = ["Target", "load_breaks", "load_events", "load_targets"]


def load_events(path: Path, geography: Geography, timezone: str = "Europe/London") -> tuple[Event, ...]:
    """All happenings of a calendar, in order of time. UsageError names file, event and what to do.

    Times are read in `timezone`: the months are those of the people there.
    """
    if not path.exists():
        return ()
    # icalendar takes 90 ms to import: only for folders that have a calendar.
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path} is not a calendar: {error}", "export it again as iCalendar (.ics)"
        ) from error
    places = _places(geography)
    found = [_event(path, item, places, ZoneInfo(timezone)) for item in calendar.events]
    once(path, [e.uid for e in found])
    return tuple(sorted(found, key=lambda e: (e.months[0], e.uid)))


def _places(geography: Geography) -> dict[str, set[str]]:
    """Area code or name, in small letters -> codes."""
    found: dict[str, set[str]] = {}
    for code, area in geography.areas.items():
        for text in (code, area.name):
            found.setdefault(text.casefold(), set()).add(code)
    for name, code, _ in geography.names:
        found.setdefault(name.casefold(), set()).add(code)
    return found


def _event(path: Path, item: Vevent, places: dict[str, set[str]], zone: ZoneInfo) -> Event:
    uid = str(item.get("UID", ""))
    name = str(item.get("SUMMARY", ""))
    where = f"{path}: event {uid or name or '(without UID and SUMMARY)'}"
    if not uid or not name:
        raise UsageError(f"{where}: UID and SUMMARY must both be given", "add the missing line")
    if any(key in item for key in ("RRULE", "RDATE")):
        raise UsageError(
            f"{where}: repeats (RRULE, RDATE) are not read", "write one VEVENT for each happening"
        )
    verified = str(item.get("X-TOCSIN-VERIFIED", "FALSE")).upper()
    if verified not in ("TRUE", "FALSE"):
        raise UsageError(f"{where}: X-TOCSIN-VERIFIED is {verified!r}", "write TRUE or FALSE")
    days = _days(where, item, zone)
    return Event(
        uid=uid,
        name=name,
        area=_area(where, item, places),
        months=tuple(Month.of(days[0]).until(Month.of(days[1]))),
        held=str(item.get("STATUS", "CONFIRMED")).upper() != "CANCELLED",
        verified=verified == "TRUE",
        source=str(item.get("DESCRIPTION", "")).removeprefix("Source: "),
        days=days,
    )


def _area(where: str, item: Vevent, places: dict[str, set[str]]) -> str:
    key = "X-TOCSIN-AREA" if "X-TOCSIN-AREA" in item else "LOCATION"
    text = str(item.get(key, ""))
    codes = places.get(text.casefold(), set())
    if len(codes) != 1:
        what = "several areas" if codes else "no area"
        raise UsageError(
            f"{where}: {key} {text!r} names {what} of this partnership",
            "write X-TOCSIN-AREA with a code from areas.csv",
        )
    return next(iter(codes))


def _days(where: str, item: Vevent, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    """First and last day. DTEND is exclusive: a race on 30 June ends on 1 July and is June only."""
    first: dt.date
    last: dt.date
    try:
        start, end = item.start, item.end
    except ValueError as error:  # no DTSTART, mixed types, two ends
        raise UsageError(f"{where}: {error}", "mend DTSTART and DTEND") from error
    if isinstance(start, dt.datetime) and isinstance(end, dt.datetime):
        opens, closes = _local(start, zone), _local(end, zone)
        # An event that ends at midnight does not touch the next day; one without length is its moment.
        first, last = opens, (closes - dt.timedelta(microseconds=1) if closes > opens else closes)
    else:
        first, last = start, end - dt.timedelta(days=1)
    if last < first:
        raise UsageError(f"{where}: it ends ({end}) before it starts ({start})", "mend DTSTART and DTEND")
    return _date(first), _date(last)


def _date(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


def _local(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Clock time in `zone`, zone taken off; a time without zone is clock time already."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
