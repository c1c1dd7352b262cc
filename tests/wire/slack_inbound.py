"""People in the workspace: what Slack tells of them, what they type and click, and what they are shown."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.wire import slack_views
from tests.wire.faults import Reply, as_json
from tests.wire.server import Request
from tests.wire.slack import Channel, Json, Refusal, SlackStandIn
from tests.wire.slack_checks import ANGLE, refusals

TEAM = "T1"
_TRIGGER_SECONDS = 3.0
_USES = 5
_SCOPES = {
    "commands", "app_mentions:read", "im:history", "im:write", "users:read", "channels:read", "groups:read",
}  # fmt: skip


@dataclass
class Shown:
    """Something that a person was shown by a response_url."""

    person: str
    channel: str
    body: Json

    @property
    def everybody(self) -> bool:
        return bool(self.body.get("response_type") == "in_channel")


@dataclass
class Inbound:
    """Hooks itself into a stand-in. `users`: id -> what users.info says beside the id."""

    slack: SlackStandIn
    users: dict[str, Json] = field(default_factory=dict)
    facts: dict[str, Json] = field(default_factory=dict)  # channel -> what conversations.info says beside
    shown: list[Shown] = field(default_factory=list)
    forms: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    urls: dict[str, tuple[str, str, list[float]]] = field(default_factory=dict)  # person, channel, uses

    def __post_init__(self) -> None:
        self.slack.scopes |= _SCOPES
        self.slack.methods |= {
            "users.info": self._users_info, "conversations.info": self._conversations_info,
            "conversations.open": self._conversations_open, "views.open": self._views_open,
            "views.publish": self._views_publish,
        }  # fmt: skip
        self.slack.doors["/response/"] = self._response

    def person(self, id_: str, **facts: Any) -> str:
        """Somebody in the workspace, with a conversation with the app. `team_id="T2"`: from elsewhere."""
        self.users[id_] = {"team_id": TEAM, "deleted": False, "is_bot": False, **facts}
        direct = Channel(f"D{id_[1:]}")
        self.slack.channels[direct.id] = self.slack.channels[id_] = direct
        return id_

    # What comes in: payloads as Slack sends them.

    def command(self, person: str, channel: str, name: str, text: str) -> Json:
        return {
            "token": "old", "team_id": TEAM, "team_domain": "invented", "channel_id": channel,
            "channel_name": "somewhere", "user_id": person, "user_name": "x", "command": name, "text": text,
            "api_app_id": "A1", "is_enterprise_install": "false", "trigger_id": self.trigger(),
            "response_url": self.response_url(person, channel),
        }  # fmt: skip

    def click(self, person: str, channel: str, action: str, value: str, message: Json | None = None) -> Json:
        url = {"response_url": self.response_url(person, channel)} if channel else {}
        place = (
            {"channel": {"id": channel, "name": "x"}, "message": message or {"ts": "1.1"}} if channel else {}
        )
        return {
            "type": "block_actions", "user": {"id": person, "team_id": TEAM}, "team": {"id": TEAM},
            "api_app_id": "A1", "trigger_id": self.trigger(), **url, **place,
            "container": {"type": "message" if channel else "view"},
            "actions": [
                {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.2"}
            ],
        }  # fmt: skip

    def submit(self, person: str, form: Json, **values: str) -> Json:
        """A form that was opened, filled in. Fields that are not named keep what they began with."""
        state: Json = {}
        for block in form["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                name = element["action_id"]
                state[block["block_id"]] = {name: _filled(element, values.get(name))}
        view = {**form, "id": "V1", "hash": "1.a", "team_id": TEAM, "state": {"values": state}}
        return {
            "type": "view_submission", "user": {"id": person}, "team": {"id": TEAM}, "api_app_id": "A1",
            "trigger_id": self.trigger(), "view": view, "response_urls": [],
        }  # fmt: skip

    def event(self, **event: Any) -> Json:
        number = self.slack.number()
        return {
            "type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": f"Ev{number:09d}",
            "event_time": 1, "event": {"ts": f"{1_660_000_000 + number}.000100", "event_ts": "1.1", **event},
            "authorizations": [],
        }  # fmt: skip

    def mention(self, person: str, channel: str, text: str, **more: Any) -> Json:
        return self.event(type="app_mention", user=person, channel=channel, text=f"<@U1> {text}", **more)

    def direct(self, person: str, text: str, **more: Any) -> Json:
        return self.event(
            type="message", channel_type="im", user=person, channel=f"D{person[1:]}", text=text, **more
        )

    def trigger(self) -> str:
        id_ = f"13.{self.slack.number()}.abc"
        self.triggers[id_] = time.monotonic()
        return id_

    def response_url(self, person: str, channel: str) -> str:
        id_ = f"R{self.slack.number()}"
        self.urls[id_] = (person, channel, [])
        return f"{self.slack.address}/response/{id_}"

    # What the app asks and shows.

    def _users_info(self, slack: SlackStandIn, values: Json) -> Json:
        slack.need("users:read")
        if values.get("user") not in self.users:
            raise Refusal("user_not_found")
        return {"user": {"id": values["user"], **self.users[values["user"]]}}

    def _conversations_info(self, slack: SlackStandIn, values: Json) -> Json:
        slack.need("channels:read")
        channel = slack.channels.get(str(values.get("channel")))
        if channel is None:
            raise Refusal("channel_not_found")
        told = {
            "id": channel.id,
            "is_member": channel.joined,
            "is_archived": channel.archived,
            "is_ext_shared": False,
        }
        return {"channel": {**told, **self.facts.get(channel.id, {})}}

    def _conversations_open(self, slack: SlackStandIn, values: Json) -> Json:
        slack.need("im:write")
        if values.get("users") not in self.users:
            raise Refusal("user_not_found")
        return {"channel": {"id": slack.channels[values["users"]].id}}

    def _views_open(self, slack: SlackStandIn, values: Json) -> Json:
        begun = self.triggers.pop(str(values.get("trigger_id")), None)
        if begun is None:
            raise Refusal("exchanged_trigger_id")
        if time.monotonic() - begun > _TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        view = self._view(values, "modal")
        self.forms.append(view)
        return {"view": {"id": f"V{slack.number()}", **view}}

    def _views_publish(self, _slack: SlackStandIn, values: Json) -> Json:
        if values.get("user_id") not in self.users:
            raise Refusal("user_not_found")
        self.homes[values["user_id"]] = self._view(values, "home")
        return {"view": {"id": "V1"}}

    def _view(self, values: Json, kind: str) -> Json:
        given = values.get("view")
        view: Json = json.loads(given) if isinstance(given, str) else given or {}
        wrong = slack_views.refusals(view, self.slack)
        if wrong or view["type"] != kind:
            raise Refusal("invalid_arguments", response_metadata={"messages": wrong})
        return dict(view)

    def _response(self, slack: SlackStandIn, request: Request) -> Reply:
        known = self.urls.get(request.path.rpartition("/")[2])
        if known is None or "authorization" in request.headers:
            return as_json({"ok": False, "error": "expired_url"}, 404)
        person, channel, uses = known
        if len(uses) >= _USES:
            return as_json({"ok": False, "error": "used_url"}, 404)
        uses.append(time.monotonic())
        body = json.loads(request.body)
        text = body.get("text")
        if not isinstance(text, str) or not text.strip() or ANGLE.search(text):
            return as_json({"ok": False, "error": "no_text"}, 500)
        if wrong := refusals(body.get("blocks") or [], slack):
            error = "msg_blocks_too_long" if wrong == ["too long"] else "invalid_blocks"
            return as_json({"ok": False, "error": error}, 400)
        self.shown.append(Shown(person, channel, body))
        return Reply(200, b"ok")


def _filled(element: Json, value: str | None) -> Json:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value if value is not None else element.get("initial_value")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value if value is not None else element.get("initial_date")}
    options = {o["value"]: o for o in element["options"]}
    return {
        "type": kind,
        "selected_option": options[value] if value is not None else element.get("initial_option"),
    }
