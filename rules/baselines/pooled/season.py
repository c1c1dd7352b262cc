"""The county's season, to be borrowed by its areas: month factors and how far they can be trusted.

log count = level + season + noise, all Gaussian: a wandering level with a slope, a season that is a yearly
wave plus months with a character of their own. How deep, how rough, how restless is not known: a small
grid of answers is averaged by marginal likelihood (a basic structural model, Harvey 1989, solved as one
regression). A month never seen is read off the wave, with the doubt that the other months suggest.
"""

from __future__ import annotations

import itertools

import numpy as np

from rules.baselines.pooled.prediction import Bools
from rules.baselines.tails import Floats

DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 30.4375
_WAVES = (0.02, 0.08, 0.2)  # standard deviation of the wave, log units
_ROUGHS = (0.03, 0.08, 0.2)  # of the months around the wave
_WANDERS = (0.02, 0.05)  # of the monthly change of the level
_PHIS = (1.5, 5.0)  # variance / mean of the county's counts
_SLOPE = 0.01  # standard deviation of the slope, log units a month
_ANY_LEVEL = 10.0  # of a level that nothing is known about
_LEAST = 0.05  # events a month; below it noise swamps any season
_RELATIVE = np.eye(12) - 1 / 12  # only differences between months are a season
_WAVE = np.cos(2 * np.pi * (np.arange(12)[:, None] - np.arange(12)[None, :]) / 12)


def month_factors(rest: Floats, seen: Bools, phase: int) -> tuple[Floats, Floats]:
    """Factors (series, 12) around 1, January first, and the variances of their logarithms.

    rest, seen: (series, months), counts and which of them to learn from; phase: calendar month of index 0.
    Where nothing was seen the factors are the lengths of the months and the doubt is widest.
    """
    n = rest.shape[1]
    calendar = (np.arange(n) + phase) % 12
    months = np.eye(12)[calendar]
    logs = np.log((np.where(seen, rest, 0.0) + 0.5) / DAYS[calendar])
    logs = np.where(seen, logs - _mean(logs, seen)[:, None], 0.0)
    noise = 1 / np.maximum(_mean(rest, seen), _LEAST)
    steps = np.arange(n, dtype=float)
    walk = np.minimum(steps[:, None], steps[None, :])
    level = _ANY_LEVEL**2 + _SLOPE**2 * np.outer(steps, steps)
    scores, means, variances = [], [], []
    for wave, rough, wander, phi in itertools.product(_WAVES, _ROUGHS, _WANDERS, _PHIS):
        prior = wave**2 * _WAVE + rough**2 * np.eye(12)
        cover = level + wander**2 * walk + months @ prior @ months.T
        score, mean, explained = _posterior(logs, seen, cover, phi * noise, months @ prior @ _RELATIVE)
        scores.append(score)
        means.append(mean)
        variances.append(np.diagonal(_RELATIVE @ prior @ _RELATIVE) - explained)
    weight = np.exp(np.array(scores) - np.max(scores, axis=0))
    weight = (weight / weight.sum(axis=0))[:, :, None]
    season = (weight * means).sum(axis=0)
    doubt: Floats = (weight * (np.maximum(variances, 0.0) + (means - season) ** 2)).sum(axis=0)
    return np.exp(season) * DAYS, doubt


def _posterior(
    logs: Floats, seen: Bools, cover: Floats, noise: Floats, loading: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log marginal likelihood (series,); mean and explained variance (series, 12) of the months' effects.

    cover: (months, months) covariance of the logs without noise. loading: (months, 12) with the effects.
    """
    # An unseen month is given a variance of its own and no say: a row and column of the identity.
    v = np.where(seen[:, :, None] & seen[:, None, :], cover, 0.0)
    diagonal = np.arange(len(cover))
    v[:, diagonal, diagonal] = np.where(seen, cover[diagonal, diagonal] + noise[:, None], 1.0)
    root = np.linalg.cholesky(v)
    sides = np.concatenate([logs[:, :, None], np.where(seen[:, :, None], loading, 0.0)], axis=2)
    solved = np.linalg.solve(root, sides)
    own, effects = solved[:, :, :1], solved[:, :, 1:]
    score = -0.5 * (own[:, :, 0] ** 2).sum(axis=1)
    score -= np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return score, (effects * own).sum(axis=1), (effects**2).sum(axis=1)


def _mean(values: Floats, seen: Bools) -> Floats:
    mean: Floats = np.where(seen, values, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return mean
