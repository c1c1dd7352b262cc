"""What the algorithm says: one array a figure, one reason a judged month."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from rules.baselines.farrington.design import Flags, Floats


class Reason(IntEnum):
    """Why there is, or is no, verdict."""

    OK = 0
    TOO_FEW_CASES = 1  # limit54: fewer cases lately than a verdict needs
    MISSING = 2  # the judged month, or one that limit54 counts, was not published
    NOT_ENOUGH_HISTORY = 3

    @property
    def code(self) -> str:
        """As written in tables: `too-few-cases`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class FarringtonResult:
    """Arrays of shape (N, K): N series, K judged months, oldest first.

    Where `reason` is NOT_ENOUGH_HISTORY all floats are NaN. `upper` is NaN unless `reason` is OK, as in R;
    the other figures are given wherever a model could be fitted (p and score need the count).
    """

    expected: Floats
    lower: Floats
    upper: Floats
    trend: Flags  # the model kept its trend
    trend_coefficient: Floats  # change of log mean a month; NaN without a trend
    dispersion: Floats  # variance / mean, >= 1
    standard_error: Floats  # of log(expected)
    p: Floats  # P(this many or more)
    p_low: Floats  # P(this many or fewer)
    score: Floats  # (count - expected) / (upper - expected); above 1 rings. NaN where upper <= expected
    alarm: npt.NDArray[np.int8]  # 1 unusually many, -1 unusually few (only with both_tails), 0 neither
    downweighted: npt.NDArray[np.int16]  # baseline months weighted down
    reason: npt.NDArray[np.int8]  # values of Reason

    @classmethod
    def blank(cls, series: int, months: int) -> FarringtonResult:
        """Nothing judged yet."""
        shape = (series, months)

        def unknown() -> Floats:
            return np.full(shape, np.nan)

        return cls(
            expected=unknown(),
            lower=unknown(),
            upper=unknown(),
            trend=np.zeros(shape, np.bool_),
            trend_coefficient=unknown(),
            dispersion=unknown(),
            standard_error=unknown(),
            p=unknown(),
            p_low=unknown(),
            score=unknown(),
            alarm=np.zeros(shape, np.int8),
            downweighted=np.zeros(shape, np.int16),
            reason=np.full(shape, Reason.NOT_ENOUGH_HISTORY, np.int8),
        )

    def put(self, series: slice, rows: Flags, values: dict[str, npt.NDArray[np.generic]]) -> None:
        """Fill in the flagged rows of a run of series; (rows,) counts judged months, series by series."""
        for name, value in values.items():
            target = getattr(self, name)[series]
            target.reshape(-1)[rows] = value  # a run of whole series is contiguous: this is a view
