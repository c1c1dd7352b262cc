"""What is said where figures of a closed source are not told: the same words in every answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot import words
from jobs.counting.families import Family
from rules.claims import Claim, Claimant
from rules.disclosure import Mark

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed

MOST_NAMED = 6


def explained(feed: Feed, marks: Iterable[Mark]) -> tuple[str, ...]:
    """The sentence under an answer in which something is not told; nothing where all is."""
    if feed.family is None or not set(marks) - {Mark.SHOWN}:
        return ()
    return (reason(feed.family),)


def reason(family: Family) -> str:
    """Why figures are hidden, in two sentences."""
    below = family.below
    return (
        f"<{below} is 1 to {below - 1}: so few are not told exactly. “Withheld”: not told, "
        "so that no small figure can be worked out from the others."
    )


def only_years(family: Family) -> str:
    """Why there is no figure for this window."""
    if family.sensitive:
        return "Of this source nothing is told of places smaller than a district."
    return (
        "This source is told by month for a whole district, and by calendar year for the places in it "
        "and for kinds."
    )


def claims_of(feed: Feed, marks: Iterable[Mark]) -> tuple[Claim, ...]:
    """The threshold as it is printed, and how many figures are not told."""
    hidden = [m for m in marks if not m.told]
    if feed.family is None or not hidden:
        return ()
    told = Claimant(feed.source.id)
    told.count("smallest figure told", feed.family.below)
    told.count("largest of the small figures", feed.family.below - 1)
    told.count("smallest of the small figures", 1)
    told.count("figures not told", len(hidden))
    told.count("figures not told, not named", max(len(hidden) - MOST_NAMED, 0))
    return tuple(told.made)


def listed(family: Family, hidden: Iterable[tuple[str, Mark]]) -> str:
    """Areas that are not told, in the order of their names: `Not told: A <5, B withheld.`"""
    named = [f"{name} {family.said(mark)}" for name, mark in hidden]
    if len(named) > MOST_NAMED:
        more = words.plural(len(named) - MOST_NAMED, "more area", "more areas")
        named = [*named[:MOST_NAMED], more]
    return f"Not told: {', '.join(named)}." if named else ""
