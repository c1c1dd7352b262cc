"""A county of seven districts made from yearly totals: what a story plants its figures in.

A source gives totals of a year, or of one month. They are kept exactly and dealt out to months and places at
random (multinomial: Poisson counts, given their sum). Everything that is not a figure of a source is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from rules.engine import find
from rules.findings import Finding
from rules.judgement import Judgement, judge
from rules.model import Break, Cube, Event, Month
from rules.targets import Target
from tests.unit.stories import county

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FLAT = (1.0,) * 12


@dataclass(frozen=True)
class Years:
    """Totals of years, oldest first, the last one ending with the month judged; some months exactly."""

    totals: tuple[int, ...]
    exact: Mapping[str, int] = field(default_factory=dict)  # month -> count, part of its year

    def dealt(self, season: tuple[float, ...], first: Month, rng: np.random.Generator) -> Ints:
        """(months,) the totals dealt out: given months have their count, the others share the rest."""
        fixed = {Month.parse(m): n for m, n in self.exact.items()}
        months = [first + i for i in range(12 * len(self.totals))]
        found = np.array([fixed.get(m, 0) for m in months], dtype=np.int64)
        weight = np.array([0.0 if m in fixed else season[m.number - 1] for m in months])
        for y, total in enumerate(self.totals):
            year = slice(12 * y, 12 * y + 12)
            left = total - int(found[year].sum())
            if left:
                found[year] += rng.multinomial(left, weight[year] / weight[year].sum())
        return found


@dataclass(frozen=True)
class Row:
    """One series: in our district as planted, and without the change."""

    series: str
    ours: Years
    plain: Years
    rest: tuple[int, ...] = ()  # totals of each of the six others; () = the source speaks of ours alone
    rest_plain: tuple[int, ...] = ()  # the same without the change, where it is everybody's
    season: tuple[float, ...] = FLAT  # January first
    places: Mapping[str, Years] = field(default_factory=dict)  # LSOAs of ours, part of its totals
    before: Mapping[str, Years] = field(default_factory=dict)  # the same without the change


@dataclass(frozen=True)
class World:
    """A county. `named`: our LSOAs that have a name; each touches the next one."""

    month: Month  # the last one
    rows: tuple[Row, ...]
    named: tuple[str, ...] = ()
    small: int = 24  # LSOAs of our district
    events: tuple[Event, ...] = ()
    breaks: tuple[Break, ...] = ()
    targets: tuple[Target, ...] = ()
    people: Mapping[str, float] = field(default_factory=dict)  # 1,500 in every other LSOA
    visitors: Mapping[str, str] = field(default_factory=dict)
    spread: float = 0.7  # of the logarithm of the LSOAs' levels: places differ
    seed: int = 34

    @property
    def first(self) -> Month:
        """The first month of its counts."""
        return self.month + (1 - 12 * len(self.rows[0].ours.totals))


def counts(world: World, *, planted: bool) -> Cube:
    """The world's counts; larger places are the sums of their LSOAs."""
    areas = county.areas(world.named, world.small, world.visitors)
    units = [c for c, a in areas.items() if a.units == {c}]
    small = np.zeros((len(world.rows), len(units), world.month - world.first + 1))
    for i, row in enumerate(world.rows):
        # A stream for each series and district: a change of ours must not deal the other districts anew.
        small[i, : world.small] = _ours(
            world, row, np.random.default_rng([world.seed, i, 0]), planted=planted
        )
        totals = row.rest if planted else row.rest_plain or row.rest
        for j in range(len(county.OTHERS)) if totals else ():
            rng = np.random.default_rng([world.seed, i, j + 1])
            months = Years(totals).dealt(row.season, world.first, rng)
            start = world.small + j * county.SMALL
            small[i, start : start + county.SMALL] = rng.multinomial(
                months, _sizes(world, county.SMALL, rng)
            ).T
    member = np.array([[float(u in a.units) for u in units] for a in areas.values()])
    names = tuple(r.series for r in world.rows)
    return Cube(names, tuple(areas), world.first, member @ small, np.zeros((len(names), small.shape[2])))


def _ours(world: World, row: Row, rng: np.random.Generator, *, planted: bool) -> Floats:
    """(LSOAs, months) of our district: places that are given, the others sharing what is left."""
    whole, own = (row.ours, row.places) if planted else (row.plain, row.before)
    found = np.zeros((world.small, 12 * len(whole.totals)))
    for name, years in own.items():
        found[world.named.index(name)] = years.dealt(row.season, world.first, rng)
    given = found.sum(axis=0)
    totals = tuple(t - sum(y.totals[i] for y in own.values()) for i, t in enumerate(whole.totals))
    exact = {m: n - int(given[Month.parse(m) - world.first]) for m, n in whole.exact.items()}
    left = Years(totals, exact).dealt(row.season, world.first, rng)
    free = [i for i in range(world.small) if i >= len(world.named) or world.named[i] not in own]
    found[free] = rng.multinomial(left, _sizes(world, len(free), rng)).T
    return found


def _sizes(world: World, places: int, rng: np.random.Generator) -> Floats:
    """Shares of a district: were all places alike, every one of them would be expected to be the average."""
    sizes: Floats = np.exp(world.spread * rng.standard_normal(places))
    sizes /= sizes.sum()
    return sizes


def judged(world: World, *, planted: bool = True, month: Month | None = None) -> Judgement:
    """A month of the world, the last one by default; later months are not there yet."""
    until = month or world.month
    cube = counts(world, planted=planted)
    seen = until - cube.first + 1
    cube = Cube(cube.series, cube.areas, cube.first, cube.counts[:, :, :seen], cube.unlocated[:, :seen])
    places = county.areas(world.named, world.small, world.visitors)
    known = county.context(places, world.people)
    return judge(cube, replace(known, events=world.events, breaks=world.breaks, targets=world.targets), until)


def findings(world: World, *, planted: bool = True, month: Month | None = None) -> tuple[Finding, ...]:
    """What the whole rule book finds in that month."""
    return find(county.book(), judged(world, planted=planted, month=month))
