"""Is there enough on record to judge a month, and did enough happen lately?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rules.baselines.farrington.design import Design, Flags, Floats, Integers
from rules.baselines.farrington.options import FarringtonOptions
from rules.baselines.farrington.result import Reason

_FEWEST_ALIKE = 2  # usable months in the reference window; its thinness widens the range


def enough(
    counts: Floats, judged: Integers, present: Flags, design: Design, options: FarringtonOptions
) -> Flags:
    """Which judged months have a baseline: (N, T), (K,), (N * K, n) -> (N * K,).

    The record reaches back as far as the options ask; at least half of those months, and two of the
    reference window (or its only one), are usable; and there is something left to estimate the
    dispersion from.
    """
    recorded = ~np.isnan(counts)
    first = np.where(recorded.any(axis=1), recorded.argmax(axis=1), counts.shape[1])
    long = judged[None, :] - first[:, None] >= options.history
    usable = present.sum(axis=1)
    parts = present @ design.member  # (N * K, P)
    alike = parts[:, 0] >= min(_FEWEST_ALIKE, design.window)
    half = 2 * usable >= min(options.history, design.months)
    spare = usable > 1 + (parts > 0).sum(axis=1)
    found: Flags = long.reshape(-1) & alike & half & spare
    return found


def recent(counts: Floats, judged: Integers, options: FarringtonOptions) -> npt.NDArray[np.int8]:
    """OK, TOO_FEW_CASES or MISSING by limit54, the judged month included: (N * K,)."""
    cases, months = options.limit54
    column = judged[:, None] - np.arange(months)[None, :]
    latest = counts[:, np.maximum(column, 0)]
    latest[:, column < 0] = 0.0  # before the record: nothing to add
    total = latest.sum(axis=2).reshape(-1)
    reason = np.where(total < cases, Reason.TOO_FEW_CASES, Reason.OK)
    return np.where(np.isnan(total), Reason.MISSING, reason).astype(np.int8)
