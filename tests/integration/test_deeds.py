"""What people do with alerts: once, by those who may, seen wherever the alert is up, and written down."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs.attention.deeds import NEEDS, Deed, perform
from jobs.attention.people import Role
from jobs.store.engine import Store
from rules.model import Month
from tests.integration import small_county as small
from tests.integration.desk import ANALYST, OFFICER, OTHER, SENSITIVE, Desk, who
from tests.integration.story import B, Fired

JAN, FEB, MAR, APR, MAY, JUN = small.months("2022-01", 6)
ONE = "A-2022-06-01"


@pytest.fixture
def desk(store: Store) -> Desk:
    """One alert, up in two channels."""
    found = Desk.at(store, small.channel(), small.channel("second"))
    found.told(JUN, Fired())
    return found


def test_an_acknowledgement_shows_wherever_the_alert_is_up(desk: Desk) -> None:
    outcome = desk.do("acknowledge", ONE, OFFICER)
    assert (outcome.result, outcome.touched) == ("done", (ONE,))
    for channel in ("all", "second"):
        shown = desk.shown(ONE, channel)
        assert shown.acknowledged_by == "Officer One (invented)", "the name that the settings give"
        assert shown.acknowledged == desk.house.today
        assert desk.revision(ONE, channel) == 2
    assert desk.facts(ONE).revision == 2
    assert [(e.kind, e.actor) for e in desk.diary(ONE)][-1] == ("acknowledge", "Uofficer")


def test_a_second_acknowledgement_changes_nothing(desk: Desk) -> None:
    desk.do("acknowledge", ONE, OFFICER)
    outcome = desk.do("acknowledge", ONE, OTHER)
    assert outcome.result == "unchanged"
    assert outcome.facts is not None
    assert outcome.facts.acknowledged_by == "Officer One (invented)"
    assert (desk.facts(ONE).revision, desk.revision(ONE)) == (2, 2)


def test_what_the_platform_sends_twice_is_done_once(desk: Desk) -> None:
    for n in range(3):
        outcome = desk.do("note", ONE, OFFICER, text="looked at it", interaction="Ev1")
        assert outcome.result == ("repeated" if n else "done")
        assert outcome.facts is not None
        assert outcome.facts.notes == 1
    assert [e.detail for e in desk.diary(ONE) if e.kind == "note"] == ["looked at it"]
    assert [line.kind for line in desk.audit()] == ["note"]


def test_two_at_once_lose_nothing(desk: Desk) -> None:
    """Eight notes and one of them sent twice, from threads: every one is counted once."""
    ready = threading.Barrier(8)

    def write(n: int) -> str:
        ready.wait(10)
        deed = Deed("note", f"Ev{min(n, 6)}", ONE, text=f"note {min(n, 6)}")
        return perform(desk.house, OFFICER, deed).result

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(write, range(8)))
    assert results == ["done"] * 7 + ["repeated"]
    assert desk.facts(ONE).notes == 7
    assert desk.facts(ONE).revision == desk.revision(ONE) == 8


def test_notes_of_one_person_in_one_month_are_all_kept(desk: Desk) -> None:
    for text in ("one", "two", "three"):
        desk.do("note", ONE, OFFICER, text=text)
    assert [e.detail for e in desk.diary(ONE) if e.kind == "note"] == ["one", "two", "three"]
    assert desk.shown(ONE).notes == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "text"), (" \u200b ", "text"), ("x" * 1001, "long"), ("at LE67 3FN", "postcode"),
     ("at ＬＥ６７　３ＦＮ", "postcode"), ("LE\u200b67 3FN", "postcode")],
)  # fmt: skip
def test_words_that_are_not_kept(desk: Desk, text: str, why: str) -> None:
    outcome = desk.do("note", ONE, OFFICER, text=text)
    assert (outcome.result, outcome.why) == ("wrong", why)
    assert desk.facts(ONE).notes == 0
    assert "3FN" not in repr(desk.audit())
    assert "３ＦＮ" not in repr(desk.audit())


def test_words_become_one_harmless_line(desk: Desk) -> None:
    desk.do("note", ONE, OFFICER, text="seen\x00 at\u202e the\n\n gate")
    assert desk.diary(ONE)[-1].detail == "seen at the gate"


# Who has it


def test_who_takes_it_on_has_seen_it_and_may_let_go(desk: Desk) -> None:
    desk.do("own", ONE, OFFICER)
    assert (desk.shown(ONE).owner, desk.shown(ONE).acknowledged_by) == ("Officer One (invented)",) * 2
    assert desk.do("own", ONE, OFFICER).result == "unchanged"
    other = desk.do("own", ONE, OTHER)
    assert (other.result, other.why, other.needs) == ("refused", "owned", "analyst")
    assert desk.do("release", ONE, OTHER).why == "owned"
    assert desk.do("release", ONE, OFFICER).result == "done"
    assert desk.shown(ONE).owner == ""
    assert desk.do("own", ONE, OTHER).result == "done"
    assert desk.do("own", ONE, ANALYST).result == "done", "an analyst may move it"
    assert desk.shown(ONE).owner == "Uanalyst", "without a name, the id"


def test_what_people_did_stays_when_the_next_month_comes(desk: Desk) -> None:
    desk.do("own", ONE, OFFICER)
    desk.do("note", ONE, OFFICER, text="one")
    desk.do("feedback", ONE, OFFICER, text="useful")
    desk.told("2022-07", Fired(count=12))
    shown = desk.shown(ONE)
    assert (shown.status, shown.count) == ("continuing", 12)
    assert (shown.owner, shown.acknowledged_by, shown.notes, shown.useful) == (
        "Officer One (invented)", "Officer One (invented)", 1, 1,
    )  # fmt: skip


def test_more_severe_it_waits_for_another_acknowledgement(desk: Desk) -> None:
    desk.do("acknowledge", ONE, OFFICER)
    desk.told("2022-07", Fired(severity=3))
    shown = desk.shown(ONE)
    assert (shown.status, shown.acknowledged_by, shown.acknowledged) == ("escalated", "", None)
    desk.do("acknowledge", ONE, OTHER)
    desk.told("2022-08", Fired(severity=2))
    assert desk.shown(ONE).acknowledged_by == "Uother"


# Closing


def test_closed_it_is_no_longer_open_and_says_who_and_why(desk: Desk) -> None:
    assert desk.do("close", ONE, OFFICER, text="done").why == "role"
    assert desk.do("close", ONE, ANALYST).why == "text"
    assert desk.do("close", ONE, ANALYST, text="dealt with").result == "done"
    shown = desk.shown(ONE)
    assert (shown.status, shown.closed_by, shown.closed_why) == ("closed", "Uanalyst", "dealt with")
    assert desk.ended(ONE) == Month(2022, 6)
    for kind in ("acknowledge", "own", "close"):
        again = desk.do(kind, ONE, ANALYST, text="again")
        assert (again.result, again.why) == ("wrong", "over")
    assert desk.do("note", ONE, OFFICER, text="a note").result == "done"
    assert desk.do("feedback", ONE, OFFICER, text="known").result == "done"


def test_a_close_holds_for_the_months_it_was_about_and_no_longer(desk: Desk) -> None:
    desk.do("close", ONE, ANALYST, text="dealt with")
    with desk.story() as story:
        assert story.told(JUN, Fired()) == [], "told again, nothing"
    desk.told(JUN, Fired(count=8))
    assert (desk.shown(ONE).status, desk.shown(ONE).count) == ("closed", 8), "a revised figure is shown"
    desk.told("2022-07")
    assert desk.facts(ONE).status == "closed"
    desk.told("2022-08", Fired(count=11))
    shown = desk.shown(ONE)
    assert (shown.id, shown.status, shown.closed_by) == (ONE, "continuing", "")
    assert desk.ended(ONE) is None
    desk.told("2022-09")
    desk.told("2022-10")
    assert (desk.facts(ONE).status, desk.ended(ONE)) == ("ended", Month(2022, 10))


def test_a_closed_alert_that_never_rings_again_stays_closed(desk: Desk) -> None:
    desk.do("close", ONE, ANALYST, text="dealt with")
    for month in ("2022-07", "2022-08", "2022-09"):
        desk.told(month)
    assert (desk.facts(ONE).status, desk.ended(ONE)) == ("closed", Month(2022, 6))
    desk.told("2022-10", Fired())
    assert desk.facts("A-2022-10-01").status == "new"


# Feedback


def test_one_verdict_of_each_person_and_the_last_word_counts(desk: Desk) -> None:
    assert desk.do("feedback", ONE, OFFICER, text="grand").why == "verdict"
    desk.do("feedback", ONE, OFFICER, text="useful")
    assert desk.do("feedback", ONE, OFFICER, text="useful").result == "unchanged"
    desk.do("feedback", ONE, OTHER, text="noise")
    desk.do("feedback", ONE, OFFICER, text="known")
    shown = desk.shown(ONE)
    assert (shown.useful, shown.known, shown.noise) == (0, 1, 1)
    assert [e.detail for e in desk.diary(ONE) if e.kind == "feedback"] == ["useful", "noise", "known"]


# Who may


@pytest.mark.parametrize("kind", sorted(NEEDS))
def test_a_role_that_is_too_low_is_refused_and_written_down(desk: Desk, kind: Any) -> None:
    lower = [r for r in Role if r.rank < NEEDS[kind].rank]
    before = desk.facts(ONE)
    for role in lower:
        outcome = desk.do(kind, ONE, who("Usomebody", role), text="x")
        assert (outcome.result, outcome.why, outcome.needs) == ("refused", "role", NEEDS[kind].value)
        assert outcome.facts is None
        (line, *_) = desk.audit()
        assert (line.who, line.kind, line.outcome, line.role) == (
            "Usomebody", kind, "refused:role", role.value,
        )  # fmt: skip
    assert desk.facts(ONE) == before


def test_an_alert_over_the_clearance_is_refused_and_nothing_of_it_told(store: Store) -> None:
    source = small.source("open", classification="partner")
    desk = Desk.at(
        store, small.channel(clearance="sensitive", sensitive_series=["hate-offences"]), source=source
    )
    desk.told(JUN, Fired(series="hate-offences"))
    outcome = desk.do("acknowledge", ONE, OFFICER)
    assert (outcome.result, outcome.why, outcome.needs, outcome.facts) == (
        "refused", "clearance", "sensitive", None,
    )  # fmt: skip
    assert desk.audit()[0].outcome == "refused:clearance"
    cleared = who("Uofficer", Role.OFFICER, SENSITIVE)
    assert desk.do("acknowledge", ONE, cleared).result == "done"
    assert desk.audit()[0].classification == "sensitive"


def test_there_is_no_such_alert(desk: Desk) -> None:
    outcome = desk.do("acknowledge", "A-1999-01-01", OFFICER)
    assert (outcome.result, outcome.why) == ("unknown", "alert")
    assert desk.audit()[0].outcome == "unknown:alert"


def test_a_channel_that_lost_its_clearance_is_told_no_more(store: Store) -> None:
    source = small.source("open", classification="partner")
    desk = Desk.at(store, small.channel(clearance="partner"), source=source)
    desk.told(JUN, Fired())
    lower = {"all": small.channel(clearance="public")}
    own = desk.house.partnership
    desk.house.__dict__["partnership"] = own.model_copy(update={"channels": lower})
    desk.told("2022-07", Fired(count=99))
    desk.do("acknowledge", ONE, who("Uofficer", Role.OFFICER, SENSITIVE))
    assert (desk.facts(ONE).count, desk.shown(ONE).count, desk.revision(ONE)) == (99, 9, 1)


# Stale, and folded


def test_a_click_on_a_stale_message_is_done_and_says_so(desk: Desk) -> None:
    assert not desk.do("note", ONE, OFFICER, text="one", seen=1).stale
    stale = desk.do("acknowledge", ONE, OFFICER, seen=1)
    assert (stale.result, stale.stale) == ("done", True)
    assert stale.facts is not None
    assert stale.facts.notes == 1
    assert desk.do("note", ONE, OFFICER, text="two", seen=2, seen_in="all").stale, "the message is at 3"
    assert not desk.do("note", ONE, OFFICER, text="three", seen=4, seen_in="all").stale


def test_a_part_of_another_alert_can_be_handled_and_is_nowhere_up(desk: Desk) -> None:
    whole = Fired("E02000001", score=9)
    desk.told("2022-07", whole, Fired(B, parent=whole.print))
    part = "A-2022-07-02"
    assert desk.facts(part).area == B
    assert desk.do("acknowledge", part, OFFICER).result == "done"
    assert f"alert:{part}" not in desk.up_in()


def test_the_audit_says_who_did_what_where(desk: Desk) -> None:
    desk.do("note", ONE, OFFICER, text="asked the site")
    (line,) = desk.audit()
    assert (line.who, line.platform, line.channel, line.role, line.clearance) == (
        "Uofficer", "slack", "all", "officer", "public",
    )  # fmt: skip
    assert (line.kind, line.alert, line.sources, line.outcome) == ("note", ONE, ("open",), "done")
    assert line.query == f"note {ONE} asked the site"
    assert line.at == desk.house.now()
