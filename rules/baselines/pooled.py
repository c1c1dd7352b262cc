"""Short histories: the season is borrowed from the county, the level is the series' own.

police.uk keeps 36 months: too few to estimate a month factor from one series. Two verdicts come out:

* `here`: against the level of the last 24 usable months and the season of the rest of the county;
* `county`: the share of the rest of the county in that very month. It needs no season, and a month in
  which everybody rises (a pandemic, a change of recording) is nobody's local rise.

Both are negative binomial predictions whose variance carries the dispersion of similar series (shrunken
towards their pool) and the uncertainty of the level and of the season. Below 12 usable months within 60
nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rules.baselines.tails import Floats, mid_p, quantile

WINDOW = 60  # calendar months looked back over
LEVEL_MONTHS = 24  # usable months that make the level
ENOUGH = 12
SURE = 24  # below this: low confidence
STALE = 12  # a baseline that ended longer ago is low confidence too
_POOL_WEIGHT = 24.0  # months' worth of evidence that the pooled dispersion counts for
_LEVEL_DRIFT = 0.05  # a level moves by about this share between its baseline and the month judged
_UNKNOWN_SEASON = 0.15  # log standard deviation of a calendar month that was never seen

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of one month, arrays of shape (series, areas); NaN where not judged."""

    mean: Floats
    factor: Floats  # predictive variance / mean
    months: Floats  # usable baseline months
    first: Floats  # index of the first and last baseline month used
    last: Floats
    level: Floats  # mean = level * exposure of the month
    exposure: Floats  # (series, areas, months): the season, or what the rest of the county recorded
    phi: Floats  # dispersion; factor = phi + mean * doubt
    doubt: Floats

    def history(self, s: int, a: int) -> tuple[Floats, Floats, Floats]:
        """Mean and 95 % range of every month of one row, as this baseline sees them: shape (months,)."""
        mean = self.level[s, a] * self.exposure[s, a]
        factor = self.phi[s, a] + mean * self.doubt[s, a]
        return mean, quantile(0.025, mean, factor), quantile(0.975, mean, factor)

    def tails(self, count: Floats) -> tuple[Floats, Floats]:
        """Mid-p of `count` or more, and of `count` or fewer."""
        return mid_p(count, self.mean, self.factor)

    def interval(self) -> tuple[Floats, Floats]:
        """The 95 % predictive range."""
        return quantile(0.025, self.mean, self.factor), quantile(0.975, self.mean, self.factor)


def predict_here(counts: Floats, rest: Floats, usable: Bools, alike: Ints, t: int, phase: int) -> Prediction:
    """Expected counts of month `t` from each row's own level and the season of `rest`.

    counts: (series, areas, months), NaN = not published. rest: (series, months), whose season is borrowed.
    usable: (series, areas, months), False where a mask or an event takes a month out of the baseline.
    alike: (areas,), a number for each kind of area; dispersion is pooled among areas alike.
    phase: calendar month (0 = January) of index 0.
    """
    chosen = _latest(~np.isnan(counts) & usable, t)
    in_season = ~np.isnan(rest) & usable.any(axis=1)
    season, doubt = _season(rest, in_season, t, phase)
    calendar = (np.arange(counts.shape[2]) + phase) % 12
    exposure = np.broadcast_to(season[:, calendar][:, None, :], counts.shape)
    return _predict(counts, chosen, exposure, t, doubt[:, (t + phase) % 12][:, None], alike)


def predict_share(counts: Floats, whole: Floats, usable: Bools, alike: Ints, t: int) -> Prediction:
    """Expected counts of month `t` as each row's usual share of `whole` less itself, in that month.

    Shapes as in `predict_here`; `whole` (series, months) is the county. The row is left out of its county.
    """
    rest = np.maximum(whole[:, None, :] - counts, 0.0)
    chosen = _latest(~np.isnan(rest) & usable, t)
    # The rest of the county is itself a count: its own noise is part of the doubt.
    noise = 1.0 / np.maximum(np.nan_to_num(rest[:, :, t]), 1.0)
    return _predict(counts, chosen, rest, t, noise, alike)


def _latest(usable: Bools, t: int) -> Bools:
    """Of each row, the last LEVEL_MONTHS usable months before `t` within WINDOW."""
    past = usable.copy()
    past[:, :, t:] = False
    past[:, :, : max(t - WINDOW, 0)] = False
    from_the_end = np.cumsum(past[:, :, ::-1], axis=2)[:, :, ::-1]
    return past & (from_the_end <= LEVEL_MONTHS)


def _season(rest: Floats, usable: Bools, t: int, phase: int) -> tuple[Floats, Floats]:
    """Month factors (series, 12) around 1, and the variance of their logarithm.

    Each usable month is set against the mean of the usable months within half a year of it, so that a
    trend is not taken for a season; factors are shrunken towards 1 by how often the month was seen.
    """
    n_series, n = rest.shape
    seen = usable.copy()
    seen[:, t:] = False
    seen[:, : max(t - WINDOW, 0)] = False
    values = np.where(seen, rest, 0.0)
    near = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :]) <= 6
    level = (values @ near) / np.maximum(seen.astype(float) @ near, 1.0)
    calendar = (np.arange(n) + phase) % 12
    months = np.eye(12)[calendar]
    times = seen.astype(float) @ months
    observed, ordinary = values @ months, np.where(seen, level, 0.0) @ months
    ratio = np.where(ordinary > 0, observed / np.maximum(ordinary, 1e-9), 1.0)
    factor = 1.0 + times / (times + 1.0) * (ratio - 1.0)
    doubt = (
        np.where(times > 0, 1.0 / np.maximum(observed, 1.0) + _LEVEL_DRIFT**2 / np.maximum(times, 1.0), 0.0)
        + _UNKNOWN_SEASON**2 / (times + 1.0) ** 2
    )
    return np.maximum(factor, 0.05).reshape(n_series, 12), doubt


def _predict(
    counts: Floats, chosen: Bools, exposure: Floats, t: int, doubt: Floats, alike: Ints
) -> Prediction:
    """Scale the exposure to the row's level; widen by dispersion and by what is not known."""
    months = chosen.sum(axis=2).astype(float)
    total = np.where(chosen, counts, 0.0).sum(axis=2)
    weights = np.where(chosen, exposure, 0.0)
    base, now = weights.sum(axis=2), exposure[:, :, t]
    enough = (months >= ENOUGH) & (base > 0) & ~np.isnan(now)
    # Half an event: a row of zeros is expected to stay near zero, not at zero.
    level = np.where(enough, (total + 0.5) / np.maximum(base, 1e-9), np.nan)
    mean = level * np.nan_to_num(now)
    phi = _dispersion(counts, chosen, level[:, :, None] * weights, enough, alike)
    relative = phi / np.maximum(total, 0.5) + doubt + _LEVEL_DRIFT**2
    index = np.arange(counts.shape[2])
    first = np.where(chosen, index, np.inf).min(axis=2)
    last = np.where(chosen, index, -np.inf).max(axis=2)
    factor = np.where(enough, phi + mean * relative, np.nan)
    return Prediction(mean, factor, months, first, last, level, exposure, phi, relative)


def _dispersion(counts: Floats, chosen: Bools, fitted: Floats, enough: Bools, alike: Ints) -> Floats:
    """Variance / mean per row: its own Pearson estimate shrunken towards areas alike, at least 1."""
    fitted = np.maximum(np.nan_to_num(fitted), 1e-9)
    squares = np.where(chosen & enough[:, :, None], (counts - fitted) ** 2 / np.maximum(fitted, 0.1), 0.0)
    own = np.nan_to_num(squares).sum(axis=2)
    freedom = np.where(enough, np.maximum(chosen.sum(axis=2) - 1.0, 1.0), 0.0)
    kinds = np.eye(int(alike.max()) + 1)[alike]  # (areas, kinds)
    pooled = np.maximum((own @ kinds) / np.maximum(freedom @ kinds, 1.0), 1.0) @ kinds.T
    shrunken: Floats = np.maximum((own + _POOL_WEIGHT * pooled) / (freedom + _POOL_WEIGHT), 1.0)
    return shrunken
