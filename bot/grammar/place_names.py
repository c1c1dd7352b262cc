"""Every name of every area, indexed once: what a name can mean, and the nearest name to a misspelt one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from bot.grammar.typed import Words, words_of
from jobs.folder.geography import Geography
from rules.model import AreaKind

LONGEST_PLACE = 100  # characters; rapidfuzz takes minutes on a megabyte
_OFFICIAL = re.compile(r" \d{3}[A-Z]$")  # "Blaby 008A": a code rather than a name
_DATED = re.compile(r"\s*\(.*\)$")  # "Coalville (ward to 2015)": superseded areas carry it in brackets
_HOW = {"misspelling": "spelling", "official": "exact"}
_PARTS = re.compile(r"\s*(?:,|&|\band\b)\s*", re.IGNORECASE)
# Words that tell neighbours apart: a spelling may never trade one for another, nor may one be a name alone.
_DISTINCT = frozenset((
    "north", "south", "east", "west", "centre", "upper", "lower", "inner", "outer", "great", "greater",
    "little", "long", "castle", "park", "hill", "road", "university", "riverside",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a name can mean."""

    level: int  # 0 name or code · 1 alias · 2 part or beginning of an LSOA's name · 3 of a larger area's
    code: str
    how: str  # exact | alias | spelling


def undated(name: str) -> str:
    """`Coalville` for `Coalville (ward to 2015)`."""
    return _DATED.sub("", name)


class PlaceNames:
    """Names in comparable form (see `words_of`) and their hits."""

    def __init__(self, geography: Geography) -> None:
        self.hits: dict[Words, list[Hit]] = {}
        self.shown: dict[str, None] = {}  # names as people write them, an ordered set
        for area in geography.areas.values():
            self._add(area.code, Hit(0, area.code, "exact"))
            plain = undated(area.name)
            self._add(plain, Hit(0, area.code, "exact") if plain == area.name else Hit(1, area.code, "alias"))
            if not _OFFICIAL.search(area.name):
                self.shown[undated(area.name)] = None
        for name, code, use in geography.names:
            if use != "local":  # a local name is the area's own name already
                self._add(name, Hit(1, code, _HOW.get(use, "alias")))
            if use == "alias":
                self.shown[name] = None
        self._add("county", Hit(1, geography.county, "alias"))
        self._add("district", Hit(1, geography.district, "alias"))
        self._add_parts(geography)
        self.most_words = max(len(words) for words in self.hits)

    def _add(self, name: str, hit: Hit) -> None:
        if words := words_of(name):
            self.hits.setdefault(words, []).append(hit)

    def _add_parts(self, geography: Geography) -> None:
        """Parts ("Hemington") and shared beginnings ("Snibston" East and South West) of names."""
        starts: dict[tuple[int, Words], list[str]] = {}
        for area in geography.areas.values():
            if _OFFICIAL.search(area.name) or area.kind in {AreaKind.COUNTY, AreaKind.STATION}:
                continue
            level = 2 if area.kind is AreaKind.LSOA else 3
            words = words_of(undated(area.name))
            for size in range(1, len(words)):
                starts.setdefault((level, words[:size]), []).append(area.code)
            parts = _PARTS.split(undated(area.name))
            for part in parts if len(parts) > 1 else ():
                if not _DISTINCT.issuperset(words_of(part)):
                    self._add(part, Hit(level, area.code, "alias"))
        for (level, start), codes in starts.items():
            if len(codes) > 1 and not _DISTINCT.issuperset(start):
                self.hits.setdefault(start, []).extend(Hit(level, code, "alias") for code in codes)

    @cached_property
    def _joined(self) -> dict[str, dict[str, Words]]:
        """First letter -> name without spaces -> its words. No spelling leads to a code (digits)."""
        found: dict[str, dict[str, Words]] = {}
        for words in self.hits:
            joined = "".join(words)
            if len(joined) >= 5 and not any(c.isdigit() for c in joined):
                found.setdefault(joined[0], {})[joined] = words
        return found

    def spelt(self, words: Words) -> Words | None:
        """The one name that is spelt almost so; None when none or several are.

        Safe means: same first letter, as many words, at most 1 edit from 5 letters on, 2 from 10, 3 from 25;
        no exchange of a letter below 7 (Barton is not Bardon); compass words and their like the same.
        """
        asked = "".join(words)
        if not 5 <= len(asked) <= LONGEST_PLACE or not (names := self._joined.get(asked[0])):
            return None
        if asked in names:
            return names[asked]  # "gracedieu"
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 1 + (len(asked) >= 10) + (len(asked) >= 25)
        near = process.extract(asked, names.keys(), scorer=OSA.distance, score_cutoff=most, limit=4)
        safe = [(name, edits) for name, edits, _ in near if _safe(words, names[name], edits)]
        best = [name for name, edits in safe if edits == safe[0][1]]
        return names[best[0]] if len(best) == 1 else None

    def nearest(self, asked: str, most: int = 3) -> tuple[str, ...]:
        """The names that look most like it, nearest first; there are always some."""
        from rapidfuzz import fuzz, process

        near = process.extract(
            asked[:LONGEST_PLACE].lower(),
            list(self.shown),
            scorer=fuzz.WRatio,
            processor=str.lower,
            limit=most,
        )
        return tuple(name for name, _, _ in near)


def _safe(asked: Words, name: Words, edits: float) -> bool:
    if len(asked) != len(name):  # "ibstock in" is a name and a small word, not a misspelt name
        return False
    if Counter(w for w in asked if w in _DISTINCT) != Counter(w for w in name if w in _DISTINCT):
        return False
    length = sum(map(len, asked))
    exchanged = edits and length == sum(map(len, name)) and sorted("".join(asked)) != sorted("".join(name))
    return not (exchanged and length < 7)
