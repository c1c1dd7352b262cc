"""Direct messages to people who subscribed: a Slack channel that is opened when it is first needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.message import Message
from bot.transports.base import Transport
from bot.transports.slack import SlackChannel
from bot.transports.slack_errors import FAULTS, explained
from jobs.attention.people import DIRECT

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_REQUESTS = 8  # of a post: one to open the conversation, and those of a channel


class SlackDirect:
    """The transport of the conversation with one person."""

    pace: float = 1.0
    can_find: bool = True
    may_repeat: bool = False

    def __init__(self, person: str, client: WebClient) -> None:
        self.timeout: float = _REQUESTS * client.timeout
        self._person, self._client = person, client
        self._channel: SlackChannel | None = None

    def post(self, message: Message) -> str:
        """Put it up; the reference is its ts."""
        return self._open().post(message)

    def edit(self, reference: str, message: Message) -> str:
        """Bring it up to date."""
        return self._open().edit(reference, message)

    def find(self, message: Message) -> str | None:
        """By the key in its metadata."""
        return self._open().find(message)

    def _open(self) -> SlackChannel:
        if self._channel is None:
            try:
                found = self._client.conversations_open(users=self._person)
            except FAULTS as error:
                raise explained(error) from None
            self._channel = SlackChannel(str(found["channel"]["id"]), self._client)
        return self._channel


@dataclass
class Lines(Mapping[str, Transport]):
    """Transports by channel of the outbox: those of the settings, and one a person when it is needed."""

    fixed: Mapping[str, Transport]
    slack: WebClient | None = None  # None: nobody is written to in Slack
    _people: dict[str, Transport] = field(default_factory=dict, init=False)

    def __getitem__(self, channel: str) -> Transport:
        if channel in self.fixed:
            return self.fixed[channel]
        if channel not in self or self.slack is None:
            raise KeyError(channel)
        return self._people.setdefault(channel, SlackDirect(channel.removeprefix(DIRECT), self.slack))

    def __contains__(self, channel: object) -> bool:
        if channel in self.fixed:
            return True
        return (
            self.slack is not None
            and isinstance(channel, str)
            and channel.startswith(DIRECT)
            and _PERSON.fullmatch(channel.removeprefix(DIRECT)) is not None
        )

    def __iter__(self) -> Iterator[str]:
        return iter((*self.fixed, *self._people))

    def __len__(self) -> int:
        return len(self.fixed) + len(self._people)
