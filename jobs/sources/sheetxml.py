"""The XML inside a workbook, walked once with expat: no entities, no half a file, how far the cells reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]


class BadXml(Exception):
    """Not well-formed, or with a document type (where entity bombs live)."""


@dataclass
class SheetFacts:
    """What a look at the XML of a sheet tells that the reader of cells does not."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) from 0 -> "#REF!"
    uncomputed: str = ""  # first cell with a formula and no value, like "B7"


def walk(xml: bytes, start: Start | None = None, end: End | None = None, text: End | None = None) -> None:
    """Parse; element and attribute names come without their namespace. Raises BadXml."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if start is not None:
        begin = start
        parser.StartElementHandler = lambda name, attributes: begin(
            _local(name), {_local(k): v for k, v in attributes.items()}
        )
    if end is not None:
        finish = end
        parser.EndElementHandler = lambda name: finish(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an unknown encoding
        raise BadXml(f"is not well-formed: {error}") from error


def read_sheets(xml: bytes) -> list[tuple[str, str, bool]]:
    """(name, relation id, visible) of every sheet of `xl/workbook.xml`, in order."""
    found: list[tuple[str, str, bool]] = []

    def start(name: str, a: dict[str, str]) -> None:
        if name == "sheet":
            found.append((a.get("name", ""), a.get("id", ""), a.get("state", "visible") == "visible"))

    walk(xml, start)
    return found


def read_relations(xml: bytes) -> dict[str, str]:
    """Relation id -> part, for worksheets only, as a path inside the archive."""
    found: dict[str, str] = {}

    def start(name: str, a: dict[str, str]) -> None:
        if name == "Relationship" and a.get("Type", "").endswith("/worksheet"):
            target = a.get("Target", "")
            found[a.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    walk(xml, start)
    return found


def read_sheet(xml: bytes) -> SheetFacts:
    """Extent, error cells and formulas without a value of one sheet."""
    reader = _SheetReader()
    walk(xml, reader.start, reader.end, reader.text)
    return reader.facts


class _SheetReader:
    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = self._column = -1
        self._kind = ""
        self._formula = self._value = False
        self._words: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._place(attributes.get("r"))
            self._kind = attributes.get("t", "")
            self._formula = self._value = False
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._value = True
            self._words = [] if self._kind == "e" else None
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isascii() and number.isdigit() else self._row + 1
            self._column = -1

    def end(self, name: str) -> None:
        if name == "v" and self._words is not None:
            self.facts.errors[self._row, self._column] = "".join(self._words)
            self._words = None
        elif name == "c" and self._formula and not self._value and not self.facts.uncomputed:
            self.facts.uncomputed = f"{_letters(self._column)}{self._row + 1}"

    def text(self, words: str) -> None:
        if self._words is not None:
            self._words.append(words)

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        else:
            match = _REFERENCE.match(reference)
            if match is None:
                raise BadXml(f"has a cell {reference[:20]!r}")
            self._row, self._column = int(match[2]) - 1, _number(match[1])
        self.facts.rows = max(self.facts.rows, self._row + 1)
        self.facts.columns = max(self.facts.columns, self._column + 1)


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = 26 * value + ord(letter) - 64
    return value - 1


def _letters(column: int) -> str:
    word = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        word = chr(65 + rest) + word
    return word


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _refuse_doctype(*_: object) -> None:
    raise BadXml("declares a document type, which no spreadsheet program writes")
