"""The words of a command, each taken for what it is: option, period, series, place, or not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.grammar.periods import Period, read_period
from bot.grammar.places import Chooser, Gazetteer, Nowhere
from bot.grammar.query import Place, Rank
from bot.grammar.typed import longest, series_names, words_of
from bot.grammar.verbs import Slot
from bot.words import shorten
from jobs.folder.lexicon import Lexicon
from rules.month import Window

MOST_TOP = 50
_LONGEST_PERIOD = 8  # tokens: "financial year 2019/20 to financial year 2021/22" has seven
_VERSUS = frozenset({"vs", "vs.", "versus", "v", "against"})
# Said around the words that matter, and without a meaning of their own here.
_FILLERS = frozenset((
    "a", "an", "area", "areas", "around", "at", "by", "crime", "crimes", "for", "from", "give", "how", "i",
    "in", "is", "many", "me", "month", "months", "my", "near", "of", "offences", "on", "over", "place",
    "please", "recorded", "s", "show", "tell", "to", "top", "us", "was", "what", "with", "year", "years",
))  # fmt: skip
_RANKS = {
    "rate": Rank.RATE, "rates": Rank.RATE,
    "count": Rank.COUNT, "counts": Rank.COUNT, "number": Rank.COUNT, "numbers": Rank.COUNT,
}  # fmt: skip
_BY = re.compile(r"by(?:[:=](?P<value>.*))?")
_TOP = re.compile(r"top(?:[:=]?(?P<value>\d.*)|[:=](?P<wrong>.*))?")


@dataclass
class Heard:
    """What was understood so far. `said` repeats it, slot and text, in a form that is understood again."""

    places: list[Place] = field(default_factory=list)  # each area once
    series: list[str] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)
    tops: list[int] = field(default_factory=list)
    word: str = ""
    share: bool = False
    choosers: list[Chooser] = field(default_factory=list)
    nowhere: list[Nowhere] = field(default_factory=list)  # the name is known, not as that kind of area
    unknown: list[str] = field(default_factory=list)  # phrases of neighbouring words that mean nothing here
    wrong: list[str] = field(default_factory=list)  # sentences: what an option takes
    said: list[tuple[Slot, str]] = field(default_factory=list)

    @property
    def only_one_place(self) -> bool:
        """Whether a place, clear or not, is all there is."""
        found = len(self.places) + len(self.choosers) + len(self.nowhere)
        return found == 1 and not (self.series or self.periods or self.ranks or self.tops or self.wrong)

    @property
    def two_periods(self) -> tuple[Window, Window] | None:
        """Two named periods that can be set side by side, the earlier first: equally long, months apart."""
        windows = [p.window for p in dict.fromkeys(self.periods) if p.window]
        if len(windows) != 2 or len(set(self.periods)) != 2:
            return None
        old, new = sorted(windows)
        return (old, new) if old.months == new.months and old.last < new.first else None


class Hearing:
    """Goes through the tokens once; a run of words between options is read for series, then for places."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon, keywords: Sequence[str]) -> None:
        self._gazetteer = gazetteer
        self._names = series_names(lexicon.series)
        self._keywords = keywords
        self._tokens: Sequence[str] = ()
        self._run: list[tuple[str, int]] = []  # comparable word, index of the token it came from
        self.heard = Heard()

    def hear(self, tokens: Sequence[str]) -> Heard:
        """Read tokens as `periods.split` leaves them; an empty one separates what stands around it."""
        self._tokens = tokens
        low = [t.lower() for t in tokens]
        i = 0
        while i < len(low):
            if used := self._option(low[i : i + 2]) or self._period(low[i : i + _LONGEST_PERIOD]):
                self._finish_run()
                i += used
                continue
            if low[i] in _VERSUS or not low[i]:
                self._finish_run()
            else:
                self._run.extend((word, i) for word in words_of(low[i]))
            i += 1
        self._finish_run()
        return self.heard

    def _option(self, low: Sequence[str]) -> int:
        """by:, top:, share and the command's own keywords: how many tokens it takes, 0 when it is none."""
        following = low[1] if len(low) > 1 else ""
        if match := _BY.fullmatch(low[0]):
            return self._by(match["value"], following)
        if match := _TOP.fullmatch(low[0]):
            return self._top(match["value"] or match["wrong"], following)
        if low[0] == "share":
            self.heard.share = True
        elif low[0] in self._keywords:
            self.heard.word = low[0]
        else:
            return 0
        return 1

    def _by(self, value: str | None, following: str) -> int:
        rank = _RANKS.get(following if value is None else value)
        if rank is not None:
            self.heard.ranks.append(rank)
            self.heard.said.append(("by", f"by:{rank}"))
            return 1 + (value is None)
        if value is None:
            return 0
        self.heard.wrong.append("by: takes count or rate, as in by:rate.")
        return 1

    def _top(self, value: str | None, following: str) -> int:
        number = following if value is None else value
        if value is None and not number.isdecimal():
            return 0
        if number.isdecimal() and 1 <= int(number[:4]) <= MOST_TOP:
            self.heard.tops.append(int(number))
            self.heard.said.append(("top", f"top:{int(number)}"))
        else:
            self.heard.wrong.append(f"top: takes a number from 1 to {MOST_TOP}, as in top:5.")
        return 1 + (value is None)

    def _period(self, low: Sequence[str]) -> int:
        found = read_period(low)
        if found is None:
            return 0
        self.heard.periods.append(found[0])
        self.heard.said.append(("window", " ".join(low[: found[1]]).replace(" .. ", "..")))
        return found[1]

    def _finish_run(self) -> None:
        run, self._run = self._run, []
        words = tuple(word for word, _ in run)
        start = i = 0
        while i < len(words):
            named = longest(self._names, words[i:])
            # "coalville fire station" is a place though "fire" is a series: the longer name has it.
            placed = self._gazetteer.length(words[i:])
            if named >= max(placed, 1):
                self._read_places(run[start:i])
                series = self._names[words[i : i + named]]
                self.heard.series.append(series)
                self.heard.said.append(("series", series))
                start = i = i + named
            else:
                i += max(placed, 1)
        self._read_places(run[start:])

    def _read_places(self, run: Sequence[tuple[str, int]]) -> None:
        words = tuple(word for word, _ in run)
        done = 0
        for start, stop in self._gazetteer.spans(words):
            self._leave(run[done:start])
            done = stop
            name = " ".join(words[start:stop])
            match self._gazetteer.find(name):
                case Place() as place:
                    self._take(replace(place, asked=shorten(self._typed(run[start:stop]), 100)), name)
                case Chooser() as chooser:
                    self.heard.choosers.append(chooser)
                case nowhere:
                    self.heard.nowhere.append(nowhere)
        self._leave(run[done:])

    def _take(self, place: Place, name: str) -> None:
        if place.code not in {p.code for p in self.heard.places}:
            self.heard.places.append(place)
            # A misspelt name is repeated as it should be spelt.
            text = self._gazetteer.typing(place.code) if place.how == "spelling" else name
            self.heard.said.append(("place", text))

    def _leave(self, run: Sequence[tuple[str, int]]) -> None:
        """Keep what is not understood, neighbours together, without fillers."""
        phrase: list[tuple[str, int]] = []
        for word, i in (*run, ("a", -1)):  # a filler at the end closes the last phrase
            if word not in _FILLERS:
                phrase.append((word, i))
            elif phrase:
                self.heard.unknown.append(self._typed(phrase))
                phrase = []

    def _typed(self, run: Sequence[tuple[str, int]]) -> str:
        """The tokens that a run of words came from, as they were typed."""
        return " ".join(self._tokens[run[0][1] : run[-1][1] + 1])
