"""Sustained rises as the shipped rule looks for them: sums of 3, 6 and 12 months, month after month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from jobs.folder.library import SHIPPED, load_rule
from rules.baselines.past import Past, past
from rules.context import Context
from rules.detectors.sustained import SustainedKnobs, look
from rules.judgement import judge
from rules.model import Area, AreaKind, Classification, Cube, Event, Month, Polarity, Series
from tests.benchmarks.simulation.county import MONTHS, Counties, Floats
from tests.benchmarks.simulation.measure import Results, joined
from tests.benchmarks.simulation.methods import ALPHA
from tests.benchmarks.simulation.scenarios import SCENARIOS
from tests.benchmarks.simulation.view import CALENDAR

RISE = 1.44  # fly-tips in the source documents: 312 against 217
LASTED = 12  # months
ALONE = "12-month sum against its own past"
LAST, LOOK, YEAR = "the rule, 12-month sum", "the rule, a look", "the rule, a year of looks"
AT_005 = "the same at one-sided .005, a year of looks"
KINDS = {"sparse": AreaKind.LSOA, "mid": AreaKind.MSOA, "high": AreaKind.WARD}
_UNITS = tuple(f"u{i:02d}" for i in range(len(SCENARIOS)))
_HOME, _COUNTY, _REST = "home", "county", "rest"


class _Each(Past):
    """Every series is looked at on its own: no place pays for the looks at others."""

    @cached_property
    def shared(self) -> Floats:
        """(areas,) ones."""
        return np.ones(len(self.a))


def sustained(counties: Sequence[Counties], befores: Sequence[int], seed: int) -> Results:
    """What rings while nothing happens, and while a rise of RISE goes through its first year.

    Per look: the part of 36 looks (three sums at the end of each of twelve months) in which the rule rang.
    A year: whether it rang in any of them. So many months of history lie before the rise.
    """
    found: dict[tuple[str, int], list[dict[str, Floats]]] = {}
    for number, county in enumerate(counties):
        risen = county.risen(np.random.default_rng((seed, 3000 + number)), RISE, LASTED)
        for before in befores:
            looks = {"none": _looks(county, county.counts, before), "rise": _looks(county, risen, before)}
            for name in looks["none"]:
                found.setdefault((name, before), []).append({case: looks[case][name] for case in looks})
    return joined(found)


def _looks(county: Counties, counts: Floats, before: int) -> dict[str, Floats]:
    """By name of the look: (counties, scenarios) how often it rang."""
    knobs = load_rule(Path(SHIPPED) / "sustained-rise.toml").parameters
    assert isinstance(knobs, SustainedKnobs)
    wider = knobs.alpha / ALPHA  # the county's part, which confirms, is eased likewise
    loose = knobs.model_copy(update={"alpha": ALPHA, "county_alpha": knobs.county_alpha / wider})
    cube, context = world(county, counts, before)
    rang, loosely, alone = [], [], np.zeros(counts.shape[:2])
    for month in range(LASTED):
        judged = judge(cube, context, cube.first + (before + month))
        every = past(judged, list(range(len(counts))), list(range(len(SCENARIOS))))
        old = _Each(every.judged, every.s, every.a, every.part)
        for months in knobs.months:
            wide, fired = look(knobs, old, "rise", months)
            known = ~np.isnan(wide.joint("rise"))
            rang.append(np.where(known, fired, np.nan))
            loosely.append(np.where(known, look(loose, old, "rise", months)[1], np.nan))
            if months == LASTED:
                alone = np.where(np.isnan(wide.here.high), np.nan, wide.here.high < knobs.alpha)
    every_look = np.array(rang)
    return {
        ALONE: alone,
        LAST: every_look[-1],
        LOOK: np.nanmean(every_look, axis=0),
        YEAR: np.nanmax(every_look, axis=0),
        AT_005: np.nanmax(np.array(loosely), axis=0),
    }


def world(county: Counties, counts: Floats, before: int) -> tuple[Cube, Context]:
    """The simulated county as a partnership sees it: a series for each county, an area for each scenario.

    The rest of the county is that in which nothing happened: each area rises alone.
    """
    start = MONTHS - LASTED - before
    shown = counts[:, :, start:]
    home = county.counts[:, :, start:].sum(axis=1, keepdims=True)
    whole = home + county.rest[:, None, start:]
    names = tuple(f"s{i}" for i in range(len(counts)))
    areas = {u: Area(u, u, KINDS[s.size], frozenset({u})) for u, s in zip(_UNITS, SCENARIOS, strict=True)}
    areas[_HOME] = Area(_HOME, _HOME, AreaKind.DISTRICT, frozenset(_UNITS), 2011, _COUNTY)
    areas[_COUNTY] = Area(_COUNTY, _COUNTY, AreaKind.COUNTY, frozenset({*_UNITS, _REST}))
    cube = Cube(
        names, tuple(areas), Month(2010, (county.phase + start) % 12 + 1),
        np.concatenate([shown, home, whole], axis=1), np.zeros((len(names), shown.shape[2])),
    )  # fmt: skip
    series = {s: Series(s, s, None, Polarity.BAD, 1, Classification.PUBLIC, 0, s) for s in names}
    return cube, Context(areas, series, _HOME, _COUNTY, _festivals(cube) if before < CALENDAR else ())


def _festivals(cube: Cube) -> tuple[Event, ...]:
    """The festivals of every year, where the history is too short to show them."""
    months = tuple(cube.last + -back for back in range(0, cube.counts.shape[2], 12))
    return tuple(
        Event(u, "festival", u, months, held=True, verified=True)
        for u, s in zip(_UNITS, SCENARIOS, strict=True)
        if s.festival > 1
    )
