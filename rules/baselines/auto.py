"""Which baseline for how much history: one vectorised door for the rules and for `tocsin detect`.

Below five usable years the pooled model decides alone. From five on a row can have months of its own: where
the month-factor Farrington model says that this calendar month departs from the borrowed season (a festival
that no calendar knows of), it decides; elsewhere the pooled model does, which follows the level more closely.
Measured on simulations (rules/README.md), that rings less often in vain than the month factor alone and finds
more, because twelve levels and a trend from five years cost what one borrowed season does not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rules.baselines.farrington import MONTH_FACTOR, FarringtonResult, farrington
from rules.baselines.pooled import Bools, Ints, Prediction, predict_here
from rules.baselines.pooled.dispersion import shrink
from rules.baselines.pooled.level import MONTHLY
from rules.baselines.tails import Floats

LONG = 60  # usable months from which a row may have month factors of its own
DEPARTS = 1.75  # standard errors between the two expectations from which its own are believed
# Milder than the published algorithm where that costs false alarms: cutting back every high month biases the
# level down, and of a hundred level rows five would be given a trend.
OPTIONS = replace(MONTH_FACTOR, weights_threshold=3.5, p_threshold_trend=0.01)
_SPAN = 12 * OPTIONS.b
_PARAMETERS = 13.0
_FRESH = 4.0  # months of wandering between the middle of what is known lately and the month judged


def predict_auto(
    counts: Floats,
    rest: Floats,
    usable: Bools,
    alike: Ints,
    t: int,
    phase: int,
    events: Bools | None = None,
    restarts: Ints | None = None,
) -> Prediction:
    """Expected counts of month `t` by the model that its history allows; arguments as in `predict_here`."""
    pooled = predict_here(counts, rest, usable, alike, t, phase, events, restarts)
    free = usable & ~np.isnan(counts)
    if events is not None:
        free &= ~events
    if restarts is not None:
        free &= np.arange(counts.shape[2]) >= restarts[:, :, None]
    span = free[:, :, max(t - _SPAN, 0) : t]
    many = (span.sum(axis=2) >= LONG) & np.isfinite(pooled.mean)
    if events is not None:
        many &= ~events[:, :, t]
    rows = np.nonzero(many)
    if not rows[0].size:
        return pooled
    found = farrington(counts[rows][:, : t + 1], OPTIONS, judge=1, usable=free[rows][:, : t + 1])
    return _choose(pooled, found, counts, span, rows, alike, t)


def _choose(
    pooled: Prediction,
    found: FarringtonResult,
    counts: Floats,
    span: Bools,
    rows: tuple[Ints, ...],
    alike: Ints,
    t: int,
) -> Prediction:
    """The pooled prediction with the rows replaced whose own month factor speaks."""
    mean, phi, error = found.expected[:, 0], found.dispersion[:, 0], found.standard_error[:, 0]
    judged = np.isfinite(mean)
    s, a = (index[judged] for index in rows)
    mean, phi, error = mean[judged], phi[judged], error[judged]
    freedom = np.maximum(span[s, a].sum(axis=1) - _PARAMETERS, 1.0) / 2
    shrunken = shrink(phi * freedom, freedom, mean, alike[a] + s * (alike.max() + 1))
    doubt = error**2 * shrunken / phi
    apart = np.log(mean / pooled.mean[s, a]) / np.sqrt(doubt + pooled.doubt[s, a])
    own = np.abs(apart) > DEPARTS
    if not own.any():
        return pooled
    s, a, mean, phi = s[own], a[own], mean[own], shrunken[own]
    doubt = doubt[own] + _FRESH * MONTHLY.wander**2
    exposure = pooled.exposure.copy()
    exposure[s, a] = _months(counts[s, a], span[s, a], t)
    level = mean / exposure[s, a, t]
    return replace(
        pooled,
        mean=_put(pooled.mean, s, a, mean),
        factor=_put(pooled.factor, s, a, phi + mean * doubt),
        months=_put(pooled.months, s, a, span[s, a].sum(axis=1)),
        first=_put(pooled.first, s, a, span[s, a].argmax(axis=1) + max(t - _SPAN, 0)),
        level=_put(pooled.level, s, a, level),
        exposure=exposure,
        phi=_put(pooled.phi, s, a, phi),
        doubt=_put(pooled.doubt, s, a, doubt),
    )


def _months(counts: Floats, used: Bools, t: int) -> Floats:
    """Each row's own calendar months, repeated over all months: (rows, months), for charts."""
    calendar = np.eye(12)[np.arange(counts.shape[1]) % 12]
    past = np.zeros(counts.shape, dtype=bool)
    past[:, t - used.shape[1] : t] = used
    total, times = np.where(past, counts, 0.0) @ calendar, past @ calendar
    found: Floats = (total + 0.5) / np.maximum(times, 1.0) @ calendar.T
    return found


def _put(values: Floats, s: Ints, a: Ints, new: Floats) -> Floats:
    changed = values.copy()
    changed[s, a] = new
    return changed
