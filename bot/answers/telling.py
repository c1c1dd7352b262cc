"""A family card with what is needed to put it into words; figures in people's form."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot import words
from jobs.figures.family_card import Card, Open, Spot
from jobs.figures.sums import whole
from jobs.figures.told import Told
from jobs.folder.lexicon import Lexicon
from rules.model import Area

_NEAR = 5  # of those that touch, in the table, besides all that rose


@dataclass(frozen=True)
class Telling:
    """A card and what is needed to put it into words."""

    lexicon: Lexicon
    area: Area
    card: Card
    columns: tuple[str, ...]  # series that are wanted beside it
    seen: Open
    age: int  # months since the newest month of the source

    @property
    def near(self) -> tuple[Spot, ...]:
        """The LSOAs that touch the place and have a figure."""
        return tuple(s for s in self.card.spots if s.touches and known(s.count))

    @property
    def rose(self) -> tuple[Spot, ...]:
        """Those of them that rose by more than usual variation."""
        return tuple(s for s in self.near if (c := change(s.count, s.before)) and c.unusual and c.new > c.old)

    @property
    def shown(self) -> tuple[Spot, ...]:
        """What the table has: the highest of the place, then the highest that touch it and all that rose."""
        near = [s for s in self.card.spots if s.touches]
        keep = {s.code for s in (*near[:_NEAR], *self.rose)}
        return tuple(s for s in self.card.spots if not s.touches or s.code in keep)

    def lower(self, series: str) -> str:
        """A series by its title, as it stands inside a sentence."""
        title = self.lexicon[series].title
        return title[:1].lower() + title[1:]


def known(told: Told) -> bool:
    """Whether it is a figure: given, and not withheld."""
    return told is not None and not math.isnan(told)


def change(new: Told, old: Told) -> words.Change | None:
    """Two counts compared; None where one of them is no figure."""
    if new is None or old is None or not (known(new) and known(old)):
        return None
    return words.Change(int(new), int(old))


def told(count: Told) -> str:
    """`1,234`, `withheld`, or `-` where the source gives none."""
    if count is None:
        return "-"
    return words.counted(whole(count))
