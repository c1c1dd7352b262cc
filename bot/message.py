"""The platform-neutral message and answer: facts and words, no markup. Renderers draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rules.claims import Claim
from rules.model import Classification

Align = Literal["left", "right"]
VALUE = "Value"  # heading of a column whose rows say themselves what they hold; chat leaves it out


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. Cells are text already in people's form; `caption` says window and source."""

    caption: str
    columns: tuple[tuple[str, Align], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading of its own, below what a message or an answer says first."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or map that is drawn only when a renderer asks; `alt` carries the numbers (<= 2000)."""

    name: str  # file name without ending: "trend-total-E07000134-2022-07"
    title: str
    alt: str
    draw: Callable[[], bytes]  # PNG


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it does and on what. Carries ids, never data."""

    id: str  # acknowledge, why, chart, silence, unsilence, useful, known, noise, own, release
    label: str
    value: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Answer:
    """What a command says. `lines` are short paragraphs of plain text, first the sentence that answers."""

    title: str
    lines: tuple[str, ...]
    table: Table | None = None
    pictures: tuple[Picture, ...] = ()
    suggestions: tuple[str, ...] = ()  # commands to try next; for a chooser, the choices
    footer: tuple[str, ...] = ()  # freshness, source, licence, caveats
    claims: tuple[Claim, ...] = ()
    sources: tuple[str, ...] = ()
    classification: Classification = Classification.PUBLIC
    state: Literal["ok", "empty", "unknown", "withheld", "refused", "no-history"] = "ok"
    data: dict[str, object] = field(default_factory=dict)  # for --format json: everything said, as values
    suppressed: int = 0  # cells withheld because they were small
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes out in place of a message; made only when a transport asks."""

    name: str  # with its ending; one name a channel and thing, since an upload is found again by it
    title: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Message:
    """One post in a channel: the current state of one thing."""

    key: str  # one visible message per key and channel, for ever
    revision: int
    title: str
    summary: str  # the fallback text: complete in itself
    lines: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    pictures: tuple[Picture, ...] = ()
    actions: tuple[Action, ...] = ()
    footer: tuple[str, ...] = ()
    severity: int = 1
    claims: tuple[Claim, ...] = ()  # every figure that it prints
    thread: str = ""  # reference of the message in whose thread it stands; filled in as the key is
    history: bool = True  # whether its thread is told what an edit changes
    sections: tuple[Section, ...] = ()
    file: File | None = None  # goes up instead, the summary beside it; what is up is never changed
