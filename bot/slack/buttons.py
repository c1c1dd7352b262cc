"""Clicks on messages: the buttons of an alert, and the choices of a question that was not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping

from slack_bolt import Ack, App

from bot.audited import audited
from bot.grammar.orders import ALERT_ID
from bot.message import Answer
from bot.slack.modals import Form, may, open_form
from bot.slack.once import identity
from bot.slack.told import told
from bot.slack.views import Press, pressed
from bot.slack.voice import Voice
from jobs.attention.deeds import Deed, Kind

DEEDS: Mapping[str, Kind] = {
    "acknowledge": "acknowledge", "own": "own", "useful": "feedback", "known": "feedback",
    "noise": "feedback",
}  # fmt: skip
BUTTONS: tuple[str, ...] = (*DEEDS, "why", "chart", "silence")
# What it belongs to comes first: an alert, or an alert that is told once more.
ON_ALERT = re.compile(rf"(?:alert|escalation):(?P<what>{'|'.join(BUTTONS)})")
CHOICE = re.compile(r"ask:[0-9]{1,2}")


def register(app: App, voice: Voice) -> None:
    """Let the app listen to both."""
    app.action(ON_ALERT)(lambda ack, body: _on_alert(voice, ack, body))
    app.action(CHOICE)(lambda ack, body: _chosen(voice, ack, body))


def _chosen(voice: Voice, ack: Ack, body: Mapping[str, object]) -> None:
    """Ask again with the choice; the answer stands where the question stood."""
    press = pressed(body)
    reply = voice.reply(press.person, press.channel, press.url, press.thread)
    voice.workers.take(lambda: voice.answer(reply, press.value, identity(body), instead=True))
    ack()


def _on_alert(voice: Voice, ack: Ack, body: Mapping[str, object]) -> None:
    press = pressed(body)
    if ALERT_ID.fullmatch(press.value):
        voice.workers.take(lambda: _work(voice, press, identity(body), str(body.get("trigger_id", ""))))
    ack()


def _work(voice: Voice, press: Press, interaction: str, trigger: str) -> None:
    what = press.action.partition(":")[2]
    reply = voice.reply(press.person, press.channel, press.url, press.thread)
    actor = voice.who.speaks(press.person, press.channel)
    if what == "why":
        voice.answer(reply, f"why {press.value}", interaction)
    elif what == "chart":
        answer = told(lambda: audited(voice.desk, f"why {press.value}", actor, interaction=interaction))
        voice.show(reply, _picture_of(answer))
    elif what == "silence":
        form = Form("silence", press.channel, press.value, press.revision)
        if not may(actor, "silence"):  # refused, and written down, before anything is typed
            voice.do(reply, Deed("silence", interaction, alert=press.value), actor)
        elif not open_form(voice, trigger, form):
            voice.show(reply, Answer("No form", ("Slack did not open it. Please click once more.",)))
    else:
        text = what if DEEDS[what] == "feedback" else ""
        deed = Deed(
            DEEDS[what], interaction, alert=press.value, text=text, seen=press.revision, seen_in=actor.channel
        )
        voice.do(reply, deed, actor)


def _picture_of(answer: Answer) -> Answer:
    """The numbers of the chart at once, as words; the chart comes after them."""
    if not answer.pictures:
        return answer
    picture = answer.pictures[0]
    return Answer(
        picture.title, (picture.alt,), pictures=(picture,), footer=answer.footer, claims=answer.claims,
        sources=answer.sources, classification=answer.classification,
    )  # fmt: skip
