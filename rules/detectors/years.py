"""Two years side by side: the 12 months that end with the month judged, and the 12 before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from rules.baselines.tails import Floats
from rules.claims import Claimant
from rules.detectors.choose import Hit
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Direction, Window

YEAR = 12


@dataclass(frozen=True)
class Years:
    """Monthly counts of both years, shape (series, areas, 24), and the same of the rest of the county.

    NaN where a month was not published, lies in a registered break, or lies before a point that no
    comparison may cross. Months of events stay in: both years have their June.
    """

    own: Floats
    rest: Floats

    def sums(self, monthly: Floats) -> tuple[Floats, Floats]:
        """The later and the earlier year of an array that ends in 24 months; NaN where one is missing."""
        return monthly[..., YEAR:].sum(axis=-1), monthly[..., :YEAR].sum(axis=-1)


def two_years(judged: Judgement, *, relative: bool = False) -> Years | None:
    """Both years up to the month judged; None when the cube does not reach back that far.

    `relative` lets in the months that only comparisons with the county may use.
    """
    return judged.once(("two years", relative), lambda: _two_years(judged, relative=relative))


def _two_years(judged: Judgement, *, relative: bool) -> Years | None:
    cube, start = judged.cube, judged.index - 2 * YEAR + 1
    if start < 0:
        return None
    # Without the calendar: `usable` would take out every June of a place with a festival.
    usable = judged.allowed(relative=relative, calendar=False)[:, :, start : judged.index + 1]
    counts = cube.counts[:, :, start : judged.index + 1]
    own = np.where(usable & (judged.since <= start)[:, :, None], counts, np.nan)
    county = counts[:, [cube.areas.index(judged.context.county)]]
    rest = np.where(np.isnan(own), np.nan, county - counts)
    return Years(own, rest)


def pairs(judged: Judgement, given: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Indices of (part, whole) for the names of both that the cube has."""
    names = {name: i for i, name in enumerate(judged.cube.series)}
    yield from ((names[p], names[w]) for p, w in given.items() if p in names and w in names)


def parent_of(judged: Judgement, s: int) -> int | None:
    """Index of the series that this one is part of, where the cube has it."""
    parent = judged.context.series[judged.cube.series[s]].parent
    return judged.cube.series.index(parent) if parent in judged.cube.series else None


def may_name(judged: Judgement, s: int, other: int) -> bool:
    """Whether figures of `other` may stand in a note about `s`: never of a series with fewer readers."""
    series, names = judged.context.series, judged.cube.series
    return series[names[other]].classification.rank <= series[names[s]].classification.rank


def upper_tail(z: float) -> float:
    """P(Z >= z) of the standard normal."""
    return float(special.ndtr(-z))


def year_hit(
    judged: Judgement, s: int, a: int, *, count: float, mean: float, sd: float, p: float,
    direction: Direction, note: str, told: Claimant,
) -> Hit:  # fmt: skip
    """A year's count against what the year before lets expect; `p` is one-sided, towards `direction`.

    `told` made the figures of the note.
    """
    rise = direction == "rise"
    expected = Expected(
        mean=mean, lower=max(np.floor(mean - 1.96 * sd), 0.0), upper=float(np.ceil(mean + 1.96 * sd)),
        dispersion=max(sd * sd / mean, 1.0) if mean > 0 else 1.0,
        p_high=p if rise else 1 - p, p_low=1 - p if rise else p,
        months=YEAR, window=Window.ending(judged.month + -YEAR, YEAR), basis="here",
    )  # fmt: skip
    return Hit(s, a, p, expected=expected, note=note, count=int(count), span=YEAR, claims=tuple(told.made))
