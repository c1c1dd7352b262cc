"""Exact comparison of two small counts, each with its own remainder."""

from __future__ import annotations

import numpy as np
from scipy import special


def fisher_mid_p(part: float, whole: float, part_before: float, whole_before: float) -> float:
    """P of this many or more in the later period given all margins, mid-p.

    Fisher's exact test (Fisher 1935), counting half of the table itself (Lancaster 1961): conditional on how
    often the part and the whole occurred in both periods together, its later count is hypergeometric. It is
    the conditional binomial with the remainder's own chance taken in.
    """
    k, drawn, total = part + part_before, whole, whole + whole_before
    low, high = max(0.0, k - whole_before), min(k, drawn)
    middle = k * drawn / max(total, 1)
    # Terms further out than this are under 1e-16 of the sum; millions of them take seconds.
    reach = max(part, middle) + 12 * np.sqrt(middle) + 30
    at = np.arange(max(part, low), min(high, np.ceil(reach)) + 1)
    logs = _log_choose(k, at) + _log_choose(total - k, drawn - at) - _log_choose(total, drawn)
    chance = np.exp(logs)
    return float(min(chance[at > part].sum() + chance[at == part].sum() / 2, 1.0))


def _log_choose(
    n: float, k: np.ndarray[tuple[int], np.dtype[np.float64]] | float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    chosen = np.asarray(k, dtype=np.float64)
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        special.gammaln(n + 1) - special.gammaln(chosen + 1) - special.gammaln(n - chosen + 1)
    )
    return found
