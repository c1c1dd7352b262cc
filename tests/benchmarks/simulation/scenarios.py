"""The forty kinds of series that are simulated, and what they are called in the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MEANS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
DISPERSIONS = (1.0, 2.0, 5.0)

Kind = Literal["steady", "trend", "drift", "own season", "festival", "all at once"]


@dataclass(frozen=True)
class Scenario:
    """One kind of series; every simulated county has one of each."""

    kind: Kind
    mean: float  # expected count of the judged month, before season and festival
    phi: float  # variance / mean
    trend: float = 0.0  # of the log level a month
    drift: float = 0.0  # standard deviation of the monthly change of the log level
    own_season: float = 0.0  # standard deviation of the log month factors around the county's
    festival: float = 1.0  # the judged calendar month of every year is multiplied by it

    @property
    def size(self) -> Literal["sparse", "mid", "high"]:
        """Sparse below 3 a month, mid below 30, high from 30 on."""
        return "sparse" if self.mean < 3 else "mid" if self.mean < 30 else "high"


def _all() -> tuple[Scenario, ...]:
    found = [Scenario("steady", m, phi) for m in MEANS for phi in DISPERSIONS]
    found += [Scenario("trend", m, 2.0, trend=0.005) for m in (3.0, 10.0, 30.0, 100.0)]
    found += [Scenario("trend", m, 2.0, trend=0.01) for m in (10.0, 100.0)]
    found += [Scenario("trend", m, 2.0, trend=-0.005) for m in (10.0, 100.0)]
    found += [Scenario("drift", m, 2.0, drift=0.03) for m in (3.0, 10.0, 30.0, 100.0)]
    found += [Scenario("own season", m, 2.0, own_season=0.12) for m in (3.0, 10.0, 30.0, 100.0)]
    found += [Scenario("festival", m, 2.0, festival=3.0) for m in (3.0, 10.0, 30.0)]
    found += [
        Scenario("all at once", m, 2.0, trend=0.003, drift=0.02, own_season=0.08) for m in (10.0, 30.0, 100.0)
    ]
    return tuple(found)


SCENARIOS = _all()
