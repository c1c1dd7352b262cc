"""Simulated counties: months of counts whose truth is known. Nothing here is a record of anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.benchmarks.simulation.scenarios import Scenario

Floats = npt.NDArray[np.float64]

MONTHS = 121  # ten years and the month judged
_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 30.4375
_COUNTY_DRIFT = 0.01  # the level of a whole county wanders too, by this share a month
_COUNTY_SIZE = (150.0, 1500.0)  # events a month in the rest of the county
_COUNTY_PHI = 2.0
_EVENT_SIGMAS = 6.0  # size of the event that contaminates a baseline


@dataclass(frozen=True)
class Counties:
    """Counties whose last month is the same calendar month, one area of every scenario in each."""

    phase: int  # calendar month (0 = January) of the first column
    counts: Floats  # (counties, scenarios, MONTHS)
    mean: Floats  # the truth, same shape
    phi: Floats  # (scenarios,)
    rest: Floats  # (counties, MONTHS): recorded in the rest of the county
    rest_mean: Floats
    contaminated: Floats  # as counts, with one event twelve months before the judged month

    def outbreak(self, rng: np.random.Generator, sigmas: float) -> Floats:
        """Counts of the judged month with extra events: Poisson, with a mean of so many standard deviations
        (the outbreaks of Noufaily et al. 2013)."""
        now = self.mean[:, :, -1]
        extra = rng.poisson(sigmas * np.sqrt(self.phi * now))
        return self.counts[:, :, -1] + extra

    def risen(self, rng: np.random.Generator, times: float, months: int) -> Floats:
        """Counts in which the last `months` months were drawn from a level so many times as high."""
        counts = self.counts.copy()
        recent = self.mean[:, :, -months:] * times
        counts[:, :, -months:] = negative_binomial(rng, recent, self.phi[:, None])
        return counts


def simulate(scenarios: Sequence[Scenario], counties: int, seed: int) -> Iterator[Counties]:
    """As many counties as asked for, in up to twelve batches, one for each calendar month judged."""
    for number, size in enumerate(np.bincount(np.arange(counties) % 12, minlength=12).tolist()):
        if size:
            rng = np.random.default_rng((seed, number))
            yield _batch(scenarios, size, (number - (MONTHS - 1)) % 12, rng)


def _batch(scenarios: Sequence[Scenario], n: int, phase: int, rng: np.random.Generator) -> Counties:
    shape = (n, len(scenarios), MONTHS)
    calendar = (np.arange(MONTHS) + phase) % 12

    def each(name: str) -> Floats:
        return np.array([getattr(s, name) for s in scenarios], dtype=float)[None, :, None]

    back = np.arange(MONTHS) - (MONTHS - 1)  # 0 in the judged month, negative before
    common = _COUNTY_DRIFT * _wander(rng, (n, 1, MONTHS))
    season = _season(n, rng)
    own = rng.normal(size=(*shape[:2], 12)) * each("own_season")
    log_level = common + each("trend") * back + each("drift") * _wander(rng, shape)
    log_season = (season[:, None, :] + own)[:, :, calendar] + np.log(_DAYS)[calendar]
    festival = np.where(back % 12 == 0, each("festival"), 1.0)
    mean = each("mean") * np.exp(log_level + log_season) * festival
    phi = np.array([s.phi for s in scenarios])
    counts = negative_binomial(rng, mean, phi[:, None])
    smallest, largest = (float(np.log(size)) for size in _COUNTY_SIZE)
    size = np.exp(rng.uniform(smallest, largest, (n, 1)))
    rest_mean = size * np.exp(common[:, 0] + season[:, calendar] + np.log(_DAYS)[calendar])
    rest = negative_binomial(rng, rest_mean, np.array(_COUNTY_PHI))
    event = np.zeros(shape)
    event[:, :, -13] = rng.poisson(_EVENT_SIGMAS * np.sqrt(phi * mean[:, :, -13]))
    return Counties(phase, counts, mean, phi, rest, rest_mean, counts + event)


def _season(n: int, rng: np.random.Generator) -> Floats:
    """Log month factors (n, 12): a yearly wave of random depth, and months with a character of their own."""
    depth = rng.uniform(0.0, 0.35, (n, 1))
    peak = rng.uniform(0, 2 * np.pi, (n, 1))
    wave = depth * np.cos(2 * np.pi * np.arange(12)[None, :] / 12 - peak)
    season = wave + rng.normal(size=(n, 12)) * 0.06
    centred: Floats = season - season.mean(axis=1, keepdims=True)
    return centred


def _wander(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Random walks with unit steps that end at 0: the judged month has the scenario's mean."""
    walk = np.cumsum(rng.normal(size=shape), axis=-1)
    ended: Floats = walk - walk[..., -1:]
    return ended


def negative_binomial(rng: np.random.Generator, mean: Floats, phi: Floats) -> Floats:
    """Counts with variance phi x mean; Poisson where phi is 1."""
    mean, phi = np.broadcast_arrays(mean, phi)
    over = phi > 1
    scale = np.where(over, phi - 1, 1.0)
    rate = np.where(over, rng.gamma(mean / scale) * scale, mean)
    return rng.poisson(rate).astype(np.float64)
