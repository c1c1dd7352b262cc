"""Answers and messages for the terminal, by rich. Data is never read as markup, and piped output is plain."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from bot.message import Action, Answer, Message, Picture, Section, Table
from bot.renderers.words import parts
from bot.words import clean

_LOUDNESS = {1: "bold", 2: "bold yellow", 3: "bold red"}  # beside the shape and word of the title


def answer_text(answer: Answer, width: int = 80) -> str:
    """The answer as plain text, no wider than `width` columns."""
    return _plain(_answer(answer, width), width)


def message_text(message: Message, width: int = 80) -> str:
    """The message as plain text, no wider than `width` columns."""
    return _plain(_message(message, width), width)


def table_text(table: Table, width: int = 80) -> str:
    """One table as plain text."""
    return _plain([_table(table, width)], width)


def print_answer(console: Console, answer: Answer) -> None:
    """To a console; colours only on a terminal."""
    for item in _answer(answer, console.width):
        console.print(item)


def print_message(console: Console, message: Message, *, changed: bool = False) -> None:
    """To a console; colours only on a terminal. `changed`: it was printed before, so only what stands now."""
    short = changed and not message.sections  # of a digest nothing stands for the rest
    for item in _changed(message) if short else _message(message, console.width):
        console.print(item)


def _plain(items: Sequence[RenderableType] | Iterator[RenderableType], width: int) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, no_color=True, force_terminal=False, highlight=False, emoji=False
    )
    for item in items:
        console.print(item)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _answer(answer: Answer, width: int) -> Iterator[RenderableType]:
    more = _furniture(answer.state, answer.pictures, (), answer.suggestions, answer.classification.value)
    title = " ".join((answer.title, *(f"({word})" for word in more["state"])))
    yield _text(title, "bold")
    yield from (_text(line) for line in answer.lines)
    if answer.table is not None:
        yield _table(answer.table, width)
    yield from _sections(answer.sections, width)
    yield from (_text(line, "dim") for line in more["pictures"])
    yield from (_text(line, "dim") for line in (*answer.footer, *more["audience"]))
    yield from (_text(line, "italic") for line in more["next"])


def _message(message: Message, width: int) -> Iterator[RenderableType]:
    more = _furniture("ok", (), message.actions, (), "public")
    yield _text(message.title, _LOUDNESS.get(message.severity, "bold"))
    yield from (_text(line) for line in message.lines)
    if message.fields:
        yield _text(_fields(message))
    if message.table is not None:
        yield _table(message.table, width)
    yield from _sections(message.sections, width)
    yield from (_text(line, "dim") for line in (*message.footer, *more["more"]))
    yield Text("")


def _sections(sections: Sequence[Section], width: int) -> Iterator[RenderableType]:
    for section in sections:
        yield Text("")
        yield _text(section.title, "bold")
        if section.table is not None:
            yield _table(section.table, width)
        yield from (_text(line) for line in section.lines)


def _changed(message: Message) -> Iterator[RenderableType]:
    """Paper cannot be edited: the title and the fields say how things stand, the rest is above."""
    yield _text(message.title, _LOUDNESS.get(message.severity, "bold"))
    yield _text(_fields(message))
    yield Text("")


def _fields(message: Message) -> str:
    return " · ".join(f"{clean(label)}: {clean(value)}" for label, value in message.fields)


def _furniture(
    state: str,
    pictures: Sequence[Picture],
    actions: Sequence[Action],
    suggestions: Sequence[str],
    classification: str,
) -> dict[str, tuple[str, ...]]:
    return parts(
        "answer.txt.j2",
        {
            "answer_state": state,
            "pictures_shown": pictures,
            "actions": actions,
            "suggestions": suggestions,
            "classification": classification,
        },
    )


def _text(line: str, style: str = "") -> Text:
    # A Text and not a string: rich reads "[bold]" in a string as markup, in a Text as what it is.
    return Text(clean(line), style=style, overflow="fold")


def _table(table: Table, width: int) -> RenderableType:
    rows = [tuple(clean(cell) for cell in row) for row in table.rows]
    heads = [clean(title) for title, _ in table.columns]
    caption = _text(table.caption, "bold")
    if _least(table, rows, heads) > width:
        named = next((i for i, (_, align) in enumerate(table.columns) if align == "left"), 0)
        return Group(caption, *(_record(heads, row, named) for row in rows))
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for title, (_, align) in zip(heads, table.columns, strict=True):
        # A figure is never folded or cut; words are.
        grid.add_column(Text(title), justify=align, no_wrap=align == "right", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return Group(caption, grid)


def _least(table: Table, rows: Sequence[tuple[str, ...]], heads: Sequence[str]) -> int:
    """The narrowest width at which no figure is cut and no word broken."""
    total = 0
    for i, (_, align) in enumerate(table.columns):
        cells = [heads[i], *(row[i] for row in rows)]
        pieces = cells if align == "right" else [word for cell in cells for word in cell.split()]
        total += max((cell_len(piece) for piece in pieces), default=0) + 2
    return total


def _record(heads: Sequence[str], row: tuple[str, ...], named: int) -> RenderableType:
    """A row as a sentence, for screens too narrow for a table; columns up to `named` need no heading."""
    rest = zip(heads[named + 1 :], row[named + 1 :], strict=True)
    told = [f"{head} {cell}" for head, cell in rest]
    return Text(f"· {' '.join(row[: named + 1])}: {' · '.join(told)}", overflow="fold")
