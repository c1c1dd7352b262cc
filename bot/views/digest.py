"""The monthly digest's facts as messages and as text. Words are in templates/, figures in the facts."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot import claimed
from bot.message import File, Message, Picture, Table
from bot.renderers.words import phrase
from bot.views.digest_parts import (
    IN_REPLY,
    PHONE_COLUMNS,
    PHONE_LINES,
    Words,
    context,
    section,
    sections,
    table_of,
    words_of,
)
from bot.words import files
from jobs.facts import DigestFacts, DigestPost, Piece
from rules.claims import Claim

if TYPE_CHECKING:
    from jobs.house import House

__all__ = [
    "FIRST_SCREEN", "PHONE_COLUMNS", "PHONE_LINES", "context", "digest_claims", "digest_message",
    "digest_text", "digest_thread", "digest_whole", "headline_picture", "hot_table", "posted",
]  # fmt: skip

FIRST_SCREEN = ("headline", "data", "priorities", "unusual")


def posted(post: DigestPost, house: House | None = None) -> Message:
    """What the outbox holds as a message: the whole, or a piece. `house` has the map of the page."""
    facts = post.facts
    if post.piece == "whole":
        return _drafted(digest_whole(facts), post)
    if post.piece == "first":
        told = _drafted(digest_message(facts), post)
        return replace(told, footer=words_of(facts)["rest"])
    if post.piece == "page":
        return _page(facts, house)
    return _reply(facts, 1, words_of(facts), post.piece)


def digest_message(facts: DigestFacts, revision: int = 1) -> Message:
    """Parts 1-4, for one phone screen. The rest is `digest_thread` and the HTML page."""
    words = words_of(facts)
    return Message(
        key=f"digest:{facts.month}",
        revision=revision,
        title=words["title"][0],
        summary=" ".join((f"{words['title'][0]}.", *words["headline"], *words["unusual"][:1])),
        lines=tuple(line for name in FIRST_SCREEN for line in words[name]),
        pictures=(headline_picture(facts),) if facts.headline.history else (),
        claims=digest_claims(facts),
        history=False,  # a revised month puts right what is there and says nothing more
    )


def digest_whole(facts: DigestFacts) -> Message:
    """Everything in one message, where there are no threads."""
    return replace(digest_message(facts), sections=sections(words_of(facts)))


def digest_thread(facts: DigestFacts, revision: int = 1) -> tuple[Message, ...]:
    """The other parts as replies to the digest."""
    words = words_of(facts)
    return tuple(_reply(facts, revision, words, piece) for piece in IN_REPLY)


def digest_text(facts: DigestFacts, width: int = 80) -> str:
    """The whole digest as plain text; everything down to the line of dashes fits one phone screen."""
    from bot.renderers.text import table_text

    words = words_of(facts)

    def wrapped(*lines: str) -> str:
        return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in lines)

    blocks = [wrapped(*words[name]) for name in ("title", *FIRST_SCREEN)]
    blocks.append("-" * min(width, PHONE_COLUMNS))
    for part in sections(words):
        drawn = table_text(part.table, width) if part.table else part.title.upper()
        blocks.append("\n".join(filter(None, (drawn, wrapped(*part.lines)))))
    return "\n\n".join(blocks) + "\n"


def digest_claims(facts: DigestFacts) -> tuple[Claim, ...]:
    """Every figure of the digest, its thread and its page."""
    return claimed.of_digest(facts)


def headline_picture(facts: DigestFacts) -> Picture:
    """The chart of the headline series, drawn when a renderer asks."""
    from bot.pictures.charts import chart_alt, series_chart

    board = facts.headline
    title = f"{board.title}, {facts.district_name}"
    source = next((phrase("drawn_from", s) for s in facts.sources if s.id == board.source), board.source)
    return Picture(
        name=files(f"digest-{facts.month}"),
        title=title,
        alt=chart_alt(board.history, title, source, judged=facts.month),
        draw=partial(series_chart, board.history, title, "recorded a month", source, judged=facts.month),
    )


def hot_table(facts: DigestFacts) -> tuple[Table, tuple[str, ...]]:
    """The ranking of areas, and what must be said beside it."""
    words = words_of(facts)
    return table_of(words, "areas"), words["areas_notes"]


def _drafted(message: Message, post: DigestPost) -> Message:
    """With what a draft says first; a digest that needs nobody says nothing."""
    said = words_of(post.facts, post)["draft"]
    if not said:
        return message
    return replace(
        message, title=f"{post.draft.capitalize() if post.draft == 'signed' else 'DRAFT'}: {message.title}",
        summary=" ".join((*said, message.summary)), lines=(*said, *message.lines),
    )  # fmt: skip


def _reply(facts: DigestFacts, revision: int, words: Words, piece: Piece) -> Message:
    """One piece: its first part is the message itself, a second one stands below with its own heading."""
    head, *more = (section(words, name) for name in IN_REPLY[piece])
    lines = (*head.lines, *(line for part in more for line in (f"{part.title.upper()}", *part.lines)))
    return Message(
        f"digest:{facts.month}:{piece}", revision, head.title, " ".join((f"{head.title}.", *lines)), lines,
        table=head.table, claims=digest_claims(facts), history=False,
    )  # fmt: skip


def _page(facts: DigestFacts, house: House | None) -> Message:
    words = words_of(facts)
    title = words["page_title"][0]
    file = File(f"{files(f'digest-{facts.month}')}.html", title, partial(_drawn, facts, house))
    return Message(
        f"digest:{facts.month}:page", 1, title, " ".join(words["page"]), words["page"],
        claims=digest_claims(facts), history=False, file=file,
    )  # fmt: skip


def _drawn(facts: DigestFacts, house: House | None) -> bytes:
    from bot.renderers.html import digest_page

    return digest_page(facts, house.geography.boundaries if house else None).encode()
