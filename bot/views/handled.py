"""What people did with an alert, in words: the same in its message, in its evidence and after a deed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from jobs.attention.people import shown_name
from jobs.facts import AlertFacts

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.people import Entry

_MOST_NOTES = 5


def handled(f: AlertFacts) -> tuple[tuple[str, str], ...]:
    """Label and value of everything that was done; nothing where nothing was."""
    found: list[tuple[str, str]] = []
    if f.acknowledged_by and f.acknowledged:
        found.append(("Acknowledged", f"by {f.acknowledged_by}, {words.day(f.acknowledged)}"))
    elif f.waiting_days:
        waited = words.plural(f.waiting_days, "working day")
        found.append(("Acknowledged", f"by nobody, {waited} after it was posted"))
    if f.silenced_until:
        found.append(("Silenced", silenced(f)))
    if f.notes:
        found.append(("Notes", f"{f.notes:,}, see why {f.id}"))
    if verdicts := feedback(f):
        found.append(("Feedback", verdicts))
    return tuple(found)


def silenced(f: AlertFacts) -> str:
    """`until 30 November 2022, by Sam: Op Tiger`; of an alert that is silenced."""
    assert f.silenced_until is not None
    return f"until {words.day(f.silenced_until)}, by {f.silenced_by}: {f.silenced_why}"


def feedback(f: AlertFacts) -> str:
    """`2 useful, 1 noise`; nothing where nobody said anything."""
    counts = ((f.useful, "useful"), (f.known, "known"), (f.noise, "noise"))
    return ", ".join(f"{n:,} {verdict}" for n, verdict in counts if n)


def brief(f: AlertFacts) -> str:
    """For one cell of a list: who has it, or that it is kept quiet."""
    parts = [
        f"closed by {f.closed_by}: {f.closed_why}" if f.status == "closed" else "",
        f"silenced {silenced(f)}" if f.silenced_until else "",
        f"taken on by {f.owner}" if f.owner else f"seen by {f.acknowledged_by}" if f.acknowledged_by else "",
    ]
    return "; ".join(p for p in parts if p)


def notes(house: House, entries: list[Entry]) -> tuple[str, ...]:
    """The newest notes of an alert's diary, in their writers' own words."""
    own = house.partnership
    return tuple(
        f"Note by {shown_name(own, e.actor)}, {words.day(e.at.date())}: “{e.detail}”"
        for e in [e for e in entries if e.kind == "note"][-_MOST_NOTES:]
    )
