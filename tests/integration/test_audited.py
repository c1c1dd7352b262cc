"""The front door: questions and commands as people type them, answered by who they are, and written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from bot.answers.deeds import act
from bot.answers.desk import Desk as FrontDesk
from bot.audited import audited
from bot.message import Answer
from bot.renderers.text import answer_text
from bot.views.alerts import alert_message
from jobs.attention.deeds import NEEDS, Deed
from jobs.attention.people import Actor, Role, at_terminal
from jobs.errors import NotReady
from jobs.store import audit, tables
from jobs.store.audit import Book, Line
from jobs.store.engine import Connection, Store
from rules.model import Classification
from tests.integration import small_county as small
from tests.integration.desk import ANALYST, OFFICER, PARTNER, READER, Desk, who
from tests.integration.small_county import NOON
from tests.integration.story import A, B, Fired
from tests.printed_figures import unclaimed

ONE, TWO = "A-2022-06-01", "A-2022-06-02"


@pytest.fixture
def desk(store: Store) -> Desk:
    """Two alerts, one of partners."""
    found = Desk.at(store, small.channel(clearance="partner"), source=small.source(classification="partner"))
    found.told("2022-06", Fired(A, score=9), Fired(B))
    return found


def said(desk: Desk, text: str, by: Actor, interaction: str = "") -> Answer:
    return audited(FrontDesk(desk.house), text, by, interaction=interaction)


INSIDE = who("Uofficer", Role.OFFICER, PARTNER)
TERMINAL = at_terminal(Role.ANALYST, PARTNER)


def test_a_question_is_answered_and_written_down(desk: Desk) -> None:
    assert said(desk, "alerts", OFFICER).state == "empty"
    assert said(desk, "alerts", INSIDE).state == "ok"
    inside, outside = desk.audit()
    assert (outside.kind, outside.query, outside.outcome, outside.clearance) == (
        "question", "alerts", "empty", "public",
    )  # fmt: skip
    assert (inside.who, inside.sources, inside.classification) == ("Uofficer", ("open",), "partner")


@pytest.mark.parametrize(
    ("text", "outcome", "query"),
    [
        (f"why {ONE}", "refused", f"why {ONE}"),
        ("area LE67 3FN", "unknown", "area [postcode]"),
        ("what's up, doc", "unknown", "what's up, doc"),
        ("x" * 400, "unknown", "x" * 300),
    ],
)
def test_refusals_and_what_was_not_understood_are_written_down(
    desk: Desk, text: str, outcome: str, query: str
) -> None:
    assert said(desk, text, OFFICER).state == outcome
    (line,) = desk.audit()
    assert (line.outcome, line.query) == (outcome, query)


def test_a_failure_is_written_down_and_comes_through(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(FrontDesk, "_answer", broken)
    with pytest.raises(ZeroDivisionError):
        said(desk, "alerts", OFFICER)
    assert desk.audit()[0].outcome == "failed:ZeroDivisionError"[:20]


def test_many_who_ask_at_once_are_each_written_down_before_they_are_answered(desk: Desk) -> None:
    front = FrontDesk(desk.house)

    def ask(n: int) -> bool:
        audited(front, f"define word {n}", who(f"U{n}", Role.READER))
        return any(line.who == f"U{n}" for line in desk.audit())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))
    assert sorted(line.query for line in desk.audit()) == sorted(f"define word {n}" for n in range(40))


def test_who_waits_while_a_page_is_written_shares_the_next_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, add, gate = Book(store), audit._add, Event()
    pages: list[list[Line]] = []

    def held_up(connection: Connection, lines: list[Line]) -> None:
        pages.append(lines)
        assert gate.wait(30)
        add(connection, lines)

    monkeypatch.setattr(audit, "_add", held_up)
    lines = [
        Line(NOON, f"U{n}", "slack", "C1", "reader", "public", "question", "q", "", (), "public", "ok", 0)
        for n in range(9)
    ]
    with ThreadPoolExecutor(9) as pool:
        waiting = [pool.submit(book.add, line) for line in lines]
        while not pages or len(pages[0]) + len(book._open.lines) < len(lines):
            sleep(0.001)
        gate.set()
        for one in waiting:
            one.result(30)
    with store.read() as connection:
        assert {line.who for line in audit.list_lines(connection)} == {line.who for line in lines}
    assert len(pages) == 2


def test_what_cannot_be_written_down_is_not_answered(desk: Desk) -> None:
    front = FrontDesk(desk.house)
    with desk.house.store.write() as connection:
        tables.audit.drop(connection)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(audited, front, "define TFMV", OFFICER) for _ in range(8)]
        assert [type(one.exception(30)) for one in asked] == [NotReady] * 8


def test_a_deed_is_written_down_once_and_sent_twice_done_once(desk: Desk) -> None:
    for n in range(2):
        found = said(desk, f"note {ONE} asked the site", INSIDE, "Ev9")
        assert found.title.startswith("Done already" if n else "Done. ")
    (line,) = desk.audit()
    assert (line.kind, line.query, line.alert) == ("note", f"note {ONE} asked the site", ONE)


def test_the_same_verbs_do_the_same_from_chat_and_from_the_terminal(desk: Desk) -> None:
    for by in (INSIDE, TERMINAL):
        for text in (f"own {TWO}", f"release {TWO}", f"useful {ONE}", f"note {ONE} seen"):
            assert said(desk, text, by).state == "ok", text
    facts = desk.facts(ONE)
    assert (facts.useful, facts.notes) == (2, 2)
    assert {e.actor for e in desk.diary(ONE)} >= {"terminal", "Uofficer"}


@pytest.mark.parametrize(
    "text",
    [f"ack {ONE}", f"close {ONE} done", f'silence {ONE} 3m "Op Tiger"', f"useful {ONE}", f"note {ONE} x"],
)
def test_a_reader_may_do_none_of_it(desk: Desk, text: str) -> None:
    found = said(desk, text, who("Ureader", Role.READER, PARTNER))
    assert found.state == "refused"
    assert "partnership.toml" in " ".join(found.footer)
    assert desk.audit()[0].outcome == "refused:role"
    assert desk.facts(ONE).revision == 1


def test_who_asks_without_saying_who_may_only_ask(desk: Desk) -> None:
    front = FrontDesk(desk.house)
    assert front.ask("alerts", clearance=PARTNER).state == "ok"
    assert front.ask(f"ack {ONE}", clearance=PARTNER).state == "refused"


def test_my_alerts_are_those_that_i_took_on(desk: Desk) -> None:
    said(desk, f"own {TWO}", INSIDE)
    found = said(desk, "alerts mine", INSIDE)
    assert found.table is not None
    assert [row[0] for row in found.table.rows] == [TWO]
    assert "taken on by Officer One (invented)" in found.table.rows[0][-1]
    assert said(desk, "alerts mine", TERMINAL).state == "empty"
    assert FrontDesk(desk.house).ask("alerts mine", clearance=PARTNER).state == "empty"


def test_a_silence_by_words_lasts_so_many_months_and_is_listed(desk: Desk) -> None:
    found = said(desk, 'silence burglary coalville 3m "Op Tiger"', TERMINAL)
    assert found.state == "ok"
    assert "until 30 November 2022" in found.lines[0]
    listed = said(desk, "silences", TERMINAL)
    assert listed.table is not None
    assert listed.table.rows == (("1", "Burglary in Coalville", "30 Nov 2022", "terminal", "Op Tiger"),)
    assert said(desk, "silences", who("Uanalyst", Role.ANALYST)).state == "empty"
    rows = said(desk, "alerts all", TERMINAL).table
    assert rows is not None
    assert all("silenced until 30 November 2022, by terminal: Op Tiger" in row[-1] for row in rows.rows)
    assert said(desk, "unsilence 1", TERMINAL).state == "ok"


def test_the_message_is_the_state(desk: Desk) -> None:
    def fields() -> dict[str, str]:
        return dict(alert_message(desk.shown(ONE)).fields)

    def buttons() -> list[str]:
        return [a.id for a in alert_message(desk.shown(ONE)).actions]

    assert fields()["Owner"] == "nobody yet"
    assert "Acknowledged" not in fields()
    assert {"acknowledge", "silence", "own"} <= set(buttons())
    for text in (f"own {ONE}", f"useful {ONE}", f"note {ONE} seen", f'silence {ONE} 1m "Op <Tiger>"'):
        said(desk, text, TERMINAL)
    assert fields()["Acknowledged"] == "by terminal, 1 September 2022"
    assert fields()["Silenced"] == "until 30 September 2022, by terminal: Op <Tiger>"
    assert (fields()["Owner"], fields()["Feedback"]) == ("terminal", "1 useful")
    assert {"unsilence", "release"} <= set(buttons())
    assert {"acknowledge", "silence", "own"}.isdisjoint(buttons())
    said(desk, f"close {ONE} dealt with", TERMINAL)
    assert fields()["Status"] == "Closed by terminal: dealt with"
    assert alert_message(desk.shown(ONE)).title.startswith("✓ Closed")
    assert buttons() == ["why", "chart", "useful", "known", "noise"]


def test_why_tells_what_people_did_in_their_own_words(desk: Desk) -> None:
    for n in range(7):
        said(desk, f"note {ONE} note number {n}", INSIDE)
    found = said(desk, f"why {ONE}", INSIDE)
    notes = [line for line in found.lines if line.startswith("Note by")]
    assert notes == [
        f"Note by Officer One (invented), 1 September 2022: “note number {n}”" for n in range(2, 7)
    ]
    assert found.table is not None
    assert ("notes", f"7, see why {ONE}") in found.table.rows


def test_a_rules_precision_is_a_claim(desk: Desk) -> None:
    for n, verdict in enumerate(["useful"] * 3 + ["noise"] + ["known"] * 2):
        desk.do("feedback", ONE, who(f"U{n}", Role.OFFICER, PARTNER), text=verdict)
    found = said(desk, "rules month-spike", READER)
    (claim,) = [c for c in found.claims if c.name == "month-spike: precision"]
    assert (claim.numerator, claim.denominator, claim.value, claim.unit) == (3, 4, 75.0, "share")
    assert any("3 of 4; 2 said that it was known" in line for line in found.lines)
    table = said(desk, "rules", READER).table
    assert table is not None
    assert [row[2] for row in table.rows] == ["3 of 4"]
    assert said(desk, "rules nonsense", READER).state == "unknown"


def test_a_percentage_of_feedback_needs_a_base(desk: Desk) -> None:
    for n in range(30):
        verdict = "noise" if n < 6 else "useful"
        desk.do("feedback", ONE, who(f"U{n}", Role.OFFICER, PARTNER), text=verdict)
    assert "24 of 30 (80.0%)" in " ".join(said(desk, "rules month-spike", READER).lines)


def test_subscriptions_and_quiet_hours_are_listed(desk: Desk) -> None:
    said(desk, "subscribe burglary coalville severity>=2", READER)
    said(desk, "subscribe drugs here", ANALYST)
    said(desk, "quiet 18:00-08:00", READER)
    found = said(desk, "subscriptions", READER)
    assert found.table is not None
    assert found.table.rows == (
        ("You", "Burglary in Coalville", "2 and above"), ("all", "Drug offences", "1 and above"),
    )  # fmt: skip
    assert "from 18:00 to 08:00" in found.lines[0]
    assert said(desk, "quiet", READER).lines == found.lines
    said(desk, "unsubscribe burglary coalville", READER)
    assert len(said(desk, "subscriptions", READER).data["subscriptions"]) == 1  # type: ignore[arg-type]


def test_a_click_answers_like_the_command(desk: Desk) -> None:
    found = act(desk.house, INSIDE, Deed("acknowledge", "Ev1", ONE, seen=0))
    assert found.lines[0] == "Acknowledged by Officer One (invented)."
    assert "changed since you saw it" in found.lines[1]
    assert found.data["stale"] is True
    assert act(desk.house, INSIDE, Deed("acknowledge", "Ev2", "A-1999-01-01")).state == "unknown"
    assert found.classification is Classification.PARTNER


def test_analysts_read_the_audit_as_far_as_their_clearance_goes(desk: Desk) -> None:
    said(desk, "area LE67 3FN", OFFICER)
    said(desk, f"ack {ONE}", INSIDE)
    assert said(desk, "audit", OFFICER).state == "refused"
    outside = said(desk, "audit", ANALYST)
    assert outside.table is not None
    assert [row[1:] for row in outside.table.rows] == [
        ("Officer One (invented)", "all", "audit", "refused"),
        ("Officer One (invented)", "all", "area [postcode]", "unknown"),
    ]
    assert "1 line over this clearance" in outside.lines[0]
    inside = said(desk, "audit", TERMINAL)
    assert inside.table is not None
    assert inside.table.rows[2][0] == "1 Sep 2022 13:00", "local time"
    assert inside.table.rows[2][3:] == (f"ack {ONE}", "done")
    assert inside.classification is Classification.PARTNER


COMMANDS = (
    f"ack {ONE}", f"ack {ONE}", f"own {TWO}", f"useful {ONE}", f"note {ONE} seen on site", "alerts all",
    f'silence {ONE} 3m "Op Tiger"', 'silence drugs coalville 2w "x"', "silences", f"unsilence {ONE}",
    f"why {ONE}", f"close {TWO} dealt with", f"ack {TWO}", "ack A-1999-01-01", "silence drugs 3m", "rules",
    'silence drugs 20m "x"', "rules month-spike", "subscribe coalville severity>=2 here", "subscriptions",
    "quiet 18:00-08:00 here", "subscribe coalville", f"release {TWO}", "unsilence 99", "alerts mine",
)  # fmt: skip


def test_every_figure_of_these_answers_has_a_claim(desk: Desk) -> None:
    by = Actor("terminal", Role.ANALYST, PARTNER, "all", "console")
    places = [a.name for a in desk.house.geography.areas.values()]
    names = [*places, "seen on site", "18:00", "08:00", *(f"{r.title}. {r.why}" for r in desk.house.rules)]
    for text in COMMANDS:
        found = said(desk, text, by)
        known = (*names, *found.suggestions)
        assert unclaimed(answer_text(found, 2000), found.claims, known) == [], text


def test_every_deed_has_its_role() -> None:
    assert set(NEEDS) >= {
        "acknowledge",
        "own",
        "release",
        "note",
        "close",
        "silence",
        "unsilence",
        "feedback",
    }
    assert NEEDS["note"] is Role.OFFICER
    assert NEEDS["silence"] is NEEDS["unsilence"] is NEEDS["close"] is Role.ANALYST
