"""Which series of a closed source are told as one table, from which of its data, and how small is small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobs.attention.clearance import class_of
from jobs.counting.baskets import baskets_of, parts_of
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection, remembered
from jobs.store.extracts import covered, series_of
from rules.disclosure import Mark
from rules.model import Classification, Month

VERSION = 1  # of what is told: facts stored under another one are judged and stored again
SENSITIVE_BELOW = 10  # trust.md: the smallest figure of a sensitive family
_SPANS = (1, 3, 12)  # finest first


@dataclass(frozen=True)
class Family:
    """The topmost series that a source can give, with all of its kind that it gives.

    It is told from one set of data alone (`span`, `dataset`): a second table of the same things, or a year
    beside its months, would be one more equation about what is hidden.
    """

    source: str
    root: str
    below: int  # figures of 1 to below-1 are not told
    sensitive: bool  # then nothing is told of places below the district
    span: int
    dataset: str | None
    parts: Mapping[str, tuple[str, ...]]  # each series of the family -> the series as stored
    kinds: Mapping[str, tuple[str, ...]]  # each series -> its nearest kinds, in the lexicon's order
    periods: Mapping[str, tuple[Month, ...]]  # each series -> the months that are known, of all time

    def whole(self, series: str) -> bool:
        """Whether the series is the root, or all that is given of it: the same figures by another name."""
        return series in self.parts and self.parts[series] == self.parts[self.root]

    def said(self, mark: Mark) -> str:
        """What stands in place of a figure that is not told: `<5` or `withheld`."""
        return f"<{self.below}" if mark is Mark.SMALL else "withheld"

    def tells(self, span: int, dataset: str | None) -> bool:
        """Whether these are the data that it is told from."""
        return (self.span, self.dataset) == (span, dataset)


def closed(source: SourceSettings) -> bool:
    """Whether small figures of this source are hidden."""
    return source.classification is not Classification.PUBLIC


def family_of(connection: Connection, house: House, source: SourceSettings, series: str) -> Family | None:
    """The family that a series belongs to in a closed source; None where the source does not give it."""
    held = {span: series_of(connection, source.id, span) for span in _SPANS}
    every = set().union(*(s for datasets in held.values() for s in datasets.values()))
    baskets, lexicon = baskets_of(source), house.lexicon
    given = [s for s in (series, *lexicon.ancestors(series)) if parts_of(s, every, baskets, lexicon)]
    if not given:
        return None
    root = given[-1]
    key = ("family", source.id, root, house.partnership.suppress_below)
    return remembered(connection, key, lambda: _made(connection, house, source, root, held))


def _made(
    connection: Connection,
    house: House,
    source: SourceSettings,
    root: str,
    held: dict[int, dict[str, set[str]]],
) -> Family | None:
    baskets, lexicon = baskets_of(source), house.lexicon
    for span in _SPANS:
        months = covered(connection, source.id, span=span)
        for dataset in [None] if span == 1 else sorted(held[span]):
            mine = {d: s for d, s in held[span].items() if dataset in (None, d) and d in months}
            carried = set().union(*mine.values()) if mine else set()
            parts = {s: p for s in lexicon.family(root) if (p := parts_of(s, carried, baskets, lexicon))}
            periods = {s: tuple(sorted(known_in(months, mine, p))) for s, p in parts.items()}
            if periods.get(root):
                classes = [class_of(source, s, lexicon) for s in parts]
                sensitive = Classification.SENSITIVE in classes
                floors = [lexicon[s].floor for s in parts]
                below = max(house.partnership.suppress_below, *floors, SENSITIVE_BELOW if sensitive else 0)
                kinds = {s: tuple(_nearest(s, parts, lexicon.children)) for s in parts}
                return Family(source.id, root, below, sensitive, span, dataset, parts, kinds, periods)
    return None


def _nearest(
    series: str, parts: Mapping[str, tuple[str, ...]], children: Mapping[str, tuple[str, ...]]
) -> Iterable[str]:
    for child in children.get(series, ()):
        if child in parts:
            yield child
        else:
            yield from _nearest(child, parts, children)


def known_in(
    months: Mapping[str, set[Month]], carried: Mapping[str, set[str]], parts: tuple[str, ...]
) -> set[Month]:
    """Months in which every part was published: a sum that lacks one would read as a fall."""
    each = [set().union(*(months[d] for d, held in carried.items() if part in held)) for part in parts]
    return set.intersection(*each) if each else set()
