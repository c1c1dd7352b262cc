"""What the doctor looks at in Slack: the tokens, the scopes, the channels; and how to mend each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.secrets import required
from bot.slack.scopes import SCOPES
from bot.transports.base import Unclear, Undeliverable
from bot.transports.slack_calls import API, slack_client
from bot.transports.slack_errors import FAULTS, explained
from jobs.errors import Retry, TocsinError, UsageError
from jobs.folder.partnership import Channel, Partnership
from rules.model import Classification

BOT, APP, SIGNING = "TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_APP_TOKEN", "TOCSIN_SLACK_SIGNING_SECRET"
_REQUEST = 5.0  # seconds: somebody is waiting
_OPEN = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` is empty when it is well."""

    what: str
    found: str
    mend: str = ""


def is_used(partnership: Partnership) -> bool:
    """Whether Slack has any part in it: a channel, a person or a token."""
    channels = (c.platform == "slack" for c in partnership.channels.values())
    names = (BOT, f"{BOT}_FILE", APP, f"{APP}_FILE")
    return any(channels) or any(os.environ.get(name) for name in names)


def look(partnership: Partnership) -> Iterator[Finding]:
    """Everything, one after the other; what cannot be asked without a token is left out."""
    api = os.environ.get("TOCSIN_SLACK_API_URL") or API
    try:
        client = slack_client(required(BOT, "the app's bot token (xoxb-…)"), api, _REQUEST)
    except UsageError as error:
        yield Finding("slack token", str(error), error.advice)
        return
    checkup = _Checkup(client)
    yield from checkup.token()
    if checkup.known:
        for channel in partnership.channels.values():
            if channel.platform == "slack":
                yield checkup.channel(channel)
    yield _way_in(api)


@dataclass
class _Checkup:
    client: WebClient
    known: bool = field(default=False, init=False)

    def token(self) -> Iterator[Finding]:
        try:
            told = self.client.auth_test()
        except FAULTS as error:
            wrong = explained(error)
            yield Finding("slack token", str(wrong), wrong.advice or "try again in a minute")
            return
        self.known = True
        yield Finding("slack token", f"known in the workspace {told.get('team') or told.get('team_id')}")
        header = next((v for k, v in told.headers.items() if k.lower() == "x-oauth-scopes"), None)
        if header is None:
            yield Finding("slack scopes", "not told")
            return
        have = {scope.strip() for scope in str(header).split(",")}
        missing = [scope for scope in SCOPES if scope not in have]
        for scope in missing:
            yield Finding(
                "slack scopes", f"{scope} is missing: {SCOPES[scope]}",
                f"add {scope} under OAuth & Permissions, or take the manifest in deploy/ anew; then install "
                "the app again",
            )  # fmt: skip
        if not missing:
            yield Finding("slack scopes", f"all {len(SCOPES)}")

    def channel(self, channel: Channel) -> Finding:
        what = f"slack {channel.id}"
        try:
            found = self.client.conversations_info(channel=channel.address).get("channel") or {}
        except FAULTS as error:
            wrong = explained(error)
            return Finding(what, f"{channel.address}: {wrong}", wrong.advice or "try again in a minute")
        if found.get("is_archived"):
            return Finding(what, "it is archived", "unarchive it, or give another one in partnership.toml")
        if not found.get("is_member"):
            return Finding(what, "the app is not in the channel", "in the channel: /invite @Tocsin")
        if channel.clearance is not Classification.PUBLIC and any(found.get(mark) for mark in _OPEN):
            return Finding(
                what, f"it is shared with others, and its clearance is {channel.clearance.value}",
                "give it the clearance public in partnership.toml, or take a channel that is not shared",
            )  # fmt: skip
        return Finding(what, f"{channel.address}, clearance {channel.clearance.value}")


def _way_in(api: str) -> Finding:
    """Socket Mode, unless only a signing secret is set."""
    try:
        token = required(APP, "an app-level token (xapp-…) with connections:write")
    except UsageError as error:
        if os.environ.get(SIGNING) or os.environ.get(f"{SIGNING}_FILE"):
            return Finding("slack way in", "signed HTTP: serve --slack --http PORT")
        return Finding("slack way in", str(error), error.advice)
    try:
        slack_client("", api, _REQUEST).apps_connections_open(app_token=token)
    except FAULTS as error:
        return Finding("slack way in", *_about_the_app_token(explained(error)))
    return Finding("slack way in", "Socket Mode")


def _about_the_app_token(error: TocsinError) -> tuple[str, str]:
    if isinstance(error, (Retry, Unclear)):
        return str(error), error.advice or "try again in a minute"
    code = error.code if isinstance(error, Undeliverable) else type(error).__name__
    return (
        f"Slack does not take the app token ({code})",
        f"set {APP} to an app-level token (xapp-…) with connections:write, made under Basic Information",
    )
