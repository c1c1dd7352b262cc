"""Delivery to a Teams Workflows webhook over a real socket: cards by the schema, retries, no secret told."""

from __future__ import annotations

import datetime as dt
import json
import logging
import socket
from email.utils import format_datetime

import pytest

from bot.delivery import REPEATED, Delivery, notice_message
from bot.transports.console import Console
from bot.transports.teams import WorkflowsWebhook
from bot.works import BUILDERS
from jobs.errors import UsageError
from jobs.store import letters, outbox
from jobs.store.engine import Store
from tests.integration.killed_slack import build
from tests.unit.renderers.every_kind import PAYLOADS
from tests.wire.faults import dropped, late, status, taken_but, unheard
from tests.wire.teams import DOOR, PATH, WebhookStandIn, webhook_stand_in

REQUEST = 1.5  # seconds: a busy machine answers in time
GRACE = 3 * REQUEST + 5
SECRET = "a-secret-of-the-tests"


@pytest.fixture
def teams():
    with webhook_stand_in() as far:
        yield far
    assert far.complaints == [], "every card that was sent is one that Teams takes"


@pytest.fixture
def there(teams) -> WorkflowsWebhook:
    webhook = WorkflowsWebhook(teams.url, request=REQUEST)
    webhook.pace = 0.0
    return webhook


@pytest.fixture
def delivery(sqlite_store: Store, clock, there) -> Delivery:
    return delivery_on(sqlite_store, clock, there)


def delivery_on(store: Store, clock, there: WorkflowsWebhook) -> Delivery:
    builders = {"alert": build, "notice": notice_message}
    return Delivery(store, {"jag": there, "ops": Console()}, builders, operator="ops", clock=clock)


def put(delivery: Delivery, clock, *keys: str, count: int = 1) -> None:
    with delivery.store.write() as connection:
        for key in keys:
            payload = json.dumps({"title": key, "count": count})
            outbox.enqueue(connection, key, "jag", "alert", payload, clock.now)


def drained(delivery: Delivery, clock, times: int = 4) -> None:
    for _ in range(times):
        delivery.drain()
        clock.advance(seconds=GRACE)


def states(delivery: Delivery) -> dict[str, int]:
    with delivery.store.read() as connection:
        return {s.state: s.count for s in letters.standings(connection) if s.channel == "jag"}


def titles(teams: WebhookStandIn) -> list[str]:
    return [card["body"][0]["items"][0]["text"] for card in teams.cards]


@pytest.mark.parametrize("name", PAYLOADS)
def test_every_kind_of_payload_is_taken(name, sqlite_store, clock, there, teams):
    kind, payload = PAYLOADS[name]
    with sqlite_store.write() as connection:
        outbox.enqueue(connection, f"{kind}:{name}", "jag", kind, payload, clock.now)
    Delivery(sqlite_store, {"jag": there}, BUILDERS, clock=clock).drain()
    (card,) = teams.cards
    assert card["body"][-1]["inlines"][0]["text"] == f"{kind}:{name} · revision 1"


def test_a_change_is_posted_anew_and_says_so(delivery, clock, teams):
    put(delivery, clock, "A-1")
    drained(delivery, clock, 1)
    put(delivery, clock, "A-1", count=7)
    drained(delivery, clock, 1)
    assert titles(teams) == ["A-1", "Update: A-1"]
    assert teams.cards[1]["body"][-1]["inlines"][0]["text"] == "A-1 · revision 2"
    assert states(delivery) == {"sent": 1}


@pytest.mark.parametrize("code", [429, 412, 502, 503, 504])
def test_what_is_worth_another_try_is_tried_again_when_told(code, delivery, clock, teams):
    put(delivery, clock, "A-1", "A-2")
    teams.fail(DOOR, status(code, retry_after="30"), status(code))
    delivery.drain()
    clock.advance(seconds=29)
    assert delivery.drain() == 0
    clock.advance(seconds=1)
    drained(delivery, clock, 2)
    assert titles(teams) == ["A-1", "A-2"]
    assert teams.count(DOOR) == 4


def test_a_date_to_come_back_at_is_kept(delivery, clock, teams):
    put(delivery, clock, "A-1")
    then = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=100)
    teams.fail(DOOR, status(429, retry_after=format_datetime(then, usegmt=True)))
    delivery.drain()
    clock.advance(seconds=90)
    assert delivery.drain() == 0
    clock.advance(seconds=15)
    assert delivery.drain() == 1


@pytest.mark.parametrize("answer", ["nonsense", "-5", ""])
def test_a_time_that_makes_no_sense_is_the_usual_rest(answer, delivery, clock, teams):
    put(delivery, clock, "A-1")
    teams.fail(DOOR, status(503, retry_after=answer))
    drained(delivery, clock, 2)
    assert titles(teams) == ["A-1"]


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (dropped(), ["A-1", f"A-1 {REPEATED}"]),
        (late(REQUEST + 0.3), ["A-1", f"A-1 {REPEATED}"]),
        (unheard(), [f"A-1 {REPEATED}"]),
        (status(500), [f"A-1 {REPEATED}"]),
        (taken_but(500), ["A-1", f"A-1 {REPEATED}"]),
    ],
)
def test_an_unknown_outcome_is_repeated_with_a_mark_as_nothing_can_be_read_back(
    fault, shown, store, clock, there, teams
):
    delivery = delivery_on(store, clock, there)
    put(delivery, clock, "A-1")
    teams.fail(DOOR, fault)
    drained(delivery, clock)
    assert titles(teams) == shown
    assert {card["body"][-1]["inlines"][0]["text"] for card in teams.cards} == {"A-1 · revision 1"}


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 410, 413, 301])
def test_what_will_never_be_taken_is_a_dead_letter_with_how_to_mend_it(code, delivery, clock, teams, capsys):
    put(delivery, clock, "A-1")
    teams.fail(DOOR, status(code))
    drained(delivery, clock, 1)
    assert states(delivery) == {"dead": 1}
    with delivery.store.read() as connection:
        (letter,) = letters.given_up(connection)
    assert letter.error.endswith(".")
    told = " ".join(capsys.readouterr().out.split())
    assert f"http_{code}: {letter.error}" in told, "the operator reads the same"


def test_a_webhook_that_cannot_be_reached_is_waited_for(sqlite_store, clock, there, teams):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        away = delivery_on(
            sqlite_store, clock, WorkflowsWebhook(f"http://127.0.0.1:{taken.getsockname()[1]}{PATH}")
        )
        put(away, clock, "A-1")
        away.drain()
    assert states(away) == {"pending": 1}
    drained(delivery_on(sqlite_store, clock, there), clock)
    assert titles(teams) == ["A-1"]


def test_the_address_is_in_no_log_and_no_error(delivery, clock, teams, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    teams.fail(DOOR, dropped(), late(REQUEST + 0.3), status(500), status(429), status(404))
    put(delivery, clock, "A-1", "A-2")
    drained(delivery, clock, 8)
    with delivery.store.read() as connection:
        said = " ".join(letter.error for letter in letters.given_up(connection))
    printed = capsys.readouterr()
    assert said
    for where in (said, printed.err, printed.out, caplog.text):
        assert SECRET not in where
        assert "/workflows/" not in where


def test_the_address_is_held_by_the_variable_that_the_channel_names(monkeypatch, teams, tmp_path):
    (tmp_path / "url").write_text(f"{teams.url}\n")
    monkeypatch.setenv("TOCSIN_TEAMS_JAG_FILE", str(tmp_path / "url"))
    reference = WorkflowsWebhook.from_environment("TOCSIN_TEAMS_JAG").post(
        build('{"title": "A-1", "count": 1}')
    )
    assert SECRET not in reference
    assert titles(teams) == ["A-1"]


@pytest.mark.parametrize(
    "address",
    ["", f"http://teams.example/{SECRET}", f"ftp://127.0.0.1/{SECRET}", f"https://[::1{SECRET}", f"https:///{SECRET}",
     f"https://teams.example:99999/{SECRET}"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused_and_not_told(monkeypatch, address):
    monkeypatch.setenv("TOCSIN_TEAMS_JAG", address)
    with pytest.raises(UsageError, match="TOCSIN_TEAMS_JAG is not") as error:
        WorkflowsWebhook.from_environment("TOCSIN_TEAMS_JAG")
    assert SECRET not in f"{error.value} {error.value.advice}"
    assert error.value.__cause__ is None
