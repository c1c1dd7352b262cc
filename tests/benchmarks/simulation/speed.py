"""How many series-months a second, on one core, and how much memory."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

import numpy as np

from rules.baselines.auto import predict_auto
from rules.baselines.pooled import predict_share

ENGLAND_AND_WALES = (14, 35_672)  # police.uk's types, LSOAs of 2021
A_TENTH = (14, 3_567)


@dataclass(frozen=True)
class Speed:
    """One month judged both ways everywhere."""

    series: int
    seconds: float
    megabytes: float  # the most the whole process ever held

    @property
    def words(self) -> str:
        """One line for people."""
        return (
            f"{self.series:,} series with 60 months of history, judged here and against the county: "
            f"{self.seconds:.1f} s on one core, {self.series / self.seconds:,.0f} series-months a second, "
            f"peak memory of the process {self.megabytes:,.0f} MB"
        )


def speed(shape: tuple[int, int], seed: int) -> Speed:
    """Time one month of invented counts, tails included."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.7, 1.5, (*shape, 1))
    counts = rng.poisson(rates, (*shape, 61)).astype(float)
    whole, usable, alike = counts.sum(axis=1), np.ones(counts.shape, dtype=bool), np.zeros(shape[1], np.intp)
    began = time.perf_counter()
    predict_auto(counts, whole, usable, alike, 60, 0).tails(counts[:, :, 60])
    predict_share(counts, whole, usable, alike, 60).tails(counts[:, :, 60])
    seconds = time.perf_counter() - began
    # Linux counts kilobytes.
    return Speed(shape[0] * shape[1], seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
