"""Putting the parts together: which channel is drained by which transport, which kind is worded by whom."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.delivery import Builder, Delivery, notice_message
from bot.transports.console import Console
from bot.views.alerts import alert_message, late_message, rollup_message
from bot.views.digest import posted
from jobs.facts import ALERT, DIGEST_POST, LATE, ROLLUP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.transports.base import Transport
    from jobs.folder.partnership import Channel
    from jobs.house import House

BUILDERS: dict[str, Builder] = {
    "alert": lambda payload: alert_message(ALERT.validate_json(payload)),
    "rollup": lambda payload: rollup_message(ROLLUP.validate_json(payload), ""),
    "late": lambda payload: late_message(LATE.validate_json(payload)),
    "digest": lambda payload: posted(DIGEST_POST.validate_json(payload)),
    "notice": notice_message,
}


def delivery_for(house: House, platforms: Collection[str]) -> Delivery:
    """Drains the channels of these platforms; others keep their messages until somebody serves them.

    Raises UsageError for a token, an address or a channel id that is missing or wrong.
    """
    channels = [c for c in house.partnership.channels.values() if c.platform in platforms]
    operator = next((c.id for c in channels if c.operator), None)
    fixed = {c.id: _transport(c) for c in channels}
    lines = _with_people(fixed) if "slack" in platforms else fixed
    mapped: dict[str, Builder] = {"digest": lambda text: posted(DIGEST_POST.validate_json(text), house)}
    return Delivery(house.store, lines, BUILDERS | mapped, operator=operator, clock=house.now)


def _transport(channel: Channel) -> Transport:
    """How a channel is reached. The libraries of a platform are only loaded where one of its channels is."""
    if channel.platform == "slack":
        from bot.transports.slack import SlackChannel

        return SlackChannel.from_environment(channel.address)
    if channel.platform == "teams":
        from bot.transports.teams import WorkflowsWebhook

        return WorkflowsWebhook.from_environment(channel.address)
    return Console()


def _with_people(fixed: Mapping[str, Transport]) -> Mapping[str, Transport]:
    """And people in Slack, who may subscribe at any time."""
    from bot.secrets import required
    from bot.slack.direct import Lines
    from bot.transports.slack_calls import API, slack_client

    token = required("TOCSIN_SLACK_BOT_TOKEN", "the app's bot token (xoxb-…)")
    return Lines(fixed, slack_client(token, os.environ.get("TOCSIN_SLACK_API_URL") or API))
