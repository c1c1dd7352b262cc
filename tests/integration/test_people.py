"""Who asks and may see what; what channels and people subscribed to; quiet hours; what is told once more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from jobs.attention.audit import kept
from jobs.attention.people import Actor, Role, actor_of, clearance_of, shown_name
from jobs.errors import UsageError
from jobs.folder.partnership import Partnership, load_partnership
from jobs.store import sending
from jobs.store.engine import Store
from jobs.store.tables import outbox as rows
from rules.model import Classification
from tests.integration import small_county as small
from tests.integration.conftest import write_partnership
from tests.integration.desk import ANALYST, OFFICER, PARTNER, PUBLIC, READER, SENSITIVE, Desk, who
from tests.integration.story import A, B, C, Fired

JUN, JUL, AUG, SEP = small.months("2022-06", 4)
ONE = "A-2022-06-01"
TOWN = "town-coalville"

_SETTINGS = """
[channels.desk]
title = "Desk"
platform = "slack"
address = "C01"
clearance = "partner"
quiet = "18:00 - 8:00"
[channels.open]
title = "Open"
platform = "slack"
address = "C02"
[people.U01]
role = "analyst"
clearance = "sensitive"
[people.U02]
name = "Somebody invented"
role = "officer"
[people."29:1aa"]
platform = "teams"
role = "admin"
clearance = "sensitive"
"""


@pytest.fixture
def partnership(tmp_path: Path) -> Partnership:
    """Read from a file."""
    folder = write_partnership(tmp_path / "x")
    path = folder / "partnership.toml"
    path.write_text(path.read_text().replace("[channels]\n", _SETTINGS) + "[sources]\n")
    return load_partnership(folder)


@pytest.mark.parametrize(
    ("person", "channel", "how", "role", "clearance", "at"),
    [
        ("U01", "C01", {}, "analyst", "partner", "desk"),  # the lower of person and channel
        ("U01", "C02", {}, "analyst", "public", "open"),
        ("U01", "D99", {"direct": True}, "analyst", "sensitive", "person:U01"),
        ("U01", "C99", {}, "analyst", "public", "C99"),  # an unknown channel is public
        ("U01", "C01", {"shared": True}, "analyst", "public", "desk"),
        ("U01", "C01", {"guest": True}, "reader", "public", "desk"),
        ("U01", "D99", {"guest": True, "direct": True}, "reader", "public", "person:U01"),
        ("U02", "C01", {}, "officer", "public", "desk"),
        ("U99", "C01", {}, "reader", "public", "desk"),  # whoever is not known
        ("U99", "D98", {"direct": True}, "reader", "public", "person:U99"),
        ("29:1aa", "C01", {}, "reader", "public", "desk"),  # Slack cannot vouch for a Teams id
        ("U01", "", {}, "analyst", "public", ""),
    ],
)
def test_who_asks_where(
    partnership: Partnership, person: str, channel: str, how: Any, role: str, clearance: str, at: str
) -> None:
    found = actor_of(partnership, "slack", person, channel, **how)
    assert replace(found, named=None) == Actor(person, Role(role), Classification(clearance), at, "slack")


def test_names_and_clearances_come_from_the_settings(partnership: Partnership) -> None:
    assert [shown_name(partnership, p) for p in ("U01", "U02", "U99")] == ["U01", "Somebody invented", "U99"]
    clearances = {c: clearance_of(partnership, c).value for c in ("desk", "gone", "person:U01", "person:U99")}
    assert clearances == {
        "desk": "partner",
        "gone": "public",
        "person:U01": "sensitive",
        "person:U99": "public",
    }
    assert partnership.channels["desk"].quiet == "18:00-08:00"


@pytest.mark.parametrize(
    ("old", "new"),
    [('quiet = "18:00 - 8:00"', 'quiet = "always"'), ('role = "analyst"', 'role = "chief"'),
     ('clearance = "sensitive"', 'clearance = "secret"')],
)  # fmt: skip
def test_wrong_settings_are_named(tmp_path: Path, old: str, new: str) -> None:
    folder = write_partnership(tmp_path / "x")
    path = folder / "partnership.toml"
    text = path.read_text().replace("[channels]\n", _SETTINGS.replace(old, new, 1)) + "[sources]\n"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"channels\.desk\.quiet|people\.U01"):
        load_partnership(folder)


# Subscriptions


def test_a_channel_hears_what_it_subscribed_to_besides_what_the_settings_say(store: Store) -> None:
    desk = Desk.at(store, small.channel("all", areas=[C]), small.channel("none", series=["drugs"]))
    desk.do("subscribe", by=ANALYST, series="burglary", area=TOWN, severity=2, channel="all")
    desk.told(JUN, Fired(A, score=9), Fired(B, severity=2), Fired(C))
    areas = {k: desk.facts(k.removeprefix("alert:")).area for k in desk.up_in("all")}
    assert set(areas.values()) == {B, C}
    assert desk.up_in("none") == set()


def test_a_person_gets_direct_messages_as_far_as_the_clearance_goes(store: Store) -> None:
    desk = Desk.at(store, small.channel(clearance="sensitive"), source=small.source(classification="partner"))
    for person in (OFFICER, READER, who("Unobody", Role.READER)):
        desk.do("subscribe", by=person, area=TOWN)
    desk.told(JUN, Fired(A), Fired(B, series="hate-offences", score=2), Fired(C, score=1))
    # A sensitive series is told in channels that name it, and to no person alone: see test_sensitive.
    assert desk.up_in("person:Uofficer") == {"alert:A-2022-06-01"}
    assert desk.up_in("person:Ureader") == {"alert:A-2022-06-01"}
    assert desk.up_in("person:Unobody") == set()
    desk.do("acknowledge", ONE, who("Uofficer", Role.OFFICER, SENSITIVE))
    assert desk.shown(ONE, "person:Ureader").acknowledged_by == "Officer One (invented)"


def test_a_subscription_is_taken_back_and_what_is_up_is_edited_still(store: Store) -> None:
    desk = Desk.at(store)
    desk.do("subscribe", by=READER, area=TOWN, series="burglary")
    desk.do("subscribe", by=READER, area=TOWN, series="burglary", severity=1)
    desk.told(JUN, Fired(A))
    assert desk.do("unsubscribe", by=READER, area=TOWN).why == "subscription", "it was about burglary"
    assert desk.do("unsubscribe", by=READER, area=TOWN, series="burglary").result == "done"
    desk.told(JUL, Fired(A, count=12), Fired(B))
    assert desk.up_in("person:Ureader") == {f"alert:{ONE}"}
    assert desk.shown(ONE, "person:Ureader").count == 12


@pytest.mark.parametrize(
    ("by", "more", "result"),
    [
        (OFFICER, {"channel": "all"}, "refused:role"),
        (ANALYST, {"channel": "all"}, "done:"),
        (ANALYST, {"channel": "second"}, "refused:channel"),
        (who("Uadmin", Role.ADMIN), {"channel": "second"}, "done:"),
        (ANALYST, {"channel": "gone"}, "unknown:channel"),
        (who("terminal", Role.ANALYST, platform="console"), {}, "wrong:nobody"),
        (who("terminal", Role.ANALYST, platform="console"), {"channel": "second"}, "done:"),
        (READER, {"series": "witchcraft"}, "wrong:series"),
        (READER, {"area": "atlantis"}, "wrong:area"),
        (READER, {"severity": 4}, "wrong:severity"),
    ],
)
def test_who_may_subscribe_whom(store: Store, by: Actor, more: Any, result: str) -> None:
    desk = Desk.at(store, small.channel(), small.channel("second"))
    outcome = desk.do("subscribe", by=by, **{"area": TOWN, **more})
    assert f"{outcome.result}:{outcome.why}" == result
    assert desk.audit()[0].outcome == result.removesuffix(":")


def test_a_subscriber_has_room_for_five_and_a_line_for_the_rest(store: Store) -> None:
    desk = Desk.at(store, small.channel(series=["drugs"]))
    desk.do("subscribe", by=READER, area=small.DISTRICT)
    desk.told(JUN, *(Fired(a) for a in small.HOME_UNITS[:8]))
    up = desk.up_in("person:Ureader")
    assert sum(k.startswith("alert:") for k in up) == 5
    assert "rollup:open:2022-06" in up


# Quiet hours


def due(desk: Desk, alert: str = ONE, channel: str = "all") -> dt.datetime:
    with desk.house.store.read() as connection:
        where = (rows.c.key == f"alert:{alert}") & (rows.c.channel == channel)
        at: dt.datetime = connection.execute(select(rows.c.due_at).where(where)).scalar_one()
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2022-09-01T12:00", "2022-09-01T12:00"),
        ("2022-09-01T17:00", "2022-09-02T07:00"),  # 18:00 to 08:00 in summer time
        ("2022-12-01T17:30", "2022-12-01T17:30"),
        ("2022-12-01T18:30", "2022-12-02T08:00"),
        ("2022-10-29T20:00", "2022-10-30T08:00"),  # the clocks go back in the night: 13 hours, not 12
        ("2023-03-25T20:00", "2023-03-26T07:00"),  # and forward
    ],
)
def test_a_new_message_waits_for_the_end_of_quiet_hours(store: Store, now: str, then: str) -> None:
    desk = Desk.at(store, small.channel(quiet="18:00-08:00"))
    desk.goes_to(dt.datetime.fromisoformat(f"{now}+00:00"))
    desk.told(JUN, Fired())
    assert due(desk) == dt.datetime.fromisoformat(f"{then}+00:00")


def test_what_waits_holds_up_nothing_that_may_break_the_quiet(store: Store) -> None:
    desk = Desk.at(store, small.channel(quiet="18:00-08:00", quiet_except=3))
    evening, morning = (dt.datetime(2022, 9, d, h, tzinfo=dt.UTC) for d, h in ((1, 20), (2, 7)))
    desk.goes_to(evening)
    desk.told(JUN, Fired(A, score=99), Fired(B, severity=3))
    grace = dt.timedelta(seconds=30)
    first = sending.claim_next(store, "all", evening, grace)
    assert first is not None
    assert first.key == "alert:A-2022-06-02"
    sending.mark_sent(store, first, "ts1", 1, evening)
    assert sending.claim_next(store, "all", evening, grace) is None
    desk.do("acknowledge", "A-2022-06-02", OFFICER)
    edit = sending.claim_next(store, "all", evening, grace)
    assert edit is not None
    assert (edit.key, edit.reference) == ("alert:A-2022-06-02", "ts1"), "an edit makes no noise"
    sending.mark_sent(store, edit, "ts1", 2, evening)
    desk.do("acknowledge", ONE, OFFICER)
    assert due(desk) == morning, "edited before it is up, it waits still"
    later = sending.claim_next(store, "all", morning, grace)
    assert later is not None
    assert (later.key, later.reference) == (f"alert:{ONE}", None)


def test_a_row_that_was_tried_keeps_its_place(store: Store) -> None:
    """Only what waits for the morning stands aside: a failed post holds its channel's later rows."""
    desk = Desk.at(store)
    now = desk.house.now()
    desk.told(JUN, Fired(A, score=9), Fired(B))
    item = sending.claim_next(store, "all", now, dt.timedelta(seconds=30))
    assert item is not None
    sending.mark_retry(store, item, now + dt.timedelta(minutes=5), "busy")
    assert sending.claim_next(store, "all", now, dt.timedelta(seconds=30)) is None


def test_quiet_hours_that_people_set_stand_in_place_of_the_settings(store: Store) -> None:
    desk = Desk.at(store, small.channel(quiet="18:00-08:00"))
    desk.do("subscribe", by=READER, area=TOWN)
    assert desk.do("quiet", by=READER, hours="8 to 9").why == "hours"
    assert desk.do("quiet", by=READER, hours="12:00-14:30").result == "done"
    assert desk.do("quiet", by=READER, hours="", channel="all").why == "role"
    assert desk.do("quiet", by=ANALYST, hours="", channel="all").result == "done"
    evening = dt.datetime(2022, 9, 1, 20, tzinfo=dt.UTC)
    desk.goes_to(evening)
    desk.told(JUN, Fired())
    assert due(desk) == due(desk, channel="person:Ureader") == evening
    noon = dt.datetime(2022, 9, 2, 12, tzinfo=dt.UTC)
    desk.goes_to(noon)
    desk.told(JUL, Fired(A), Fired(B))
    new = "A-2022-07-01"
    assert due(desk, new) == noon
    assert due(desk, new, "person:Ureader") == noon + dt.timedelta(hours=1, minutes=30)


# Told once more


@pytest.fixture
def waiting(store: Store) -> Desk:
    """Thursday, 1 September 2022: an urgent alert and a lesser one are posted."""
    desk = Desk.at(store, small.channel(), small.channel("operator", operator=True, areas=[C]))
    desk.told(JUN, Fired(A, severity=3, score=9), Fired(B, severity=2))
    return desk


def test_a_severe_alert_that_nobody_acknowledged_is_told_once_more(waiting: Desk) -> None:
    for day in (2, 5):  # Friday; Monday
        waiting.goes_to(dt.date(2022, 9, day))
        waiting.morning()
        assert waiting.up_in("operator") == set()
    waiting.goes_to(dt.date(2022, 9, 6))
    waiting.morning()
    assert waiting.up_in("operator") == {f"escalation:{ONE}"}
    assert waiting.shown(ONE).waiting_days == 2, "the message that is up says so, too"
    before = waiting.facts(ONE)
    waiting.goes_to(dt.date(2022, 9, 20))
    waiting.morning()
    assert waiting.facts(ONE) == before, "once"
    waiting.do("acknowledge", ONE, OFFICER)
    with waiting.story() as story:
        shown = story.shown(f"escalation:{ONE}", "operator")
    assert (shown.acknowledged_by, shown.waiting_days) == ("Officer One (invented)", 0)


@pytest.mark.parametrize(
    ("kind", "more"),
    [("acknowledge", {}), ("own", {}), ("close", {"text": "x"}),
     ("silence", {"text": "x", "until": dt.date(2022, 12, 31)})],
)  # fmt: skip
def test_an_alert_in_somebodys_hands_is_not_told_again(waiting: Desk, kind: str, more: Any) -> None:
    waiting.do(kind, ONE, ANALYST, **more)
    waiting.goes_to(dt.date(2022, 9, 20))
    waiting.morning()
    assert waiting.up_in("operator") == set()


def test_an_operator_is_told_of_nothing_over_the_channels_clearance(store: Store) -> None:
    source = small.source("open", classification="partner")
    channels = small.channel(clearance="partner"), small.channel("operator", operator=True)
    desk = Desk.at(store, *channels, source=source)
    desk.told(JUN, Fired(A, severity=3))
    desk.goes_to(dt.date(2022, 9, 20))
    desk.morning()
    assert desk.up_in("operator") == set()
    assert desk.shown(ONE).waiting_days > 0


def test_days_off_and_severity_are_settings(store: Store) -> None:
    channels = small.channel(), small.channel("operator", operator=True, areas=[C])
    desk = Desk.at(store, *channels, severity=2, working_days=1, days_off=["2022-09-02"])
    desk.told(JUN, Fired(A, severity=2))
    desk.goes_to(dt.date(2022, 9, 5))
    desk.morning()
    assert desk.up_in("operator") == set(), "Friday was a day off"
    desk.goes_to(dt.date(2022, 9, 6))
    desk.morning()
    assert desk.up_in("operator") == {f"escalation:{ONE}"}


# The audit


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("hotspots coalville", "hotspots coalville"),
        ("area LE67 3FN please", "area [postcode] please"),
        ("area le673fn", "area [postcode]"),
        ("area ＬＥ６７ ３ＦＮ", "area [postcode]"),
        ("a\x00b\n\nc\u202e", "ab c"),
        ("x" * 5000, "x" * 300),
    ],
)
def test_what_is_kept_of_a_query(typed: str, stored: str) -> None:
    assert kept(typed) == stored


def test_clearances_are_ordered() -> None:
    assert sorted((SENSITIVE, PUBLIC, PARTNER), key=lambda c: c.rank) == [PUBLIC, PARTNER, SENSITIVE]
    assert [r.value for r in sorted(Role, key=lambda r: r.rank)] == ["reader", "officer", "analyst", "admin"]
