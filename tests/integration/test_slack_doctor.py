"""What `tocsin doctor` says of Slack, and how it is to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack import checkup
from jobs.folder.partnership import Partnership, load_partnership
from jobs.store import schema
from jobs.store.engine import Store
from tests.cli import Tocsin, tocsin  # noqa: F401 - a fixture
from tests.slack_shop import JAG, TOWN, slack_partnership
from tests.wire.faults import dropped
from tests.wire.slack import TOKEN, SlackStandIn, slack_stand_in
from tests.wire.slack_inbound import Inbound
from tests.wire.slack_socket import APP_TOKEN, socket_stand_in


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackStandIn]:
    with slack_stand_in(JAG, TOWN) as far, socket_stand_in(far):
        Inbound(far)
        monkeypatch.setenv("TOCSIN_SLACK_API_URL", far.api)
        monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TOCSIN_SLACK_APP_TOKEN", APP_TOKEN)
        yield far


@pytest.fixture
def doctor(slack: SlackStandIn, tmp_path: Path) -> Partnership:
    """What is looked at: an invented partnership in that workspace."""
    assert slack.port
    return load_partnership(slack_partnership(tmp_path))


def consult(doctor: Partnership) -> tuple[int, str]:
    """The exit code that it comes to, and what is said."""
    found = list(checkup.look(doctor))
    said = "\n".join(f"{f.found}\n-> {f.mend}" if f.mend else f.found for f in found)
    assert TOKEN not in said
    assert APP_TOKEN not in said
    return 5 if any(f.mend for f in found) else 0, said


def test_the_command_says_it(doctor: Partnership, tocsin: Tocsin, tmp_path: Path) -> None:  # noqa: F811
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    store = Store.at(url)
    schema.upgrade(store)
    store.close()
    result = tocsin("doctor", database=url, partnership=doctor.folder)
    assert (result.code, "known in the workspace Invented" in result.out) == (0, True)


def test_all_is_well(doctor: Partnership) -> None:
    code, said = consult(doctor)
    assert code == 0, said
    for words in ("known in the workspace Invented", "all 11", f"{JAG}, clearance partner", "Socket Mode"):
        assert words in said


def test_a_missing_scope_is_named_with_what_it_is_for(slack, doctor) -> None:
    slack.scopes -= {"users:read", "im:write"}
    code, said = consult(doctor)
    assert code == 5
    assert "users:read is missing: telling a guest from a colleague" in said
    assert "-> add im:write under OAuth & Permissions" in said


def test_a_bot_outside_its_channel_and_an_archived_and_a_shared_one(slack, doctor) -> None:
    slack.channels[JAG].joined = False
    slack.channels[TOWN].archived = True
    code, said = consult(doctor)
    assert code == 5
    assert "-> in the channel: /invite @Tocsin" in said
    assert "it is archived" in said
    del slack.channels[TOWN]
    assert "Slack knows no such channel" in consult(doctor)[1]


def test_a_shared_channel_with_a_clearance(slack, doctor) -> None:
    slack.methods["conversations.info"] = lambda *_: {"channel": {"is_member": True, "is_ext_shared": True}}
    code, said = consult(doctor)
    assert code == 5
    assert "its clearance is partner" in said
    assert said.count("it is shared with others") == 1, "the public one may be"


def test_wrong_tokens_and_none(doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SLACK_APP_TOKEN", "xapp-another")
    assert "Slack does not take the app token (invalid_auth)" in consult(doctor)[1]
    monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", "xoxb-another")
    code, said = consult(doctor)
    assert (code, "Slack does not know the token" in said) == (5, True)
    monkeypatch.delenv("TOCSIN_SLACK_BOT_TOKEN")
    assert "TOCSIN_SLACK_BOT_TOKEN is not set" in consult(doctor)[1]


def test_http_needs_a_secret_in_place_of_the_app_token(doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_SLACK_APP_TOKEN")
    assert "TOCSIN_SLACK_APP_TOKEN is not set" in consult(doctor)[1]
    monkeypatch.setenv("TOCSIN_SLACK_SIGNING_SECRET", "invented")
    assert consult(doctor)[0] == 0


def test_slack_that_does_not_answer_is_no_wrong_token(slack, doctor) -> None:
    slack.fail("auth.test", dropped())
    code, said = consult(doctor)
    assert code == 5
    assert "try again in a minute" in said
