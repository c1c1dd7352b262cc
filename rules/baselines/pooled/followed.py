"""Every row of a cube followed slowly, month by month: any sum can be predicted from its beginning."""

from __future__ import annotations

from typing import cast

import numpy as np

from rules.baselines.pooled.ahead import LONGEST, SLOW, Followed
from rules.baselines.pooled.dispersion import USUAL, shrink
from rules.baselines.pooled.level import Months, follow
from rules.baselines.pooled.prediction import Bools, Ints, Prediction
from rules.baselines.pooled.rates import by_month, flags
from rules.baselines.pooled.trace import Trace
from rules.baselines.tails import Floats

REACH = 60 + LONGEST  # calendar months followed
_FIRST = 12  # months that the first guess of the level is made of
_LEAST = 1e-9


def follow_rows(
    counts: Floats,
    usable: Bools,
    prediction: Prediction,
    alike: Ints,
    t: int,
    phase: int,
    restarts: Ints | None,
    *,
    share: bool,
) -> Followed:
    """Follow every row up to month `t`, slowly; shapes and meanings as in `predict_here`.

    prediction: of month `t` on the same basis, for its exposures and what is not known of them.
    usable: without the months of events. share: the exposure is the rest of the county, itself a count.
    """
    start = max(t + 1 - REACH, 0)
    window = slice(start, t + 1)
    plain = prediction.plain[:, :, window]
    used = usable[:, :, window] & ~np.isnan(counts[:, :, window]) & ~np.isnan(plain) & (plain > 0)
    exposure, around = by_month(plain), None
    noise = None
    if share:
        around = exposure
        noise = 1 / np.maximum(exposure, 1.0)
    months = Months(
        counts=by_month(counts[:, :, window]), exposure=exposure, used=flags(used), event=None,
        noise=noise, blur=prediction.own.ravel(), anew=_anew(restarts, start, used.shape[2]),
    )  # fmt: skip
    series = len(counts)
    pool = (alike + np.arange(series)[:, None] * (int(alike.max()) + 1)).ravel()
    first = _first_guess(months)
    trace = Trace(*months.counts.shape)
    follow(months, _dispersion(months, first, pool), first, SLOW, trace)
    doubt = prediction.own[:, None, :] + prediction.unsure[:, :, None]  # (series, 12, areas)
    return Followed(
        trace, exposure, around, np.ascontiguousarray(doubt.transpose(1, 0, 2)).reshape(12, -1),
        (np.arange(start, t + 1) + phase) % 12,
        pool, start,
    )  # fmt: skip


def _dispersion(months: Months, first: Floats, pool: Ints) -> Floats:
    """(rows,) what the filter needs before it can say more; of a year ago, so that no rise blunts it."""
    past = max(len(months.counts) - _FIRST, 1)
    early = Months(
        months.counts[:past], months.exposure[:past], months.used[:past], None,
        None if months.noise is None else months.noise[:past], months.blur,
        None if months.anew is None else months.anew[:past],
    )  # fmt: skip
    found = follow(early, np.full(len(first), USUAL), first, SLOW)
    return shrink(found.squares, found.freedom, found.rate * early.exposure[-1], pool)


def _first_guess(months: Months) -> Floats:
    """(rows,) the rate of the first months: it weighs half an event, and must not know what came later."""
    early = months.used & (np.cumsum(months.used, axis=0) <= _FIRST)
    base = np.where(early, months.exposure, 0.0).sum(axis=0)
    found: Floats = (np.where(early, months.counts, 0.0).sum(axis=0) + 0.5) / np.maximum(base, _LEAST)
    return np.where(base > 0, found, 1.0)


def _anew(restarts: Ints | None, start: int, months: int) -> Bools | None:
    if restarts is None:
        return None
    index = np.arange(start, start + months)[:, None]
    return cast(Bools, (index == restarts.ravel()) & (index > start))
