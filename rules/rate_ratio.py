"""Two rates side by side: how many times the one is the other, and how far chance alone reaches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

Reading = Literal["higher", "lower", "no clear difference"]


@dataclass(frozen=True, slots=True)
class RateRatio:
    """The first rate over the second with its 95 % interval; infinite where the second count is 0."""

    ratio: float
    lower: float
    upper: float

    @property
    def reading(self) -> Reading:
        """What may be said of the first against the second: only an interval without 1 in it says more."""
        if self.lower > 1:
            return "higher"
        return "lower" if self.upper < 1 else "no clear difference"


def rate_ratio(
    count: float, exposure: float, other: float, other_exposure: float, confidence: float = 0.95
) -> RateRatio | None:
    """Ratio of two Poisson rates with an exact interval; None where neither has a count: nothing is known.

    Given the sum of both, the first count is binomial with p = r e1 / (r e1 + e2) (Przyborowski and Wilenski
    1940, Biometrika 31, 313-323); the limits of p (Clopper and Pearson 1934, Biometrika 26, 404-413) turn
    into those of r. Counts are whole and not negative, exposures above 0: ValueError otherwise. The interval
    takes events to be independent of each other; where they cluster, the true one is wider.
    """
    if not (count >= 0 and other >= 0 and exposure > 0 and other_exposure > 0):  # NaN is none of these
        raise ValueError("a rate ratio needs counts of 0 or more and exposures above 0")
    if count + other == 0:
        return None
    tail, scale = (1 - confidence) / 2, other_exposure / exposure
    low = float(special.betaincinv(count, other + 1, tail)) if count else 0.0
    high = float(special.betaincinv(count + 1, other, 1 - tail)) if other else 1.0
    return RateRatio(_odds(count / (count + other)) * scale, _odds(low) * scale, _odds(high) * scale)


def _odds(p: float) -> float:
    return p / (1 - p) if p < 1 else math.inf
