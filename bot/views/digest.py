"""The monthly digest's facts as messages and as text. Words are in templates/, figures in the facts."""

from __future__ import annotations

import textwrap
from functools import partial

from bot import claimed
from bot.message import Align, Message, Picture, Table
from bot.renderers.words import parts, phrase
from bot.words import files
from jobs.facts import DigestFacts
from rules.claims import Claim, Claimant
from rules.model import Classification, Month

PHONE_COLUMNS, PHONE_LINES = 44, 34  # what a phone shows of a message without scrolling
FIRST_SCREEN = ("headline", "data", "priorities", "unusual")


def digest_message(facts: DigestFacts, revision: int = 1) -> Message:
    """Parts 1-4, for one phone screen. The rest is `digest_thread` and the HTML page."""
    words = _words(facts)
    return Message(
        key=f"digest:{facts.month}",
        revision=revision,
        title=words["title"][0],
        summary=" ".join((f"{words['title'][0]}.", *words["headline"], *words["unusual"][:1])),
        lines=tuple(line for name in FIRST_SCREEN for line in words[name]),
        pictures=(headline_picture(facts),) if facts.headline.history else (),
        claims=digest_claims(facts),
    )


def digest_thread(facts: DigestFacts, revision: int = 1) -> tuple[Message, ...]:
    """Parts 6, 7 and 13 as replies to the digest: areas, other series, method."""
    words = _words(facts)
    found = []
    if facts.hot:
        found.append(_reply(facts, revision, words, "areas", _table_of(words, "areas"), words["areas_notes"]))
    if facts.boxes:
        found.append(_reply(facts, revision, words, "boxes", _table_of(words, "boxes"), ()))
    found.append(_reply(facts, revision, words, "method", None, words["method"]))
    return tuple(found)


def digest_text(facts: DigestFacts, width: int = 80) -> str:
    """The whole digest as plain text; everything down to the line of dashes fits one phone screen."""
    from bot.renderers.text import table_text

    words = _words(facts)

    def wrapped(*lines: str) -> str:
        return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in lines)

    blocks = [wrapped(*words[name]) for name in ("title", *FIRST_SCREEN)]
    blocks.append("-" * min(width, PHONE_COLUMNS))
    for name in ("areas", "boxes"):
        if words[f"{name}_rows"]:
            notes = words.get(f"{name}_notes", ())
            blocks.append(
                "\n".join(filter(None, (table_text(_table_of(words, name), width), wrapped(*notes))))
            )
    blocks.append(wrapped(*words["method_title"], *words["method"]))
    return "\n\n".join(blocks) + "\n"


def digest_claims(facts: DigestFacts) -> tuple[Claim, ...]:
    """Every figure of the digest, its thread and its page."""
    month, told = Month.parse(facts.month), Claimant("alerts", claimed.window_of(facts.month))
    rises = sum(item.direction == "rise" for item in facts.unusual)
    told.count("unusual, up", rises)
    told.count("unusual, down", len(facts.unusual) - rises)
    told.count("lower signals", facts.more)
    hot = claimed.of_hot(facts.hot, facts.headline.source, claimed.window_of(facts.hot_window))
    boards = [
        c for b in (facts.headline, *facts.priorities, *facts.boxes) for c in claimed.of_board(b, month)
    ]
    alerts = [c for item in facts.unusual for c in claimed.of_alert(item)]
    sources = [c for s in facts.sources for c in claimed.of_source(s)]
    return (*told.made, *boards, *alerts, *hot, *sources)


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


def context(facts: DigestFacts) -> dict[str, object]:
    """What the digest's templates, of text and of HTML, know beside the facts."""
    rises = sum(item.direction == "rise" for item in facts.unusual)
    ranks = [Classification(s.classification).rank for s in facts.sources]
    return {
        "digest": facts,
        "made_up": [s.title for s in facts.sources if s.invented],
        "invented": [s.id for s in (*facts.sources, *(a.source for a in facts.unusual)) if s.invented],
        "made_up_short": [s.short for s in facts.sources if s.invented],
        "audience": list(Classification)[max(ranks, default=0)].value,
        "untold": any(b.hidden for b in (facts.headline, *facts.priorities, *facts.boxes))
        or any(a.count is None for a in facts.unusual),
        "ups": rises,
        "downs": len(facts.unusual) - rises,
        "bases": list(dict.fromkeys(a.people_basis for a in facts.hot if a.people_basis)),
        "visitors": list(dict.fromkeys(a.visitor for a in facts.hot if a.visitor)),
    }


def hot_table(facts: DigestFacts) -> tuple[Table, tuple[str, ...]]:
    """The ranking of areas, and what must be said beside it."""
    words = _words(facts)
    return _table_of(words, "areas"), words["areas_notes"]


def _table_of(words: dict[str, tuple[str, ...]], name: str) -> Table:
    """The table whose caption, columns and rows a template wrote as parts."""
    columns = (line.split(" | ") for line in words[f"{name}_columns"])
    aligned: tuple[tuple[str, Align], ...] = tuple(
        (title, "right" if side == "right" else "left") for side, title in columns
    )
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in words[f"{name}_rows"])
    return Table(words[f"{name}_caption"][0], aligned, rows)


def _words(facts: DigestFacts) -> dict[str, tuple[str, ...]]:
    return parts("digest.txt.j2", context(facts) | {"room": PHONE_COLUMNS - 5})


def _reply(
    facts: DigestFacts,
    revision: int,
    words: dict[str, tuple[str, ...]],
    name: str,
    table: Table | None,
    lines: tuple[str, ...],
) -> Message:
    title = words[f"{name}_title"][0]
    return Message(
        f"digest:{facts.month}:{name}", revision, title, " ".join((f"{title}.", *lines)), lines, table=table,
        claims=digest_claims(facts),
    )  # fmt: skip
