"""The goals of short histories on many counties: `python -m tests.benchmarks.simulation.precise`.

The published table has 500 counties, whose power at high means has a standard error of about half a point:
too much to tell 84.7 from 85. Here as many counties as it takes, 24 months of history, `auto` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.benchmarks.simulation import goals
from tests.benchmarks.simulation.county import Floats, simulate
from tests.benchmarks.simulation.measure import Pick, Rang
from tests.benchmarks.simulation.methods import here
from tests.benchmarks.simulation.scenarios import SCENARIOS
from tests.benchmarks.simulation.view import view

HISTORY, SIGMAS = 24, 5.0
SEEDS, COUNTIES = tuple(range(6100, 6106)), 600  # of each seed
ASKED: tuple[tuple[str, str, Pick], ...] = (
    ("false alarms, means >= 3", "none", goals.from_three),
    ("false alarms, means 3-10", "none", goals.of_size("mid")),
    ("false alarms, means 30-100", "none", goals.of_size("high")),
    ("5 sigma found, means >= 10", "rise", goals.from_ten),
    ("5 sigma found, means 30-100", "rise", goals.of_size("high")),
)


def measured(seeds: tuple[int, ...], counties: int) -> Rang:
    """What rang in the month judged, unchanged (`none`) and with an outbreak of five sigma (`rise`)."""
    parts: list[dict[str, Floats]] = []
    for seed in seeds:
        for number, county in enumerate(simulate(SCENARIOS, counties, seed)):
            alarm = here(view(county, HISTORY))
            struck = county.outbreak(np.random.default_rng((seed, 1000 + number)), SIGMAS)
            parts.append({"none": alarm(county.counts[:, :, -1]), "rise": alarm(struck)})
    return Rang({case: np.concatenate([p[case] for p in parts]) for case in ("none", "rise")})


def lines(found: Rang) -> Iterator[str]:
    """Every figure with its standard error over counties."""
    for name, case, pick in ASKED:
        yield f"{name}: {found.percent(case, pick):.2f} %, standard error {found.error(case, pick):.2f}"


if __name__ == "__main__":
    print(f"{len(SEEDS) * COUNTIES:,} counties, seeds {SEEDS[0]} to {SEEDS[-1]}, {HISTORY} months of history")
    for line in lines(measured(SEEDS, COUNTIES)):
        print(line)
