"""`audit`: who asked and did what, where, and what came of it. For analysts, within their clearance."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.message import Align, Answer, Table
from bot.words import plural, short_day, shorten
from jobs.attention.people import Role, shown_name
from jobs.store.audit import Line, list_lines
from rules.claims import Claimant
from rules.model import Classification

if TYPE_CHECKING:
    from jobs.attention.people import Actor
    from jobs.house import House

_SHOWN = 20
_READ = 200  # of the newest lines
_LONGEST = 60  # characters of a query
_HEAD: tuple[tuple[str, Align], ...] = (
    ("When", "left"), ("Who", "left"), ("Where", "left"), ("What", "left"), ("Outcome", "left"),
)  # fmt: skip


def answer(house: House, actor: Actor) -> Answer:
    """The newest lines; those of places and answers over the reader's clearance are left out, and counted."""
    if actor.role.rank < Role.ANALYST.rank:
        return Answer("Audit", ("This takes the role analyst.",), state="refused", suggestions=("help",))
    with house.store.read() as connection:
        lines = list_lines(connection, most=_READ)
    seen = [line for line in lines if _rank(line) <= actor.clearance.rank]
    told = Claimant("audit")
    hidden = told.count("over the clearance", len(lines) - len(seen))
    shown = seen[:_SHOWN]
    many = told.count("lines shown", len(shown))
    more = f" {plural(int(hidden.value), 'line')} over this clearance left out." if hidden.value else ""
    return Answer(
        "Audit", (f"The newest {plural(int(many.value), 'line')}.{more}",),
        table=Table("newest first, local time", _HEAD, tuple(_cells(house, line) for line in shown))
        if shown else None,
        claims=tuple(told.made), state="ok" if shown else "empty", suggestions=("help",),
        classification=max((_class(line) for line in shown), key=lambda c: c.rank,
                           default=Classification.PUBLIC),
        data={"lines": [{"at": line.at.isoformat(), "who": line.who, "channel": line.channel,
                         "kind": line.kind, "query": line.query, "outcome": line.outcome,
                         "suppressed": line.suppressed} for line in shown]},
    )  # fmt: skip


def _class(line: Line) -> Classification:
    """A question asked where more may be said can itself say more."""
    both = (Classification(line.clearance), Classification(line.classification))
    return max(both, key=lambda c: c.rank)


def _rank(line: Line) -> int:
    return _class(line).rank


def _cells(house: House, line: Line) -> tuple[str, ...]:
    at = line.at.astimezone(ZoneInfo(house.partnership.timezone))
    who = shown_name(house.partnership, line.who) or "nobody named"
    return (
        f"{short_day(at.date())} {at:%H:%M}",
        who,
        line.channel,
        shorten(line.query, _LONGEST),
        line.outcome,
    )
