"""Whether a movement of several months would be there without its most extreme one."""

from __future__ import annotations

import numpy as np

from rules.baselines.past import Past
from rules.baselines.pooled import Bools
from rules.baselines.tails import Floats
from rules.baselines.windows import Compared, compare
from rules.model import Direction

_REST_ALPHA = 0.05
_REST_SHARE = 0.4  # of the excess must lie in the other months


def steady(old: Past, both: Compared, months: int, direction: Direction) -> Bools:
    """(series, areas) True where no single month makes the movement.

    `both`: the comparison of the last `months` months. Where the rest cannot be judged: no objection.
    """
    sign = 1 if direction == "rise" else -1
    now = old.span(months)
    each = np.where(np.isnan(both.here.mean)[:, :, None], both.county.each, both.here.each)
    away: Floats = (old.counts - each) * sign
    furthest = np.where(now, np.nan_to_num(away, nan=-np.inf), -np.inf).argmax(axis=2)
    left_out = np.arange(old.counts.shape[2]) == furthest[:, :, None]
    rest = compare(old, months, left_out)
    excess, of = (rest.count - rest.mean) * sign, (both.count - both.mean) * sign
    found: Bools = ~(rest.joint(direction) >= _REST_ALPHA) & ~(excess < _REST_SHARE * of)
    return found
