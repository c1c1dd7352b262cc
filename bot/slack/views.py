"""Forms and the App Home as Slack takes them: plain values, built here and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.grammar.orders import ALERT_ID
from bot.renderers.slack_text import mrkdwn_to_fit, plain_to_fit

View = dict[str, object]
Block = dict[str, object]
HOME_BLOCKS = 100
STOP = re.compile(r"home:stop:[0-9]{1,2}")  # the button that ends a subscription
_NUMBER = re.compile(r"[0-9]{1,9}")
_TITLE, _LABEL, _HINT, _META = 24, 200, 200, 3_000


def form(kind: str, title: str, submit: str, blocks: Sequence[Block], carried: Mapping[str, object]) -> View:
    """A modal. `carried` comes back with it; it holds ids, never data."""
    meta = json.dumps(dict(carried), separators=(",", ":"))
    assert len(meta) <= _META
    return {
        "type": "modal", "callback_id": f"form:{kind}", "private_metadata": meta,
        "title": _plain(title, _TITLE), "submit": _plain(submit, _TITLE), "close": _plain("Cancel", _TITLE),
        "blocks": list(blocks),
    }  # fmt: skip


def words(name: str, label: str, hint: str, most: int, *, long: bool = False, given: str = "") -> Block:
    """A field for text of at most `most` characters."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": most, "multiline": long}
    if given:
        element["initial_value"] = given
    return _input(name, label, hint, element)


def day(name: str, label: str, hint: str, given: dt.date) -> Block:
    """A field for a day."""
    return _input(
        name, label, hint, {"type": "datepicker", "action_id": name, "initial_date": given.isoformat()}
    )


def choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> Block:
    """A field with a list of (value, label); the first is chosen until another is."""
    drawn = [{"text": _plain(text, 75), "value": value} for value, text in options]
    element: Block = {
        "type": "static_select", "action_id": name, "options": drawn, "initial_option": drawn[0]
    }  # fmt: skip
    return _input(name, label, "", element)


def said(text: str) -> Block:
    """A paragraph; nothing in it is markup."""
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": mrkdwn_to_fit(text, 2_800), "verbatim": True},
    }


def buttons(*pressed: tuple[str, str, str]) -> Block:
    """A row of (action id, label, value)."""
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": id_, "text": _plain(label, 75), "value": value}
            for id_, label, value in pressed
        ],
    }


def home(blocks: Sequence[Block]) -> View:
    """The App Home; what is over Slack's limit is left out, and said."""
    if len(blocks) > HOME_BLOCKS:
        blocks = [*blocks[: HOME_BLOCKS - 1], said("There is more: ask with /tocsin alerts open.")]
    return {"type": "home", "blocks": list(blocks)}


def filled(view: Mapping[str, object]) -> dict[str, str]:
    """Field name -> what was put in, of a form that came back; empty fields are ''."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    found: dict[str, str] = {}
    for fields in values.values() if isinstance(values, Mapping) else ():
        for name, field in fields.items():
            chosen = (field.get("selected_option") or {}).get("value")
            found[name] = str(field.get("value") or field.get("selected_date") or chosen or "")
    return found


def carried(view: Mapping[str, object]) -> dict[str, str]:
    """What went out with the form."""
    try:
        told = json.loads(str(view.get("private_metadata") or "{}"))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}


def _input(name: str, label: str, hint: str, element: Block) -> Block:
    block: Block = {"type": "input", "block_id": name, "label": _plain(label, _LABEL), "element": element}
    return {**block, "hint": _plain(hint, _HINT)} if hint else block


def _plain(text: str, most: int) -> dict[Literal["type", "text", "emoji"], object]:
    return {"type": "plain_text", "text": plain_to_fit(text, most) or "–", "emoji": False}


@dataclass(frozen=True, slots=True)
class Press:
    """A click on a button: ids, and nothing that the message says."""

    action: str
    value: str
    person: str
    channel: str  # '' in the App Home
    url: str
    thread: str
    revision: int | None  # of the message that was clicked: its button tells it, or else its metadata


def pressed(body: Mapping[str, object]) -> Press:
    """A block_actions payload, read; what is missing is ''."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    message = _part(body, "message")
    carried = _part(_part(message, "metadata"), "event_payload")
    value, at, revision = str(action.get("value", "")).partition("@")
    if not (ALERT_ID.fullmatch(value) and _NUMBER.fullmatch(revision)):
        value, revision = value + at + revision, ""
    if not revision and str(carried.get("key", "")).startswith("alert:"):  # buttons of an older Tocsin
        revision = str(carried.get("rev", ""))
    person = str(_part(body, "user").get("id", ""))
    return Press(
        str(action.get("action_id", "")), value, person,
        str(_part(body, "channel").get("id", "")), str(body.get("response_url") or ""),
        str(message.get("thread_ts") or ""), int(revision) if _NUMBER.fullmatch(revision) else None,
    )  # fmt: skip


def _part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = whole.get(name)
    return part if isinstance(part, Mapping) else {}
