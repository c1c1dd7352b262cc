"""Forms: silence, note, subscription. Opened by a click, or by a command that says less than it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.grammar.orders import ALERT_ID
from bot.slack import views
from bot.slack.reply import Reply
from bot.slack.voice import Voice
from bot.transports.slack_errors import FAULTS, explained
from jobs.attention.deed import LONGEST_NOTE, LONGEST_REASON
from jobs.attention.deeds import NEEDS, Kind
from jobs.attention.people import Actor

FORMS: Mapping[str, Kind] = {"silence": "silence", "note": "note", "subscribe": "subscribe"}
_WHAT = 60  # characters of a place and a series
_SILENCE = dt.timedelta(days=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """A form to be opened: what it is about and where its result is told. Ids only."""

    kind: str
    channel: str
    alert: str = ""
    seen: int | None = None  # the revision that was in front of the person

    @property
    def carried(self) -> dict[str, object]:
        """What goes out and comes back with it."""
        seen = {} if self.seen is None else {"seen": self.seen}
        return {"channel": self.channel, "alert": self.alert, **seen}


def form_for(voice: Voice, text: str, reply: Reply) -> Form | None:
    """The form behind a command; None when it can be answered as it is, or the person may not do it."""
    name, _, rest = text.partition(" ")
    name, alert = name.lower(), rest.strip().upper()
    about_one = ALERT_ID.fullmatch(alert) is not None
    asks = {"silence": not alert or about_one, "note": about_one, "subscribe": not alert}.get(name, False)
    if not asks or not may(voice.who.speaks(reply.person, reply.channel), name):
        return None
    return Form(name, reply.channel, alert)


def may(actor: Actor, form: str) -> bool:
    """Whether filling it in could come to anything."""
    return actor.role.rank >= NEEDS[FORMS[form]].rank


def open_form(voice: Voice, trigger: str, form: Form) -> bool:
    """Show it; False when Slack does not, and the command is then answered in words."""
    try:
        voice.client.views_open(trigger_id=trigger, view=_DRAWN[form.kind](voice, form))
    except FAULTS as error:
        log.warning("slack: a form could not be opened", form=form.kind, why=str(explained(error)))
        return False
    return True


def _silence(voice: Voice, form: Form) -> views.View:
    about = views.said(f"Alert {form.alert} keeps quiet: it is kept and listed, and not posted.")
    what = views.words("what", "What", "a series, a place or both", _WHAT)
    blocks = [
        about if form.alert else what,
        views.day(
            "until", "Until", "The last day. It can be lifted before.", voice.desk.house.today + _SILENCE
        ),
        views.words("reason", "Reason", "It is shown beside the alert.", LONGEST_REASON),
    ]
    return views.form("silence", "Silence", "Silence", blocks, form.carried)


def _note(_voice: Voice, form: Form) -> views.View:
    text = views.words("note", f"Note on {form.alert}", "No names, no postcodes.", LONGEST_NOTE, long=True)
    return views.form("note", "Note", "Keep", [text], form.carried)


def _subscribe(_voice: Voice, form: Form) -> views.View:
    levels = [("1", "every alert"), ("2", "2 of 3 and above"), ("3", "3 of 3 only")]
    targets = [("me", "me, as direct messages"), ("here", "this channel (analysts)")]
    blocks = [
        views.words("what", "What", "a series, a place or both, or: everything", _WHAT),
        views.choice("severity", "Severity", levels),
        # From the App Home there is no channel to subscribe for.
        *([views.choice("for", "For", targets)] if form.channel else []),
    ]
    return views.form("subscribe", "Subscribe", "Subscribe", blocks, form.carried)


_DRAWN: Mapping[str, Callable[[Voice, Form], views.View]] = {
    "silence": _silence, "note": _note, "subscribe": _subscribe,
}  # fmt: skip
