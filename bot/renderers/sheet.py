"""What Slack and Teams draw from: a message or an answer as one sheet of parts, and how much fits.

Chat has hard limits. What does not fit is cut and counted ("and 12 more rows"), never silently left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from bot.message import VALUE, Action, Answer, Message, Picture, Section, Table
from bot.renderers import words
from bot.words import clean, plural, shorten

_LEAST_ITEMS, _LEAST_PIECE = 5, 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The parts in the order in which they are read. Plain text: each platform escapes it."""

    title: str
    summary: str  # complete in itself
    lines: tuple[str, ...]
    fields: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    pictures: tuple[Picture, ...] = ()
    actions: tuple[Action, ...] = ()
    kind: str = "message"  # what the buttons belong to: the part of the key before the colon
    choices: tuple[str, ...] = ()  # commands that a question offers as its answers
    footer: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()  # where there are no buttons: the command that tells more
    severity: int = 1
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How much of each part is drawn; `piece` in characters, after escaping."""

    rows: int = 100
    lines: int = 60
    piece: int = 2800

    def smaller(self) -> Room | None:
        """A third less of everything; None when there is nothing left to take away."""
        less = Room(
            max(self.rows * 2 // 3, _LEAST_ITEMS),
            max(self.lines * 2 // 3, _LEAST_ITEMS),
            max(self.piece * 2 // 3, _LEAST_PIECE),
        )
        return less if less != self else None


def drawn_to_fit(draw: Callable[[Room], T], fits: Callable[[T], bool]) -> T:
    """The fullest drawing that fits."""
    room: Room | None = Room()
    while room is not None:
        drawn = draw(room)
        if fits(drawn):
            return drawn
        room = room.smaller()
    return drawn


def of_message(message: Message) -> Sheet:
    """An alert, a roll-up, a notice, a digest."""
    return Sheet(
        title=message.title,
        summary=message.summary,
        lines=_said(message.lines),
        fields=message.fields,
        table=message.table,
        pictures=message.pictures,
        actions=message.actions,
        kind=message.key.partition(":")[0] or "message",
        footer=_said(message.footer),
        evidence=_furniture(actions=message.actions)["more"],
        severity=message.severity,
        sections=message.sections,
    )


def of_answer(answer: Answer) -> Sheet:
    """What a command says. The suggestions of a question that was not understood are its choices."""
    asks = answer.state == "unknown"
    more = _furniture(
        state=answer.state, suggestions=answer.suggestions, classification=answer.classification.value
    )
    state = [f"({word})" for word in more["state"] if word not in answer.title.lower()]
    title = " ".join((answer.title, *state))
    rows, left = first((f"{head}: {rest}" for head, rest in told_rows(answer.table)), _LEAST_ITEMS)
    return Sheet(
        title=title,
        summary="\n".join((title, *answer.lines, *rows, *more_of(left, "row"), *more["next"])),
        lines=_said(answer.lines),
        table=answer.table,
        pictures=answer.pictures,
        choices=answer.suggestions if asks else (),
        footer=_said((*answer.footer, *more["audience"], *(() if asks else more["next"]))),
        sections=answer.sections,
    )


def told_rows(table: Table | None) -> list[tuple[str, str]]:
    """Each row as what it is about and what is said of it: a table of seven columns is no use on a phone.

    `("1 Sampleton Centre", "Recorded 431 · Per 1,000 287 · Band very high")`; under VALUE, without a heading:
    `("expected", "3.1")`.
    """
    if table is None:
        return []
    heads = ["" if title == VALUE else clean(title) for title, _ in table.columns]
    named = next((i for i, (_, align) in enumerate(table.columns) if align == "left"), 0)
    rows = ([clean(cell) for cell in row] for row in table.rows)
    return [
        (
            " ".join(row[: named + 1]),
            " · ".join(f"{h} {c}".strip() for h, c in zip(heads[named + 1 :], row[named + 1 :], strict=True)),
        )
        for row in rows
    ]


def more_of(number: int, noun: str) -> tuple[str, ...]:
    """`and 12 more rows`; nothing for none."""
    return (f"and {plural(number, f'more {noun}')}",) if number else ()


def first(items: Iterable[T], room: int) -> tuple[list[T], int]:
    """The first `room` of them, and how many more there are."""
    kept = list(items)
    return kept[:room], max(len(kept) - room, 0)


def width(text: str) -> int:
    """Length in UTF-16 units, which is how the far sides count: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def escaped_to_fit(text: str, room: int, escape: Callable[[str], str], *, counted: bool = True) -> str:
    """The escaped text in at most `room`; cut at a word, and before it is escaped: no escape is cut in two.

    `counted` says how many characters are left out; a title or a button has no place for that.
    """
    text = clean(text)
    if len(text) <= room and width(said := escape(text)) <= room:
        return said
    keep = min(len(text), room)  # no escape makes a text shorter
    while True:
        head = shorten(text[: keep + 1], keep)
        left = len(text) - len(head.removesuffix("…"))
        said = escape(f"{head} ({plural(left, 'more character')})" if counted else head)
        if width(said) <= room or keep <= 1:
            return said
        keep = max(min(keep - 1, keep * room // width(said)), 1)


def _said(lines: Iterable[str]) -> tuple[str, ...]:
    """Without lines that show nothing: an empty text is refused, and the message with it."""
    return tuple(line for line in lines if clean(line))


@lru_cache(maxsize=512)  # what stands around answers is much the same; callers do not change it
def _furniture(
    *,
    state: str = "ok",
    actions: tuple[Action, ...] = (),
    suggestions: tuple[str, ...] = (),
    classification: str = "public",
) -> Mapping[str, tuple[str, ...]]:
    return words.parts(
        "answer.txt.j2",
        {
            "answer_state": state,
            "pictures_shown": (),
            "actions": actions,
            "suggestions": suggestions,
            "classification": classification,
        },
    )
