"""`subscriptions` and `quiet`: what the person and the channel hear, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answers.deed_words import scope
from bot.message import Align, Answer, Table
from bot.words import plural
from jobs.attention.people import TERMINAL
from jobs.attention.reach import ANY
from jobs.attention.subscriptions import Listener, listener
from rules.claims import Claimant

if TYPE_CHECKING:
    from jobs.attention.people import Actor
    from jobs.house import House

_HEAD: tuple[tuple[str, Align], ...] = (("For", "left"), ("What", "left"), ("Severity", "left"))


def answer(house: House, actor: Actor) -> Answer:
    """Both, as they stand."""
    ids = [i for i in dict.fromkeys((actor.direct, actor.channel)) if i and not i.endswith(TERMINAL)]
    with house.store.read() as connection:
        found = [listener(connection, house, i) for i in ids]
    told = Claimant("subscriptions")
    told.count("subscriptions", sum(len(each.wishes) for each in found))
    for each in found:
        told.count("subscriptions of one", len(each.wishes))
        for wish in each.wishes:
            told.rank("severity", wish.min_severity)
    rows = tuple(row for each in found for row in _rows(house, actor, each))
    return Answer(
        "Subscriptions", tuple(_line(actor, each) for each in found) or ("The terminal has none.",),
        table=Table("what was subscribed to", _HEAD, rows) if rows else None,
        claims=tuple(told.made), state="ok" if rows else "empty",
        suggestions=("subscribe burglary", "quiet 18:00-08:00", "help subscribe"),
        data={"subscriptions": [{"for": each.id, "area": w.area, "series": w.series,
                                 "min_severity": w.min_severity} for each in found for w in each.wishes],
              "quiet": {each.id: str(each.quiet) if each.quiet else "" for each in found}},
    )  # fmt: skip


def _line(actor: Actor, each: Listener) -> str:
    quiet = (
        f"new messages wait from {str(each.quiet).replace('-', ' to ')}" if each.quiet else "no quiet hours"
    )
    settings = "; what the settings give it comes besides" if each.channel else ""
    return f"{_who(actor, each)}: {plural(len(each.wishes), 'subscription')}, {quiet}{settings}."


def _rows(house: House, actor: Actor, each: Listener) -> list[tuple[str, str, str]]:
    return [
        (_who(actor, each), scope(house, ANY, w.series, w.area), f"{w.min_severity} and above")
        for w in each.wishes
    ]


def _who(actor: Actor, each: Listener) -> str:
    return "You" if each.id == actor.direct else each.channel.title if each.channel else each.id
