"""Uploads of the stand-in: ask for an address, send, complete."""

from __future__ import annotations

import json

from tests.wire.faults import Reply
from tests.wire.server import Request
from tests.wire.slack import File, Json, Method, Refusal, SlackStandIn

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
    if "channel_id" in values:
        slack.joined(values["channel_id"])
    for item in asked:
        file = slack.files[item["id"]]
        if not file.data:
            raise Refusal("file_upload_not_found")
        file.complete, file.slow = True, slack.slow_files
    return {"files": [{"id": item["id"], "title": item.get("title", "")} for item in asked]}


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
