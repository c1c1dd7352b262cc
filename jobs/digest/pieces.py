"""A digest cut into the messages of a thread, each with the facts that it shows and no others.

A message is edited when its payload changes: a payload that held the whole month would have every reply
edited for a change in one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from jobs.facts import DigestFacts, Piece, Scoreboard, SourceFacts
from rules.model import Verdict

REPLIES: tuple[Piece, ...] = ("ahead", "areas", "boxes", "promises", "peers", "open", "method")
"""The replies in their order; after them the page."""

_ALWAYS = ("month", "partnership", "district_name")
_SHOWN: Mapping[Piece, tuple[str, ...]] = {
    "first": ("headline", "sources", "priorities", "unusual", "more"),
    "ahead": ("ahead", "seasons", "ahead_window", "events", "events_ahead"),
    "areas": ("hot_window", "hot", "breaks"),
    "boxes": ("boxes",),
    "promises": ("reports", "targets"),
    "peers": ("peers",),
    "open": ("open", "more_open"),
    "method": ("contact",),
}
_DAY = dt.date(1970, 1, 1)  # a message does not say when it was made: the page does


def only(facts: DigestFacts, piece: Piece) -> DigestFacts:
    """The facts of one piece; the whole and the page show all of them."""
    if piece in ("whole", "page"):
        return facts
    shown = (*_ALWAYS, *_SHOWN[piece])
    bare = DigestFacts(
        facts.month, facts.partnership, facts.district_name, _DAY, "", _title(facts.headline),
        tuple(_name(s) for s in facts.sources), (), (), 0, facts.month, (), (),
    )  # fmt: skip
    kept = {name: getattr(facts, name) for name in shown}
    if "boxes" in kept:  # their small charts are on the page
        kept["boxes"] = tuple(replace(b, history=()) for b in facts.boxes)
    if piece == "first":
        kept["priorities"] = tuple(replace(b, history=()) for b in facts.priorities)
        kept["unusual"] = tuple(replace(a, history=(), children=()) for a in facts.unusual)
    return replace(bare, **kept)


def _title(board: Scoreboard) -> Scoreboard:
    """Which series and source, without a figure."""
    return Scoreboard(
        board.series, board.title, board.polarity, None, None, None, None, Verdict.NO_HISTORY, None, None,
        board.source,
    )  # fmt: skip


def _name(source: SourceFacts) -> SourceFacts:
    """Which source, under which licence, for whom; nothing of how fresh it is."""
    return SourceFacts(
        source.id, source.title, source.short, source.licence, source.attribution, source.classification,
        source.invented,
    )  # fmt: skip
