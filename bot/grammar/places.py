"""Where: a place as people type it, to one area; or a choice of equals; or the nearest names.

Case, punctuation, "and" and "the" do not count. One name often means several areas (Coalville: a town, an
MSOA, a former ward, the beginning of four LSOA names): the default goes by kind, the others travel along so
that the answer can say which it took, and a kind word ("coalville ward") overrides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.grammar.place_names import LONGEST_PLACE, Hit, PlaceNames, undated
from bot.grammar.query import Place
from bot.grammar.typed import Words, has_postcode, tidy, words_of
from jobs.folder.geography import BASE_VINTAGE, Geography
from rules.model import Area, AreaKind

MOST_OTHERS = 12
_REMEMBERED = 4_096  # names with a kind word or without
_MOST_SPELT = 12  # words: a longer run of unknown words is a sentence, and is not searched for misspelt names

_KINDS: dict[Words, AreaKind] = {
    ("town",): AreaKind.TOWN,
    ("village",): AreaKind.TOWN,
    ("msoa",): AreaKind.MSOA,
    ("ward",): AreaKind.WARD,
    ("former", "ward"): AreaKind.WARD,
    ("site",): AreaKind.SITE,
    ("district",): AreaKind.DISTRICT,
    ("county",): AreaKind.COUNTY,
    ("fire", "station"): AreaKind.STATION,
    ("lsoa",): AreaKind.LSOA,
}
_FORMER = ("former", "ward")
_ORDER = (
    AreaKind.TOWN, AreaKind.MSOA, AreaKind.WARD, AreaKind.SITE,
    AreaKind.DISTRICT, AreaKind.COUNTY, AreaKind.STATION, AreaKind.LSOA,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chooser:
    """Equally meant. Each choice is a text that resolves to one of them; `names` say what they are."""

    asked: str
    choices: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nowhere:
    """No such place; the nearest names. A full postcode is not compared or repeated: `asked` is empty."""

    asked: str
    nearest: tuple[str, ...]


class Gazetteer:
    """The place names of one geography."""

    def __init__(self, geography: Geography) -> None:
        self.geography = geography
        self.names = PlaceNames(geography)

    def find(self, text: str) -> Place | Chooser | Nowhere:
        """One place name, with or without a kind word; what is beyond 100 characters is not read."""
        if has_postcode(text[: 4 * LONGEST_PLACE]):
            return Nowhere("", ())
        asked = tidy(text[: 4 * LONGEST_PLACE])[:LONGEST_PLACE]
        for name, phrase in _readings(words_of(asked)):
            key = name if name in self.names.hits else self.names.spelt(name)
            if key is None:
                continue
            best, tied = self._ranked(key, phrase)
            if not tied:  # there are such areas, but none of that kind
                return Nowhere(asked, tuple(self.typing(code) for code in best)[:3])
            if len(tied) > 1:
                names = tuple(self.geography[c].name for c in tied)
                return Chooser(asked, tuple(self.typing(c) for c in tied), names)
            own = words_of(undated(self.geography[tied[0]].name))  # what the area's full name also means
            others = [c for c in {**best, **self._ranked(own, ())[0]} if c != tied[0]]
            how = best[tied[0]].how if key == name else "spelling"
            return Place(tied[0], asked, tuple(others[:MOST_OTHERS]), how)
        return Nowhere(asked, self.names.nearest(asked))

    def typing(self, code: str) -> str:
        """Words that resolve to this area and no other: its name, its name with its kind, or its code."""
        area = self.geography[code]
        plain = undated(area.name)
        former = "former " if plain != area.name else ""
        for phrase in ("", f"{former}{area.kind}"):
            if self._ranked(words_of(plain), words_of(phrase))[1] == [code]:
                return f"{plain} {phrase}".strip().lower()
        return code.lower()

    def spans(self, words: Words) -> list[tuple[int, int]]:
        """Where place names, with their kind words, stand in a run of words; left to right, longest first."""
        found: list[tuple[int, int]] = []
        exact = len(words) > _MOST_SPELT
        i = 0
        while i < len(words):
            lead = _kind_at(words[i:])
            named = self.length(words[i + len(lead) :]) if lead else 0
            if named and self._has(words[i + len(lead) : i + len(lead) + named], lead):
                size = len(lead) + named
            elif size := self.length(words[i:], exact):
                trail = _kind_at(words[i + size :])
                # "coalville county" is two places; "coalville site" is one, even where there is no such site.
                if trail and (trail not in self.names.hits or self._has(words[i : i + size], trail)):
                    size += len(trail)
            if size:
                found.append((i, i + size))
            i += max(size, 1)
        return found

    def length(self, words: Words, exact: bool = True) -> int:
        """Length of the longest name that `words` begin with, by letter or (unless `exact`) by spelling."""
        for size in range(min(self.names.most_words + 1, len(words)), 0, -1):
            if words[:size] in self.names.hits or not (exact or self.names.spelt(words[:size]) is None):
                return size
        return 0

    def _has(self, name: Words, phrase: Words) -> bool:
        """Whether the name can mean an area of the kind that `phrase` says."""
        key = name if name in self.names.hits else self.names.spelt(name)
        return key is not None and bool(self._ranked(key, phrase)[1])

    @cached_property
    def _ranked(self) -> Callable[[Words, Words], tuple[dict[str, Hit], list[str]]]:
        """All that a name can mean, likeliest first; and those of the wanted kind that are equally likely.

        By name and kind phrase. The last few are remembered; callers do not change them.
        """
        return lru_cache(maxsize=_REMEMBERED)(self._rank_hits)

    def _rank_hits(self, key: Words, phrase: Words) -> tuple[dict[str, Hit], list[str]]:
        hits = self.names.hits.get(key, [])
        closest = min((h.level for h in hits), default=0)
        best: dict[str, Hit] = {}
        for hit in sorted(hits, key=self._rank):
            if hit.level < 3 or closest == 3:  # beginnings of larger areas help only where nothing else does
                best.setdefault(self.geography.base(hit.code), hit)
        suited = [code for code in best if _suits(self.geography[code], phrase)]
        return best, [c for c in suited if self._rank(best[c])[:-1] == self._rank(best[suited[0]])[:-1]]

    def _rank(self, hit: Hit) -> tuple[bool, bool, int, bool, int, bool, str]:
        """Sort key; two that differ only in the code at its end are equally meant."""
        area = self.geography[hit.code]
        return (
            hit.level > 1,
            # People of a partnership mean their own district by its name, though a ward may bear it too.
            hit.code != self.geography.district,
            _ORDER.index(area.kind),
            hit.code not in self._home,
            hit.level,
            area.vintage != BASE_VINTAGE,
            hit.code,
        )

    @cached_property
    def _home(self) -> frozenset[str]:
        """Codes in the partnership's own district."""
        return frozenset(code for code in self.geography.areas if self._inside(code))

    def _inside(self, code: str | None) -> bool:
        for _ in AreaKind:  # no chain of parents is longer than there are kinds
            if code is None or code == self.geography.district:
                return code is not None
            area = self.geography.areas.get(code)
            code = area.parent if area else None
        return False


def _readings(words: Words) -> Iterator[tuple[Words, Words]]:
    """(name, kind phrase): the whole as a name, then with a kind word taken off its end or its beginning."""
    yield words, ()
    for size in (2, 1):
        if words[-size:] in _KINDS and len(words) > size:
            yield words[:-size], words[-size:]
        if words[:size] in _KINDS and len(words) > size:
            yield words[size:], words[:size]


def _kind_at(words: Words) -> Words:
    """The kind phrase at the beginning of the words, or nothing."""
    return next((words[:size] for size in (2, 1) if words[:size] in _KINDS), ())


def _suits(area: Area, phrase: Words) -> bool:
    """Whether an area is of the kind that a kind phrase asks for; no phrase suits all."""
    if not phrase:
        return True
    return area.kind is _KINDS[phrase] and (phrase != _FORMER or undated(area.name) != area.name)
