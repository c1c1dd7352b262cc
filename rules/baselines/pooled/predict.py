"""The two predictions: against the own level and the county's season, and as a share of the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled.dispersion import USUAL, shrink
from rules.baselines.pooled.level import Level, Months, follow
from rules.baselines.pooled.prediction import Bools, Ints, Prediction
from rules.baselines.pooled.season import month_factors
from rules.baselines.tails import Floats

WINDOW = 60  # calendar months looked back over
ENOUGH = 12
SURE = 24  # below this: low confidence
STALE = 12  # a baseline that ended longer ago is low confidence too
_OWN_SEASON = 0.05  # log standard deviation of a row's month factors around the county's
_OWN_SHARE = 0.05  # the same, of its share of the county
_EVENTS_DIFFER = 0.15  # log standard deviation from one event of a kind to the next
_ROWS = 16384  # rows filtered at once
_ROUNDS = 2  # the dispersion needs the level and the level the dispersion


@dataclass(frozen=True)
class _Rows:
    """One prediction's inputs; shapes as in `predict_here`, from the first month of the window to `t`."""

    counts: Floats
    exposure: Floats
    used: Bools
    event: Bools | None
    noise: Floats | None
    blur: Floats  # (series, areas): variance of the log season around the row's own
    doubt: Floats  # (series, areas): of the judged month's
    start: int  # index of the first month of the window


def predict_here(
    counts: Floats,
    rest: Floats,
    usable: Bools,
    alike: Ints,
    t: int,
    phase: int,
    events: Bools | None = None,
) -> Prediction:
    """Expected counts of month `t` from each row's own level and the season of `rest`.

    counts: (series, areas, months), NaN = not published. rest: (series, months), whose season is borrowed.
    usable: (series, areas, months), False where a mask or an event takes a month out of the baseline.
    alike: (areas,), a number for each kind of area; dispersion is pooled among areas alike.
    phase: calendar month (0 = January) of index 0.
    events: (series, areas, months), months with an event of the calendar. They enter no baseline; an event
    in the month judged is expected to be as large, in proportion, as those before it.
    """
    window = slice(max(t - WINDOW, 0), t + 1)
    seen = ~np.isnan(rest) & usable.any(axis=1)
    seen[:, t:] = False
    season, variance = month_factors(rest[:, window], seen[:, window], phase + window.start)
    calendar = (np.arange(counts.shape[2]) + phase) % 12
    exposure = np.broadcast_to(season[:, calendar][:, None, :], counts.shape)
    used = _used(counts, usable, t)
    own = np.where(_holds(counts, rest, used, seen), 0.0, _OWN_SEASON**2)
    doubt = own + variance[:, calendar[t]][:, None]
    event = None if events is None else events & ~np.isnan(counts)
    used = used if events is None else used & ~events
    rows = _Rows(
        counts[:, :, window], exposure[:, :, window], used[:, :, window],
        None if event is None else event[:, :, window], None, own, doubt, window.start,
    )  # fmt: skip
    return _predict(rows, alike, exposure)


def predict_share(counts: Floats, whole: Floats, usable: Bools, alike: Ints, t: int) -> Prediction:
    """Expected counts of month `t` as each row's usual share of `whole` less itself, in that month.

    Shapes as in `predict_here`; `whole` (series, months) is the county. The row is left out of its county.
    """
    window = slice(max(t - WINDOW, 0), t + 1)
    rest = np.maximum(whole[:, None, :] - counts, 0.0)
    used = _used(rest, usable, t) & (rest > 0)
    own = np.full(counts.shape[:2], _OWN_SHARE**2)
    # The rest of the county is itself a count: its own noise is part of the doubt.
    noise = 1 / np.maximum(np.nan_to_num(rest[:, :, window]), 1.0)
    rows = _Rows(
        counts[:, :, window], rest[:, :, window], used[:, :, window], None, noise, own, own, window.start
    )
    return _predict(rows, alike, rest)


def _used(counts: Floats, usable: Bools, t: int) -> Bools:
    used = usable & ~np.isnan(counts)
    used[:, :, t:] = False
    return used


def _holds(counts: Floats, rest: Floats, used: Bools, seen: Bools) -> Bools:
    """(series, areas): rows so large that the rest of the county is part of them, and its season theirs."""
    total = np.where(used, counts, 0.0).sum(axis=2)
    around = np.where(seen, rest, 0.0).sum(axis=1)[:, None]
    holds: Bools = (total >= around) & (around > 0)
    return holds


def _predict(rows: _Rows, alike: Ints, exposure: Floats) -> Prediction:
    shape = rows.counts.shape[:2]
    months = rows.used.sum(axis=2).astype(float)
    index = np.arange(rows.start, rows.start + rows.counts.shape[2])
    first = np.where(months > 0, index[rows.used.argmax(axis=2)], np.inf)
    last = np.where(months > 0, index[-1] - rows.used[:, :, ::-1].argmax(axis=2), -np.inf)
    figures = np.full((5, *shape), np.nan)
    # As many series at once as keep the arrays of a step in the processor's cache.
    block = max(_ROWS // shape[1], 1)
    for s in range(0, shape[0], block):
        part = slice(s, s + block)
        figures[:, part] = _rates(rows, part, alike)
    mean, level, phi, doubt, times = figures
    if rows.event is not None and np.any(times != 1):
        event = np.zeros(exposure.shape, dtype=bool)
        event[:, :, index] = rows.event
        exposure = np.where(event, exposure * times[:, :, None], exposure)
    return Prediction(mean, phi + mean * doubt, months, first, last, level, exposure, phi, doubt)


def _rates(rows: _Rows, part: slice, alike: Ints) -> Floats:
    """Mean, level, dispersion, doubt and event factor of some series: (5, series, areas)."""
    shape = rows.blur[part].shape
    months = Months(
        counts=_by_month(rows.counts[part]),
        exposure=_by_month(rows.exposure[part]),
        used=_flags(rows.used[part]),
        event=None if rows.event is None else _flags(rows.event[part]),
        noise=None if rows.noise is None else _by_month(rows.noise[part]),
        blur=rows.blur[part].ravel(),
    )
    now = months.exposure[-1]
    base = np.where(months.used, months.exposure, 0.0).sum(axis=0)
    judged = (months.used.sum(axis=0) >= ENOUGH) & (base > 0) & ~np.isnan(rows.exposure[part, :, -1]).ravel()
    # Half an event: a row of zeros is expected to stay near zero, not at zero.
    start = (np.where(months.used, months.counts, 0.0).sum(axis=0) + 0.5) / np.maximum(base, 1e-9)
    start[~judged] = 1.0
    pool = (alike + np.arange(shape[0])[:, None] * (alike.max() + 1)).ravel()
    phi = np.full(len(now), USUAL)
    for _ in range(_ROUNDS):
        found = follow(months, phi, start)
        squares, freedom = np.where(judged, found.squares, 0.0), np.where(judged, found.freedom, 0.0)
        phi = shrink(squares, freedom, start * now, pool)
    found = follow(months, phi, start)
    figures = _figures(months, found, phi, rows.doubt[part].ravel())
    figures[:, ~judged] = np.nan
    return figures.reshape(5, *shape)


def _figures(months: Months, found: Level, phi: Floats, doubt: Floats) -> Floats:
    """From what the filter found: mean, level, dispersion, doubt and event factor, (5, rows)."""
    now = months.exposure[-1]
    # What the same month of earlier years did beyond the season says how this month differs here.
    precision = np.where(months.blur > 0, found.precision, 0.0)
    own = 1 / (1 / np.maximum(doubt, 1e-9) + precision)
    level = found.rate * np.exp(np.where(precision > 0, own * found.surprise, 0.0))
    mean, doubt, times = level * now, found.variance + own, np.ones(len(now))
    if months.event is not None:
        known = months.event[-1] & (found.events > 0)
        times = np.where(known, (found.at_events + 0.5) / (found.ordinary + 0.5), 1.0)
        differ = phi / (found.at_events + 0.5) + _EVENTS_DIFFER**2 * (1 + 1 / np.maximum(found.events, 1.0))
        level = np.where(known, found.rate, level)
        mean, doubt = level * now * times, np.where(known, found.variance + differ, doubt)
    if months.noise is not None:
        phi = phi * (1 + mean * months.noise[-1])
    return np.array([mean, level, phi, doubt, times])


def _by_month(values: Floats) -> Floats:
    """(series, areas, months) to (months, rows), gaps as 0: a step reads one run of memory."""
    return np.ascontiguousarray(np.nan_to_num(values).reshape(-1, values.shape[2]).T)


def _flags(values: Bools) -> Bools:
    return np.ascontiguousarray(values.reshape(-1, values.shape[2]).T)
