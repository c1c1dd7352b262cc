"""Parts that are cut out of a command before its words are read: a quotation, a day, a number of days."""

from __future__ import annotations

import datetime as dt
import re

_QUOTED = re.compile(r"[\"“”](.*?)(?:[\"“”]|$)|(?<!\w)'(.+)'(?!\w)")
_UNTIL = r"(?:\b(?:until|till|to|for)\s+)?"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_ISO = re.compile(_UNTIL + r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?!\d)", re.IGNORECASE)
_DAY = re.compile(_UNTIL + rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTHS})[a-z]*\s+(\d{{4}})\b", re.IGNORECASE)
_DAYS = re.compile(_UNTIL + r"\b(\d{1,3})\s*(d|days?|w|weeks?)\b", re.IGNORECASE)


def cut_quoted(text: str) -> tuple[str, str]:
    """The text without its first quotation, and that; a quotation that is not closed goes to the end."""
    match = _QUOTED.search(text)
    if match is None:
        return text, ""
    return f"{text[: match.start()]} {text[match.end() :]}", " ".join((match[1] or match[2] or "").split())


def cut_day(text: str) -> tuple[str, dt.date | None]:
    """`until 2022-12-31`, `24 dec 2022`; a day that does not exist is left where it stands."""
    for pattern in (_ISO, _DAY):
        if match := pattern.search(text):
            first, second, third = match.groups()
            iso = pattern is _ISO
            month = int(second) if iso else _MONTHS.split("|").index(second.lower()) + 1
            try:
                day = dt.date(int(first if iso else third), month, int(third if iso else first))
            except ValueError:
                return text, None
            return f"{text[: match.start()]} {text[match.end() :]}", day
    return text, None


def cut_days(text: str) -> tuple[str, int]:
    """`10d`, `2 weeks`: the text without, and how many days."""
    match = _DAYS.search(text)
    if match is None:
        return text, 0
    days = int(match[1]) * (7 if match[2].lower().startswith("w") else 1)
    return f"{text[: match.start()]} {text[match.end() :]}", days
