"""The server under load: the real app behind its real door, and the least that bolt can do behind another.

A process of its own, told by lines on standard input: `draw` (charts are drawn from now on), `rest`, `end`.
It answers each with a line of JSON; to `end`, what was measured: seconds from the moment in which a request
was read to the acknowledgement, to the answer having been handed over whole, and to the far side having said
that it took it. Nothing else goes to standard output: a pipe that nobody reads fills up, and stops whoever
logs to it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http import client as http_client
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.answers.desk import Desk
from bot.message import Picture
from bot.pictures.charts import series_chart
from bot.pictures.easel import EASEL
from bot.slack import reply as replies
from bot.slack.app import build
from bot.slack.backroom import Backroom
from bot.slack.http import HttpDoor
from bot.slack.signed import Signed
from bot.slack.voice import Voice
from bot.slack.workers import Workers
from bot.transports.slack_calls import quiet, slack_client
from jobs.attention.people import stranger
from jobs.facts import Point
from jobs.house import House
from jobs.log import configure
from jobs.store.engine import Store
from rules.model import Classification
from tests.benchmarks.load.world import LAST, NOON
from tests.cli import NWL

SECRET = "a-signing-secret-invented-for-the-benchmark"
_READY = 200.0  # seconds to work out likely answers
_NUMBER = re.compile(rb"trigger_id=([0-9]+)")
_URL = re.compile(r"/response/([0-9]+)")


@dataclass
class Stopwatch:
    """When each request, by its number, was read, acknowledged, answered; and its answer taken."""

    read: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    taken: dict[int, float] = field(default_factory=dict)

    def seconds(self, ends: Mapping[int, float]) -> dict[int, float]:
        return {n: at - self.read[n] for n, at in ends.items() if n in self.read}


class TimedSigned(Signed):
    """Notes when the body was read."""

    watch: Stopwatch

    def accepts(self, headers: Mapping[str, str], body: bytes) -> bool:
        found = _NUMBER.search(body)
        if found:
            self.watch.read[int(found[1])] = time.perf_counter()
        return super().accepts(headers, body)


class TimedConnection(HTTPConnection):
    """Notes in its thread when the last request has been handed over, and what comes now is waiting."""

    last = threading.local()

    def getresponse(self) -> HTTPResponse:
        self.last.at = time.perf_counter()
        return super().getresponse()


class TimedWebhook(WebhookClient):
    """Notes when the answer was handed over, and when the far side has taken it."""

    watch: Stopwatch

    def send_dict(self, body: dict[str, object], headers: dict[str, str] | None = None) -> WebhookResponse:
        done = super().send_dict(body, headers)
        if found := _URL.search(self.url):
            self.watch.answered.setdefault(int(found[1]), TimedConnection.last.at)
            self.watch.taken.setdefault(int(found[1]), time.perf_counter())
        return done


class Studio:
    """Draws one chart after the other in the app's own studio, for as long as it is told to."""

    def __init__(self, voice: Voice) -> None:
        self.voice, self.on, self.drawn = voice, threading.Event(), 0
        self.open, voice.studio = voice.studio, Workers("closed", threads=1, room=0)
        voice.studio.close()  # turns every picture away, until `again`
        first = LAST + -35
        points = tuple(Point(str(first + i), 20 + i % 7, 22.0, 12.0, 33.0) for i in range(36))
        draw = partial(series_chart, points, "Invented", "recorded a month", "invented")
        self.picture = Picture("invented", "Invented", "Invented.", draw)

    def again(self) -> None:
        if self.on.is_set():
            EASEL.draw(self.picture.draw)
            self.drawn += 1
            self.voice.studio.take(self.again)


def trivial(client_url: str) -> App:
    """The peer: bolt with one command that says the same short thing, in the body or to the response_url."""
    app = App(
        name="trivial", logger=quiet("bench.trivial"), client=slack_client("xoxb-invented", client_url),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-invented"),
        token_verification_enabled=False, request_verification_enabled=False, ssl_check_enabled=False,
        process_before_response=True,  # as the app does; bolt else looks for the acknowledgement by turns
    )  # fmt: skip

    def said(ack: Ack, body: dict[str, str]) -> None:
        ack()
        replies._webhook(body["response_url"]).send_dict({"text": "hello", "response_type": "ephemeral"})

    app.command("/body")(lambda ack: ack("hello"))
    app.command("/url")(said)
    return app


def timed(app: App, watch: Stopwatch) -> App:
    """Notes when bolt has answered the request."""
    dispatch = app.dispatch

    def noted(req: BoltRequest) -> BoltResponse:
        response = dispatch(req)
        watch.acknowledged[int(str(req.body.get("trigger_id", 0)))] = time.perf_counter()
        return response

    app.dispatch = noted  # type: ignore[method-assign]
    return app


def door(app: App, watch: Stopwatch) -> HttpDoor:
    signed = TimedSigned(SECRET)
    signed.watch = watch
    opened = HttpDoor(timed(app, watch), signed, 0)
    opened.start()
    return opened


def main(database: Path, far: str) -> None:
    """Serve until told to end."""
    configure("error")
    watch = Stopwatch()
    TimedWebhook.watch = watch
    http_client.HTTPConnection = TimedConnection  # type: ignore[misc]  # urllib looks it up for each request
    replies.WebhookClient = TimedWebhook  # type: ignore[attr-defined]
    noon = partial(dt.datetime.fromisoformat, NOON.isoformat())  # a function that another process can be told
    house = House(NWL, Store.at(f"sqlite:///{database}"), noon)
    backroom = Backroom(house)
    voice = Voice(Desk(house), slack_client("xoxb-invented", far), backroom)
    began = time.perf_counter()
    backroom.ask("hotspots", stranger(Classification.PUBLIC), "first")
    first = time.perf_counter() - began
    backroom.ready.wait(_READY)
    ready = time.perf_counter() - began
    studio = Studio(voice)
    EASEL.draw(studio.picture.draw)  # what is imported for the first chart is not what a chart costs
    doors = [door(build(voice), watch), door(trivial(far), watch)]
    print(json.dumps({"ports": [d.port for d in doors], "first": first, "ready": ready}), flush=True)
    for line in sys.stdin:
        if line.strip() == "draw":
            voice.studio = studio.open
            studio.on.set()
            studio.again()
        elif line.strip() == "rest":
            studio.on.clear()
            voice.studio.settled()
        else:
            break
        print(json.dumps({"drawn": studio.drawn}), flush=True)
    for opened in doors:
        opened.close()
    voice.workers.settled()
    voice.close()
    backroom.close()
    house.store.close()
    times = {name: watch.seconds(getattr(watch, name)) for name in ("acknowledged", "answered", "taken")}
    print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
