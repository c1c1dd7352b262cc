"""The two predictions: against the own level and the county's season, and as a share of the county."""

from __future__ import annotations

import numpy as np

from rules.baselines.pooled.prediction import Bools, Ints, Prediction
from rules.baselines.pooled.rates import Rows, predict
from rules.baselines.pooled.season import month_factors
from rules.baselines.tails import Floats

WINDOW = 60  # calendar months looked back over
SURE = 24  # below this: low confidence
STALE = 12  # a baseline that ended longer ago is low confidence too
_OWN_SEASON = 0.05  # log standard deviation of a row's month factors around the county's
_OWN_SHARE = 0.05  # the same, of its share of the county


def predict_here(
    counts: Floats,
    rest: Floats,
    usable: Bools,
    alike: Ints,
    t: int,
    phase: int,
    events: Bools | None = None,
    restarts: Ints | None = None,
) -> Prediction:
    """Expected counts of month `t` from each row's own level and the season of `rest`.

    counts: (series, areas, months), NaN = not published. rest: (series, months), whose season is borrowed.
    usable: (series, areas, months), False where a mask or an event takes a month out of the baseline.
    alike: (areas,), a number for each kind of area; dispersion is pooled among areas alike.
    phase: calendar month (0 = January) of index 0.
    events: (series, areas, months), months with an event of the calendar. They enter no baseline; an event
    in the month judged is expected to be as large, in proportion, as those before it.
    restarts: (series, areas), index of the month in which the level of today began; 0 = none is known.
    """
    window = slice(max(t - WINDOW, 0), t + 1)
    seen = ~np.isnan(rest) & usable.any(axis=1)
    seen[:, t:] = False
    season, variance = month_factors(rest[:, window], seen[:, window], phase + window.start)
    calendar = (np.arange(counts.shape[2]) + phase) % 12
    exposure = np.broadcast_to(season[:, calendar][:, None, :], counts.shape)
    used = _used(counts, usable, t)
    own = np.where(_holds(counts, rest, used, seen), 0.0, _OWN_SEASON**2)
    used, event = _apart(counts, used, events, window)
    rows = Rows(
        counts[:, :, window], exposure[:, :, window], used[:, :, window], event, None, own, variance,
        int(calendar[t]), window.start, restarts,
    )  # fmt: skip
    return predict(rows, alike, exposure)


def predict_share(
    counts: Floats,
    whole: Floats,
    usable: Bools,
    alike: Ints,
    t: int,
    events: Bools | None = None,
    restarts: Ints | None = None,
) -> Prediction:
    """Expected counts of month `t` as each row's usual share of `whole` less itself, in that month.

    Shapes as in `predict_here`; `whole` (series, months) is the county. The row is left out of its county.
    """
    window = slice(max(t - WINDOW, 0), t + 1)
    rest = np.maximum(whole[:, None, :] - counts, 0.0)
    used = _used(rest, usable, t) & (rest > 0)
    own = np.full(counts.shape[:2], _OWN_SHARE**2)
    # The rest of the county is itself a count: its own noise is part of the doubt.
    noise = 1 / np.maximum(np.nan_to_num(rest[:, :, window]), 1.0)
    used, event = _apart(counts, used, events, window)
    rows = Rows(
        counts[:, :, window], rest[:, :, window], used[:, :, window], event, noise, own,
        np.zeros((len(counts), 12)), 0, window.start, restarts,
    )  # fmt: skip
    return predict(rows, alike, rest)


def _used(counts: Floats, usable: Bools, t: int) -> Bools:
    used = usable & ~np.isnan(counts)
    used[:, :, t:] = False
    return used


def _apart(counts: Floats, used: Bools, events: Bools | None, window: slice) -> tuple[Bools, Bools | None]:
    """The months of baselines without those of events, and the events of the window."""
    if events is None:
        return used, None
    part = events[:, :, window]
    return used & ~events, part & ~np.isnan(counts[:, :, window])


def _holds(counts: Floats, rest: Floats, used: Bools, seen: Bools) -> Bools:
    """(series, areas): rows so large that the rest of the county is part of them, and its season theirs."""
    total = np.where(used, counts, 0.0).sum(axis=2)
    around = np.where(seen, rest, 0.0).sum(axis=1)[:, None]
    holds: Bools = (total >= around) & (around > 0)
    return holds
