"""What is expected of one month, everywhere at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rules.baselines.tails import Floats, mid_p, quantile

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of one month, arrays of shape (series, areas); NaN where not judged."""

    mean: Floats
    factor: Floats  # predictive variance / mean
    months: Floats  # usable baseline months
    first: Floats  # index of the first and last baseline month used
    last: Floats
    level: Floats  # mean = level * exposure of the month
    exposure: Floats  # (series, areas, months): the season, or what the rest of the county recorded
    phi: Floats  # dispersion; factor = phi + mean * doubt
    doubt: Floats
    plain: Floats  # exposure without what events add to it
    own: Floats  # (series, areas): variance of the log season, or share, around what is borrowed
    unsure: Floats  # (series, 12): variance of the log of the borrowed month factors, January first

    def history(self, s: int, a: int) -> tuple[Floats, Floats, Floats]:
        """Mean and 95 % range of every month of one row, as this baseline sees them: shape (months,)."""
        mean = self.level[s, a] * self.exposure[s, a]
        factor = self.phi[s, a] + mean * self.doubt[s, a]
        return mean, quantile(0.025, mean, factor), quantile(0.975, mean, factor)

    def tails(self, count: Floats) -> tuple[Floats, Floats]:
        """Mid-p of `count` or more, and of `count` or fewer."""
        return mid_p(count, self.mean, self.factor)

    def interval(self) -> tuple[Floats, Floats]:
        """The 95 % predictive range."""
        return quantile(0.025, self.mean, self.factor), quantile(0.975, self.mean, self.factor)
