"""The parts of the digest below its first screen, as sections: one wording for chat, terminal and page."""

from __future__ import annotations

from bot.message import Align, Section, Table
from bot.renderers.words import parts
from bot.views.handled import brief
from bot.words import month
from jobs.facts import DigestFacts, DigestPost, Piece
from rules.model import Classification

PHONE_COLUMNS, PHONE_LINES = 44, 34  # what a phone shows of a message without scrolling
PARTS = ("ahead", "areas", "boxes", "reports", "targets", "peers", "diary", "open", "method")
"""In the order of the digest, after its first four."""
IN_REPLY: dict[Piece, tuple[str, ...]] = {
    "ahead": ("ahead", "diary"), "areas": ("areas",), "boxes": ("boxes",),
    "promises": ("reports", "targets"), "peers": ("peers",), "open": ("open",), "method": ("method",),
}  # fmt: skip
"""Short parts share a reply: a thread of nine is not read."""
_TABLES = ("areas", "boxes", "peers")
_UNOWNED = "nobody has it yet"

Words = dict[str, tuple[str, ...]]


def words_of(facts: DigestFacts, post: DigestPost | None = None) -> Words:
    """Every part of the templates as lines."""
    known = context(facts) | {"room": PHONE_COLUMNS - 5}
    told = {
        "drafted": post.draft if post else "", "signed_by": post.by if post else "",
        "channels": post.channels if post else (),
    }  # fmt: skip
    return parts("digest.txt.j2", known) | parts("digest_more.txt.j2", known | told)


def section(words: Words, name: str) -> Section:
    """One part, with its table where it has one that is not empty."""
    lines = words.get(f"{name}_notes", ()) if name in _TABLES else words[name]
    table = table_of(words, name) if name in _TABLES and words[f"{name}_rows"] else None
    return Section(words[f"{name}_title"][0], lines, table)


def sections(words: Words) -> tuple[Section, ...]:
    """All parts below the first screen."""
    return tuple(section(words, name) for name in PARTS)


def table_of(words: Words, name: str) -> Table:
    """The table whose caption, columns and rows a template wrote as parts."""
    columns = (line.split(" | ") for line in words[f"{name}_columns"])
    aligned: tuple[tuple[str, Align], ...] = tuple(
        (title, "right" if side == "right" else "left") for side, title in columns
    )
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in words[f"{name}_rows"])
    return Table(words[f"{name}_caption"][0], aligned, rows)


def context(facts: DigestFacts) -> dict[str, object]:
    """What the digest's templates, of text and of HTML, know beside the facts."""
    rises = sum(item.direction == "rise" for item in facts.unusual)
    ranks = [Classification(s.classification).rank for s in facts.sources]
    told = (*facts.sources, *(a.source for a in (*facts.unusual, *facts.open)))
    return {
        "digest": facts,
        "made_up": [s.title for s in facts.sources if s.invented],
        "invented": [s.id for s in told if s.invented],
        "made_up_short": [s.short for s in facts.sources if s.invented],
        "audience": list(Classification)[max(ranks, default=0)].value,
        "ups": rises,
        "downs": len(facts.unusual) - rises,
        "untold": any(b.hidden for b in (facts.headline, *facts.priorities, *facts.boxes))
        or any(a.count is None for a in facts.unusual),
        "bases": list(dict.fromkeys(a.people_basis for a in facts.hot if a.people_basis)),
        "visitors": list(dict.fromkeys(a.visitor for a in facts.hot if a.visitor)),
        "coming": month(facts.ahead_window) if facts.ahead_window else "the months ahead",
        "open_alerts": [(a, brief(a) or _UNOWNED) for a in facts.open],
    }
