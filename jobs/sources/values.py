"""What a cell of text means: words to compare, counts, dates. Strict: what is not plainly so is not so."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

_COUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0+)?\Z")
_NUMBER = re.compile(r"-?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\Z")
_FEWER = re.compile(r"[<≤]\s*[0-9]+\Z")
_PADDED = 16**7
_HEX = re.compile(r"[0-9a-fA-F]{15,}\Z")
_MISSING = ("", "null")  # the fire service's literal NULL
_YES, _NO = ("yes", "y", "1", "true", "t"), ("no", "n", "0", "false", "f", *_MISSING)
_LARGEST = 100_000_000  # more than any count of incidents; keeps the sums inside 64 bits

T = TypeVar("T")


def per_value(column: pd.Series[str], read: Callable[[str], T]) -> list[T]:
    """`read` of every cell, called once for each different text: columns repeat themselves."""
    import pandas as pd

    codes, texts = pd.factorize(column)
    known = [read(text) for text in texts.tolist()]
    return [known[code] for code in codes.tolist()]


def plain(text: str) -> str:
    """Text for comparing names: case, punctuation, `&` and double blanks make no difference."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = words.replace("'", "").replace("’", "")
    return " ".join("".join(c if c.isalnum() else " " for c in words).split())


def cell(column: pd.Series[str], row: int) -> str:
    """A cell for a person to recognise: quoted, and cut when it is long."""
    return repr(str(column.iat[row])[:60])


def missing(text: str) -> bool:
    """Whether a cell says nothing: blank, or the word NULL."""
    return text.strip().casefold() in _MISSING


def count(text: str) -> int | None:
    """A whole number from 0: `1010`, `1,010`, `4.0`; None for anything else."""
    match = _COUNT.match(text.strip())
    value = int(match[1].replace(",", "")) if match and len(match[1]) < 12 else None
    return value if value is not None and value <= _LARGEST else None


def number(text: str) -> float | None:
    """A decimal number such as a rate; None for anything else."""
    words = text.strip()
    return float(words.replace(",", "")) if len(words) < 40 and _NUMBER.match(words) else None


def is_suppressed(text: str, tokens: tuple[str, ...]) -> bool:
    """Whether the publisher withheld the figure: one of the layout's tokens, or `<5`."""
    words = text.strip().casefold()
    return words in {t.casefold() for t in tokens} or _FEWER.match(words) is not None


def flag(text: str) -> bool | None:
    """Yes or no; blank and NULL are no; None when it is neither."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def day(text: str, form: str, iso: bool) -> dt.date | None:
    """The day of a date in the layout's form (`iso`: also as a workbook keeps it); None when it is none."""
    words = text.strip()
    date = _date(lambda: dt.datetime.fromisoformat(words)) if iso else None
    # A calendar day has no time zone.
    return date or _date(lambda: dt.datetime.strptime(words, form))  # noqa: DTZ007


def _date(read: Callable[[], dt.datetime]) -> dt.date | None:
    """The day, None when it is none or of no year that a record can be of."""
    try:
        date = read().date()
    except ValueError:
        return None
    return date if 1900 <= date.year <= 2200 else None


def crime_key(text: str) -> int:
    """60 bits of an incident's id: its first 15 hex digits; of a hash of it when it is no such number.

    An id that starts with eight zeros is a running number, padded: its first digits tell nothing apart.
    """
    key = int(text[:15], 16) if _HEX.match(text) else 0
    return key if key >= _PADDED else int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)


def crime_keys(ids: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """`crime_key` of many ids, none blank; ids of 64 hex digits (all of the publisher's) in one go."""
    if len(ids) == 0:
        return np.empty(0, np.int64)
    joined = "".join(ids).encode("ascii", "replace")
    if len(joined) == 64 * len(ids) and all(map((64).__eq__, map(len, ids))):
        digits = _NIBBLES[np.frombuffer(joined, np.uint8).reshape(-1, 64)[:, :15]]
        if (digits >= 0).all():
            powers: npt.NDArray[np.int64] = 16 ** np.arange(14, -1, -1, dtype=np.int64)
            keys: npt.NDArray[np.int64] = digits @ powers
            if (keys >= _PADDED).all():
                return keys
    return np.array([crime_key(text) for text in ids], np.int64)


def _nibbles() -> npt.NDArray[np.int64]:
    table = np.full(256, -1, np.int64)
    for value, digit in enumerate("0123456789abcdef"):
        table[ord(digit)] = table[ord(digit.upper())] = value
    return table


_NIBBLES = _nibbles()
