"""Runs the rules over simulated counties and keeps what rang."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.simulation.county import Counties, Floats, negative_binomial, simulate
from tests.benchmarks.simulation.methods import Method
from tests.benchmarks.simulation.scenarios import SCENARIOS, Scenario
from tests.benchmarks.simulation.view import view

SIGMAS = (3.0, 5.0)
COUNTY_RISE = 1.18  # March 2022 in the whole force
Pick = Callable[[Scenario], bool]


@dataclass(frozen=True)
class Rang:
    """Per series (counties, scenarios): 1 rang, 0 did not, NaN could not be judged."""

    cases: Mapping[str, Floats]  # what was done to the judged month -> what rang

    def percent(self, case: str, pick: Pick) -> float:
        """How many of the judged series of these scenarios rang; NaN where none was judged."""
        chosen = self.cases[case][:, [pick(s) for s in SCENARIOS]]
        judged = chosen[~np.isnan(chosen)]
        return 100 * float(judged.mean()) if judged.size else float("nan")

    def error(self, case: str, pick: Pick) -> float:
        """Standard error of `percent`, in points, over counties: the series of one share its season."""
        chosen = self.cases[case][:, [pick(s) for s in SCENARIOS]]
        each = np.nanmean(chosen, axis=1)
        return 100 * float(np.nanstd(each, ddof=1) / np.sqrt((~np.isnan(each)).sum()))


Results = dict[tuple[str, int], Rang]


def simulated(counties: int, seed: int) -> list[Counties]:
    """The counties of one run."""
    return list(simulate(SCENARIOS, counties, seed))


def months(
    counties: Sequence[Counties], methods: Mapping[str, Method], histories: Sequence[int], seed: int
) -> Results:
    """False alarms and power, and the month in which the whole county rises."""
    found: dict[tuple[str, int], list[dict[str, Floats]]] = {}
    for number, county in enumerate(counties):
        rng = np.random.default_rng((seed, 1000 + number))
        counts = {"none": county.counts[:, :, -1]}
        counts |= {f"{s:g}": county.outbreak(rng, s) for s in SIGMAS}
        everybody = county.risen(rng, COUNTY_RISE, 1)
        rest = county.rest.copy()
        rest[:, -1] = negative_binomial(rng, county.rest_mean[:, -1] * COUNTY_RISE, np.array(2.0))
        for history in histories:
            shown, wide = view(county, history), view(county, history, everybody, rest)
            for name, method in methods.items():
                alarm, alarm_wide = method(shown), method(wide)
                rang = {case: alarm(count) for case, count in counts.items()}
                rang["county"] = alarm_wide(everybody[:, :, -1])
                found.setdefault((name, history), []).append(rang)
    return joined(found)


def contaminated(
    counties: Sequence[Counties], methods: Mapping[str, Method], histories: Sequence[int], seed: int
) -> Results:
    """Power at five sigma when the same month of last year had an event of six, known and not known."""
    found: dict[tuple[str, int], list[dict[str, Floats]]] = {}
    for number, county in enumerate(counties):
        count = county.outbreak(np.random.default_rng((seed, 2000 + number)), SIGMAS[-1])
        for history in histories:
            stained = view(county, history, county.contaminated)
            views = {"clean": view(county, history), "unknown": stained, "masked": stained.masked(12)}
            for name, method in methods.items():
                rang = {case: method(shown)(count) for case, shown in views.items()}
                found.setdefault((name, history), []).append(rang)
    return joined(found)


def joined(found: Mapping[tuple[str, int], list[dict[str, Floats]]]) -> Results:
    """The batches of a run as one."""
    return {
        key: Rang({case: np.concatenate([part[case] for part in parts]) for case in parts[0]})
        for key, parts in found.items()
    }
