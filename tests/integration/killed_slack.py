"""A bot that delivers to Slack, to be killed at any instant."""

from __future__ import annotations

import datetime as dt
import json
import time
from functools import partial

from bot.delivery import Delivery, notice_message
from bot.message import File, Message, Picture
from bot.transports.slack import SlackChannel
from bot.transports.slack_calls import slack_client
from jobs.clock import utc_now
from jobs.store.engine import Store
from tests.wire.slack import TOKEN

CHANNEL = "C0JAG"
PAGE = b"<!doctype html><title>made up</title>"
PNG = b"\x89PNG\r\n\x1a\n and so on"
REQUEST = 1.0  # seconds


def build(payload: str) -> Message:
    """`{"title", "count", "picture", "file"}`: a small alert, with a picture if there is to be one, or as a
    file. Made up."""
    facts = json.loads(payload)
    name = f"chart-{facts['title']}-{facts['count']}"
    picture = Picture(name, facts["title"], f"Chart: {facts['count']} recorded.", partial(bytes, PNG))
    line = f"{facts['title']}: {facts['count']} recorded. Data to June 2022."
    return Message(
        "",
        0,
        title=facts["title"],
        summary=f"{facts['count']} recorded in {facts['title']}.",
        lines=(line,),
        fields=(("Owner", "nobody"),),
        pictures=(picture,) if facts.get("picture") else (),
        file=File(f"{facts['title']}.html", facts["title"], lambda: PAGE) if facts.get("file") else None,
    )


def channel(api: str, name: str = CHANNEL, request: float = REQUEST, pace: float = 0.0) -> SlackChannel:
    """The real transport, on the stand-in."""
    return SlackChannel(name, slack_client(TOKEN, api, request), pace=pace, settle=0.01)


def work(url: str, api: str, ahead: float) -> None:
    """Deliver until killed, by a clock that is `ahead` seconds ahead: an earlier bot's grace is over."""
    store = Store.at(url)
    builders = {"alert": build, "notice": notice_message}
    delivery = Delivery(
        store, {CHANNEL: channel(api)}, builders, clock=lambda: utc_now() + dt.timedelta(seconds=ahead)
    )
    while True:
        delivery.drain()
        time.sleep(0.005)
