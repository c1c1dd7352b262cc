"""The grammar of a CSV file: where its records are, and what is wrong with it if anything is.

RFC 4180 with a comma, read strictly: a quote stands only around a whole field. Parsers that forgive a stray
quote swallow whole rows without a word (ten of them, in a trial), so nothing is forgiven here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

# Possessive quantifiers: a hostile file must not make the pattern try everything twice.
_QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"(?=[,\r\n]|\Z)')
_FIELD = re.compile(rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)(,|\r?\n|\Z)')
_LF, _CR = 10, 13
_BEFORE = b",\n"  # what a quoted field may follow

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with the file as a whole, and on which physical line."""

    reason: str
    line: int
    message: str


@dataclass(frozen=True)
class Records:
    """Where the records of a CSV are. `content` has no byte-order mark; record 0 is the header."""

    content: bytes

    @cached_property
    def _bytes(self) -> npt.NDArray[np.uint8]:
        return np.frombuffer(self.content, np.uint8)

    @cached_property
    def newlines(self) -> Offsets:
        """Offset of every line feed, quoted ones included."""
        return np.flatnonzero(self._bytes == _LF)

    @cached_property
    def _quotes(self) -> tuple[list[tuple[int, int]], bool]:
        """Spans of the quoted fields that hold a line feed; whether every quote is around a whole field."""
        spans: list[tuple[int, int]] = []
        at = self.content.find(b'"')
        while at >= 0:
            match = _QUOTED.match(self.content, at)
            if match is None or (at and self.content[at - 1] not in _BEFORE):
                return spans, False
            if self.content.find(b"\n", at, match.end()) >= 0:
                spans.append(match.span())
            at = self.content.find(b'"', match.end())
        return spans, True

    @cached_property
    def starts(self) -> Offsets:
        """Offset of the first byte of every record, and one past the end."""
        ends = self.newlines
        if spans := self._quotes[0]:
            opened, closed = np.array(spans).T
            inside = np.searchsorted(opened, ends, side="right") > np.searchsorted(closed, ends, side="right")
            ends = ends[~inside]
        starts = np.concatenate(([0], ends + 1))
        whole = len(self.content)
        return starts if starts[-1] == whole else np.append(starts, whole)

    @property
    def count(self) -> int:
        """How many records there are, the header included."""
        return len(self.starts) - 1

    @cached_property
    def lines(self) -> Offsets:
        """The physical line (first = 1) that each record starts on."""
        return 1 + np.searchsorted(self.newlines, self.starts[:-1])

    def line(self, offset: int) -> int:
        """The physical line that a byte stands on."""
        return 1 + int(np.searchsorted(self.newlines, offset))

    def text(self, record: int) -> str:
        """A record as it stood, without its line end."""
        first, end = self.starts[record : record + 2].tolist()
        return self.content[first:end].decode("utf-8").rstrip("\r\n")

    def lone_return(self) -> Defect | None:
        """A carriage return without a line feed: some readers end the row there, others do not."""
        at = np.flatnonzero(self._bytes[:-1] == _CR)  # the last byte aside: there it is a cut
        wrong = at[self._bytes[at + 1] != _LF]
        if len(wrong) == 0:
            return None
        return Defect("line-ends", self.line(int(wrong[0])), "holds a carriage return by itself")

    def stray_quote(self) -> Defect | None:
        """A quote that is not around a whole field, or that has swallowed rows."""
        spans, well_formed = self._quotes
        if not well_formed:
            return first_defect(self.content, 0) or Defect("stray-quote", 1, "holds a stray quote")
        commas = self.content.count(b",", 0, int(self.starts[1]))
        for a, b in spans:
            # Opened in one row and closed in the same column k rows later: the field counts still fit.
            lines, inside = self.content.count(b"\n", a, b), self.content.count(b",", a, b)
            if commas > 1 and inside == lines * commas:
                message = f"opens a quote that closes {lines} lines later: rows are swallowed"
                return Defect("stray-quote", self.line(a), message)
        return None

    def blank_line(self) -> bool:
        """Whether a line may be empty (inside quotes it may be)."""
        gaps = np.diff(self.newlines, prepend=-1)
        before = self._bytes[self.newlines - 1]
        return bool(((gaps == 1) | ((gaps == 2) & (before == _CR))).any())


def first_defect(content: bytes, width: int) -> Defect | None:
    """The first record that is no record of `width` fields (0 = any); the slow, exact walk."""
    line = 1
    for first, end, fields, closed in _walk(content):
        if not closed:
            if content[end : end + 1] == b'"' and b"\n" not in content[end:]:
                return Defect("truncated", line, "ends in the middle of a row")
            return Defect("stray-quote", line, "has a quote where none may be")
        if width and fields != width:
            last = not content[end:].strip(b"\r\n")
            if last and fields < width:
                return Defect("truncated", line, f"ends in the middle of a row: {fields} of {width} fields")
            what = "is empty" if not content[first:end].strip() else f"has {fields} fields instead of {width}"
            return Defect("field-count", line, what)
        line += content.count(b"\n", first, end)
    return None


def _walk(content: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """(start, end, fields, well formed) of every record, field by field."""
    at = first = fields = 0
    while at < len(content):
        match = _FIELD.match(content, at)
        if match is None:
            yield first, at, fields, False
            return
        fields += 1
        at = match.end()
        if match[1] != b"," or at == len(content):
            yield first, at, fields + (match[1] == b","), True  # a comma at the very end opens one more field
            first, fields = at, 0
