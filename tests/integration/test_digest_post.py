"""The monthly digest on its way: message, thread and page; drafts and sign-off; a month that is revised."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bot.answers.desk import Desk
from bot.audited import audited
from bot.delivery import Delivery
from bot.renderers.cards import LIMIT, message_card, size
from bot.works import BUILDERS
from jobs import actions
from jobs.attention.people import Actor, Role, at_terminal
from jobs.digest.pieces import REPLIES
from jobs.digest.post import queue_digest, refresh
from jobs.facts import DIGEST_POST
from jobs.folder.partnership import Digest
from jobs.store.audit import list_lines
from jobs.store.engine import Store
from jobs.store.tables import outbox
from rules.model import Classification, Month
from tests.integration.killed_slack import CHANNEL
from tests.integration.killed_slack import channel as slack_channel
from tests.integration.small_county import (
    HOME_UNITS,
    OTHER_UNITS,
    SmallHouse,
    channel,
    house,
    months,
    put,
    source,
)
from tests.wire.faults import dropped
from tests.wire.slack import slack_stand_in

JUNE = Month(2022, 6)
MONTHS = months("2020-07", 24)
THREAD = [f"digest:2022-06:{piece}" for piece in (*REPLIES, "page")]
CHANNELS = (
    channel("jag", platform="slack", address=CHANNEL, digest=True),
    channel("board", platform="teams", address="WEBHOOK", digest=True),
    channel("ops", operator=True, clearance="partner"),
)


def counted(extra: int = 0) -> dict[tuple[str, str, str], int | None]:
    """Some of everything everywhere, and `extra` in one place in the last month."""
    cells: dict[tuple[str, str, str], int | None] = {
        (series, unit, month): 3 + (i + k) % 3
        for series in ("total", "burglary")
        for i, unit in enumerate((*HOME_UNITS, *OTHER_UNITS))
        for k, month in enumerate(MONTHS)
    }
    cells["total", HOME_UNITS[0], "2022-06"] = 4 + extra
    return cells


@pytest.fixture
def own(store: Store) -> SmallHouse:
    return told(store)


def told(store: Store, mode: str = "auto") -> SmallHouse:
    made = house(store, source(), channels=CHANNELS)
    with store.write() as connection:
        put(connection, "open", counted())
    made.__dict__["partnership"] = made.partnership.model_copy(
        update={"digest": Digest.model_validate({"mode": mode, "priorities": ["burglary"]})}
    )
    return made


def rows(own: SmallHouse, channel_id: str) -> dict[str, tuple[int, str | None]]:
    """Key -> (revision, thread) of what a channel holds."""
    with own.store.read() as connection:
        found = connection.execute(select(outbox).where(outbox.c.channel == channel_id)).all()
    return {r.key: (r.revision, r.thread) for r in found}


def queue(own: SmallHouse) -> list[str]:
    with own.store.write() as connection:
        return queue_digest(connection, own, JUNE)


def test_slack_gets_a_message_a_thread_and_a_page_and_others_one_message(own: SmallHouse):
    assert queue(own) == ["jag", "board"]
    assert rows(own, "jag") == {"digest:2022-06": (1, None)} | dict.fromkeys(THREAD, (1, "digest:2022-06"))
    assert rows(own, "board") == {"digest:2022-06": (1, None)}
    assert rows(own, "ops") == {}
    own.clock.now = own.clock.now.replace(day=3)
    queue(own)
    again = {k: r for k, (r, _) in rows(own, "jag").items()}
    assert {k for k, r in again.items() if r > 1} <= {"digest:2022-06:page"}, "another day is no news"


def test_a_revised_month_edits_what_changed_and_puts_up_nothing_new(own: SmallHouse):
    queue(own)
    with own.store.write() as connection:
        put(connection, "open", counted(40))
        assert refresh(connection, own, [JUNE, Month(2022, 5)]) == [JUNE]
    now = rows(own, "jag")
    assert set(now) == {"digest:2022-06", *THREAD}
    changed = {
        k.removeprefix("digest:2022-06").strip(":") for k, (revision, _) in now.items() if revision > 1
    }
    assert {"", "areas", "page"} <= changed
    assert not changed & {"boxes", "promises", "method", "ahead"}
    assert rows(own, "board")["digest:2022-06"][0] == 2


def test_the_job_says_where_it_went(own: SmallHouse):
    assert actions.digest(own, "", "2022-06") == "queued for jag, board"


def test_delivered_it_stands_as_a_message_with_its_thread_and_page(own: SmallHouse, clock):
    queue(own)
    clock.now = own.clock.now
    with slack_stand_in(CHANNEL) as slack:
        there = slack_channel(slack.api, request=20.0)
        there._settle = 0.0
        slack.fail("chat.postMessage", dropped())
        delivery = Delivery(own.store, {"jag": there}, BUILDERS, clock=clock)
        for _ in range(3):
            delivery.drain()
            clock.advance(seconds=200)
        (top,) = slack.channels[CHANNEL].top
        thread = slack.channels[CHANNEL].thread(top["ts"])
        assert [m["metadata"]["event_payload"]["key"] for m in thread if "metadata" in m] == THREAD[:-1]
        (file,) = [f for m in thread for f in m.get("files", [])]
        assert file["name"] == "digest-2022-06.html"
        page = next(f for f in slack.files.values() if f.name == file["name"])
        assert page.data.startswith(b"<!doctype html>")
        with own.store.write() as connection:
            put(connection, "open", counted(40))
            refresh(connection, own, [JUNE])
        delivery.drain()
        assert len(slack.channels[CHANNEL].messages) == 9, "edits only, and no line of history"
        assert "(usual" in slack.channels[CHANNEL].top[0]["text"]


def test_in_teams_it_is_one_card_that_fits(own: SmallHouse):
    queue(own)
    with own.store.read() as connection:
        payload = connection.execute(select(outbox.c.payload).where(outbox.c.channel == "board")).scalar_one()
    message = BUILDERS["digest"](payload)
    card = message_card(message)
    assert size(card) < LIMIT
    text = json.dumps(card, ensure_ascii=False)
    for heading in ("Looking ahead", "Areas with the most recorded", "Event diary", "Open alerts", "Method"):
        assert heading in text


ANALYST, OFFICER = (
    Actor(f"U0{role}", role, Classification.PARTNER, "ops", "slack") for role in (Role.ANALYST, Role.OFFICER)
)


def said(own: SmallHouse, text: str, actor: Actor) -> tuple[str, str]:
    desk = Desk(own)
    answer = audited(desk, text, actor)
    return answer.state, " ".join((answer.title, *answer.lines))


def test_a_draft_waits_for_an_analyst_and_goes_out_once(store: Store):
    own = told(store, "draft")
    assert actions.digest(own, "", "2022-06") == "draft for ops; an analyst signs it off"
    assert rows(own, "jag") == rows(own, "board") == {}
    assert rows(own, "ops") == {"digest-draft:2022-06": (1, None)}
    assert said(own, "digest sign", OFFICER)[0] == "refused"
    assert rows(own, "jag") == {}
    state, words = said(own, "digest 2022-06 sign", ANALYST)
    assert (state, words) == (
        "ok",
        "Done The digest of June 2022 is signed off. It goes to jag, board.",
    )
    assert set(rows(own, "jag")) == {"digest:2022-06", *THREAD}
    assert said(own, "digest sign", ANALYST) == (
        "ok",
        "Nothing to change The digest of June 2022 has gone out already.",
    )
    assert all(revision == 1 for revision, _ in rows(own, "jag").values())
    with own.store.read() as connection:
        done = [(line.kind, line.outcome) for line in reversed(list_lines(connection, most=10))]
        draft = connection.execute(select(outbox.c.payload).where(outbox.c.channel == "ops")).scalar_one()
    assert sorted(done) == [("sign", "done"), ("sign", "refused:role"), ("sign", "unchanged")]
    assert DIGEST_POST.validate_json(draft).draft == "signed"


def test_a_draft_is_brought_up_to_date_until_it_is_signed(store: Store):
    own = told(store, "draft")
    queue(own)
    with own.store.write() as connection:
        put(connection, "open", counted(40))
        assert refresh(connection, own, [JUNE]) == [JUNE]
    assert rows(own, "ops") == {"digest-draft:2022-06": (2, None)}
    assert rows(own, "jag") == {}


def test_what_cannot_be_signed_is_said(own: SmallHouse):
    assert "goes out by itself" in said(own, "digest 2022-06 sign", ANALYST)[1]
    own.__dict__["partnership"] = own.partnership.model_copy(
        update={"digest": Digest(mode="draft", priorities=("burglary",))}
    )
    assert "No draft" in said(own, "digest sign", ANALYST)[1]
    assert "no figures for a digest of June 2031" in said(own, "digest 2031-06 sign", ANALYST)[1]


def test_who_may_not_see_all_of_it_does_not_sign_it_off(store: Store):
    own = told(store, "draft")
    own.__dict__["partnership"] = own.partnership.model_copy(
        update={"channels": {"jag": channel("jag", digest=True, clearance="sensitive")}}
    )
    state, words = said(own, "digest 2022-06 sign", ANALYST)
    assert (state, words) == ("refused", "Not allowed The digest is for sensitive readers.")


def test_the_chat_shows_what_the_channel_gets(own: SmallHouse):
    desk, reader = Desk(own), at_terminal(Role.READER, Classification.PUBLIC)
    short = audited(desk, "digest", reader)
    assert (short.state, short.sections, short.title) == ("ok", (), "Invented: June 2022")
    whole = audited(desk, "digest 2022-06 preview", reader)
    assert len(whole.sections) == 9
    assert whole.lines == short.lines
    assert audited(desk, "digest 2031-01", reader).state == "empty"
    assert audited(desk, "digest 2021", reader).suggestions == ("digest 2021-12", "digest 2021-01")
    assert desk.ask("digest", as_of=Month(2022, 3)).title == "Invented: March 2022"
