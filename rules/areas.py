"""Areas side by side: the partnership's own count bands, rates, change between two windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from rules.claims import UNUSUAL_Z

Floats = npt.NDArray[np.float64]

RANKABLE = 10  # below this many events a rank says little: "too few to rank firmly"


class Band(StrEnum):
    """How an area's count stands among the county's LSOAs."""

    VERY_HIGH = "Very Significantly High"
    HIGH = "Significantly High"
    ABOVE = "Above Average"
    AVERAGE = "Average"


@dataclass(frozen=True, slots=True)
class Bands:
    """Cut-offs over the counts of the county's LSOAs: mean, mean + 1 SD, mean + 2 SD.

    Inferred from the printed tables of the 2012 assessment, whose bands follow the count in all eleven
    tables and the rate in six. A band is a comparison, not a significance test.
    """

    mean: float
    sd: float
    areas: int

    @classmethod
    def over(cls, counts: Floats) -> Bands:
        """From one count per LSOA of the county, zeros included; population SD; NaN where none is known."""
        known = counts[~np.isnan(counts)]
        if not len(known):
            return cls(math.nan, math.nan, 0)
        return cls(float(known.mean()), float(known.std()), len(known))

    def of(self, count: float) -> Band:
        """The band of one count."""
        if count > self.mean + 2 * self.sd:
            return Band.VERY_HIGH
        if count > self.mean + self.sd:
            return Band.HIGH
        return Band.ABOVE if count > self.mean else Band.AVERAGE

    @property
    def cuts(self) -> tuple[float, float, float]:
        """More than this is above average, significantly high, very significantly high."""
        return (self.mean, self.mean + self.sd, self.mean + 2 * self.sd)


def z_change(new: float, old: float) -> float:
    """2(sqrt(new) - sqrt(old)): about normal with variance 2 when nothing changed (Freeman and Tukey 1950).

    Against a known mean it would be 1; here both years are counts. A z of 3 is thus 2.1 standard deviations.
    """
    return 2 * (math.sqrt(new) - math.sqrt(old))


def z_changes(new: Floats, old: Floats) -> Floats:
    """`z_change` of many areas at once; NaN where either is unknown."""
    changes: Floats = 2 * (np.sqrt(new) - np.sqrt(old))
    return changes


def ranks(counts: Floats) -> Floats:
    """Places along the last axis, 1 = highest; equal counts share the better place; NaN has none."""
    ordered = np.sort(-counts, axis=-1)  # NaN go last
    flat, lines = -counts.reshape(-1, counts.shape[-1]), ordered.reshape(-1, counts.shape[-1])
    places = np.array([np.searchsorted(o, c, side="left") + 1.0 for o, c in zip(lines, flat, strict=True)])
    found: Floats = np.where(np.isnan(counts), np.nan, places.reshape(counts.shape))
    return found


def moved(new: float, old: float) -> bool:
    """Whether a change is more than usual variation: |z| >= 3, which one unchanged pair in thirty reaches.

    Under Poisson counts the two-sided error rate is .034, not the .0027 of three standard deviations, and
    more where months are over-dispersed: a choice of words for two years side by side, never an alert.
    """
    return abs(z_change(new, old)) >= UNUSUAL_Z
