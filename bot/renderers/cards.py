"""Messages and answers as Adaptive Cards 1.5, for Teams.

Text runs are used wherever text comes from data: Markdown is not read in them. What must be a TextBlock (the
heading, for screen readers) and the fallback are escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from bot.message import Answer, Message, Picture, Section, Table
from bot.renderers import sheet as sheets
from bot.renderers.sheet import Room, Sheet, escaped_to_fit, first, more_of
from bot.words import clean

Card = dict[str, object]
LIMIT = 28_000  # bytes that Teams takes, the envelope included
_ENVELOPE = 2_000  # bytes kept for it
_TITLE, _SPOKEN = 300, 1_500
_STYLES = {3: "attention", 2: "warning"}  # beside the shape and word of the title
# Marks anywhere, entities, and what begins a list or a heading.
_MARKS = re.compile(r"[\\`*_\[\]<>~|]|&(?=[#\w]+;)|^[-+#]")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def message_card(message: Message, links: Mapping[str, str] | None = None) -> Card:
    """The message as a card; its key and revision are printed small at the end.

    `links`: picture name -> https address. A webhook cannot upload: without an address the numbers of the
    picture are text, shown on a click.
    """
    sheet = sheets.of_message(message)
    signed = (f"{message.key} · revision {message.revision}",) if message.key else ()
    return _fitted(sheet, (*sheet.footer, *sheet.evidence), signed, links or {})


def answer_card(answer: Answer, links: Mapping[str, str] | None = None) -> Card:
    """The answer as a card; the choices of a question are a list of commands."""
    sheet = sheets.of_answer(answer)
    return _fitted(sheet, (*sheet.choices, *sheet.footer), (), links or {})


def size(card: Card) -> int:
    """Bytes as they are sent."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def markdown(text: str) -> str:
    """One line for a TextBlock: data draws no link, emphasis, list or heading."""
    return _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", clean(text)))


def _fitted(sheet: Sheet, footer: tuple[str, ...], signed: tuple[str, ...], links: Mapping[str, str]) -> Card:
    return sheets.drawn_to_fit(
        lambda room: _card(sheet, footer, signed, links, room), lambda card: size(card) <= LIMIT - _ENVELOPE
    )


def _card(
    sheet: Sheet, footer: tuple[str, ...], signed: tuple[str, ...], links: Mapping[str, str], room: Room
) -> Card:
    summary = " ".join(sheet.summary.splitlines())
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "en",
        "fallbackText": escaped_to_fit(summary, min(room.piece, _SPOKEN), markdown),
        "speak": escaped_to_fit(summary, min(room.piece, _SPOKEN), _spoken),
        "body": [
            _heading(sheet),
            *_lines(sheet.lines, room),
            *_fields(sheet, room),
            *_pictures(sheet.pictures, links, room),
            *_table(sheet.table, sheet.title, room),
            *(block for section in sheet.sections for block in _section(section, room)),
            *_small(footer, room),
            *(_run(_plain(text, room), size="small", isSubtle=True) for text in signed),
        ],
    }


def _heading(sheet: Sheet) -> Card:
    title = escaped_to_fit(sheet.title, _TITLE, markdown) or "–"
    text: Card = {"type": "TextBlock", "text": title, "wrap": True, "style": "heading"}
    text |= {"size": "large", "weight": "bolder"}
    style = _STYLES.get(sheet.severity, "default")
    return {"type": "Container", "style": style, "bleed": True, "items": [text]}


def _lines(lines: Iterable[str], room: Room) -> list[Card]:
    kept, left = first(lines, room.lines)
    return [_run(text) for text in (*(_plain(line, room) for line in kept), *more_of(left, "line"))]


def _fields(sheet: Sheet, room: Room) -> list[Card]:
    kept, left = first(sheet.fields, room.lines)
    told = [_told(_plain(label, room), _plain(value or "–", room)) for label, value in kept]
    return told + [_run(text) for text in more_of(left, "field")]


def _section(section: Section, room: Room) -> list[Card]:
    heading = _run(_plain(section.title, room), weight="bolder", size="medium")
    return [heading | {"separator": True, "spacing": "medium"}, *_table(section.table, "", room),
            *_lines(section.lines, room)]  # fmt: skip


def _table(table: Table | None, title: str, room: Room) -> list[Card]:
    """A row is a line that begins with what it is about: a wide table cannot be read on a phone."""
    if table is None:
        return []
    rows, left = first(sheets.told_rows(table), room.rows)
    return [
        *([_run(_plain(table.caption or title, room), weight="bolder")] if table.caption or title else []),
        *(_told(_plain(head, room), _plain(rest, room)) for head, rest in rows),
        *(_run(text) for text in more_of(left, "row")),
    ]


def _pictures(pictures: Iterable[Picture], links: Mapping[str, str], room: Room) -> list[Card]:
    drawn: list[Card] = []
    for i, picture in enumerate(pictures, 1):
        address = links.get(picture.name, "")
        if address.startswith("https://"):
            drawn.append({"type": "Image", "url": address, "altText": _plain(picture.alt, room)})
            continue
        name = f"figures-{i}"
        show: Card = {"type": "Action.ToggleVisibility", "title": "Figures of the chart"}
        drawn.append({"type": "ActionSet", "actions": [show | {"targetElements": [name]}]})
        drawn.append(_run(_plain(picture.alt, room), size="small") | {"id": name, "isVisible": False})
    return drawn


def _small(lines: Iterable[str], room: Room) -> list[Card]:
    kept, left = first(lines, room.lines)
    texts = (*(_plain(line, room) for line in kept), *more_of(left, "line"))
    return [_run(text, size="small", isSubtle=True) for text in texts]


def _told(head: str, rest: str) -> Card:
    runs: list[Card] = [
        {"type": "TextRun", "text": f"{head}: ", "weight": "bolder"},
        {"type": "TextRun", "text": rest},
    ]
    return {"type": "RichTextBlock", "spacing": "small", "inlines": runs}


def _run(text: str, **look: object) -> Card:
    return {
        "type": "RichTextBlock",
        "spacing": "small",
        "inlines": [{"type": "TextRun", "text": text, **look}],
    }


def _plain(text: str, room: Room) -> str:
    return escaped_to_fit(text, room.piece, clean) or "–"


def _spoken(text: str) -> str:
    # `speak` may be SSML: without angles and ampersands it is plain speech.
    return clean(text).replace("<", "‹").replace(">", "›").replace("&", "and")
