"""deploy/slack-manifest.yaml against what the code registers, both ways, and against what Slack takes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from slack_bolt import App, BoltRequest

from bot.answers.desk import Desk
from bot.grammar.verbs import BY_NAME
from bot.slack import home
from bot.slack.app import build
from bot.slack.commands import COMMANDS, EVENTS, EVERYTHING
from bot.slack.scopes import SCOPES
from bot.slack.voice import Voice
from bot.transports.slack_calls import slack_client
from jobs.house import House
from jobs.store.engine import Store
from tests.cli import NWL, ROOT

FILE = ROOT / "deploy" / "slack-manifest.yaml"
BEGIN = "    # begin of what is made from bot/grammar/verbs.py\n"
END = "    # end of what is made from bot/grammar/verbs.py\n"
# Slack's own commands: an app that claims one of them is refused as a whole.
TAKEN = frozenset(
    {
        "active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed",
        "feedback", "help", "invite", "invite_people", "join", "kick", "leave", "me", "msg", "mute",
        "open", "part", "pro", "prefs", "remind", "remove", "rename", "search", "shortcuts", "shrug",
        "star", "status", "todo", "topic", "unarchive", "who",
    }
)  # fmt: skip


def drawn_commands() -> str:
    """The slash commands as they stand in the file."""
    told = [(EVERYTHING, "Every command of Tocsin", "help, or VERB and what goes with it")]
    told += [
        (v.name, v.says, v.usage.removeprefix(v.name).strip()) for v in (BY_NAME[n] for n in COMMANDS[1:])
    ]
    lines = []
    for name, says, usage in told:
        lines += [f"    - command: /{name}", f"      description: {json.dumps(says[:1].upper() + says[1:])}"]
        lines += [f"      usage_hint: {json.dumps(usage)}"] if usage else []
        lines += ["      should_escape: false"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The file, read; with TOCSIN_WRITE_MANIFEST its commands are written first."""
    text = FILE.read_text(encoding="utf-8")
    if os.environ.get("TOCSIN_WRITE_MANIFEST"):
        head, _, rest = text.partition(BEGIN)
        text = head + BEGIN + drawn_commands() + END + rest.partition(END)[2]
        FILE.write_text(text, encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app itself, with nobody to talk to."""
    store = Store.at(f"sqlite:///{tmp_path_factory.mktemp('manifest') / 'none.db'}")
    voice = Voice(Desk(House(NWL, store)), slack_client("xoxb-invented", "http://127.0.0.1:9/api/"))
    pytest.MonkeyPatch().setattr(voice.workers, "take", lambda _work: True)  # to be heard is enough
    app = build(voice)
    yield app
    app.listener_runner.listener_executor.shutdown()
    voice.close()
    store.close()


def hears(app: App, **body: Any) -> bool:
    return app.dispatch(BoltRequest(mode="socket_mode", body=body)).status == 200


def test_the_commands_are_those_of_the_verbs(manifest: dict[str, Any]) -> None:
    listed = {c["command"] for c in manifest["features"]["slash_commands"]}
    assert listed == {f"/{name}" for name in COMMANDS}
    assert BEGIN + drawn_commands() + END in FILE.read_text(encoding="utf-8"), (
        "TOCSIN_WRITE_MANIFEST=1 writes them"
    )


def test_the_app_hears_every_command_and_no_other(manifest: dict[str, Any], app: App) -> None:
    for command in manifest["features"]["slash_commands"]:
        assert hears(app, command=command["command"], text="", user_id="U1", channel_id="C1"), command
    assert not hears(app, command="/help", text="", user_id="U1", channel_id="C1")


def test_the_app_hears_every_event_and_no_other(manifest: dict[str, Any], app: App) -> None:
    listed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(listed) == {*EVENTS, home.EVENT}
    for event in listed:
        kind, _, where = event.partition(".")
        body = {"type": kind, "user": "U1", "channel": "D1", "text": "data", "tab": "home"}
        assert hears(app, type="event_callback", event=body | ({"channel_type": where} if where else {})), (
            event
        )
    assert not hears(app, type="event_callback", event={"type": "reaction_added", "user": "U1"})


def test_the_scopes_are_those_that_the_doctor_looks_for(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    needed = {
        "app_mention": "app_mentions:read",
        "message.im": "im:history",
        "channel_shared": "channels:read",
    }
    for event, scope in needed.items():
        assert event in manifest["settings"]["event_subscriptions"]["bot_events"]
        assert scope in SCOPES


def test_everything_that_is_used_is_switched_on(manifest: dict[str, Any]) -> None:
    settings, features = manifest["settings"], manifest["features"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert features["app_home"] == {
        "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False
    }  # fmt: skip
    assert features["bot_user"]["display_name"]


def test_slack_would_take_it(manifest: dict[str, Any]) -> None:
    """Limits of docs.slack.dev/reference/app-manifest."""
    about, commands = manifest["display_information"], manifest["features"]["slash_commands"]
    assert set(manifest) == {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert 1 <= len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{3}([0-9a-f]{3})?", about["background_color"])
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    assert len(commands) <= 50
    assert len({c["command"] for c in commands}) == len(commands)
    for command in commands:
        assert set(command) <= {"command", "description", "usage_hint", "should_escape", "url"}
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert command["command"][1:] not in TAKEN
        assert 1 <= len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "")) <= 1000
        assert command["should_escape"] is False
        assert "url" not in command, "none is needed over Socket Mode"
    assert len(manifest["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(manifest["oauth_config"]["scopes"]["bot"]) <= 255


def test_the_file_names_no_secret() -> None:
    assert not re.search(r"xox[abp]-|xapp-\w", Path(FILE).read_text(encoding="utf-8"))
