"""Slash commands, mentions and direct messages: three ways to type the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from slack_bolt import Ack, App

from bot.grammar.verbs import BUILT
from bot.renderers.slack import SlackMessage
from bot.slack.modals import form_for, open_form
from bot.slack.once import identity
from bot.slack.voice import BUSY, Voice

EVERYTHING = "tocsin"
RESERVED = frozenset({"help"})
"""Words that Slack keeps for itself: with one of them it refuses the whole manifest."""
COMMANDS: tuple[str, ...] = (EVERYTHING, *(verb.name for verb in BUILT if verb.name not in RESERVED))
EVENTS: tuple[str, ...] = ("app_mention", "message.im", "channel_shared", "channel_unshared")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>")


def register(app: App, voice: Voice) -> None:
    """Let the app listen to all of them."""
    for name in COMMANDS:
        app.command(f"/{name}")(lambda ack, body: _command(voice, ack, body))
    app.event("app_mention")(lambda event, body: _mentioned(voice, event, body))
    app.event("message")(lambda event, body: _written(voice, event, body))
    for change in EVENTS[2:]:
        app.event(change)(lambda event: voice.who.forget("channel", str(event.get("channel"))))


def typed(body: Mapping[str, str]) -> str:
    """`/hotspots coalville` and `/tocsin hotspots coalville` are the same."""
    name, text = body.get("command", "").lstrip("/").lower(), body.get("text", "").strip()
    return text if name == EVERYTHING else f"{name} {text}".strip()


def _command(voice: Voice, ack: Ack, body: Mapping[str, str]) -> None:
    text = typed(body)
    reply = voice.reply(body.get("user_id", ""), body.get("channel_id", ""), body.get("response_url", ""))
    trigger, interaction = body.get("trigger_id", ""), identity(body)

    def work() -> None:
        form = form_for(voice, text, reply)
        if form is None or not open_form(voice, trigger, form):
            voice.answer(reply, text, interaction)

    ack() if voice.workers.take(work) else ack(BUSY)


def _mentioned(voice: Voice, event: Mapping[str, str], body: Mapping[str, object]) -> None:
    if event.get("bot_id") or not event.get("user"):
        return  # a bot that answers a bot that answers
    text = _MENTION.sub(" ", event.get("text", "")).strip()
    reply = voice.reply(
        event["user"], event.get("channel", ""), thread=event.get("thread_ts", ""), under=event.get("ts", "")
    )
    if not voice.workers.take(lambda: voice.answer(reply, text, identity(body))):
        voice.studio.take(lambda: reply.private(SlackMessage(BUSY, [])))  # the event is acknowledged first


def _written(voice: Voice, event: Mapping[str, str], body: Mapping[str, object]) -> None:
    """Direct messages. Edits, joins and our own answers have a subtype or a bot_id."""
    if event.get("channel_type") == "im" and not event.get("subtype"):
        _mentioned(voice, event, body)
