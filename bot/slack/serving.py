"""The app at work in `tocsin serve`: by Socket Mode, or by signed HTTP; how it is, for health and metrics."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import structlog

from bot.answers.desk import Desk
from bot.health.gauges import Gauge
from bot.health.state import Health
from bot.secrets import required
from bot.slack.app import build
from bot.slack.backroom import Backroom
from bot.slack.http import HttpDoor
from bot.slack.signed import Signed
from bot.slack.socket import DOWN, SocketLink
from bot.slack.voice import Voice
from bot.transports.slack_calls import API, slack_client
from jobs.house import House

log = structlog.get_logger(__name__)


class SlackService:
    """The app of one partnership in one workspace, until closed."""

    def __init__(self, house: House, http: int | None = None) -> None:
        """`http`: the port to listen on instead of Socket Mode; 0 takes a free one.

        Raises UsageError for a token or secret that is not set.
        """
        api = os.environ.get("TOCSIN_SLACK_API_URL") or API
        token = required("TOCSIN_SLACK_BOT_TOKEN", "the app's bot token (xoxb-…)")
        self.backroom = Backroom(house)
        self.voice = Voice(Desk(house), slack_client(token, api), self.backroom)
        app = build(self.voice)
        self.link: SocketLink | None = None
        self.door: HttpDoor | None = None
        if http is None:
            token = required("TOCSIN_SLACK_APP_TOKEN", "an app-level token (xapp-…) with connections:write")
            self.link = SocketLink(app, token, slack_client("", api))
        else:
            secret = required("TOCSIN_SLACK_SIGNING_SECRET", "the signing secret under Basic Information")
            self.door = HttpDoor(app, Signed(secret), http)

    @property
    def where(self) -> str:
        """For people: where questions come in."""
        return f"http://127.0.0.1:{self.door.port}/slack/events" if self.door else "Socket Mode"

    def start(self) -> None:
        """Begin to listen; what is read once for all is read now, and not by the first question."""
        _ = self.voice.desk.gazetteer.names
        self.backroom.start()
        for way in (self.link, self.door):
            if way is not None:
                way.start()

    def close(self) -> None:
        """Take nothing more, and finish what is at work."""
        for way in (self.link, self.door):
            if way is not None:
                way.close()
        self.voice.close()
        self.backroom.close()


@dataclass(frozen=True)
class SlackHealth(Health):
    """Health, and how it goes with Slack."""

    slack: SlackService | None = field(default=None, kw_only=True)

    def reasons(self) -> list[str]:
        """Why it is not well; empty when it is."""
        found = super().reasons()
        if self.slack and self.slack.link and (pulse := self.slack.link.pulse).down_for > DOWN:
            age = f"the last envelope came {pulse.envelope_age:.0f} s ago"
            found.append(f"no connection to Slack for {pulse.down_for:.0f} s; {age}")
        return found

    def gauges(self) -> list[Gauge]:
        """The figures for Prometheus."""
        found = super().gauges()
        if self.slack is None:
            return found
        waiting = (
            ({"queue": "answers"}, self.slack.voice.workers.busy),
            ({"queue": "pictures"}, self.slack.voice.studio.busy),
        )
        found.append(Gauge("tocsin_slack_waiting", "Work for Slack that is waiting or under way.", waiting))
        if self.slack.link:
            pulse = self.slack.link.pulse
            found += [
                Gauge(
                    "tocsin_slack_envelope_age_seconds",
                    "Since the last envelope, or the start.",
                    (({}, pulse.envelope_age),),
                ),
                Gauge(
                    "tocsin_slack_connected", "Whether the socket is open.", (({}, float(pulse.connected)),)
                ),
                Gauge(
                    "tocsin_slack_connections", "Sockets opened since the start.", (({}, pulse.connections),)
                ),
            ]
        return found
