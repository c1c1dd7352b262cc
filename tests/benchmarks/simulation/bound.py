"""How much of a sustained rise anybody could find: `python -m tests.benchmarks.simulation.bound`.

A level that stands still for five years, no season, and a reader who knows that and the dispersion: what is
left is the noise of the counts. The looks are those of the rule: sums of 3, 6 and 12 months, every month.
"""

from __future__ import annotations

import numpy as np

from rules.baselines.tails import mid_p
from tests.benchmarks.simulation.county import Floats, negative_binomial
from tests.benchmarks.simulation.sums import LASTED, RISE

MEAN, DISPERSIONS, ALPHA = 10.0, (1.0, 2.0, 5.0), 0.002
SPANS, BASELINE = (3, 6, 12), 60


def bound(dispersion: float, series: int, seed: int) -> tuple[float, float]:
    """Shares of the series in which any look rings until the twelfth month: risen, and unchanged."""
    rng = np.random.default_rng(seed)
    shape = (series, BASELINE + LASTED)
    counts = negative_binomial(rng, np.full(shape, MEAN), np.array(dispersion))
    risen = counts.copy()
    risen[:, BASELINE:] = negative_binomial(rng, np.full((series, LASTED), MEAN * RISE), np.array(dispersion))
    return _rang(risen, dispersion), _rang(counts, dispersion)


def _rang(counts: Floats, dispersion: float) -> float:
    level = counts[:, :BASELINE].mean(axis=1)
    any_look = np.zeros(len(counts), dtype=bool)
    for span in SPANS:
        for last in range(BASELINE, BASELINE + LASTED):
            total = counts[:, last + 1 - span : last + 1].sum(axis=1)
            factor = np.full(len(counts), dispersion * (1 + span / BASELINE))
            any_look |= mid_p(total, level * span, factor)[0] < ALPHA
    return float(any_look.mean())


def main(series: int = 20_000, seed: int = 2026) -> None:
    """Print the bound for each dispersion, and their mean."""
    found = [bound(phi, series, seed) for phi in DISPERSIONS]
    for phi, (risen, unchanged) in zip(DISPERSIONS, found, strict=True):
        print(
            f"mean {MEAN:g}, dispersion {phi:g}: {100 * risen:.0f} % found, {100 * unchanged:.1f} % in vain"
        )
    print(f"of the three together: {100 * np.mean([risen for risen, _ in found]):.0f} % found")


if __name__ == "__main__":
    main()
