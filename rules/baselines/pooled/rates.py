"""The level of many rows at once, with the dispersion that it needs and that needs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled.dispersion import USUAL, shrink
from rules.baselines.pooled.level import Level, Months, follow
from rules.baselines.pooled.prediction import Bools, Ints, Prediction
from rules.baselines.tails import Floats

ENOUGH = 12  # usable months of a baseline; below it nothing is judged
_EVENTS_DIFFER = 0.15  # log standard deviation from one event of a kind to the next
_ROWS = 16384  # rows filtered at once
_ROUNDS = 2  # the dispersion needs the level and the level the dispersion


@dataclass(frozen=True)
class Rows:
    """One prediction's inputs; shapes as in `predict_here`, from the first month of the window to `t`."""

    counts: Floats
    exposure: Floats
    used: Bools
    event: Bools | None
    noise: Floats | None
    own: Floats  # (series, areas): variance of the log season around the row's own
    unsure: Floats  # (series, 12): of the borrowed one
    calendar: int  # the judged month: 0 = January
    start: int  # index of the first month of the window
    restarts: Ints | None

    @property
    def doubt(self) -> Floats:
        """(series, areas): of the judged month's exposure."""
        found: Floats = self.own + self.unsure[:, self.calendar, None]
        return found

    @property
    def lately(self) -> Bools:
        """Months of `used` at the level of today; all of them where none is."""
        if self.restarts is None:
            return self.used
        index = np.arange(self.start, self.start + self.used.shape[2])
        found = self.used & (index >= self.restarts[:, :, None])
        return found | (self.used & ~found.any(axis=2, keepdims=True))


def predict(rows: Rows, alike: Ints, exposure: Floats) -> Prediction:
    """What is expected of the last month of `rows`; exposure: of all months, for charts."""
    shape = rows.counts.shape[:2]
    lately = rows.lately
    months = lately.sum(axis=2).astype(float)
    index = np.arange(rows.start, rows.start + rows.counts.shape[2])
    first = np.where(months > 0, index[lately.argmax(axis=2)], np.inf)
    last = np.where(months > 0, index[-1] - rows.used[:, :, ::-1].argmax(axis=2), -np.inf)
    figures = np.full((5, *shape), np.nan)
    # As many series at once as keep the arrays of a step in the processor's cache.
    block = max(_ROWS // shape[1], 1)
    for s in range(0, shape[0], block):
        part = slice(s, s + block)
        figures[:, part] = _rates(rows, part, alike)
    mean, level, phi, doubt, times = figures
    plain = exposure
    if rows.event is not None and np.any(times != 1):
        event = np.zeros(exposure.shape, dtype=bool)
        event[:, :, index] = rows.event
        exposure = np.where(event, exposure * times[:, :, None], exposure)
    return Prediction(
        mean,
        phi + mean * doubt,
        months,
        first,
        last,
        level,
        exposure,
        phi,
        doubt,
        plain,
        rows.own,
        rows.unsure,
    )


def _rates(rows: Rows, part: slice, alike: Ints) -> Floats:
    """Mean, level, dispersion, doubt and event factor of some series: (5, series, areas)."""
    shape = rows.own[part].shape
    months = Months(
        counts=by_month(rows.counts[part]),
        exposure=by_month(rows.exposure[part]),
        used=flags(rows.used[part]),
        event=None if rows.event is None else flags(rows.event[part]),
        noise=None if rows.noise is None else by_month(rows.noise[part]),
        blur=rows.own[part].ravel(),
        anew=_anew(rows, part),
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


def _anew(rows: Rows, part: slice) -> Bools | None:
    """(months, rows): months that begin a new level; None where no row has one in the window."""
    if rows.restarts is None or not (rows.restarts > rows.start).any():
        return None
    index = np.arange(rows.start, rows.start + rows.counts.shape[2])
    found: Bools = (index[:, None] == rows.restarts[part].ravel()) & (index > rows.start)[:, None]
    return found


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


def by_month(values: Floats) -> Floats:
    """(series, areas, months) to (months, rows), gaps as 0: a step reads one run of memory."""
    return np.ascontiguousarray(np.nan_to_num(values).reshape(-1, values.shape[2]).T)


def flags(values: Bools) -> Bools:
    """The same for flags."""
    return np.ascontiguousarray(values.reshape(-1, values.shape[2]).T)
