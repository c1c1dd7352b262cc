"""Who speaks, and where: what Slack vouches for, made into an Actor. In doubt, a public reader.

Slack is only asked about people and channels that could be told more than the public: the settings already
say that nobody else can.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from slack_sdk import WebClient

from bot.transports.slack_errors import FAULTS, explained
from jobs.attention.people import Actor, Role, actor_of
from jobs.folder.partnership import Partnership
from rules.model import Classification

MEMORY = 60.0  # seconds for which an answer of Slack is believed
_FORGIVING = 30.0  # seconds until somebody is asked about again whom Slack could not tell
_MOST = 5_000

log = structlog.get_logger(__name__)


@dataclass
class Who:
    """Actors of one workspace. For any number of threads."""

    partnership: Partnership
    client: WebClient
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, bool]] = field(default_factory=dict, init=False, repr=False)
    _team: str = field(default="", init=False)

    def speaks(self, person: str, channel: str) -> Actor:
        """The person `U…` in the channel `C…`; a direct message is a channel `D…`."""
        direct = channel.startswith("D")
        actor = actor_of(self.partnership, "slack", person, channel, direct=direct)
        if actor.role is Role.READER and actor.clearance is Classification.PUBLIC:
            return actor
        if not self._holds(f"user:{person}", lambda: self._is_ours(person)):
            return actor_of(self.partnership, "slack", person, channel, direct=direct, guest=True)
        if direct or actor.clearance is Classification.PUBLIC:
            return actor
        if not self._holds(f"channel:{channel}", lambda: self._is_closed(channel)):
            return actor_of(self.partnership, "slack", person, channel, shared=True)
        return actor

    def alone(self, person: str) -> Actor:
        """The person with nobody else looking: the App Home."""
        return self.speaks(person, "D")

    def forget(self, kind: str, id_: str) -> None:
        """Ask again next time: Slack says that something has changed."""
        self._known.pop(f"{kind}:{id_}", None)

    def team(self) -> str:
        """The workspace's id; '' while Slack does not say."""
        if not self._team:
            self._team = str(self.client.auth_test().get("team_id") or "")
        return self._team

    def _is_ours(self, person: str) -> bool:
        """A full member of this workspace: no guest, nobody from elsewhere, no bot, nobody who has left."""
        user: Mapping[str, object] = self.client.users_info(user=person).get("user") or {}
        outside = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        return (
            not any(user.get(mark) for mark in outside) and bool(user) and user.get("team_id") == self.team()
        )

    def _is_closed(self, channel: str) -> bool:
        """Read by this workspace alone."""
        found: Mapping[str, object] = self.client.conversations_info(channel=channel).get("channel") or {}
        open_ = ("is_ext_shared", "is_shared", "is_org_shared", "is_pending_ext_shared", "pending_shared")
        return bool(found) and not any(found.get(mark) for mark in open_)

    def _holds(self, key: str, ask: Callable[[], bool]) -> bool:
        now = self.clock()
        until, holds = self._known.get(key, (0.0, False))
        if now < until:
            return holds
        memory = MEMORY
        try:
            holds = ask()
        except FAULTS as error:
            log.warning("slack: not known, so taken as public", about=key, why=str(explained(error)))
            holds, memory = False, _FORGIVING
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now + memory, holds)
        return holds
