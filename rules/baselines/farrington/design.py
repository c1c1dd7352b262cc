"""Which months a judged month is compared with, and which of them form its reference window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from rules.baselines.farrington.options import MONTHS, FarringtonOptions

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Design:
    """The baseline of a judged month, oldest month first; n months, P levels.

    It is written relative to the judged month, so one design serves every series and every judged month.
    """

    offsets: Integers  # (n,) months before the judged month
    level: Integers  # (n,) level of the seasonal factor; 0 = the reference window
    levels: int  # P
    months: int  # in a whole baseline, also where the record is shorter
    window: int  # of them in the reference window

    @classmethod
    def of(cls, options: FarringtonOptions) -> Design:
        """The seasonal factor of Noufaily et al. (2013), in months.

        The 2w+1 months around the judged month's anniversaries are level 0; the rest of the year is cut into
        noPeriods - 1 stretches, as equal as whole months allow. With noPeriods = 1 only the windows remain.
        """
        oldest = MONTHS * options.b + options.w
        offsets = np.arange(oldest, options.past_weeks_not_included, -1)
        window = 2 * options.w + 1
        phase = (offsets + options.w) % MONTHS  # 0..2w lies in a window
        stretch = 1 + ((phase - window) * (options.no_periods - 1)) // (MONTHS - window)
        level = np.where(phase < window, 0, stretch)
        if options.no_periods == 1:
            offsets, level = offsets[phase < window], level[phase < window]
        return cls(offsets, level, options.no_periods, len(offsets), int(np.sum(level == 0)))

    def reaching(self, months: int) -> Self:
        """Without the months further back than that: before a short record there is nothing to add up.

        What a baseline must hold is still measured against the whole one.
        """
        kept = self.offsets <= max(months, int(self.offsets.min()))
        return replace(self, offsets=self.offsets[kept], level=self.level[kept])

    @cached_property
    def centre(self) -> float:
        """Mean offset: time is counted from there, for the sake of rounding."""
        return float(self.offsets.mean())

    @cached_property
    def time(self) -> Floats:
        """(n,) months since the centre of the baseline; the judged month is at `centre`."""
        time: Floats = self.centre - self.offsets.astype(np.float64)
        return time

    @cached_property
    def member(self) -> Floats:
        """(n, P) 1 where a month belongs to a level: sums over levels are matrix products."""
        return np.eye(self.levels)[self.level]

    @cached_property
    def moments(self) -> Floats:
        """(n, 3P) member, member x time, member x time squared: all sums of a Newton step at once."""
        time = self.time[:, None]
        return np.hstack([self.member, self.member * time, self.member * time**2])

    def windows(self, values: Floats, judged: Integers) -> Floats:
        """Baselines of every judged month: (N, T) -> (N * K, n); NaN before the first month."""
        column = judged[:, None] - self.offsets[None, :]
        found = values[:, np.maximum(column, 0)]
        found[:, column < 0] = np.nan
        return found.reshape(-1, len(self.offsets))
