"""Messages and answers for Slack: Block Kit that fits, and a text that is complete without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.message import Action, Answer, Message, Picture, Section, Table
from bot.renderers import sheet as sheets
from bot.renderers import slack_limits as limits
from bot.renderers.sheet import Room, Sheet, first, more_of, width
from bot.renderers.slack_text import mrkdwn_to_fit, plain_to_fit

Block = dict[str, object]
_SAFE = 200  # characters kept below a limit of the far side, for what it may count otherwise
_CHOICES = 10
_TEXT = 3_500  # Slack asks for less than 4,000


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """`text` for notifications and screen readers, complete in itself; `blocks` for the screen."""

    text: str
    blocks: list[Block]
    checked: bool = False  # Slack takes these blocks: they need not be looked at once more


def message_blocks(message: Message, files: Mapping[str, str] | None = None) -> SlackMessage:
    """The message. `files`: picture name -> id of the uploaded file; without one its alt text is shown."""
    sheet = sheets.of_message(message)
    return _drawn(replace(sheet, actions=tuple(_stamped(a, message) for a in sheet.actions)), files or {})


def answer_blocks(answer: Answer, files: Mapping[str, str] | None = None) -> SlackMessage:
    """The answer; choices of a question are buttons `ask:1`, `ask:2`... that carry the command as value."""
    return _drawn(sheets.of_answer(answer), files or {})


def _stamped(action: Action, message: Message) -> Action:
    """`A-2022-06-03@3`: a click tells which revision was looked at, also where metadata are dropped.

    Only a message that has been given its key has a revision; one that reminds of an alert has another.
    """
    stamped = message.key == f"alert:{action.value}"
    return replace(action, value=f"{action.value}@{message.revision}") if stamped else action


def message_text(message: Message) -> str:
    """The whole message as text alone, for when Slack refuses its blocks."""
    sheet = sheets.of_message(message)
    fields = (f"{label}: {value}" for label, value in sheet.fields)
    alts = (p.alt for p in sheet.pictures)
    sections = (line for s in sheet.sections for line in (s.title, *_rows(s.table), *s.lines))
    said = (*sheet.lines, *fields, *_rows(sheet.table), *sections)
    return _text((sheet.title, *said, *sheet.footer, *sheet.evidence, *alts))


def _rows(table: Table | None) -> list[str]:
    return [f"· {head}: {rest}" for head, rest in sheets.told_rows(table)]


def _drawn(sheet: Sheet, files: Mapping[str, str]) -> SlackMessage:
    blocks = sheets.drawn_to_fit(
        lambda room: _blocks(sheet, files, room),
        lambda blocks: limits.total(blocks) <= limits.TOTAL - _SAFE and len(blocks) <= limits.BLOCKS,
    )
    return SlackMessage(_text(sheet.summary.splitlines()), blocks)


def _text(lines: Iterable[str]) -> str:
    """As many of the lines as a text may have, and how many more there are."""
    told = [mrkdwn_to_fit(line, _TEXT // 2) for line in lines if line]
    ends = list(accumulate(width(line) + 1 for line in told))
    kept, left = first(told, sum(end <= _TEXT - _SAFE for end in ends))
    return "\n".join((*kept, *more_of(left, "line"))) or "–"


def _blocks(sheet: Sheet, files: Mapping[str, str], room: Room) -> list[Block]:
    title = plain_to_fit(sheet.title, limits.HEADER)
    lines = list(sheet.lines)
    if title.endswith("…"):  # a header holds 150 characters and no more
        lines.insert(0, sheet.title)
    shown = [p for p in sheet.pictures if p.name in files]
    unshown = [p.alt or p.title for p in sheet.pictures if p.name not in files]
    return [
        {"type": "header", "text": {"type": "plain_text", "text": title or "–", "emoji": False}},
        *_sections(_lines(lines, room), room),
        *_fields(sheet.fields, room),
        *(_image(p, files[p.name]) for p in shown),
        *_table(sheet.table, room),
        *(block for section in sheet.sections for block in _part(section, room)),
        *_buttons(sheet),
        *_context((*sheet.footer, *unshown), room),
    ]


def _lines(lines: Iterable[str], room: Room) -> list[str]:
    kept, left = first(lines, room.lines)
    return [mrkdwn_to_fit(line, room.piece) for line in kept] + [*more_of(left, "line")]


def _sections(lines: Iterable[str], room: Room) -> list[Block]:
    """Lines of escaped text, as few sections as hold them."""
    return [_section(text) for text in _packed(lines, room.piece + _SAFE)]


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    # verbatim: addresses and channel names in the text stay text.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _packed(lines: Iterable[str], room: int) -> list[str]:
    """Lines joined into as few texts of at most `room` as hold them."""
    packed: list[str] = []
    for line in filter(None, lines):
        if packed and width(packed[-1]) + 1 + width(line) <= room:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return packed


def _fields(fields: tuple[tuple[str, str], ...], room: Room) -> list[Block]:
    kept, left = first(fields, room.lines)
    size = min(room.piece, limits.FIELD - _SAFE)
    cells = [
        _mrkdwn(f"*{mrkdwn_to_fit(label, 100)}*\n{mrkdwn_to_fit(value or '–', size)}")
        for label, value in kept
    ]
    rows = [cells[i : i + limits.FIELDS] for i in range(0, len(cells), limits.FIELDS)]
    drawn: list[Block] = [{"type": "section", "fields": row} for row in rows]
    return drawn + [_section(text) for text in more_of(left, "field")]


def _image(picture: Picture, file: str) -> Block:
    alt = plain_to_fit(picture.alt, limits.ALT) or plain_to_fit(picture.title, limits.ALT) or "–"
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}


def _part(section: Section, room: Room) -> list[Block]:
    """A heading with its lines; its table, if it has one, comes first."""
    told = _lines(section.lines, room)
    if section.table is not None:
        return [*_table(section.table, room), *_sections(told, room)]
    return _sections([f"*{mrkdwn_to_fit(section.title, room.piece)}*", *told], room)


def _table(table: Table | None, room: Room) -> list[Block]:
    """A row is a line that begins with what it is about: a wide table cannot be read on a phone."""
    if table is None:
        return []
    rows, left = first(sheets.told_rows(table), room.rows)
    half = room.piece // 2
    told = [f"*{mrkdwn_to_fit(head, half)}*: {mrkdwn_to_fit(rest, half)}" for head, rest in rows]
    caption = mrkdwn_to_fit(table.caption, room.piece)
    return _sections([f"*{caption}*" if caption else "", *told, *more_of(left, "row")], room)


def _buttons(sheet: Sheet) -> list[Block]:
    actions = [replace(a, id=f"{sheet.kind}:{a.id}") for a in sheet.actions]
    choices, left = first(sheet.choices, _CHOICES)
    actions += [Action(f"ask:{i}", command, command) for i, command in enumerate(choices, 1)]
    rows = [actions[i : i + limits.BUTTONS] for i in range(0, len(actions), limits.BUTTONS)]
    drawn: list[Block] = [{"type": "actions", "elements": [_button(a) for a in row]} for row in rows]
    return drawn + [_section(text) for text in more_of(left, "choice")]


def _button(action: Action) -> Block:
    label = plain_to_fit(action.label, limits.BUTTON) or action.id
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "action_id": action.id,
        "value": action.value,
    }


def _context(lines: Iterable[str], room: Room) -> list[Block]:
    kept, left = first(lines, limits.CONTEXT - 1)
    cells = [
        _mrkdwn(text)
        for text in (*(mrkdwn_to_fit(line, room.piece) for line in kept), *more_of(left, "line"))
    ]
    return [{"type": "context", "elements": cells}] if cells else []
