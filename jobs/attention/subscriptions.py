"""Who wants to hear of what: the channels of the settings, and what channels and people subscribed to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jobs.attention.clearance import may_see
from jobs.attention.people import DIRECT, clearance_of, named_in
from jobs.attention.quiet import Quiet
from jobs.attention.reach import ANY, belongs_to, lies_in
from jobs.facts import AlertFacts
from jobs.folder.partnership import Channel, SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.subscriptions import Subscription, list_subscriptions, quiet_of
from rules.model import Classification

_MOST_DIRECT = 5  # messages a month to one person, as to a channel; the rest is one line


@dataclass(frozen=True)
class Listener:
    """A channel or a person with all that is wanted there."""

    id: str  # of the outbox: a channel's id, or `person:ID`
    clearance: Classification
    channel: Channel | None  # what the settings want for it
    wishes: tuple[Subscription, ...]  # what was subscribed to
    max_messages: int
    quiet: Quiet | None
    quiet_except: int = 4

    def wants(self, house: House, source: SourceSettings, facts: AlertFacts) -> bool:
        """Whether an alert is for it: allowed, and asked for."""
        named = named_in(house.partnership, self.id)
        if not may_see(self.clearance, source, facts.series, house.lexicon, named):
            return False
        return (self.channel is not None and _by_settings(house, self.channel, facts)) or any(
            lies_in(house.geography, facts.area, w.area)
            and belongs_to(house, facts.series, w.series)
            and facts.severity >= w.min_severity
            for w in self.wishes
        )

    def due(self, house: House, severity: int) -> dt.datetime:
        """When a new message may go out: now, or after the quiet hours."""
        if self.quiet is None or severity >= self.quiet_except:
            return house.now()
        return self.quiet.over(house.now(), ZoneInfo(house.partnership.timezone))


def listeners(connection: Connection, house: House) -> list[Listener]:
    """Every channel of the settings, then every person with a subscription."""
    wishes: dict[str, list[Subscription]] = defaultdict(list)
    for wish in list_subscriptions(connection):
        wishes[wish.subscriber].append(wish)
    channels = house.partnership.channels
    people = [subscriber for subscriber in wishes if subscriber.startswith(DIRECT)]
    hours = quiet_of(connection)
    return [_listener(house, id_, wishes[id_], hours) for id_ in (*channels, *people)]


def listener(connection: Connection, house: House, id_: str) -> Listener:
    """One of them, whether it wants anything or not."""
    return _listener(house, id_, list_subscriptions(connection, id_), quiet_of(connection))


def _listener(house: House, id_: str, wishes: list[Subscription], hours: dict[str, str]) -> Listener:
    channel = house.partnership.channels.get(id_)
    quiet = hours.get(id_, channel.quiet if channel else "")
    return Listener(
        id_, clearance_of(house.partnership, id_), channel, tuple(wishes),
        channel.max_messages if channel else _MOST_DIRECT,
        Quiet.parse(quiet) if quiet else None,
        channel.quiet_except if channel else 4,
    )  # fmt: skip


def _by_settings(house: House, channel: Channel, facts: AlertFacts) -> bool:
    return (
        any(lies_in(house.geography, facts.area, a) for a in channel.areas)
        and (ANY in channel.series or facts.series in channel.series)
        and facts.severity >= channel.min_severity
    )
