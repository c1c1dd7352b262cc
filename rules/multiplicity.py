"""Many looks at once: which of them may ring."""

from __future__ import annotations

from collections.abc import Callable

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


def rings(
    p: Floats, may: npt.NDArray[np.bool_], in_vain: Callable[[float], float], q: float
) -> npt.NDArray[np.bool_]:
    """Which of those that `may` ring do, so that at most a share `q` of them is expected to be false.

    Benjamini and Hochberg's step-up where most looks could hardly ring: a count too small to matter never
    does, and counts come in steps. `in_vain(t)` is how many of all looks would ring with a p of at most t
    if nothing changed anywhere (Heyse 2011, J. Statist. Soc. India 49; after Tarone 1990, Biometrics 46,
    515-522): with m looks that can all ring it is m t, and this is Benjamini and Hochberg's own procedure.
    """
    found: npt.NDArray[np.bool_] = np.zeros(np.shape(p), dtype=bool)
    candidates = np.sort(p[may])
    for j in range(len(candidates), 0, -1):
        limit = float(candidates[j - 1])
        if in_vain(limit) <= q * j:
            found = may & (p <= limit)
            break
    return found


def novelty(months_running: int) -> float:
    """1 for news, less for what has been told before, never under a quarter: it may still be serious."""
    return max(1.0 / max(months_running, 1), LEAST_NOVELTY)


def weight(score: float, *, priority: bool, running: int) -> float:
    """How much a finding weighs when a channel has less room than there are findings.

    Score (severity x evidence) x priority of the series x novelty. running: for how many months it has rung.
    """
    return score * (PRIORITY if priority else 1.0) * novelty(running)
