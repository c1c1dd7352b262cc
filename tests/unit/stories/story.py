"""A story as a value: what a source tells, what was made up around it, and how it must be found."""

from __future__ import annotations

from dataclasses import dataclass

from rules.model import Direction, Month
from tests.unit.stories.county import OUR
from tests.unit.stories.world import World, Years


@dataclass(frozen=True)
class Story:
    """One line of the list of stories."""

    id: str
    told: str  # the figures of the source
    invented: str  # what the source does not say and the world needed
    rule: str
    series: str
    count: int
    span: int
    world: World
    area: str = OUR
    direction: Direction = "rise"
    leads: bool = False  # else it may be folded into a louder finding about the same
    says: str = ""  # a part of its note or caveats
    month: Month | None = None  # in which it is told, where that is not the world's last
    over: Month | None = None  # by when it has ended, or did not go on

    @property
    def when(self) -> Month:
        """The month in which it is told."""
        return self.month or self.world.month


def years(*totals: int, **exact: int) -> Years:
    """Totals of years, oldest first; exact months as `m2012_04=78`."""
    return Years(totals, {m[1:].replace("_", "-"): n for m, n in exact.items()})


def evenly(year: int, total: int) -> dict[str, int]:
    """A calendar year's total in months as alike as whole numbers allow, for `years`."""
    return {f"m{year}_{m:02}": total * m // 12 - total * (m - 1) // 12 for m in range(1, 13)}
