"""The app as it runs, on the judged sample; only the far side of the wire is ours."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from slack_bolt import App

from bot.answers.desk import Desk
from bot.slack.app import build
from bot.slack.http import PATH, HttpDoor
from bot.slack.signed import Signed
from bot.slack.socket import SocketLink
from bot.slack.voice import Voice
from bot.transports.slack_calls import slack_client
from jobs.house import House
from jobs.store.audit import Line, list_lines
from jobs.store.engine import Store
from tests.cli import NWL
from tests.sample import AS_OF
from tests.wire.slack import TOKEN, Json, SlackStandIn, slack_stand_in
from tests.wire.slack_inbound import Inbound
from tests.wire.slack_socket import APP_TOKEN, SocketStandIn, socket_stand_in

SECRET = "a-signing-secret-invented-for-tests"
NOON = dt.datetime.combine(AS_OF, dt.time(12), dt.UTC)
JAG, TOWN, OTHER = "C0JAG", "C0TOWN", "C0OTHER"  # partner channel, public channel, unknown channel
ANALYST, OFFICER, PASSER = "U0ANALYST", "U0OFFICER", "U0PASSER"
_SETTINGS = f"""
[channels.jag]
title = "Joint Action Group (invented)"
platform = "slack"
address = "{JAG}"
clearance = "partner"

[channels.town]
title = "Town (invented)"
platform = "slack"
address = "{TOWN}"

[people.analyst]
id = "{ANALYST}"
name = "An analyst"
role = "analyst"
clearance = "partner"

[people.officer]
id = "{OFFICER}"
name = "An officer"
role = "officer"
clearance = "partner"
"""


def slack_partnership(folder: Path) -> Path:
    """A copy of the shipped folder with invented people and Slack channels."""
    made = folder / "partnership"
    made.mkdir()
    for path in NWL.iterdir():
        if path.is_file():
            shutil.copyfile(path, made / path.name)
    settings = made / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + _SETTINGS, encoding="utf-8")
    return made


@dataclass
class Shop:
    """A workspace with the app in it. Everything goes through the real app, and through one of its doors."""

    house: House
    slack: SlackStandIn
    people: Inbound
    voice: Voice
    app: App
    door: HttpDoor
    socket: SocketStandIn | None = None

    def post(
        self, body: bytes, kind: str, at: str | None = None, signature: str | None = None
    ) -> tuple[int, str]:
        """A request as it stands; signed rightly unless told otherwise."""
        at = str(int(time.time())) if at is None else at
        signed = Signed(SECRET).signature(at, body) if signature is None else signature
        connection = http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=20)
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signed}
        try:
            connection.request("POST", PATH, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def send(self, payload: Json) -> Json:
        """A command, click, form or event through the door that is open; what it was acknowledged with."""
        return self._by_http(payload) if self.socket is None else self._by_socket(self.socket, payload)

    def settle(self) -> None:
        """Until all that was asked is answered, and drawn."""
        assert self.voice.workers.settled()
        assert self.voice.studio.settled()

    def ask(self, person: str, channel: str, name: str, text: str = "") -> Json:
        """A slash command, answered; the first thing that was shown for it."""
        before = len(self.people.shown)
        self.send(self.people.command(person, channel, name, text))
        self.settle()
        assert len(self.people.shown) > before, "nothing was shown"
        return self.people.shown[before].body

    def audit(self) -> list[Line]:
        """Every line of the audit, the oldest first."""
        with self.house.store.read() as connection:
            return list_lines(connection, most=10_000)[::-1]

    def _by_http(self, payload: Json) -> Json:
        if "command" in payload:
            body, kind = urlencode(payload), "application/x-www-form-urlencoded"
        elif payload["type"] == "event_callback":
            body, kind = json.dumps(payload), "application/json"
        else:
            body, kind = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        status, said = self.post(body.encode(), kind)
        assert status == 200, (status, said)
        return _said(said)

    def _by_socket(self, socket: SocketStandIn, payload: Json) -> Json:
        kind = (
            "slash_commands"
            if "command" in payload
            else "events_api"
            if "event" in payload
            else "interactive"
        )
        return socket.acknowledged(socket.send(kind, payload))


def _said(text: str) -> Json:
    if not text:
        return {}
    return dict(json.loads(text)) if text.startswith("{") else {"text": text}


@contextmanager
def open_shop(told: Path, folder: Path, *, by: str = "http") -> Iterator[Shop]:
    """`told`: the judged sample, copied before it is used. `by`: http or socket."""
    database = folder / "told.db"
    shutil.copyfile(told, database)
    store = Store.at(f"sqlite:///{database}")
    house = House(slack_partnership(folder), store, lambda: NOON)
    with ExitStack() as stack:
        stack.callback(store.close)
        slack = stack.enter_context(slack_stand_in(JAG, TOWN, OTHER))
        people = Inbound(slack)
        for person in (ANALYST, OFFICER, PASSER):
            people.person(person)
        client = slack_client(TOKEN, slack.api, request=5)
        voice = Voice(Desk(house), client, settle=0.02)
        stack.callback(voice.close)
        app = build(voice)
        door = HttpDoor(app, Signed(SECRET), 0)
        stack.callback(door.close)
        door.start()
        shop = Shop(house, slack, people, voice, app, door)
        if by == "socket":
            shop.socket = stack.enter_context(socket_stand_in(slack))
            link = SocketLink(app, APP_TOKEN, slack_client("", slack.api, request=5))
            stack.callback(link.close)
            link.start()
            shop.socket.wait_for_connections(1)
        yield shop


def plain_environment() -> dict[str, str]:
    """The caller's, without its settings of Tocsin and its proxies."""
    mine = ("tocsin_", "_proxy")
    return {k: v for k, v in os.environ.items() if not any(name in k.lower() for name in mine)}


def until(ready: Callable[[], bool], what: str, within: float = 10.0) -> None:
    """Look until it is so."""
    ends = time.monotonic() + within
    while not ready():
        assert time.monotonic() < ends, what
        time.sleep(0.01)
