"""An officer's morning in Slack: the alert, what can be done with it, and questions. See README.md."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli import NWL, ROOT
from tests.e2e.local_slack import (
    APP_TOKEN,
    BOT,
    BOT_TOKEN,
    CHANNEL,
    OFFICER,
    LocalSlack,
    buttons,
    installed,
    local_slack,
    page,
    shown,
)
from tests.sample import AS_OF
from tests.slack_shop import plain_environment, until

_PERSON = f"""
[people.officer]
id = "{OFFICER}"
name = "An officer"
role = "analyst"
clearance = "partner"
"""


@dataclass
class Morning:
    """The workspace, with the program at work in it."""

    slack: LocalSlack
    program: subprocess.Popen[bytes]
    log: Path
    artefacts: Path


@pytest.fixture(scope="module")
def morning(told_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    folder = tmp_path_factory.mktemp("e2e")
    artefacts = Path(os.environ.get("TOCSIN_ARTEFACTS") or folder / "artefacts")
    artefacts.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(told_file, folder / "told.db")
    home = folder / "partnership"
    shutil.copytree(NWL, home, ignore=shutil.ignore_patterns("sample"))
    settings = (home / "partnership.toml").read_text(encoding="utf-8")
    told = 'platform = "console"\nclearance = "partner"'
    assert told in settings
    settings = settings.replace(told, f'platform = "slack"\naddress = "{CHANNEL}"\nclearance = "partner"', 1)
    (home / "partnership.toml").write_text(settings + _PERSON, encoding="utf-8")
    log = folder / "serve.txt"
    with local_slack(installed(folder / "npm"), folder) as slack:
        with log.open("wb") as err:
            database = f"sqlite:///{folder / 'told.db'}"
            program = subprocess.Popen(
                [sys.executable, "-m", "bot", "--partnership", str(home), "--database", database, "--as-of",
                 AS_OF.isoformat(), "serve", "--slack", "--port", "0"],
                cwd=ROOT, stderr=err, stdout=subprocess.DEVNULL, env=_environment(slack),
            )  # fmt: skip
        try:
            until(lambda: "listening to Slack" in log.read_text(encoding="utf-8"), "serve", 30)
            yield Morning(slack, program, log, artefacts)
        finally:
            program.kill()
            program.wait(10)
            shutil.copyfile(log, artefacts / "serve.txt")


def _environment(slack: LocalSlack) -> dict[str, str]:
    return plain_environment() | {
        "TOCSIN_SLACK_API_URL": slack.api,
        "TOCSIN_SLACK_BOT_TOKEN": BOT_TOKEN,
        "TOCSIN_SLACK_APP_TOKEN": APP_TOKEN,
    }


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine between a test and its loopback."""
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def test_a_question_is_answered_privately_with_a_map(morning: Morning) -> None:
    morning.slack.command("/hotspots", "coalville")
    answer = morning.slack.seen("highest areas in Coalville")
    assert (answer["subtype"], answer["ephemeral_to"]) == ("ephemeral", OFFICER)
    morning.slack.seen('"slack_file"')


def test_a_question_that_is_not_understood_offers_choices(morning: Morning) -> None:
    morning.slack.command("/tocsin", "trend theft nwl")
    question = morning.slack.seen("more than one meaning")
    morning.slack.press(question, ":1")
    until(
        lambda: "more than one meaning" not in shown(by_ts(morning.slack, question["ts"])),
        "the answer stands where the question stood",
        60,
    )


def by_ts(slack: LocalSlack, ts: str) -> dict[str, object]:
    return next(m for m in slack.messages() if m["ts"] == ts)


def test_an_alert_is_acknowledged_and_its_message_edited(morning: Morning) -> None:
    alert = morning.slack.seen("alert:acknowledge")
    assert any(b["type"] == "image" for b in alert["blocks"]), "with its picture"
    number = next(b["value"] for b in buttons(alert)).partition("@")[0]
    morning.slack.press(alert, ":acknowledge")
    morning.slack.seen("Acknowledged by An officer")
    until(lambda: "acknowledged" in shown(by_ts(morning.slack, alert["ts"])).lower(), "edited in place", 60)
    morning.slack.press(alert, ":why")
    assert number in shown(morning.slack.seen("p-value"))


def test_silence_by_its_form(morning: Morning) -> None:
    alert = next(m for m in reversed(morning.slack.messages()) if "alert:silence" in shown(m))
    with page(morning.slack) as connection:
        morning.slack.press(alert, ":silence")
        until(lambda: bool(morning.slack.views), "the form", 20)
        values = {
            "until": {"until": {"type": "datepicker", "selected_date": "2022-12-31"}},
            "reason": {"reason": {"type": "plain_text_input", "value": "Operation of the parks team"}},
        }
        photograph(morning, "form")
        connection.send(json.dumps({"t": "view_submit", "user": OFFICER, "values": values}))
        told = morning.slack.seen("Operation of the parks team")
        until(lambda: not morning.slack.views, "the form closes", 20)
    assert "31 December 2022" in shown(told)


def test_a_question_in_a_thread_is_answered_there(morning: Morning) -> None:
    thread = morning.slack.say("What does it say about Ibstock?")
    morning.slack.say(f"<@{BOT}> area ibstock share", thread)
    answer = morning.slack.seen("is read as Ibstock")
    assert answer["thread_ts"] == thread


def test_the_app_home(morning: Morning) -> None:
    with page(morning.slack):
        morning.slack.control("open-home", user=OFFICER)
        until(lambda: OFFICER in morning.slack.homes, "the App Home", 20)
    told = json.dumps(morning.slack.homes[OFFICER])
    assert "open alert" in told
    assert "Subscriptions" in told


def test_a_picture_of_it_is_kept(morning: Morning) -> None:
    if not chromium():
        pytest.skip("no Chromium here: see README.md")
    path = photograph(morning, "channel")
    assert path is not None
    assert path.stat().st_size > 20_000, "more than an empty page"


def test_it_ends_when_it_is_told_to(morning: Morning) -> None:
    morning.program.send_signal(signal.SIGTERM)
    assert morning.program.wait(20) == 0
    said = morning.log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert not [secret for secret in (BOT_TOKEN, APP_TOKEN, "/_hooks/") if secret in said]


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def photograph(morning: Morning, name: str) -> Path | None:
    """The page as it is now, as a picture among the artefacts; None without a browser."""
    browser, path = chromium(), morning.artefacts / f"slack-{name}.png"
    if browser is None:
        return None
    profile = morning.log.parent / "browser"
    subprocess.run(
        [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--window-size=1280,1800", "--virtual-time-budget=8000", f"--user-data-dir={profile}",
         f"--screenshot={path}", f"{morning.slack.address}/"],
        check=True, timeout=90, capture_output=True,
    )  # fmt: skip
    return path
