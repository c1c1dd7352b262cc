"""When: the ways people write a month, a year, a run of months. What it cannot read it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.month import Month, Window

MOST_MONTHS = 240
FIRST_YEAR, LAST_YEAR = 1990, 2099
HINT = "Months are written 2022-06 or june 2022, years 2012, runs 12m, 6y, 2021-01..2021-12, fy 2021/22."

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMES = {name: i for names in (_MONTHS, _FULL, _FULL) for i, name in enumerate(names, 1)} | {"sept": 9}

_ISO = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
_JOINED = re.compile(r"([a-z]{3,9})[-']?(\d{2}|\d{4})")  # jun22, jun-22, june-2022
_COUNT = re.compile(r"(\d{1,4})(m|y|mth|mths|month|months|yr|yrs|year|years)")
_FINANCIAL = re.compile(r"(?:fy)?(\d{4}|\d{2})/(\d{2}|\d{4})")
_SPLIT = re.compile(r"\.{2,}|[\u2013\u2014]|(?<=^\d{4})-(?=\d{4}$)")  # 2019..2023, 2019–2023, 2019-2023
_TO = ("to", "..", "until", "till")
_LAST = ("last", "past", "latest", "previous")


@dataclass(frozen=True, slots=True)
class Period:
    """Either a window of named months, or a number of months that end with the last month of data."""

    window: Window | None = None
    months: int | None = None


def split(tokens: Sequence[str]) -> list[str]:
    """Tokens with the sign of a range as a token of its own: `2019..2023` is three."""
    found: list[str] = []
    for token in tokens:
        first, *more = _SPLIT.split(token)
        found.extend(t for t in (first, *(x for part in more for x in ("..", part))) if t)
    return found


def read_period(tokens: Sequence[str]) -> tuple[Period, int] | None:
    """The longest period at the start of lower-case `tokens` (see `split`) and how many it takes; else None.

    An end before its beginning is turned round: the months meant are the same.
    """
    for read in (_run_to, _window, _recent):
        if found := read(tokens):
            return found
    return None


def looks_like_period(token: str) -> bool:
    """Whether somebody probably meant a time: it begins with a digit, or names a month."""
    return token[:1].isdigit() or token in _NAMES or token in {"fy", *_LAST}


def _at(tokens: Sequence[str], i: int) -> str:
    return tokens[i] if i < len(tokens) else ""


def _run_to(tokens: Sequence[str]) -> tuple[Period, int] | None:
    """`year to sep 2012`, `ye 2012-09`, `3 months ending june 2022`, `12m to 2022-06`."""
    if _at(tokens, 0) == "ye":
        months, used = 12, 1
    else:
        count = (12, 1) if _at(tokens, 0) == "year" else _months(tokens)
        if count is None or _at(tokens, count[1]) not in {*_TO, "ending", "ended", "end"}:
            return None
        months, used = count[0], count[1] + 1
    end = _point(tokens[used:])
    return (Period(Window.ending(end[0].last, months)), used + end[1]) if end else None


def _window(tokens: Sequence[str]) -> tuple[Period, int] | None:
    """One month or year, or from one to another."""
    start = _point(tokens)
    if start is None:
        return None
    window, used = start
    if _at(tokens, used) in _TO and (end := _point(tokens[used + 1 :])):
        other = end[0]
        window = Window(min(window.first, other.first), max(window.last, other.last))
        used += 1 + end[1]
    return Period(window), used


def _recent(tokens: Sequence[str]) -> tuple[Period, int] | None:
    """`12m`, `6 years`, `last 3 months`, `last month`, `last year`."""
    skip = int(_at(tokens, 0) in _LAST)
    if skip and _at(tokens, 1) in {"month", "year"}:
        return Period(months=1 if tokens[1] == "month" else 12), 2
    count = _months(tokens[skip:])
    return (Period(months=count[0]), skip + count[1]) if count else None


def _months(tokens: Sequence[str]) -> tuple[int, int] | None:
    """`12m` or `12 months`: how many months, from how many tokens."""
    for text, used in ((_at(tokens, 0), 1), ("".join(tokens[:2]), 2)):
        if match := _COUNT.fullmatch(text):
            months = int(match[1]) * (12 if match[2].startswith("y") else 1)
            return (months, used) if 1 <= months <= MOST_MONTHS else None
    return None


def _point(tokens: Sequence[str]) -> tuple[Window, int] | None:
    """One month, calendar year or financial year, from how many tokens."""
    head, following = _at(tokens, 0), _at(tokens, 1)
    if head == "year" and _YEAR.fullmatch(following):
        found = _point(tokens[1:])
        return (found[0], 2) if found else None
    if head == "fy" or (head == "financial" and following == "year"):
        skip = 1 if head == "fy" else 2
        window = _financial(_at(tokens, skip))
        return (window, skip + 1) if window else None
    if match := _ISO.fullmatch(head):
        return _one_month(int(match[1]), int(match[2]), 1)
    if _YEAR.fullmatch(head) and FIRST_YEAR <= int(head) <= LAST_YEAR:
        return Window(Month(int(head), 1), Month(int(head), 12)), 1
    if match := _JOINED.fullmatch(head):
        return _one_month(_year(match[2]), _NAMES.get(match[1], 0), 1)
    if head in _NAMES and re.fullmatch(r"'?(\d{2}|\d{4})", following):
        return _one_month(_year(following.lstrip("'")), _NAMES[head], 2)
    window = _financial(head) if "/" in head and (head.startswith("fy") or _YEAR.match(head)) else None
    return (window, 1) if window else None


def _one_month(year: int, number: int, used: int) -> tuple[Window, int] | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
        return None
    return Window(Month(year, number), Month(year, number)), used


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _financial(text: str) -> Window | None:
    """April to March; the second year must follow the first, so that 2022/06 is not taken for one."""
    match = _FINANCIAL.fullmatch(text)
    if match is None:
        return None
    year = _year(match[1])
    if (year + 1) % 100 != int(match[2]) % 100 or not FIRST_YEAR <= year < LAST_YEAR:
        return None
    return Window(Month(year, 4), Month(year + 1, 3))
