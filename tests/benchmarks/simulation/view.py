"""What a rule is shown of a county: some months of history, the month judged, what is known besides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tests.benchmarks.simulation.county import MONTHS, Counties, Floats
from tests.benchmarks.simulation.scenarios import SCENARIOS

Flags = npt.NDArray[np.bool_]
CALENDAR = 60  # months of history from which nobody has to name an event


@dataclass(frozen=True)
class View:
    """Arrays of shape (counties, scenarios, history + 1) unless said otherwise; the last month is judged."""

    counts: Floats
    rest: Floats  # (counties, history + 1)
    usable: Flags
    events: Flags | None  # festival Junes, where the history is too short to show them
    phase: int

    @property
    def t(self) -> int:
        """Index of the month judged."""
        return int(self.counts.shape[2]) - 1

    @property
    def alike(self) -> npt.NDArray[np.intp]:
        """(scenarios,) areas of about one size are of one kind, as LSOAs and districts are."""
        sizes = ["sparse", "mid", "high"]
        return np.array([sizes.index(s.size) for s in SCENARIOS], dtype=np.intp)

    def with_last(self, count: Floats) -> Floats:
        """The counts with another judged month, (counties, scenarios)."""
        counts = self.counts.copy()
        counts[:, :, -1] = count
        return counts

    def masked(self, months_ago: int) -> View:
        """One month of every series is known to have been unusual."""
        usable = self.usable.copy()
        usable[:, :, self.t - months_ago] = False
        return replace(self, usable=usable)


def view(county: Counties, history: int, counts: Floats | None = None, rest: Floats | None = None) -> View:
    """The last `history` months and the one judged; `counts` and `rest` instead of the county's own."""
    start = MONTHS - 1 - history
    shown = (county.counts if counts is None else counts)[:, :, start:]
    events = None
    if history < CALENDAR:
        june = (np.arange(history + 1) - history) % 12 == 0
        festive = np.array([s.festival > 1 for s in SCENARIOS])
        events = np.broadcast_to(june & festive[:, None], shown.shape)
    return View(
        counts=shown,
        rest=(county.rest if rest is None else rest)[:, start:],
        usable=np.ones(shown.shape, dtype=bool),
        events=events,
        phase=(county.phase + start) % 12,
    )
