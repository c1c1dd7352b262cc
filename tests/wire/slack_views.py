"""What Slack refuses in forms and in the App Home, written from its documentation."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from tests.wire import slack_checks
from tests.wire.slack import Json, SlackStandIn

_KEYS = {
    "modal": {"type", "callback_id", "private_metadata", "title", "submit", "close", "blocks"},
    "home": {"type", "blocks"},
}
_ELEMENTS = {
    "plain_text_input": {"type", "action_id", "max_length", "multiline", "initial_value"},
    "datepicker": {"type", "action_id", "initial_date"},
    "static_select": {"type", "action_id", "options", "initial_option"},
}


def refusals(view: Any, slack: SlackStandIn) -> list[str]:
    """Each as a sentence."""
    if not isinstance(view, dict) or view.get("type") not in _KEYS:
        return ["a view is a modal or a home"]
    wrong = [f"additional property: {key}" for key in view.keys() - _KEYS[view["type"]]]
    blocks = view.get("blocks") or []
    if not 1 <= len(blocks) <= 100:
        wrong.append("between 1 and 100 blocks")
    inputs = [b for b in blocks if b.get("type") == "input"]
    if view["type"] == "modal":
        wrong += _frame(view, bool(inputs))
    wrong += [what for block in inputs for what in _input(block)]
    others = [b for b in blocks if b.get("type") != "input"]
    chunks = [others[i : i + 40] for i in range(0, len(others), 40)]  # a message has 50 at most, a view 100
    wrong += [what for chunk in chunks for what in slack_checks.refusals(chunk, slack)]
    ids = [b["element"]["action_id"] for b in inputs] + [
        e.get("action_id") for b in others if b.get("type") == "actions" for e in b["elements"]
    ]
    return wrong + (["action_id is not unique"] if len(set(ids)) < len(ids) else [])


def _frame(view: Json, has_inputs: bool) -> list[str]:
    wrong = [
        f"{name}: plain text of 1 to 24"
        for name in ("title", "submit", "close")
        if not _plain(view.get(name), 24)
    ]
    if has_inputs and "submit" not in view:
        wrong.append("inputs need a submit")
    if not 1 <= len(view.get("callback_id", "")) <= 255 or len(view.get("private_metadata", "")) > 3000:
        wrong.append("callback_id or private_metadata")
    if not all(isinstance(v, (str, int)) for v in json.loads(view.get("private_metadata") or "{}").values()):
        wrong.append("private_metadata")
    return wrong


def _input(block: Json) -> list[str]:
    wrong = [
        f"additional property: {k}" for k in block.keys() - {"type", "block_id", "label", "element", "hint"}
    ]
    element = block.get("element") or {}
    kind = element.get("type")
    if kind not in _ELEMENTS:
        return [*wrong, f"element {kind}"]
    wrong += [f"additional property: {k}" for k in element.keys() - _ELEMENTS[kind]]
    if not _plain(block.get("label"), 2000) or ("hint" in block and not _plain(block["hint"], 2000)):
        wrong.append("label or hint")
    if kind == "datepicker":
        dt.date.fromisoformat(element["initial_date"])
    if kind == "plain_text_input" and not 1 <= element.get("max_length", 3000) <= 3000:
        wrong.append("max_length")
    if kind == "static_select":
        options = element.get("options") or []
        good = all(_plain(o.get("text"), 75) and 1 <= len(o.get("value", "")) <= 150 for o in options)
        if not (1 <= len(options) <= 100 and good and element.get("initial_option", options[0]) in options):
            wrong.append("options")
    return wrong


def _plain(text: Any, most: int) -> bool:
    return (
        isinstance(text, dict) and text.get("type") == "plain_text" and 1 <= len(text.get("text", "")) <= most
    )
