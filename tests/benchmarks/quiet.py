"""Histories in which nothing happened, through the whole rule book: how often a district hears of something.

Every history is a county of invented months with the size of the real one: the mean of each LSOA and type
of crime is that of the shipped months. Around it: a season that all share, months in which the whole county
is up or down, a district whose level wanders, counts that vary more than Poisson. Whatever rings is false.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jobs.counting.frames import build_cube
from jobs.house import House
from jobs.landing.ingest import pull_paths
from jobs.store import schema
from jobs.store.engine import Store
from rules.context import Context
from rules.engine import find
from rules.judgement import judge
from rules.model import Cube, Month
from rules.spec import Rule

PARTNERSHIP = Path(__file__).resolve().parents[2] / "deploy" / "partnerships" / "nwl"
MONTHS = 37  # three years of history, and the month judged
NEWS = 3  # the month judged and the two before it: an alert that rings on is no new one
_SEASON, _COUNTY, _DRIFT = 0.10, 0.04, 0.007  # log standard deviations; of the drift a month
_DISPERSION = (1.0, 1.6)  # of an LSOA's month
ROOM = 5  # messages a channel hears in a month

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """The real county: its rules, its places, and how much is recorded a month."""

    rules: tuple[Rule, ...]
    context: Context
    cube: Cube  # the shipped months
    leaves: tuple[int, ...]  # series that are no sums of others
    units: tuple[int, ...]  # the LSOAs among the areas
    within: Floats  # (areas, units)
    under: Floats  # (series, leaves)


@cache
def world() -> World:
    """From the shipped extracts, read as always."""
    with tempfile.TemporaryDirectory(prefix="tocsin-quiet-") as folder:
        house = House(PARTNERSHIP, Store.at(f"sqlite:///{folder}/quiet.db"))
        schema.create_or_require(house.store)
        police = house.partnership.source("police")
        for _ in pull_paths(house, police, [PARTNERSHIP / "sample" / "police"]):
            pass
        with house.store.read() as connection:
            cube = build_cube(connection, police, house.geography, house.lexicon, None)
    assert cube is not None
    # Targets that are missed and the calendar's events are no false alarms; masks are of the real months.
    context = replace(house.context, events=(), breaks=(), targets=())
    areas = [context.areas[a] for a in cube.areas]
    units = tuple(i for i, a in enumerate(areas) if a.units == {a.code})
    codes = [cube.areas[i] for i in units]
    parents = {context.series[s].parent for s in cube.series}
    leaves = tuple(i for i, s in enumerate(cube.series) if s not in parents)
    under = [
        [s == cube.series[i] or s in house.lexicon.ancestors(cube.series[i]) for i in leaves]
        for s in cube.series
    ]
    within = [[c in a.units for c in codes] for a in areas]
    return World(house.rules, context, cube, leaves, units, np.array(within, float), np.array(under, float))


def history(seed: int) -> Cube:
    """A county in which nothing happened."""
    own, rng = world(), np.random.default_rng((2026, seed))
    real = own.cube.counts[np.ix_(own.leaves, own.units)]
    rate = np.nanmean(real, axis=2)
    rate = (rate * 32 + rate.mean(axis=1, keepdims=True)) / 33  # a place without crime may have some
    shape = (len(own.leaves), 1, MONTHS)
    season = rng.normal(0, _SEASON, (len(own.leaves), 1, 12))[:, :, np.arange(MONTHS) % 12]
    county = rng.normal(0, _COUNTY, shape)
    home = np.array([own.cube.areas[i] in own.context.home for i in own.units])
    drift = np.cumsum(rng.normal(0, _DRIFT, shape), axis=2) * home[None, :, None]
    mean = rate[:, :, None] * np.exp(season + county + drift)
    spread = rng.uniform(*_DISPERSION, rate.shape)[:, :, None]
    # Poisson of a gamma is negative binomial: variance = spread x mean.
    excess = np.maximum(spread - 1, 1e-6)
    small = rng.poisson(rng.gamma(mean / excess, excess)).astype(float)
    counts = np.einsum("sl,lut,au->sat", own.under, small, own.within, optimize=True)
    first = Month(2019, 7)
    return replace(own.cube, first=first, counts=counts, unlocated=np.zeros((len(own.cube.series), MONTHS)))


def rings(seed: int) -> Counter[str]:
    """Rules whose alerts would be new and posted in the last month of a history."""
    own, cube = world(), history(seed)
    posted = {r.id for r in own.rules if r.route.post}
    months = [cube.last + (-back) for back in range(NEWS)]
    found = [
        {
            f.fingerprint: f.rule
            for f in find(own.rules, judge(cube, own.context, m))
            if not f.parents and f.rule in posted
        }
        for m in months
    ]
    earlier = set().union(*found[1:])
    return Counter(rule for fingerprint, rule in found[0].items() if fingerprint not in earlier)


def main(histories: int) -> None:
    """Print how often something rang, of how many, and which rules did."""
    world()  # once, before the workers inherit it
    began = time.perf_counter()
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
        found = list(pool.map(rings, range(histories), chunksize=max(histories // 16, 1)))
    for line in report(found):
        print(line)
    print(f"{time.perf_counter() - began:.0f} s")


def report(found: list[Counter[str]]) -> Iterator[str]:
    """What the histories came to, with numerators and denominators."""
    n, each = len(found), np.array([c.total() for c in found])
    told = np.minimum(each, ROOM).mean()
    yield f"null histories: {n:,} district-months, {MONTHS - 1} months of history each"
    yield f"new alerts: {each.sum():,} = {each.mean():.2f} a month; within {ROOM} messages {told:.2f} a month"
    yield f"months with none {(each == 0).sum():,}, with one {(each == 1).sum():,}, more {(each > 1).sum():,}"
    for rule, times in sum(found, Counter()).most_common():
        yield f"  {rule:32} {times:5,} = {times / n:.3f} a month"
