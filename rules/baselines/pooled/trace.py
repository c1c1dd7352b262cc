"""A level's history: what was known of it when each month began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rules.baselines.pooled.level import Level


class Trace:
    """What was known of each row when each month began; arrays (months, rows)."""

    _OF_LEVEL = ("rate", "variance", "slope", "both", "slope_variance", "squares", "freedom")

    def __init__(self, months: int, rows: int) -> None:
        shape = (months, rows)
        self.rate, self.variance, self.slope, self.both = (np.empty(shape) for _ in range(4))
        self.slope_variance, self.squares, self.freedom = (np.empty(shape) for _ in range(3))
        # Learned in the month itself about its calendar month: relative innovation x precision, precision.
        self.surprise, self.precision = np.zeros(shape), np.zeros(shape)

    def note(self, k: int, level: Level) -> None:
        """Month `k` begins."""
        for name in self._OF_LEVEL:
            getattr(self, name)[k] = getattr(level, name)
