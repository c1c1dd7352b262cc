"""Events: what is read from a calendar file, and what is refused with file, event and advice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import UsageError
from jobs.folder.atlas import load_geography
from jobs.folder.calendar import load_breaks, load_events, load_targets
from jobs.folder.partnership import load_partnership
from rules.model import Area, AreaKind, Event
from rules.month import Month

PARTNERSHIP = Path(__file__).resolve().parents[2] / "deploy" / "partnerships" / "blaby"
PLACE = replace(
    load_geography(load_partnership(PARTNERSHIP)),
    areas={
        "park": Area("park", "Race Park", AreaKind.SITE, frozenset()),
        "town-a": Area("town-a", "Twin", AreaKind.TOWN, frozenset()),
        "msoa-a": Area("msoa-a", "Twin", AreaKind.MSOA, frozenset()),
    },
    names=(("The Circuit", "park", "alias"),),
)
DAYS = "DTSTART;VALUE=DATE:20220610\nDTEND;VALUE=DATE:20220613"


def read(folder: Path, *events: str) -> tuple[Event, ...]:
    body = "\n".join(f"BEGIN:VEVENT\n{e}\nEND:VEVENT" for e in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{body}\nEND:VCALENDAR\n"
    path = folder / "events.ics"
    path.write_text("\n".join(x for x in text.split("\n") if x).replace("\n", "\r\n"), encoding="utf-8")
    return load_events(path, PLACE)


def event(*lines: str, uid: str = "fair-2022@x", area: str = "park", days: str = DAYS) -> str:
    return "\n".join([f"UID:{uid}", "SUMMARY:Fair", f"X-TOCSIN-AREA:{area}", days, *lines])


def test_a_full_event(tmp_path):
    (found,) = read(tmp_path, event("X-TOCSIN-VERIFIED:TRUE", "DESCRIPTION:Source: a paper\\, page 2"))
    days = (dt.date(2022, 6, 10), dt.date(2022, 6, 12))
    assert found == Event(
        "fair-2022@x", "Fair", "park", (Month(2022, 6),), True, True, "a paper, page 2", days
    )


def test_cancelled_and_unchecked(tmp_path):
    (found,) = read(tmp_path, event("STATUS:CANCELLED"))
    assert not found.held
    assert not found.verified


def test_events_come_in_order_of_time(tmp_path):
    early = event(uid="b", days="DTSTART;VALUE=DATE:20190501")
    assert [e.uid for e in read(tmp_path, event(uid="a"), early)] == ["b", "a"]


@pytest.mark.parametrize("text", ["Race Park", "race park", "The Circuit", "park"])
def test_without_an_area_the_location_names_it(tmp_path, text):
    (found,) = read(tmp_path, f"UID:a\nSUMMARY:Fair\nLOCATION:{text}\n{DAYS}")
    assert found.area == "park"


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    st.integers(min_value=1, max_value=100),
)
def test_months_are_those_of_the_days_and_the_end_is_exclusive(tmp_path_factory, first, days):
    end = first + dt.timedelta(days=days)
    span = f"DTSTART;VALUE=DATE:{first:%Y%m%d}\nDTEND;VALUE=DATE:{end:%Y%m%d}"
    (found,) = read(tmp_path_factory.mktemp("ics"), event(days=span))
    assert set(found.months) == {Month.of(first + dt.timedelta(days=i)) for i in range(days)}
    assert list(found.months) == sorted(set(found.months))


@pytest.mark.parametrize(
    ("span", "months"),
    [
        ("DTSTART;VALUE=DATE:20220630\nDTEND;VALUE=DATE:20220701", ["2022-06"]),  # one day: June only
        ("DTSTART;VALUE=DATE:20220630", ["2022-06"]),
        ("DTSTART:20220630T180000\nDTEND:20220701T000000", ["2022-06"]),  # ends at midnight
        ("DTSTART:20220630T180000\nDTEND:20220701T020000", ["2022-06", "2022-07"]),
        ("DTSTART:20220531T233000Z\nDTEND:20220601T010000Z", ["2022-06"]),  # 00:30 in London
        ("DTSTART:20220630T180000\nDURATION:PT2H", ["2022-06"]),
    ],
)
def test_awkward_ends(tmp_path, span, months):
    (found,) = read(tmp_path, event(days=span))
    assert [str(m) for m in found.months] == months


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (event(area="nowhere"), "no area"),
        (event(area="Twin"), "several areas"),
        (f"UID:a\nSUMMARY:Fair\n{DAYS}", "no area"),
        (f"SUMMARY:Fair\nX-TOCSIN-AREA:park\n{DAYS}", "UID"),
        (f"UID:a\nX-TOCSIN-AREA:park\n{DAYS}", "SUMMARY"),
        (event("RRULE:FREQ=YEARLY"), "repeats"),
        (event("X-TOCSIN-VERIFIED:maybe"), "TRUE or FALSE"),
        (event(days="CLASS:PUBLIC"), "DTSTART"),
        (event(days="DTSTART;VALUE=DATE:20220610\nDTEND;VALUE=DATE:20220601"), "DTEND"),
        (event(days="DTSTART:20220610T120000\nDTEND:20220610T110000"), "DTEND"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(tmp_path, lines, says):
    with pytest.raises(UsageError) as error:
        read(tmp_path, lines)
    assert "events.ics" in str(error.value)
    assert says in f"{error.value} {error.value.advice}"
    assert error.value.advice


def test_two_events_cannot_share_an_id(tmp_path):
    with pytest.raises(UsageError, match="twice"):
        read(tmp_path, event(), event())


@pytest.mark.parametrize(
    "content", [b"<html>no calendar</html>", b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_what_is_no_calendar_is_refused(tmp_path, content):
    path = tmp_path / "events.ics"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="not a calendar"):
        load_events(path, PLACE)


def test_a_folder_without_the_files_has_none(tmp_path):
    assert load_events(tmp_path / "events.ics", PLACE) == ()
    assert load_breaks(tmp_path / "breaks.toml") == ()
    assert load_targets(tmp_path / "targets.toml") == ()
