"""Figures and names in people's form: the one place that formats them, for every platform."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.claims import PERCENT_BASE, UNUSUAL_Z
from rules.month import Month, Window

# Said wherever an event stands beside a figure.
NO_REASON = "Same time and place; the figures show no reason."
# product.md: never said of recorded figures, unless a named analyst wrote it in a note.
NEVER_USED = ("spree", "crime wave", "gang", "offender", "due to", "caused by", "crime series", "series of")
_NEVER = re.compile(r"\b(" + "|".join(w.replace(" ", r"\s+") for w in NEVER_USED) + r")", re.IGNORECASE)
# Control, format (bidi marks, zero-width, tags), surrogate and private characters: they draw nothing
# honest, and a bidi override can make "91" read as "19".
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def never_used(text: str) -> tuple[str, ...]:
    """The words of `NEVER_USED` that stand in a text."""
    return tuple(" ".join(m.group(1).lower().split()) for m in _NEVER.finditer(text))


def clean(value: object) -> str:
    """A value from data or chat as one harmless line: no control, bidi or invisible characters."""
    text = " ".join(str(value).split())
    if text.isprintable():  # none of those categories: nearly every text
        return text
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return " ".join(text.split())


def shorten(value: object, length: int) -> str:
    """At most `length` characters, cut at a word and marked where cut."""
    text, length = clean(value), max(length, 1)
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.") + "…"


def number(value: float) -> str:
    """`1,234`; one decimal below ten when it is no whole number: `2.8`."""
    if value != int(value) and abs(value) < 10:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def rate(value: float) -> str:
    """A rate per 1,000: whole from 10 on, one decimal below."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def plural(n: int, noun: str, many: str = "") -> str:
    """`1 alert`, `12 alerts`; `many` where an s does not make it: `2 series`."""
    return f"{n:,} {noun if n == 1 else many or noun + 's'}"


def counted(count: int | None, hidden: str = "withheld") -> str:
    """A count, or what stands in its place: `1,234`, `fewer than 5`, `withheld`."""
    return hidden if count is None else f"{count:,}"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def ranks(low: int, high: int) -> str:
    """The ranks that chance allows: `rank 3`, `any rank from 2 to 5`."""
    return f"rank {low}" if low == high else f"any rank from {low} to {high}"


def masked(title: str) -> str:
    """Of two windows compared, one of which holds a time that stands apart."""
    return f"In the months compared lies: {title}. Read the change with that in mind."


def sentence(text: str) -> str:
    """`Published documents.` for `published documents`."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def signed(value: float) -> str:
    """`+34`, `-1,129`, `0`."""
    return f"{value:+,.0f}" if value else "0"


def usual(lower: float | None, upper: float | None) -> str | None:
    """The whole counts inside a 95 % range, `14-35`; None when there is no range.

    Rounded inwards, so that a count printed outside the range was outside it and the other way round.
    """
    if lower is None or upper is None or not (math.isfinite(lower) and math.isfinite(upper)):
        return None
    low, high = max(math.ceil(lower), 0), math.floor(upper)
    if low > high:  # no whole number inside: say the two around it
        low, high = math.floor(lower), math.ceil(upper)
    return f"{low:,}-{high:,}" if low != high else f"{low:,}"


def recorded(count: int | None, hidden: str) -> str:
    """The same before the word recorded: `a withheld number`."""
    return "a withheld number" if count is None and hidden == "withheld" else counted(count, hidden)


def month(text: str) -> str:
    """`2022-06` as `June 2022`; `2021-08..2022-07` as `the year to July 2022`."""
    return Window.parse(text).words


def short_month(text: str) -> str:
    """`2022-06` as `Jun 2022`; a range as `Aug 2021 to Jul 2022`."""
    ends = [Month.parse(part).words for part in text.split("..")]
    return " to ".join(f"{w[:3]} {w[-4:]}" for w in ends)


def calendar_month(number: int) -> str:
    """`June` for 6."""
    return Month(2000, number).words.split()[0]


def period(last: str, span: int) -> str:
    """The `span` months that end with `last`: `June 2022`, `the year to September 2012`."""
    return Window.ending(Month.parse(last), span).words


def short_period(last: str, span: int) -> str:
    """The same, short: `Jun 2022`, `year to Sep 2012`."""
    if span == 1:
        return short_month(last)
    return f"year to {short_month(last)}" if span == 12 else f"{span} months to {short_month(last)}"


def day(value: dt.date) -> str:
    """`12 September 2022`."""
    return f"{value.day} {Month.of(value).words}"


def short_day(value: dt.date) -> str:
    """`12 Sep 2022`."""
    return f"{value.day} {short_month(str(Month.of(value)))}"


def days(first: dt.date, last: dt.date | None) -> str:
    """`10 to 12 June 2022`, `30 June 2022 to 2 July 2022`, `11 June 2022`."""
    if last is None or last == first:
        return day(first)
    one_month = Month.of(first) == Month.of(last)
    return f"{first.day if one_month else day(first)} to {day(last)}"


@dataclass(frozen=True, slots=True)
class Change:
    """Two counts of equally long windows compared; every part follows from the two."""

    new: int
    old: int

    @property
    def difference(self) -> str:
        """`+34`."""
        return signed(self.new - self.old)

    @property
    def percent(self) -> str | None:
        """`+24.7%`; None on a base under 30, where a percentage only misleads."""
        return f"{100 * (self.new - self.old) / self.old:+.1f}%" if self.old >= PERCENT_BASE else None

    @property
    def unusual(self) -> bool:
        """Whether |2(sqrt new - sqrt old)| reaches 3; below, it is usual variation (claims.py)."""
        return abs(2 * (math.sqrt(self.new) - math.sqrt(self.old))) >= UNUSUAL_Z

    @property
    def verdict(self) -> str:
        """How the change is read, in words."""
        return "more than usual variation" if self.unusual else "within usual variation"


def change(new: int | None, old: int | None) -> Change | None:
    """The comparison, or None when one side was not published."""
    return None if new is None or old is None else Change(new, old)


def share(part: int, whole: int) -> str | None:
    """`13.2%`; None on a base under 30."""
    return f"{100 * part / whole:.1f}%" if whole >= PERCENT_BASE else None


@dataclass(frozen=True, slots=True)
class Bullet:
    """Where a count stands against its usual range on a track that starts at zero, in per cent of it."""

    left: float
    width: float
    dot: float


def bullet(count: int | None, lower: float | None, upper: float | None) -> Bullet | None:
    """The range as a bar and the count as a dot; None without one of them."""
    if count is None or usual(lower, upper) is None or lower is None or upper is None:
        return None
    full = 1.15 * max(count, upper, 1.0)
    low = max(lower, 0.0)
    return Bullet(
        round(100 * low / full, 1),
        round(100 * max(upper - low, 0.01 * full) / full, 1),
        round(100 * count / full, 1),
    )


def files(text: str) -> str:
    """A name that is safe as a file name: letters, digits, dot and hyphen."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:80] or "picture"
