"""Variance over mean, shrunken towards rows alike: of the same kind, and of about the same size.

Busy places are more dispersed than quiet ones, so a pool of all sizes would ring too seldom in the one and
too often in the other. How far a row is drawn to its pool depends on how much rows of the pool really
differ (Smyth 2004: the pool counts as so many degrees of freedom).
"""

from __future__ import annotations

import numpy as np

from rules.baselines.pooled.prediction import Ints
from rules.baselines.tails import Floats

USUAL = 1.4  # recorded crime a month in small areas; where nothing else is known
_EDGES = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])  # expected events a month
_KIND = 20.0  # degrees of freedom that a kind counts for among rows of one size
_USUAL = 10.0  # and that USUAL counts for in a kind
_DIFFERENT = (0.3, 60.0)  # prior of the squared variation between rows of a pool, and its weight
_DRAWN = (4.0, 60.0)  # fewest and most degrees of freedom that a pool counts for
_ENOUGH = 3.0  # degrees of freedom from which a row says how much rows differ


def shrink(squares: Floats, freedom: Floats, size: Floats, alike: Ints) -> Floats:
    """Dispersion (rows,), at least 1, from sums of squares ~ phi x freedom.

    size: expected events in the month judged. alike: a number for each kind of area.
    """
    pools = len(_EDGES) + 1
    kinds = int(alike.max()) + 1
    kind = (np.bincount(alike, squares, kinds) + _USUAL * USUAL) / (
        np.bincount(alike, freedom, kinds) + _USUAL
    )
    pool = alike * pools + np.digitize(size, _EDGES)

    def total(values: Floats) -> Floats:
        return np.bincount(pool, values, kinds * pools).astype(np.float64)

    towards = np.maximum((total(squares) + _KIND * np.repeat(kind, pools)) / (total(freedom) + _KIND), 1.0)
    towards = towards[pool]
    telling = np.where(freedom > _ENOUGH, freedom, 0.0)
    # A mean square with f degrees of freedom varies by 2 / f on its own; what is over lies between rows.
    over = telling * (squares / np.maximum(freedom, _ENOUGH) / towards - 1) ** 2 - 2 * (telling > 0)
    prior, weight = _DIFFERENT
    different = (total(over) + prior * weight) / (total(telling) + weight)
    drawn = np.clip(2 / np.maximum(different, 1e-3), *_DRAWN)[pool]
    shrunken: Floats = np.maximum((drawn * towards + squares) / (drawn + freedom), 1.0)
    return shrunken
