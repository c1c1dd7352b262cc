"""An invented district in an invented county, month by month, for the detectors over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jobs.folder.library import SHIPPED, load_rule
from rules.context import Context
from rules.detectors.choose import Hit
from rules.detectors.registry import DETECTORS
from rules.engine import find
from rules.findings import Finding
from rules.judgement import Judgement, judge
from rules.model import Area, AreaKind, Break, Classification, Cube, Event, Month, Polarity, Series
from rules.spec import Rule

Counts = npt.NDArray[np.float64]
DISTRICT, COUNTY = "district", "county"


@cache
def library(name: str) -> Rule:
    """A shipped rule; read once, since it cannot be changed."""
    return load_rule(Path(SHIPPED) / f"{name}.toml")


def spread(years: Sequence[float], weights: Sequence[float] = (1.0,) * 12) -> Counts:
    """Annual figures over their months: whole numbers that add up to each year, shaped by `weights`."""
    shape = np.cumsum(np.array(weights)) / sum(weights)
    ends = [np.floor(y * shape + 0.5) for y in years]
    return np.concatenate([np.diff(np.concatenate([[0.0], e])) for e in ends])


def small(name: str, units: Sequence[str], kind: AreaKind = AreaKind.LSOA) -> Area:
    """An area made of units."""
    return Area(name, name, kind, frozenset(units))


def world(
    counts: Mapping[str, Mapping[str, Counts]],
    *,
    first: str = "2008-01",
    polarity: Polarity = Polarity.BAD,
    events: tuple[Event, ...] = (),
    breaks: tuple[Break, ...] = (),
    month: str | None = None,
    extra: tuple[Area, ...] = (),
) -> Judgement:
    """Judge the last month (or `month`). counts: series -> LSOA -> months; "rest" is not the district's."""
    units = list(dict.fromkeys(u for by_unit in counts.values() for u in by_unit))
    home = [u for u in units if u != "rest"]
    areas = {a.code: a for a in (
        small(COUNTY, units, AreaKind.COUNTY), small(DISTRICT, home, AreaKind.DISTRICT),
        *(small(u, [u]) for u in units), *extra,
    )}  # fmt: skip
    months = len(next(iter(next(iter(counts.values())).values())))
    stack = np.zeros((len(counts), len(areas), months))
    for s, by_unit in enumerate(counts.values()):
        for a, area in enumerate(areas.values()):
            stack[s, a] = np.sum([by_unit.get(u, np.zeros(months)) for u in sorted(area.units)], axis=0)
    cube = Cube(tuple(counts), tuple(areas), Month.parse(first), stack, np.zeros((len(counts), months)))
    series = {s: Series(s, s, None, polarity, 1, Classification.PUBLIC, 0, s) for s in counts}
    context = Context(areas, series, DISTRICT, COUNTY, events, breaks)
    return judge(cube, context, Month.parse(month) if month else cube.last)


def one(district: Counts, rest: Counts, series: str = "burglary", **more: object) -> Judgement:
    """A district of one LSOA in its county."""
    return world({series: {"mine": district, "rest": rest}}, **more)  # type: ignore[arg-type]


def hits(rule: Rule | str, judged: Judgement) -> list[Hit]:
    """What the rule's detector gives."""
    rule = library(rule) if isinstance(rule, str) else rule
    return list(DETECTORS[rule.detector].detect(rule, judged))


def found(rule: Rule | str, judged: Judgement, area: str = DISTRICT) -> list[Finding]:
    """What the engine makes of it, in one area."""
    rule = library(rule) if isinstance(rule, str) else rule
    return [f for f in find([rule], judged) if f.area == area]


def at(judged: Judgement, month: str) -> Judgement:
    """The same cube, judged in another of its months."""
    return judge(judged.cube, judged.context, Month.parse(month))


def on(rule: str, *series: str, levels: tuple[AreaKind, ...] = (AreaKind.DISTRICT,)) -> Rule:
    """A shipped rule on other series and levels."""
    known = library(rule)
    scope = known.scope.model_copy(update={"series": series, "levels": levels, "except_series": ()})
    return known.model_copy(update={"scope": scope})


def without(judged: Judgement, missing: Counts) -> Judgement:
    """The same with months taken out: `missing` (months,) True where nothing was published."""
    counts = np.where(missing, np.nan, judged.cube.counts)
    return judge(replace(judged.cube, counts=counts), judged.context, judged.month)
