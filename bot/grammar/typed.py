"""Text as people type it, made comparable: what is the same to a reader is the same here, and harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.words import clean, shorten
from jobs.folder.postcodes import POSTCODE
from rules.model import Series

LONGEST = 300  # characters of a command
Words = tuple[str, ...]

_ECHO = 40  # characters of a word that are repeated to the sender

# Slack writes mentions as <@U123> or <@U123|name>, Teams as <at>Name</at>.
_ADDRESS = re.compile(r"\s*(?:<@[^>]*>|<at>.*?</at>|@?tocsin\b|/)\s*[:,]?\s*", re.IGNORECASE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # how Slack escapes what people type
_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_DROPPED = frozenset({"and", "the"})
_SAME = {"central": "centre", "center": "centre", "saint": "st"}
_UNSAFE = re.compile(r"[^\w\s.,:'/-]|_")

# Words with several meanings: no series may claim them, so that nobody gets the wrong figure.
SEVERAL: dict[str, tuple[str, ...]] = {
    "oac": ("other-acquisitive",),
    "arson": ("fires-deliberate", "criminal-damage"),
    "assault": ("violence-with-injury", "violence-without-injury"),
    "assaults": ("violence-with-injury", "violence-without-injury"),
    "theft": ("other-theft", "theft-from-person", "shoplifting"),
    "thefts": ("other-theft", "theft-from-person", "shoplifting"),
}


def tidy(text: str) -> str:
    """One line without control, bidi or invisible characters; look-alike forms (full width) made plain."""
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return clean(unicodedata.normalize("NFKC", clean(text)))


def unaddressed(text: str) -> str:
    """Without what only calls the bot: a slash, `@Tocsin`, a mention, `tocsin`."""
    while match := _ADDRESS.match(text):
        text = text[match.end() :]
    return text


def has_postcode(text: str) -> bool:
    """Whether a full UK postcode stands in it, in any case and spacing."""
    return POSTCODE.search(tidy(text)) is not None


def words_of(text: str) -> Words:
    """Its words in comparable form: lower case, no accents, punctuation, "and", "the"; Central = Centre."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c)) if not plain.isascii() else plain
    return tuple(_SAME.get(w, w) for w in _WORD.findall(plain) if w not in _DROPPED)


def echo(text: str) -> str:
    """The sender's own words, safe to repeat: capped, no markup, no mention; empty for a postcode."""
    return "" if has_postcode(text) else shorten(_UNSAFE.sub("", tidy(text)), _ECHO)


@lru_cache(maxsize=8)
def series_names(series: tuple[Series, ...]) -> dict[Words, str]:
    """Words in comparable form -> series id: ids, titles, nouns and synonyms. The first claim holds."""
    found: dict[Words, str] = {}
    for s in series:
        for name in (s.id, s.title, s.noun, *s.synonyms):
            found.setdefault(words_of(name), s.id)
    return found


def longest(names: dict[Words, str], words: Sequence[str], most: int = 8) -> int:
    """How many of the first words together are one of the names; 0 when none."""
    for size in range(min(most, len(words)), 0, -1):
        if tuple(words[:size]) in names:
            return size
    return 0
