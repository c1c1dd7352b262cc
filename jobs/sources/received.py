"""Bytes as received: are they a text table at all, and how is it said when they are not."""

from __future__ import annotations

import unicodedata

from jobs.errors import Rejected
from jobs.sources.base import RawFile

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = {  # what people rename to .csv, and what to do about it
    b"PK\x03\x04": "it is a workbook or a zip: give it its right name (.xlsx or .zip)",
    b"\xd0\xcf\x11\xe0": "it is an old or locked Excel file: save it as CSV UTF-8, without a password",
    b"\x1f\x8b": "it is gzip-compressed: unpack it first",
    b"%PDF": "it is a PDF: ask for the table as CSV",
}
ASK = "ask the source for the file again; nothing was loaded and earlier data stays"


def reject(raw: RawFile, reason: str, what: str, advice: str, rows: int | None = None) -> Rejected:
    """The one sentence about a file that cannot be used; counts its rows when the caller has not."""
    counted = physical_rows(raw.content) if rows is None else rows
    return Rejected(reason, f"{raw.name} {what}", advice, counted)


def physical_rows(content: bytes) -> int:
    """Lines with something on them, the header aside: what a receipt says about a file that was not read."""
    if content[:4] in _MAGIC or b"\0" in content[:4096] or content.lstrip()[:1] == b"<":
        return 0
    return max(0, sum(1 for line in content.split(b"\n") if line.strip()) - 1)


def printable(name: str) -> str:
    """A file name as one honest line: bytes that are no text, control characters and bidi marks spelt out."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else _spelt(c) for c in name)


def _spelt(character: str) -> str:
    """Python stands a byte that is no UTF-8 in a name as U+DC00 and the byte; no database takes that."""
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else ascii(character)[1:-1]


def text_of(raw: RawFile) -> bytes:
    """The content without byte-order mark and trailing blank lines, once it is known to be a text table."""
    content = raw.content.removeprefix(_BOM)
    if not content.strip():
        raise reject(raw, "empty", "is empty", ASK, 0)
    if content[:2] in _UTF16:
        raise _encoding(raw, "is UTF-16 text", 0)
    for magic, advice in _MAGIC.items():
        if content.startswith(magic):
            raise reject(raw, "not-csv", "is not a CSV", advice, 0)
    if content.lstrip()[:1] in (b"<", b"{", b"["):
        advice = "an error page was probably saved in its place; open the address again later"
        raise reject(raw, "not-csv", "is a web page or JSON, not a CSV", advice)
    if (nul := content.find(b"\0")) >= 0:
        line = 1 + content.count(b"\n", 0, nul)
        raise _encoding(raw, f"has a NUL byte on line {line}", None)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise _encoding(raw, f"is not UTF-8: the first wrong byte is on line {line}", None) from error
    trimmed = content.rstrip(b"\r\n")
    if len(content) - len(trimmed) <= 2:
        return content
    return trimmed + (b"\r\n" if content[len(trimmed) :].startswith(b"\r\n") else b"\n")


def _encoding(raw: RawFile, what: str, rows: int | None) -> Rejected:
    return reject(raw, "bad-encoding", what, "save it as CSV UTF-8 and send it again", rows)
