"""The months of the year in which a series is high, and how many years say so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from rules.baselines.pooled.season import DAYS
from rules.baselines.tails import Floats
from rules.context import Context
from rules.model import Cube, Month, Window

YEAR, HALF = 12, 6
LEAST_YEARS = 2  # times that every calendar month must have been seen
ALPHA = 0.01  # of all twelve months together: without it no month is called high or low
CLEAR_Z = 1.96  # of one month, once there is a season at all (Fisher's protected comparisons)
CLEAR_CHANGE = 0.1  # and at least this far from an average month
_MOST = 2 / 3  # of its years must lie on that side: one festival, or one bad June, is no season


@dataclass(frozen=True)
class SeasonProfile:
    """Calendar months against an average month of their own time; January is the first of each twelve."""

    factors: tuple[float, ...]  # per day; 1.2 = a fifth above the average
    seen: tuple[int, ...]  # in how many years
    above: tuple[int, ...]  # and in how many of them above the average
    z: tuple[float, ...]
    p: float  # that months alike would differ as much
    window: Window  # the months compared

    @property
    def years(self) -> int:
        """How many years are behind every month of it, at least."""
        return min(self.seen)

    @property
    def peaks(self) -> tuple[int, ...]:
        """Calendar months (1 = January) that are clearly high; empty where no season shows."""
        return tuple(m + 1 for m in range(YEAR) if self._clear(m, 1))

    @property
    def lows(self) -> tuple[int, ...]:
        """Calendar months that are clearly low."""
        return tuple(m + 1 for m in range(YEAR) if self._clear(m, -1))

    def _clear(self, m: int, sign: int) -> bool:
        far = self.p < ALPHA and sign * self.z[m] >= CLEAR_Z
        far &= sign * (self.factors[m] - 1) >= CLEAR_CHANGE
        side = self.above[m] if sign > 0 else self.seen[m] - self.above[m]
        return far and side >= _MOST * self.seen[m]


def season_profile(row: Floats, first: Month) -> SeasonProfile | None:
    """From monthly counts, shape (months,), NaN = not published or not to be used.

    Ratios to a centred average of twelve months, so that a rise or fall over the years is no season (the
    classical decomposition); a count per day, because February is short. z is Poisson's with the months' own
    over-dispersion, and p that of F for all twelve, the dispersion being an estimate. None where a calendar
    month was not seen in two years: with the half years that the average takes at both ends, three whole
    years are enough.
    """
    index = np.arange(len(row))
    calendar = (index + first.number - 1) % YEAR
    level = _centred(row / DAYS[calendar]) * DAYS[calendar]
    known = ~np.isnan(level) & ~np.isnan(row) & (level > 0)
    months = np.eye(YEAR)[calendar[known]]
    seen = months.sum(axis=0)
    if not known.any() or seen.min() < LEAST_YEARS:
        return None
    counts, fitted = row[known], level[known]
    factors = (counts @ months) / (fitted @ months)
    each = fitted * factors[calendar[known]]
    freedom = max(int(known.sum()) - YEAR, 1)
    phi = max(float(((counts - each) ** 2 / np.maximum(each, 0.1)).sum()) / freedom, 1.0)
    z = (counts @ months - fitted @ months) / np.sqrt(phi * (fitted @ months))
    inside = index[known]
    return SeasonProfile(
        tuple(factors.tolist()), tuple(int(n) for n in seen),
        tuple(int(n) for n in (counts > fitted).astype(float) @ months), tuple(z.tolist()),
        float(special.fdtrc(YEAR - 1, freedom, (z**2).sum() / (YEAR - 1))),
        Window(first + int(inside[0]), first + int(inside[-1])),
    )  # fmt: skip


def profile_of(cube: Cube, context: Context, series: str, area: str) -> SeasonProfile | None:
    """The profile of a series in an area of the cube; festivals are part of it, masked months are not."""
    s, a = cube.series.index(series), cube.areas.index(area)
    plain = Context(context.areas, context.series, context.district, context.county, breaks=context.breaks)
    usable = plain.usable(cube, relative=False)[s, a]
    start = int(plain.since(cube, cube.last)[s, a])
    row = np.where(usable & (np.arange(len(usable)) >= start), cube.counts[s, a], np.nan)
    return season_profile(row, cube.first)


def _centred(row: Floats) -> Floats:
    """The 2 x 12 moving average; NaN at the ends and around a month that is not known."""
    found = np.full(len(row), np.nan)
    if len(row) > YEAR:
        weights = np.array([0.5, *[1.0] * (YEAR - 1), 0.5]) / YEAR
        found[HALF:-HALF] = np.lib.stride_tricks.sliding_window_view(row, YEAR + 1) @ weights
    return found
