"""Lasting rises as the whole shipped book finds them: whichever of its rules of lasting change rings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from jobs.folder.library import SHIPPED, load_rule
from rules.detectors.registry import DETECTORS
from rules.judgement import Judgement, judge
from rules.spec import Rule
from tests.benchmarks.simulation.county import Counties, Floats
from tests.benchmarks.simulation.measure import Results, joined
from tests.benchmarks.simulation.scenarios import SCENARIOS
from tests.benchmarks.simulation.sums import KINDS, LASTED, RISE, world

LASTING = ("sustained-rise", "step-change", "run-of-points", "record-high", "direction-change")
BOOK = "the book: any rule of lasting change, a year of looks"


def by_the_book(counties: Sequence[Counties], befores: Sequence[int], seed: int) -> Results:
    """By rule, and by any of them: what rang until the twelfth month, in unchanged and in risen series."""
    found: dict[tuple[str, int], list[dict[str, Floats]]] = {}
    for number, county in enumerate(counties):
        risen = county.risen(np.random.default_rng((seed, 3000 + number)), RISE, LASTED)
        for before in befores:
            looks = {"none": _rang(county, county.counts, before), "rise": _rang(county, risen, before)}
            for name in looks["none"]:
                found.setdefault((name, before), []).append({case: looks[case][name] for case in looks})
    return joined(found)


def _rang(county: Counties, counts: Floats, before: int) -> dict[str, Floats]:
    """By rule: (counties, scenarios) whether it rang at the end of any month of the year."""
    cube, context = world(county, counts, before)
    rang = {name: np.zeros(counts.shape[:2]) for name in LASTING}
    rules = {name: list(_each(load_rule(Path(SHIPPED) / f"{name}.toml"))) for name in LASTING}
    for month in range(LASTED):
        judged = judge(cube, context, cube.first + (before + month))
        for name, own in rules.items():
            for s, a in _hits(own, judged):
                rang[name][s, a] = 1.0
    rang[BOOK] = np.max(list(rang.values()), axis=0)
    return rang


def _hits(rules: Sequence[Rule], judged: Judgement) -> Iterator[tuple[int, int]]:
    for rule in rules:
        for hit in DETECTORS[rule.detector].detect(rule, judged):
            yield hit.series, hit.area


def _each(rule: Rule) -> Iterator[Rule]:
    """The rule for each size of place, with all of alpha for every place: none pays for looks at others."""
    for size, kind in KINDS.items():
        places = sum(s.size == size for s in SCENARIOS)
        knobs = rule.parameters
        more = {k: getattr(knobs, k) * places for k in ("alpha", "county_alpha") if hasattr(knobs, k)}
        yield rule.model_copy(
            update={
                "scope": rule.scope.model_copy(update={"levels": (kind,)}),
                "parameters": knobs.model_copy(update=more),
            }
        )
