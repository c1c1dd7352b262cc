"""auth.test, chat.* and conversations.* of the stand-in."""

from __future__ import annotations

import base64
from typing import Any

from tests.wire.slack import Channel, Json, Method, Refusal, SlackStandIn
from tests.wire.slack_checks import ANGLE, refusals

_LONGEST_TEXT = 40_000
_MOST_METADATA = 16_000


def auth_test(slack: SlackStandIn, _values: Json) -> Json:
    return {
        "url": f"{slack.address}/", "team": "Invented", "user": "tocsin", "team_id": "T1", "user_id": "U1",
        "bot_id": "B1",
    }  # fmt: skip


def post_message(slack: SlackStandIn, values: Json) -> Json:
    slack.need("chat:write")
    channel = _writable(slack, values)
    now = slack.clock()
    if slack.spacing and now - slack.last_post.get(channel.id, -1e9) < slack.spacing - 1e-6:
        raise Refusal("ratelimited")
    message = _content(slack, values)
    if thread := values.get("thread_ts"):
        if not any(m["ts"] == thread for m in channel.top):
            raise Refusal("thread_not_found")
        message["thread_ts"] = thread
    slack.last_post[channel.id] = now
    message = {"type": "message", "user": "U1", "bot_id": "B1", "ts": _ts(slack.number()), **message}
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def update(slack: SlackStandIn, values: Json) -> Json:
    slack.need("chat:write")
    channel = _writable(slack, values)
    message = next((m for m in channel.messages if m["ts"] == values.get("ts")), None)
    if message is None:
        raise Refusal("message_not_found")
    if message["bot_id"] != "B1":
        raise Refusal("cant_update_message")
    content = _content(slack, values)
    if values.get("blocks") == []:
        message.pop("blocks", None)
    message.update(content, edited={"user": "U1", "ts": _ts(slack.number())})
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


def post_ephemeral(slack: SlackStandIn, values: Json) -> Json:
    slack.need("chat:write")
    channel = _writable(slack, values)
    if not values.get("user"):
        raise Refusal("user_not_in_channel")
    message = {"channel": channel.id, "user": values["user"], **_content(slack, values)}
    slack.ephemeral.append(message)
    return {"message_ts": _ts(slack.number())}


def history(slack: SlackStandIn, values: Json) -> Json:
    channel = _readable(slack, values)
    return _page(list(reversed(channel.top)), values)


def replies(slack: SlackStandIn, values: Json) -> Json:
    channel = _readable(slack, values)
    parent = next((m for m in channel.top if m["ts"] == values.get("ts")), None)
    if parent is None:
        raise Refusal("thread_not_found")
    return _page([parent, *channel.thread(parent["ts"])], values)


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.postEphemeral": post_ephemeral,
    "conversations.history": history,
    "conversations.replies": replies,
}


def _writable(slack: SlackStandIn, values: Json) -> Channel:
    channel = slack.joined(values.get("channel"))
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _readable(slack: SlackStandIn, values: Json) -> Channel:
    slack.need("groups:history" if str(values.get("channel")).startswith("G") else "channels:history")
    return slack.joined(values.get("channel"))


def _content(slack: SlackStandIn, values: Json) -> Json:
    """Text, blocks and metadata, if Slack would take them."""
    text, blocks = values.get("text"), values.get("blocks") or []
    if not isinstance(text, str) or not text.strip():
        raise Refusal("no_text")  # stricter than Slack: a notification without words is a defect of ours
    if ANGLE.search(text):
        raise Refusal("invalid_arguments", detail="a mention or an unescaped angle")
    if len(text) > _LONGEST_TEXT:
        raise Refusal("msg_too_long")
    if wrong := refusals(blocks, slack):
        error = "msg_blocks_too_long" if wrong == ["too long"] else "invalid_blocks"
        raise Refusal(error, errors=wrong, response_metadata={"messages": [f"[ERROR] {w}" for w in wrong]})
    content: Json = {"text": text}
    if blocks:
        content["blocks"] = blocks
    if "metadata" in values:
        content["metadata"] = _metadata(values["metadata"])
    return content


def _metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict) or len(str(metadata)) > _MOST_METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _page(messages: list[Json], values: Json) -> Json:
    limit = int(values.get("limit", 100))
    if not 1 <= limit <= 999:
        raise Refusal("invalid_limit")
    inclusive = values.get("inclusive") in ("1", "true", True)
    low, high = float(values.get("oldest") or 0), float(values.get("latest") or 1e12)
    kept = [
        m for m in messages if low < float(m["ts"]) < high or (inclusive and float(m["ts"]) in (low, high))
    ]
    start = int(base64.b64decode(values["cursor"])) if values.get("cursor") else 0
    page, more = kept[start : start + limit], len(kept) > start + limit
    if values.get("include_all_metadata") not in ("1", "true", True):
        page = [{k: v for k, v in m.items() if k != "metadata"} for m in page]
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _ts(number: int) -> str:
    return f"{1_660_000_000 + number}.{number % 1_000_000:06d}"
