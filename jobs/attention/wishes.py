"""Subscriptions and quiet hours: what a person or a channel wants to hear, and when not."""

from __future__ import annotations

from jobs.attention.deed import Matter, Outcome
from jobs.attention.people import Role
from jobs.attention.quiet import Quiet
from jobs.attention.reach import ANY
from jobs.store.subscriptions import Subscription, add_subscription, drop_subscription, set_quiet


def subscribe(matter: Matter) -> Outcome:
    """Hear of an area, of a series, or both, from a severity on. The same again changes the severity."""
    deed, house = matter.deed, matter.house
    if deed.series != ANY and deed.series not in house.lexicon:
        return matter.outcome("wrong", "series")
    if deed.area != ANY and deed.area not in house.geography.areas:
        return matter.outcome("wrong", "area")
    if not 1 <= deed.severity <= 3:
        return matter.outcome("wrong", "severity")
    if wrong := _not_for_this(matter):
        return wrong
    wish = Subscription(_subscriber(matter), deed.area, deed.series, deed.severity)
    add_subscription(matter.connection, wish, matter.actor.id, house.now())
    return matter.outcome("done")


def unsubscribe(matter: Matter) -> Outcome:
    """Take one subscription back; what is up already goes on being edited."""
    if wrong := _not_for_this(matter):
        return wrong
    deed = matter.deed
    gone = drop_subscription(matter.connection, _subscriber(matter), deed.area, deed.series)
    return matter.outcome("done") if gone else matter.outcome("unknown", "subscription")


def quiet(matter: Matter) -> Outcome:
    """Quiet hours in place of those of the settings; '' = none."""
    deed = matter.deed
    try:
        hours = str(Quiet.parse(deed.hours)) if deed.hours else ""
    except ValueError:
        return matter.outcome("wrong", "hours")
    if wrong := _not_for_this(matter):
        return wrong
    set_quiet(matter.connection, _subscriber(matter), hours, matter.actor.id, matter.house.now())
    return matter.outcome("done")


def _subscriber(matter: Matter) -> str:
    return matter.deed.channel or matter.actor.direct


def _not_for_this(matter: Matter) -> Outcome | None:
    """A channel is an analyst's to set; only a known one, and only by who is in it (or at the terminal)."""
    actor, channel = matter.actor, matter.deed.channel
    if not channel:
        # The terminal is no one whom a message could reach.
        return matter.outcome("wrong", "nobody") if actor.platform == "console" else None
    if channel not in matter.house.partnership.channels:
        return matter.outcome("unknown", "channel")
    if actor.role.rank < Role.ANALYST.rank:
        return matter.outcome("refused", "role", needs=Role.ANALYST.value)
    here = actor.channel == channel or actor.platform == "console" or actor.role is Role.ADMIN
    return None if here else matter.outcome("refused", "channel")
