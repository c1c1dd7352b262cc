"""Many looks at once: which of them may ring."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rules.baselines.tails import Floats

LEAST_NOVELTY = 0.25
PRIORITY = 1.5  # a series that the partnership chose to watch


def adjusted(p: Floats) -> Floats:
    """The false discovery rate at which each p-value would just be picked; NaN was not a look.

    Benjamini and Hochberg (1995, JRSS B 57, 289-300): the i-th smallest of m becomes the least of
    p(j) m / j over j >= i. Any shape; give mid-p values, which are nearly uniform for counts when nothing
    changed.
    """
    flat = np.asarray(p, dtype=float).ravel()
    order = np.argsort(flat, kind="stable")  # NaN go last
    m = int((~np.isnan(flat)).sum())
    found = np.full(flat.shape, np.nan)
    if m:
        steps = flat[order[:m]] * m / np.arange(1, m + 1)
        found[order[:m]] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return found.reshape(np.shape(p))


def discoveries(p: Floats, q: float) -> npt.NDArray[np.bool_]:
    """Which of the looks may ring so that at most a share `q` of those that do are false."""
    picked: npt.NDArray[np.bool_] = adjusted(p) <= q  # NaN is never
    return picked


def novelty(months_running: int) -> float:
    """1 for news, less for what has been told before, never under a quarter: it may still be serious."""
    return max(1.0 / max(months_running, 1), LEAST_NOVELTY)


def weight(score: float, *, priority: bool, running: int) -> float:
    """How much a finding weighs when a channel has less room than there are findings.

    Score (severity x evidence) x priority of the series x novelty. running: for how many months it has rung.
    """
    return score * (PRIORITY if priority else 1.0) * novelty(running)
