"""`tocsin serve --slack` as it runs: a process, our stand-in, an alert, a click, a question, SIGTERM."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.slack.http import PATH
from bot.slack.signed import Signed
from jobs.facts import ALERT
from jobs.store.engine import Store
from jobs.store.findings import list_alerts
from jobs.store.outbox import enqueue
from tests.cli import ROOT
from tests.sample import AS_OF, told_file  # noqa: F401 - a fixture
from tests.slack_shop import JAG, OFFICER, SECRET, TOWN, plain_environment, slack_partnership, until
from tests.wire.slack import TOKEN, slack_stand_in
from tests.wire.slack_inbound import Inbound
from tests.wire.slack_socket import APP_TOKEN, socket_stand_in

pytestmark = pytest.mark.slow
PATIENCE = 30.0


@dataclass
class Served:
    """A running program; `err` is what it has said."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def err(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def says(self, words: str) -> None:
        until(lambda: words in self.err or self.process.poll() is not None, words, PATIENCE)
        assert words in self.err

    def get(self, path: str) -> str:
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+(?=/healthz)", self.err)
        with urllib.request.urlopen(address + path, timeout=5) as response:
            return str(response.read().decode())


@dataclass
class World:
    """What is to be served, and where."""

    folder: Path
    database: str
    environment: dict[str, str]
    running: list[Served]

    def serve(self, *options: str) -> Served:
        """Start it; it is ended with the test."""
        log = self.folder / f"err-{len(self.running)}.txt"
        clock = ["--as-of", AS_OF.isoformat(), "--log-level", "debug"]
        words = [
            "--partnership",
            str(self.folder / "partnership"),
            "--database",
            self.database,
            *clock,
            "serve",
        ]
        with log.open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *words, *options, "--port", "0"], cwd=ROOT, stderr=err,
                stdout=subprocess.DEVNULL, env=self.environment,
            )  # fmt: skip
        self.running.append(Served(process, log))
        return self.running[-1]


@pytest.fixture
def world(told_file: Path, tmp_path: Path) -> Iterator[World]:  # noqa: F811
    shutil.copyfile(told_file, tmp_path / "told.db")
    slack_partnership(tmp_path)
    made = World(tmp_path, f"sqlite:///{tmp_path / 'told.db'}", plain_environment(), [])
    yield made
    for served in made.running:
        served.process.kill()
        served.process.wait(PATIENCE)


def put_up(world: World) -> str:
    """An open alert for the JAG's channel; its id."""
    store = Store.at(world.database)
    with store.write() as connection:
        row = list_alerts(connection, open_only=True)[0]
        facts = ALERT.validate_json(row.facts)
        now = dt.datetime.combine(AS_OF, dt.time(8), dt.UTC)
        enqueue(connection, f"alert:{facts.id}", "jag", "alert", row.facts, now)
    store.close()
    return facts.id


def test_it_posts_answers_edits_and_stops(world: World) -> None:
    with slack_stand_in(JAG, TOWN) as slack, socket_stand_in(slack) as socket:
        people = Inbound(slack)
        people.person(OFFICER)
        world.environment |= {
            "TOCSIN_SLACK_API_URL": slack.api, "TOCSIN_SLACK_BOT_TOKEN": TOKEN,
            "TOCSIN_SLACK_APP_TOKEN": APP_TOKEN,
        }  # fmt: skip
        alert = put_up(world)
        served = world.serve("--slack")
        served.says("listening to Slack: Socket Mode")
        socket.wait_for_connections(1)
        until(lambda: len(slack.channels[JAG].top) == 1, "the alert", PATIENCE)
        begun = time.monotonic()
        socket.acknowledged(
            socket.send("slash_commands", people.command(OFFICER, TOWN, "/hotspots", "coalville"))
        )
        assert time.monotonic() - begun < 3
        until(lambda: len(people.shown) == 2, "the answer and its picture", PATIENCE)
        message = slack.channels[JAG].top[0]
        click = people.click(OFFICER, JAG, "alert:acknowledge", alert, message)
        socket.acknowledged(socket.send("interactive", click))
        until(lambda: "edited" in message, "the message is edited in place", PATIENCE)
        assert "cknowledged" in str(message["blocks"]) + str(slack.channels[JAG].thread(message["ts"]))
        assert "Acknowledged by An officer" in people.shown[-1].body["text"]
        metrics = served.get("/metrics")
        age = float(re.findall(r"^tocsin_slack_envelope_age_seconds ([0-9.]+)$", metrics, re.MULTILINE)[0])
        assert age < PATIENCE
        assert "tocsin_slack_connected 1" in metrics
        assert json.loads(served.get("/healthz"))["status"] == "ok"
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0
        until(socket.newest.closed.is_set, "hung up")
    assert served.err.rstrip().endswith("stopped")
    for secret in (TOKEN, APP_TOKEN, "/response/", "ticket="):
        assert secret not in served.err


def test_by_http_with_a_secret(world: World) -> None:
    with slack_stand_in(JAG, TOWN) as slack:
        people = Inbound(slack)
        people.person(OFFICER)
        world.environment |= {
            "TOCSIN_SLACK_API_URL": slack.api, "TOCSIN_SLACK_BOT_TOKEN": TOKEN,
            "TOCSIN_SLACK_SIGNING_SECRET": SECRET,
        }  # fmt: skip
        served = world.serve("--slack", "--http", "0")
        served.says("listening to Slack: http://127.0.0.1:")
        port = int(re.findall(r"Slack: http://127\.0\.0\.1:(\d+)/", served.err)[0])
        body, at = urlencode(people.command(OFFICER, TOWN, "/data", "")).encode(), str(int(time.time()))
        for signature, status in ((Signed(SECRET).signature(at, body), 200), ("v0=0", 401)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
            connection.request(
                "POST", PATH, body, {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            )
            assert connection.getresponse().status == status
            connection.close()
        until(lambda: len(people.shown) == 1, "the answer", PATIENCE)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(15) == 0
    assert SECRET not in served.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--slack",), 2, "TOCSIN_SLACK_BOT_TOKEN is not set"),
        (("--console", "--http", "0"), 2, "give --slack too"),
        ((), 2, "nothing to serve"),
    ],
)
def test_what_cannot_be_served_is_said(world: World, options: tuple[str, ...], code: int, words: str) -> None:
    served = world.serve(*options)
    assert served.process.wait(PATIENCE) == code
    assert words in served.err


def test_a_wrong_app_token_ends_it_with_advice(world: World) -> None:
    with slack_stand_in(JAG, TOWN) as slack, socket_stand_in(slack):
        world.environment |= {
            "TOCSIN_SLACK_API_URL": slack.api, "TOCSIN_SLACK_BOT_TOKEN": TOKEN,
            "TOCSIN_SLACK_APP_TOKEN": "xapp-wrong",
        }  # fmt: skip
        served = world.serve("--slack")
        assert served.process.wait(PATIENCE) == 2
    assert "does not take the app token (invalid_auth)" in served.err
    assert "connections:write" in served.err
    assert "xapp-wrong" not in served.err
