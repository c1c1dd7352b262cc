"""The name of an event as people type it, with or without a year: which entries of the calendar are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.grammar.periods import Period, read_period, split
from bot.grammar.typed import words_of
from rules.model import Event, Window

Kind = tuple[str, str]  # name and area: events that are compared with one another
_FILLERS = frozenset({"a", "an", "at", "in", "of", "year", "s", "event", "for", "on", "last", "latest"})
_ALIKE = 75  # of 100: "downlod" is 93 like "download", "motor" 55 like "motogp"
_LEAST = 3  # letters of a beginning: "super" means Superbike


@dataclass(frozen=True, slots=True)
class Occasion:
    """One kind of event; `window` the months asked for, None = the newest; `others` also have that name."""

    kind: Kind
    window: Window | None
    others: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class NoOccasion:
    """No event has that name; `nearest` are names that look like it."""

    asked: str
    nearest: tuple[str, ...]


def read_occasion(text: str, events: Sequence[Event]) -> Occasion | NoOccasion | None:
    """Words in any order, a year or month among them; None for nothing but a time or nothing at all.

    Of several kinds with the words those in the time asked for come first, then the one held most often.
    """
    said, window = _parted(text)
    if not said:
        return None
    count = Counter((e.name, e.area) for e in events)
    kinds = [kind for kind in count if _has(kind[0], said)]
    if not kinds:
        return NoOccasion(" ".join(said), _nearest(said, (name for name, _ in count)))
    inside = {(e.name, e.area) for e in events if window and any(m in window for m in e.months)}
    kinds.sort(key=lambda kind: (kind not in inside, -count[kind], kind))
    return Occasion(kinds[0], window, tuple(kinds[1:]))


def read_window(text: str) -> Window | None:
    """The period in a text, if there is one."""
    return _parted(text)[1]


def _parted(text: str) -> tuple[list[str], Window | None]:
    """The words of the name, and the period that stands among them."""
    tokens, said, found = split(text.lower().split()), [], None
    i = 0
    while i < len(tokens):
        period: tuple[Period, int] | None = read_period(tokens[i:])
        if period is not None and period[0].window is not None:
            found, i = period[0].window, i + period[1]
            continue
        said += [word for word in words_of(tokens[i]) if word not in _FILLERS]
        i += 1
    return said, found


def _has(name: str, said: Sequence[str]) -> bool:
    """Whether every word said is a word of the name, or the beginning of one."""
    own = words_of(name)
    return all(any(w == o or (len(w) >= _LEAST and o.startswith(w)) for o in own) for w in said)


def _nearest(said: Sequence[str], names: Iterable[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz

    scored = {
        name: max(fuzz.ratio(word, own) for word in said for own in words_of(name)) for name in sorted(names)
    }
    return tuple(sorted((n for n, s in scored.items() if s >= _ALIKE), key=lambda n: -scored[n])[:3])
