"""The App Home: what I subscribed to, what rings, how fresh the data are."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from slack_bolt import Ack, App

from bot.answers.deed_words import scope
from bot.audited import audited
from bot.renderers.slack import answer_blocks
from bot.slack import views
from bot.slack.modals import Form, open_form
from bot.slack.once import identity
from bot.slack.told import told
from bot.slack.voice import Voice
from bot.transports.slack_errors import FAULTS, explained
from jobs.attention.deeds import Deed
from jobs.attention.people import Actor
from jobs.attention.reach import ANY
from jobs.attention.subscriptions import listener

EVENT = "app_home_opened"
_SHOWN = ("subscriptions", "alerts open", "data")  # asked like any question, and written down like one
_STOPS = 10  # buttons that end a subscription

log = structlog.get_logger(__name__)


def register(app: App, voice: Voice) -> None:
    """Let the app listen to it."""
    app.event(EVENT)(lambda event: _opened(voice, event))
    app.action("home:refresh")(lambda ack, body: _clicked(voice, ack, body))
    app.action("home:subscribe")(lambda ack, body: _ask(voice, ack, body))
    app.action(views.STOP)(lambda ack, body: _stop(voice, ack, body))


def publish(voice: Voice, person: str) -> None:
    """Draw it anew for one person."""
    actor = voice.who.alone(person)
    blocks: list[views.Block] = []
    for question in _SHOWN:
        answer = told(lambda: audited(voice.desk, question, actor))  # noqa: B023 - called at once
        blocks += [*answer_blocks(answer).blocks, {"type": "divider"}]
        if question == "subscriptions":
            blocks[-1:] = [_offers(voice, actor), {"type": "divider"}]
    try:
        voice.client.views_publish(user_id=person, view=views.home(blocks[:-1]))
    except FAULTS as error:
        log.warning("slack: the App Home could not be shown", why=str(explained(error)))


def _opened(voice: Voice, event: Mapping[str, str]) -> None:
    if event.get("tab", "home") == "home" and event.get("user"):
        voice.workers.take(lambda: publish(voice, event["user"]))


def _offers(voice: Voice, actor: Actor) -> views.Block:
    house = voice.desk.house
    with house.store.read() as connection:
        mine = listener(connection, house, actor.direct).wishes[:_STOPS]
    stops = (
        (f"home:stop:{i}", f"Stop: {scope(house, ANY, w.series, w.area)}", f"{w.series} {w.area}")
        for i, w in enumerate(mine)
    )
    return views.buttons(
        ("home:subscribe", "Subscribe…", "subscribe"), ("home:refresh", "Refresh", "refresh"), *stops
    )


def _clicked(voice: Voice, ack: Ack, body: Mapping[str, Mapping[str, str]]) -> None:
    person = body["user"]["id"]
    voice.workers.take(lambda: publish(voice, person))
    ack()


def _ask(voice: Voice, ack: Ack, body: Mapping[str, object]) -> None:
    trigger = str(body.get("trigger_id", ""))
    voice.workers.take(lambda: open_form(voice, trigger, Form("subscribe", "")))
    ack()


def _stop(voice: Voice, ack: Ack, body: Mapping[str, object]) -> None:
    press = views.pressed(body)
    series, _, area = press.value.partition(" ")

    def work() -> None:
        actor = voice.who.alone(press.person)
        deed = Deed("unsubscribe", identity(body), series=series or ANY, area=area or ANY)
        voice.do(voice.reply(press.person, press.person), deed, actor)
        publish(voice, press.person)

    voice.workers.take(work)
    ack()
