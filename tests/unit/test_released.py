"""What is told of a closed source, in worlds made at random, attacked with everything that can be asked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from jobs.counting.families import Family
from jobs.counting.grain import Grain
from jobs.counting.planned import plan_of
from jobs.counting.released import Released
from jobs.folder.geography import Geography
from rules.disclosure import Mark
from rules.model import Month, Window
from tests.attacker import Attacker, Key
from tests.integration.small_county import source
from tests.unit.small_geography import COUNTY, DISTRICT, OTHER, small_geography

ROOT, LEAVES = "fires-deliberate", ("fires-primary-vehicle", "fires-primary-other", "fires-secondary")
KINDS = {
    ROOT: ("fires-primary", "fires-secondary"), "fires-primary": LEAVES[:2], **dict.fromkeys(LEAVES, ()),
}  # fmt: skip
STORED = {ROOT: LEAVES, "fires-primary": LEAVES[:2], **{s: (s,) for s in LEAVES}}
FIRST = Month(2020, 1)
BELOW = 5


@dataclass(frozen=True)
class World:
    """Every count there is, and what is told of them."""

    geography: Geography
    months: tuple[Month, ...]
    counts: Mapping[Key, int]
    told: Released

    def cell(self, series: str, area: str, window: Window) -> list[Key]:
        """What a figure is made of."""
        units = self.geography[area].units & set(self.geography.base_units)
        return [(s, u, m.key) for s in STORED[series] for u in units for m in window.first.until(window.last)]

    def true(self, series: str, area: str, window: Window) -> int:
        return sum(self.counts.get(key, 0) for key in self.cell(series, area, window))


def world(seed: int, busy: float, months: int, *, sensitive: bool = False) -> World:
    """Places and kinds of very different size; `busy`: about what an LSOA has of a kind in a year."""
    rng, geography = np.random.default_rng(seed), small_geography()
    known = tuple(FIRST + i for i in range(months))
    place = dict(zip(geography.base_units, rng.gamma(1.0, 1.0, len(geography.base_units)), strict=True))
    kind = dict(zip(LEAVES, rng.dirichlet([0.7] * 3) * 3, strict=True))
    mean = {(s, u, m.key): busy / 12 * place[u] * kind[s] for s in LEAVES for u in place for m in known}
    counts = {key: int(n) for key, n in zip(mean, rng.poisson(list(mean.values())), strict=True) if n}
    family = Family("closed", ROOT, BELOW, sensitive, 1, None, STORED, KINDS, dict.fromkeys(STORED, known))
    rows = pd.DataFrame(
        [(u, s, m, 1, "closed", "closed-table", float(n)) for (s, u, m), n in counts.items()],
        columns=["area", "series", "month", "span", "source", "dataset", "count"],
    )
    grain = Grain.of([(s, None) for s in LEAVES], geography)
    own = source("closed", reader="incidents", classification="partner")
    return World(geography, known, counts, plan_of(own, family, geography, rows, grain))


def windows(months: tuple[Month, ...]) -> Iterator[Window]:
    """Months, quarters, twelve and twenty-four months ending anywhere, and calendar years."""
    for length in (1, 3, 12, 24):
        yield from (Window(m, m + (length - 1)) for m in months if m + (length - 1) <= months[-1])


def asked(w: World) -> Iterator[tuple[str, str, Window]]:
    areas = [a.code for a in w.geography.areas.values() if a.units and a.vintage == 2011]
    return itertools.product(STORED, areas, windows(w.months))


def attack(w: World, *, naive: bool = False) -> list[str]:
    """Small figures that are worked out by somebody who has asked for everything."""
    return attacked(w, naive=naive)[1]


def attacked(w: World, *, naive: bool = False) -> tuple[int, list[str]]:
    """How many hidden small cells were attacked, and those that came out exactly."""
    attacker = Attacker(BELOW)
    hidden: dict[str, list[Key]] = {}
    truth: dict[str, int] = {}
    for series, area, window in asked(w):
        told = w.told.figure(series, area, window)
        value, said = told.value, told.mark.value
        if not naive and said in ("withheld", "crossed") and window.months not in (1, 12):
            continue  # nothing is learnt, and it is no target
        cell = w.cell(series, area, window)
        true = sum(w.counts.get(key, 0) for key in cell)
        if naive:  # every figure of a year or of a district's month, small ones as "<5"
            margin = area in (DISTRICT, OTHER) or window.months == 12
            small = 0 < true < BELOW
            value, said = (math.nan, "small" if small else "") if small or not margin else (true, "")
        else:
            assert math.isnan(value) or value == true
            assert not 0 < value < BELOW
        attacker.learns(cell, value, said)
        if math.isnan(value) and 0 < true < BELOW and window.months in (1, 12):
            hidden[f"{series} {area} {window}"] = cell
            truth[f"{series} {area} {window}"] = true
    few = sorted(hidden)[:: max(len(hidden) // 24, 1)]
    return len(few), attacker.works_out({name: hidden[name] for name in few}, truth)


@pytest.mark.parametrize(("seed", "busy", "months"), [(1, 1.0, 12), (2, 0.3, 24), (3, 4.0, 31)])
def test_nothing_small_is_worked_out(seed: int, busy: float, months: int) -> None:
    """Sparse and dense; the last a year that has not ended."""
    assert attack(world(seed, busy, months)) == []


def test_the_same_attack_breaks_small_figures_that_are_only_marked() -> None:
    assert attack(world(2, 1.0, 12), naive=True) != []


def test_what_is_told_of_a_busy_place() -> None:
    """Protection that told nothing would be no use: most of what is asked at the district is told."""
    w = world(5, 12.0, 24)
    figures = [w.told.figure(ROOT, DISTRICT, Window(m, m)) for m in w.months]
    assert sum(f.mark.told for f in figures) > 20
    year = Window(Month(2020, 1), Month(2020, 12))
    told = [u for u in w.geography[DISTRICT].units if w.told.figure(ROOT, u, year).mark.told]
    assert w.told.figure(ROOT, DISTRICT, year).mark.told and len(told) > 6
    assert w.told.figure(ROOT, COUNTY, year).value == w.true(ROOT, COUNTY, year)


def test_two_margins_are_never_crossed() -> None:
    w = world(5, 40.0, 24)
    year, month = Window(Month(2020, 1), Month(2020, 12)), Window(Month(2020, 6), Month(2020, 6))
    unit = w.geography.base_units[0]
    crossed = [(ROOT, unit, month), ("fires-secondary", unit, year)]
    crossed += [("fires-secondary", DISTRICT, month), (ROOT, "town-coalville", month)]
    for series, area, window in crossed:
        assert w.told.figure(series, area, window).mark is Mark.CROSSED
    assert w.told.figure(ROOT, unit, year).mark.told
    assert w.told.figure("fires-secondary", DISTRICT, year).mark.told


def test_of_a_sensitive_family_nothing_is_told_below_the_district() -> None:
    w = world(5, 40.0, 24, sensitive=True)
    for series, area, window in asked(w):
        whole = area in (DISTRICT, OTHER, COUNTY) or w.geography[area].units >= w.geography[OTHER].units
        assert whole or not w.told.figure(series, area, window).mark.told


def test_a_new_month_takes_nothing_back() -> None:
    """What was told when the month was the newest is told, the same, for ever."""
    full = world(7, 1.5, 31)
    for end in (1, 5, 11, 12, 17, 24, 30):
        early = _as_of(full, full.months[:end])
        for (place, month), cell in early.months.items():
            now = full.told.months[place, month]
            assert (cell.mark, str(cell.value)) == (now.mark, str(now.value))


def _as_of(w: World, until: tuple[Month, ...]) -> Released:
    cut = Family("closed", ROOT, BELOW, False, 1, None, STORED, KINDS, dict.fromkeys(STORED, until))
    rows = pd.DataFrame(
        [
            (u, s, m, 1, "closed", "closed-table", float(n))
            for (s, u, m), n in w.counts.items()
            if m <= until[-1].key
        ],
        columns=["area", "series", "month", "span", "source", "dataset", "count"],
    )
    grain = Grain.of([(s, None) for s in LEAVES], w.geography)
    own = source("closed", reader="incidents", classification="partner")
    return plan_of(own, cut, w.geography, rows, grain)
