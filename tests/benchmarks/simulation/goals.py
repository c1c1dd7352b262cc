"""What was asked of the model, and whether this run kept it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.simulation.measure import Pick, Results
from tests.benchmarks.simulation.methods import OURS
from tests.benchmarks.simulation.scenarios import Scenario
from tests.benchmarks.simulation.sums import AT_005, YEAR

AUTO = next(iter(OURS))
_LOOKS = {AT_005: "at one-sided .005", YEAR: "as the shipped rule looks, .002 a sum"}


def ordinary(s: Scenario) -> bool:
    """Every scenario but the festivals."""
    return s.kind != "festival"


def from_three(s: Scenario) -> bool:
    """Means of 3 and more."""
    return ordinary(s) and s.mean >= 3


def from_ten(s: Scenario) -> bool:
    """Means of 10 and more."""
    return ordinary(s) and s.mean >= 10


def of_size(size: str) -> Pick:
    """Sparse, mid or high, without festivals."""
    return lambda s: ordinary(s) and s.size == size


def festival(s: Scenario) -> bool:
    """Series with a festival in the judged calendar month."""
    return s.kind == "festival"


def goals(months: Results, contaminated: Results, sustained: Results) -> Iterator[tuple[str, float, bool]]:
    """Every goal with what was measured; the histories that were run."""
    for (name, history), rang in months.items():
        if name != AUTO or history < 24:
            continue
        false, june = rang.percent("none", from_three), rang.percent("none", festival)
        ten, high = rang.percent("5", from_ten), rang.percent("5", of_size("high"))
        yield f"{history} months: false alarms <= 1 %, means >= 3", false, false <= 1
        yield f"{history} months: <= 1 % in ordinary festival Junes", june, june <= 1
        yield f"{history} months: 5 sigma found >= 80 %, means >= 10", ten, ten >= 80
        yield f"{history} months: 5 sigma found >= 85 %, means 30-100", high, high >= 85
    for (name, history), rang in contaminated.items():
        if name == AUTO and history >= 24:
            half = 100 * rang.percent("masked", from_ten) / rang.percent("clean", from_ten)
            yield f"{history} months: masked baseline keeps >= 50 % of the clean power", half, half >= 50
    for (name, before), rang in sustained.items():
        found = rang.percent("rise", lambda s: s.kind == "steady" and s.mean == 10)
        if name in _LOOKS and before >= 60:
            goal = "+44 % found within 12 months >= 60 % at mean 10, 60 months before"
            yield f"{goal}, {_LOOKS[name]}", found, found >= 60
