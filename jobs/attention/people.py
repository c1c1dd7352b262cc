"""Who asks: a person in a channel, with what they may do and see. Who is not known reads what is public."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.model import Classification

if TYPE_CHECKING:
    from jobs.folder.partnership import Channel, Partnership

Platform = Literal["console", "slack", "teams"]
TERMINAL = "terminal"
DIRECT = "person:"  # a channel id of the outbox: a direct message to the person whose id follows


class Role(StrEnum):
    """What a person may do, each more than the one before: ask; handle alerts; silence and close; all."""

    READER = "reader"
    OFFICER = "officer"
    ANALYST = "analyst"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Order: reader < officer < analyst < admin."""
        return tuple(Role).index(self)


class Person(BaseModel):
    """Somebody who is known: `[people.ID]` in partnership.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1, max_length=100)  # as the platform gives it: a Slack user id
    platform: Literal["slack", "teams"] = "slack"  # no other platform can vouch for the id
    name: str = Field(default="", max_length=60)  # printed for what the person did; without it, the id
    role: Role = Role.READER
    clearance: Classification = Classification.PUBLIC


@dataclass(frozen=True, slots=True)
class Actor:
    """One person at one place. `clearance` is what may be said here: the lower of person and channel."""

    id: str
    role: Role
    clearance: Classification
    channel: str  # our id of the channel; `person:ID` in private; the platform's address where unknown
    platform: Platform
    named: tuple[str, ...] | None = None  # the sensitive series that are open here; None = all

    @property
    def direct(self) -> str:
        """The outbox channel of direct messages to this person."""
        return f"{DIRECT}{self.id}"


def actor_of(
    partnership: Partnership,
    platform: Platform,
    person: str,
    address: str,
    *,
    guest: bool = False,
    shared: bool = False,
    direct: bool = False,
) -> Actor:
    """Who speaks, from what the platform vouches for. `address`: the platform's id of the channel.

    A guest is a public reader whatever the settings say; a shared (Slack Connect) or unknown channel is
    public; `direct` says that the person is alone with the bot.
    """
    known = None if guest else _known(partnership, platform, person)
    role = known.role if known else Role.READER
    own = known.clearance if known else Classification.PUBLIC
    if direct:
        return Actor(person, role, own, f"{DIRECT}{person}", platform, ())
    channel = channel_at(partnership, platform, address)
    here = Classification.PUBLIC if channel is None or shared else channel.clearance
    clearance = min(own, here, key=lambda c: c.rank)
    named = channel.sensitive_series if channel is not None and not shared else ()
    return Actor(person, role, clearance, channel.id if channel else address, platform, named)


def at_terminal(role: Role, clearance: Classification) -> Actor:
    """Whoever has the database at hand."""
    return Actor(TERMINAL, role, clearance, TERMINAL, "console")


def stranger(clearance: Classification = Classification.PUBLIC) -> Actor:
    """Nobody in particular: may ask, and nothing else."""
    return Actor("", Role.READER, clearance, "", "console")


def channel_at(partnership: Partnership, platform: Platform, address: str) -> Channel | None:
    """The channel of the settings with this address on the platform."""
    found = (c for c in partnership.channels.values() if c.platform == platform and address)
    return next((c for c in found if c.address == address), None)


def clearance_of(partnership: Partnership, channel: str) -> Classification:
    """What may be said in an outbox channel: as its settings say, else public."""
    if channel.startswith(DIRECT):
        person = _by_id(partnership, channel.removeprefix(DIRECT))
        return person.clearance if person else Classification.PUBLIC
    known = partnership.channels.get(channel)
    return known.clearance if known else Classification.PUBLIC


def named_in(partnership: Partnership, channel: str) -> tuple[str, ...]:
    """The sensitive series that may be told in an outbox channel: those it names, to no person alone."""
    known = partnership.channels.get(channel)
    return known.sensitive_series if known else ()


def shown_name(partnership: Partnership, person: str) -> str:
    """The name that the settings give a person; the id without one."""
    known = _by_id(partnership, person)
    return known.name if known and known.name else person


def _by_id(partnership: Partnership, person: str) -> Person | None:
    return next((p for p in partnership.people.values() if p.id == person), None)


def _known(partnership: Partnership, platform: Platform, person: str) -> Person | None:
    found = (p for p in partnership.people.values() if p.platform == platform)
    return next((p for p in found if p.id == person), None)
