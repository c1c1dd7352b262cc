"""Many looks at once: which of them may ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rules.baselines.tails import Floats
from rules.findings import Finding

LEAST_NOVELTY = 0.25


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


def within_budget(
    findings: Sequence[Finding],
    cap: int,
    *,
    priority: Callable[[Finding], float] = lambda _: 1.0,
    running: Callable[[Finding], int] = lambda _: 1,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings of a month that are worth a message, and the rest, loudest first.

    Weight = severity x evidence (both are in the score) x priority of the series x novelty. Findings
    folded into another one are told with it and take no room. `running`: for how many months it has rung.
    """

    def weight(f: Finding) -> tuple[float, str]:
        return (-f.score * priority(f) * novelty(running(f)), f.fingerprint)

    alone = sorted((f for f in findings if not f.parents), key=weight)
    return tuple(alone[:cap]), tuple(alone[cap:])
