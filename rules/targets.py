"""A promise in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.month import Window


@dataclass(frozen=True, slots=True)
class Target:
    """A promise in figures: by how much a series is to fall or to rise, against what, and by when."""

    id: str
    title: str
    series: str
    area: str
    baseline: float | None  # None = what was recorded in `baseline_window`
    baseline_window: Window | None
    percent: float | None  # size of the change wanted, always positive; `direction` says which way
    value: float | None  # or the count to reach
    direction: Literal["increase", "decrease"]
    window: Window  # the months in which it is measured
    source: str

    def goal(self, baseline: float | None = None) -> float | None:
        """The count to reach. `baseline` is what was recorded, for targets that do not state it."""
        if self.value is not None:
            return self.value
        start = self.baseline if self.baseline is not None else baseline
        if start is None or self.percent is None:
            return None
        sign = 1 if self.direction == "increase" else -1
        return start * (1 + sign * self.percent / 100)
