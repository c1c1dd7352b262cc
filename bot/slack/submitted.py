"""Forms that come back: what can be seen to be wrong is said in the form, the rest is done behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from slack_bolt import Ack, App

from bot.slack import views
from bot.slack.home import publish
from bot.slack.modals import FORMS
from bot.slack.once import identity
from bot.slack.reply import Reply
from bot.slack.voice import Voice
from jobs.attention.deeds import Deed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came back. `put`: field -> what was written; `went`: what went out with it."""

    put: Mapping[str, str]
    went: Mapping[str, str]
    interaction: str


def register(app: App, voice: Voice) -> None:
    """Let the app listen for them."""
    for kind in FORMS:
        app.view(f"form:{kind}")(lambda ack, body, view: _sent(voice, ack, body, view))


def _sent(voice: Voice, ack: Ack, body: Mapping[str, object], view: Mapping[str, object]) -> None:
    sent = Sent(views.filled(view), views.carried(view), identity(body))
    if wrong := _wrong(sent.put, voice.desk.house.today):
        ack(response_action="errors", errors=wrong)
        return
    user = body.get("user")
    person = str(user.get("id", "")) if isinstance(user, Mapping) else ""
    done = _DONE[str(view.get("callback_id", "")).removeprefix("form:")]
    reply = voice.reply(person, sent.went.get("channel", "") or person)
    if voice.workers.take(lambda: done(voice, reply, sent)):
        ack()
    else:
        ack(response_action="errors", errors={next(iter(sent.put)): "Too busy just now. Please try again."})


def _wrong(put: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """Field -> what is wrong with it, as far as it shows without looking anything up."""
    texts = ("what", "reason", "note")
    wrong = {name: "Please write something." for name in texts if name in put and not put[name].strip()}
    if "until" in put:
        try:
            if dt.date.fromisoformat(put["until"]) < today:
                wrong["until"] = "That day is past."
        except ValueError:
            wrong["until"] = "Please choose a day: a silence must end."
    return wrong


def _silence(voice: Voice, reply: Reply, sent: Sent) -> None:
    if sent.went.get("alert"):
        _on_alert(voice, reply, sent, "reason")
        return
    what, reason = _unquoted(sent.put["what"]), _unquoted(sent.put["reason"])
    text = f'silence {what} until {sent.put["until"]} "{reason}"'
    voice.answer(reply, text, sent.interaction)


def _note(voice: Voice, reply: Reply, sent: Sent) -> None:
    _on_alert(voice, reply, sent, "note")


def _on_alert(voice: Voice, reply: Reply, sent: Sent, field: str) -> None:
    until, seen = sent.put.get("until"), sent.went.get("seen", "")
    actor = voice.who.speaks(reply.person, reply.channel)
    deed = Deed(
        "note" if field == "note" else "silence", sent.interaction, alert=sent.went.get("alert", ""),
        text=sent.put[field], until=dt.date.fromisoformat(until) if until else None,
        seen=int(seen) if seen.isdecimal() else None, seen_in=actor.channel,
    )  # fmt: skip
    voice.do(reply, deed, actor)


def _subscribe(voice: Voice, reply: Reply, sent: Sent) -> None:
    level = re.sub(r"[^1-3]", "", sent.put.get("severity", ""))[:1] or "1"
    here = " here" if sent.put.get("for") == "here" else ""
    text = f"subscribe {_unquoted(sent.put['what'])} severity>={level}{here}"
    voice.answer(reply, text, sent.interaction)
    publish(voice, reply.person)


_DONE: Mapping[str, Callable[[Voice, Reply, Sent], None]] = {
    "silence": _silence, "note": _note, "subscribe": _subscribe,
}  # fmt: skip


def _unquoted(text: str) -> str:
    """Without quotation marks: what stands in them is the reason, which must not end before its end."""
    return " ".join(re.sub('["“”«»„]', "’", text).split())
