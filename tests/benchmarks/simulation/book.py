"""Lasting rises as the shipped book finds them: `python -m tests.benchmarks.simulation.book [SEED]`.

An officer hears of a rise whichever rule rings. Beside the rule `sustained-rise` alone stand: any of the
rules of lasting change that look at a district; and the looks of `sustained-rise` at one-sided .005, the
level at which the simulation's goals were asked for (the rule asks .002 of each sum). Series of means 3 and
10, with 60 months before the rise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from jobs.folder.library import SHIPPED, load_rule
from rules.detectors.registry import DETECTORS
from rules.judgement import judge
from rules.spec import Rule
from tests.benchmarks.simulation.county import Counties, Floats
from tests.benchmarks.simulation.measure import Pick, Rang, joined, simulated
from tests.benchmarks.simulation.scenarios import DISPERSIONS, SCENARIOS
from tests.benchmarks.simulation.sums import KINDS, LASTED, RISE, world

RULES = ("sustained-rise", "step-change", "run-of-points", "record-high", "direction-change")
BOOK, AT_005 = "any of these", "sustained-rise at .005"
BEFORE, COUNTIES, SEED = 60, 48, 6001
SIZE = "mid"  # of the series that are looked at


def by_the_book(counties: Sequence[Counties], before: int, seed: int) -> dict[str, Rang]:
    """By rule: which series it told until the twelfth month, unchanged (`none`) and risen (`rise`)."""
    found: dict[tuple[str, int], list[dict[str, Floats]]] = {}
    for number, county in enumerate(counties):
        risen = county.risen(np.random.default_rng((seed, 3000 + number)), RISE, LASTED)
        looks = {"none": _rang(county, county.counts, before), "rise": _rang(county, risen, before)}
        for name in looks["none"]:
            found.setdefault((name, before), []).append({case: looks[case][name] for case in looks})
    return {name: rang for (name, _), rang in joined(found).items()}


def _rang(county: Counties, counts: Floats, before: int) -> dict[str, Floats]:
    """By rule: (counties, scenarios) whether it rang at the end of any month of the year."""
    cube, context = world(county, counts, before)
    # All of alpha for every place: none pays for looks at others.
    places = sum(s.size == SIZE for s in SCENARIOS)
    rules = {name: _with(load_rule(Path(SHIPPED) / f"{name}.toml"), places) for name in RULES}
    rules[AT_005] = _with(rules[RULES[0]], 2.5)
    rang = {name: np.zeros(counts.shape[:2]) for name in rules}
    for month in range(LASTED):
        judged = judge(cube, context, cube.first + (before + month))
        for name, rule in rules.items():
            for hit in DETECTORS[rule.detector].detect(rule, judged):
                rang[name][hit.series, hit.area] = 1.0
    return rang | {BOOK: np.max([rang[name] for name in RULES], axis=0)}


def _with(rule: Rule, times: float) -> Rule:
    """The rule at the places of SIZE, with its alphas so many times as large."""
    knobs = rule.parameters
    alphas = {k: getattr(knobs, k) * times for k in ("alpha", "county_alpha") if hasattr(knobs, k)}
    scope = rule.scope.model_copy(update={"levels": (KINDS[SIZE],)})
    return rule.model_copy(update={"scope": scope, "parameters": knobs.model_copy(update=alphas)})


def at_ten(dispersion: float | None) -> Pick:
    """Steady series of mean 10, of one dispersion or of any."""
    return lambda s: s.kind == "steady" and s.mean == 10 and dispersion in (None, s.phi)


OTHERS: dict[str, Pick] = {
    "mean 3": lambda s: s.kind == "steady" and s.mean == 3,
    "mean 3-10, drift": lambda s: s.kind == "drift" and s.size == SIZE,
    "mean 3-10, rising 0.5-1 % a month": lambda s: s.kind == "trend" and s.trend > 0 and s.size == SIZE,
}


def lines(found: dict[str, Rang]) -> Iterator[str]:
    """A table in Markdown: in vain / found, per cent of the series of a column in a year."""
    columns = {f"mean 10, dispersion {d:g}": at_ten(d) for d in DISPERSIONS}
    columns |= {"mean 10, together": at_ten(None)} | OTHERS
    yield "| +44 %, 60 months before: in vain / found | " + " | ".join(columns) + " |"
    yield "| --- " * (len(columns) + 1) + "|"
    for name, rang in found.items():
        cells = [f"{rang.percent('none', p):.1f} / {rang.percent('rise', p):.0f}" for p in columns.values()]
        yield f"| {name} | " + " | ".join(cells) + " |"
    for name in (RULES[0], BOOK, AT_005):
        percent, error = found[name].percent("rise", at_ten(None)), found[name].error("rise", at_ten(None))
        yield f"{name}, mean 10: {percent:.1f} % found, standard error {error:.1f}"


def main(seed: int = SEED, counties: int = COUNTIES) -> None:
    """Print the table."""
    print(f"{counties} counties, seed {seed}")
    for line in lines(by_the_book(simulated(counties, seed), BEFORE, seed)):
        print(line)


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:3]))
