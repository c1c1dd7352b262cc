"""Every number in a text, set against the claims that travel with it: what is left over has none."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser

from rules.claims import Claim

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_WHEN = (
    r"\b\d{4}-\d{2}(?:-\d{2})?\b",
    rf"\b\d{{1,2}} (?:(?:{_MONTHS}) )?to \d{{1,2}} (?:{_MONTHS}) \d{{4}}\b",
    rf"\b(?:\d{{1,2}} )?(?:{_MONTHS}) \d{{4}}\b",
    r"\bthe year \d{4}\b",
    r"\b(?:19|20)\d{2}: (?=[A-Z][a-z]{2} (?:\d|<|not published|withheld))",  # the years of a chart's alt text
)
# Numbers that say what something is and not how much there is of it. Nothing else goes without a claim.
_IDENTIFIERS = (
    r"\bA-\d{4}-\d{2}-\d{2,}\b",  # an alert
    r"\bversion \d+\b",  # of a rule
    r"\bedition \d+\b",  # of an extract
    r"\bseverity\s+\d of 3\b",
    r"\b[EWSN]\d{8}\b",  # a census code
    r"\b[Ee]xtract (?:sha256 +)?[0-9a-f]{12,16}(?:, [0-9a-f]{12,16})*\b",
    r"\b[Pp]er 1,000\b",
    r"\b95 % range\b",
    r"\b95 in 100\b",
    r"\ba base of 30 or more\b",
    r"\bmean \+ \d SD\b",
    r"\b12 (?:months|before)\b",
    r"\bThe first \d+ months are left off here\b",  # of a picture's description, for want of room
)
_KNOWN = re.compile("|".join((*_WHEN, *_IDENTIFIERS)))
_LENGTH = re.compile(r"\b(\d+) months?\b")
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e-\d+)?"
_NUMBER = re.compile(rf"(?<!\w)[+-]{_FIGURE}|{_FIGURE}")


def unclaimed(text: str, claims: Iterable[Claim], names: Collection[str] = ()) -> list[str]:
    """One line for each number of the text that no claim makes: the number and what stands around it.

    `names` are titles that hold digits: of places, sources, licences, breaks, events. A name is taken out as
    a whole, so it hides no other number.
    """
    claims = tuple(claims)
    plain, signed = _spellings(claims)
    lengths = {w.months for c in claims for w in (c.window, c.base_window) if w}
    text = _any_of(frozenset(names)).sub("~", text)
    text = _KNOWN.sub("~", text)
    text = _LENGTH.sub(lambda m: "~" if int(m[1]) in lengths else m[0], text)
    return [
        f"{m[0]} in …{text[max(m.start() - 60, 0) : m.end() + 40]}…".replace("\n", " / ")
        for m in _NUMBER.finditer(text)
        if m[0] not in (signed if m[0][0] in "+-" else plain)
    ]


@lru_cache(maxsize=64)
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Each name that holds digits, the longest first; nothing where there is none."""
    told = sorted((n for n in names if re.search(r"\d", n)), key=lambda n: (-len(n), n))
    either = "|".join(map(re.escape, told))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if told else r"(?!)", re.IGNORECASE)


def _spellings(claims: Iterable[Claim]) -> tuple[set[str], set[str]]:
    """How the figures of these claims may be printed, without a sign and with one."""
    plain: set[str] = set()
    signed: set[str] = set()
    for claim in claims:
        value = claim.recompute()
        assert math.isclose(value, claim.value, rel_tol=1e-9, abs_tol=1e-9), f"{claim} is really {value}"
        if claim.unit in {"difference", "percent", "z"}:
            signed |= {f"{value:+,.0f}", f"{value:+.1f}", f"{value:+,.1f}"}
            value = abs(value)  # "up 3", "down 3"
        for part in (value, claim.numerator, claim.denominator):
            if part is not None:
                plain |= {f"{part:,.0f}", f"{part:,.1f}"}
        if claim.unit in {"ratio", "modelled"}:  # how many times, and the ends of its range
            plain.add(f"{value:.2f}")
        if claim.unit == "modelled":  # a range is rounded inwards, a probability to two places that count
            plain |= {f"{math.ceil(value):,}", f"{math.floor(value):,}", f"{value:.2g}"}
    return plain, signed


class _Text(HTMLParser):
    """What a reader of a page sees or hears: text and descriptions of pictures, no styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "svg", "details"}
        self.found += [value for key, value in attrs if key in {"alt", "aria-label", "title"} and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "svg", "details"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def seen(page: str) -> Iterator[str]:
    """The texts of a page. The table of claims itself is left out: it is what the others are checked by."""
    reader = _Text()
    reader.feed(page)
    yield from (" ".join(text.split()) for text in reader.found if text.strip())
