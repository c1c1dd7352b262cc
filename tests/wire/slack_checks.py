"""What Slack refuses in blocks, written from its documentation and apart from the bot's own, on purpose:
a mistake in the one shows at the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.wire.slack import SlackStandIn

_FILE = re.compile(r"F[A-Z0-9]{8,}")
_SHAPES: dict[str, tuple[dict[str, int], set[str]]] = {
    # type: ({required key: most characters or items}, optional keys)
    "header": ({"text": 150}, set()),
    "section": ({}, {"text", "fields", "accessory", "expand"}),
    "divider": ({}, set()),
    "image": ({"alt_text": 2000}, {"title", "image_url", "slack_file"}),
    "context": ({"elements": 10}, set()),
    "actions": ({"elements": 25}, set()),
}
_BUTTON = {"type", "text", "action_id", "value", "style"}
ANGLE = re.compile(r"<(?!https://[^<>]+>)")  # Slack would ring everybody's bell; nothing of ours may


def refusals(blocks: list[Any], slack: SlackStandIn) -> list[str]:
    """Each with the place it is at, as Slack tells it."""
    wrong: list[str] = []
    if len(blocks) > 50:
        wrong.append("no more than 50 items allowed [json-pointer:/blocks]")
    for at, block in enumerate(blocks):
        wrong += [f"{what} [json-pointer:/blocks/{at}]" for what in _block(block, slack)]
    wrong += _repeated(blocks)
    if not wrong and sum(map(len, _strings(blocks))) > 13_200:
        return ["too long"]
    return wrong


def _block(block: Any, slack: SlackStandIn) -> list[str]:
    if not isinstance(block, dict) or block.get("type") not in _SHAPES:
        return ["unsupported type"]
    required, optional = _SHAPES[block["type"]]
    wrong = [f"missing required field: {key}" for key in required if not block.get(key)]
    wrong += [
        f"invalid additional property: {k}" for k in block.keys() - required - optional - {"type", "block_id"}
    ]
    wrong += [f"must be less than {n + 1} of {k}" for k, n in required.items() if _count(block.get(k)) > n]
    if not wrong:
        wrong = _INSIDE[block["type"]](block, slack)
    return wrong


def _inside_header(block: Any, _slack: SlackStandIn) -> list[str]:
    return _text(block["text"], 150, {"plain_text"})


def _inside_section(block: Any, _slack: SlackStandIn) -> list[str]:
    wrong = [] if "text" in block or "fields" in block else ["text or fields are required"]
    if "text" in block:
        wrong += _text(block["text"], 3000)
    fields = block.get("fields", [{"type": "mrkdwn", "text": "–"}])
    if not 1 <= len(fields) <= 10:
        wrong.append("between 1 and 10 fields")
    return wrong + [what for f in fields for what in _text(f, 2000)]


def _inside_image(block: Any, slack: SlackStandIn) -> list[str]:
    if ("slack_file" in block) == ("image_url" in block):
        return ["one of slack_file and image_url"]
    if "image_url" in block:
        return [] if block["image_url"].startswith("https://") else ["invalid url"]
    file = slack.files.get(block["slack_file"].get("id", ""))
    if (
        file is None
        or not _FILE.fullmatch(file.id)
        or not file.complete
        or not file.data.startswith(b"\x89PNG")
    ):
        return ["invalid slack file"]
    if file.slow > 0:  # it is taken apart at leisure; until then Slack does not know that it is a picture
        file.slow -= 1
        return ["invalid slack file"]
    return []


def _inside_context(block: Any, _slack: SlackStandIn) -> list[str]:
    return [what for e in block["elements"] for what in _text(e, 3000)]


def _inside_actions(block: Any, _slack: SlackStandIn) -> list[str]:
    wrong = []
    for element in block["elements"]:
        if element.get("type") != "button" or not 1 <= len(element.get("action_id", "")) <= 255:
            wrong.append("unsupported element")
        if not 1 <= len(element.get("value", "")) <= 2000:
            wrong.append("button value")
        wrong += [f"invalid additional property: {k}" for k in element.keys() - _BUTTON]
        wrong += _text(element.get("text"), 75, {"plain_text"})
    return wrong


def _nothing_inside(_block: Any, _slack: SlackStandIn) -> list[str]:
    return []


_INSIDE = {
    "divider": _nothing_inside,
    "header": _inside_header, "section": _inside_section, "image": _inside_image, "context": _inside_context,
    "actions": _inside_actions,
}  # fmt: skip


def _text(
    text: Any, most: int, kinds: frozenset[str] | set[str] = frozenset({"plain_text", "mrkdwn"})
) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        return [f"expected a text of {sorted(kinds)}"]
    if not 1 <= len(text["text"]) <= most:
        return [f"must be between 1 and {most} characters"]
    if text["type"] == "mrkdwn" and ANGLE.search(text["text"]):
        return ["a mention or an unescaped angle"]
    return []


def _repeated(blocks: list[Any]) -> list[str]:
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and "block_id" in b]
    acts = [
        e.get("action_id") for b in blocks if isinstance(b, dict) and b.get("type") == "actions"
        for e in b.get("elements", [])
    ]  # fmt: skip
    return [
        f"{name} is not unique"
        for name, all_ in (("block_id", ids), ("action_id", acts))
        if len(set(all_)) < len(all_)
    ]


def _count(value: Any) -> int:
    return (
        len(value["text"])
        if isinstance(value, dict) and isinstance(value.get("text"), str)
        else len(value or ())
    )


def _strings(value: Any, key: str = "") -> list[str]:
    if isinstance(value, str):
        return [value] if key in ("text", "alt_text") else []
    items = (
        value.items()
        if isinstance(value, dict)
        else ((key, v) for v in value)
        if isinstance(value, list)
        else ()
    )
    return [text for k, v in items for text in _strings(v, k)]
