"""Uploads of the stand-in: ask for an address, send, complete."""

from __future__ import annotations

import json

from tests.wire.faults import Reply
from tests.wire.server import Request
from tests.wire.slack import Channel, File, Json, Method, Refusal, SlackStandIn
from tests.wire.slack_checks import ANGLE

_LONGEST_ALT = 1_000


def get_upload_url(slack: SlackStandIn, values: Json) -> Json:
    slack.need("files:write")
    if not values.get("filename") or not int(values.get("length") or 0) > 0:
        raise Refusal("missing_argument")
    if len(values.get("alt_txt", "")) > _LONGEST_ALT:
        raise Refusal("alt_txt_too_large")
    file = File(
        f"F{slack.number():09d}", values["filename"], int(values["length"]), values.get("alt_txt", "")
    )
    slack.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{slack.address}/upload/{file.id}"}


def upload(slack: SlackStandIn, request: Request) -> Reply:
    """The address that was given out: bare bytes, no token."""
    file = slack.files.get(request.path.rpartition("/")[2])
    if file is None or len(request.body) != file.length or "authorization" in request.headers:
        return Reply(400, b"bad upload")
    file.data = request.body
    return Reply(200, b"OK - " + str(file.length).encode())


def complete_upload(slack: SlackStandIn, values: Json) -> Json:
    slack.need("files:write")
    asked = json.loads(values.get("files", "[]"))
    if not asked or any(f.get("id") not in slack.files for f in asked):
        raise Refusal("file_not_found")
    where = _where(slack, values)
    for item in asked:
        file = slack.files[item["id"]]
        if not file.data:
            raise Refusal("file_upload_not_found")
        if file.complete:
            raise Refusal("file_not_found")  # completed once; it is no upload any more
        file.complete, file.slow = True, slack.slow_files
    if where is not None:
        _shared(slack, where, values, asked)
    return {"files": [{"id": item["id"], "title": item.get("title", "")} for item in asked]}


def _where(slack: SlackStandIn, values: Json) -> Channel | None:
    """The channel in which the files are to be shown, if any; Slack takes its id, no name."""
    if "channel_id" not in values:
        if "thread_ts" in values or "initial_comment" in values:
            raise Refusal("invalid_arguments", detail="a thread or a comment without a channel")
        return None
    channel = slack.joined(values["channel_id"])
    if channel.archived:
        raise Refusal("is_archived")
    if "thread_ts" in values and not any(m["ts"] == values["thread_ts"] for m in channel.top):
        raise Refusal("thread_not_found")
    if ANGLE.search(values.get("initial_comment", "")):
        raise Refusal("invalid_arguments", detail="a mention or an unescaped angle")
    return channel


def _shared(slack: SlackStandIn, channel: Channel, values: Json, asked: list[Json]) -> None:
    """The message that Slack writes around files: of ours, and without metadata."""
    shown = [{"id": f["id"], "name": slack.files[f["id"]].name, "title": f.get("title", "")} for f in asked]
    number = slack.number()
    message = {
        "type": "message", "user": "U1", "bot_id": "B1", "ts": f"{1_660_000_000 + number}.{number:06d}",
        "text": values.get("initial_comment", ""), "files": shown,
    }  # fmt: skip
    if "thread_ts" in values:
        message["thread_ts"] = values["thread_ts"]
    channel.messages.append(message)


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
