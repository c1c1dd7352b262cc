"""What the detectors over areas share: window sums against the county, peers, and names in a note."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from rules.baselines.share_sums import ShareSums, judge_sums, sums
from rules.baselines.tails import Floats
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import AreaKind, Window

Ints = npt.NDArray[np.intp]
YEAR = 12


def window_sums(judged: Judgement, months: int) -> ShareSums:
    """The `months` months that end with the month judged, in every series and area."""
    return judged.once(("window sums", months), lambda: _window_sums(judged, months))


def _window_sums(judged: Judgement, months: int) -> ShareSums:
    cube, t = judged.cube, judged.index
    counts = cube.counts[:, :, : t + 1]
    return judge_sums(
        counts,
        counts[:, cube.areas.index(judged.context.county)],
        judged.allowed(relative=True)[:, :, : t + 1],
        judged.since,
        judged.alike,
        judged.month,
        months,
    )


def ordinary(judged: Judgement, months: int, back: int = 0) -> Floats:
    """Sums without the months of events at a place: the `months` months that end `back` months earlier."""
    counts = judged.cube.counts
    usable = judged.allowed(relative=True)
    return sums(np.where(usable | np.isnan(counts), counts, 0.0), judged.index - back, months)


def peers(judged: Judgement, kind: AreaKind) -> Ints:
    """Indices of every area of a kind in the county."""
    areas = judged.context.areas
    return np.array([i for i, a in enumerate(judged.cube.areas) if areas[a].kind is kind], dtype=np.intp)


def lsoas_of(judged: Judgement, area: str) -> Ints:
    """Indices of the LSOAs that an area is made of."""
    cube, units = judged.cube, judged.context.areas[area].units
    return np.array([i for i in peers(judged, AreaKind.LSOA) if cube.areas[i] in units], dtype=np.intp)


def among(count: float, others: Floats, window: Window) -> Expected:
    """A count among those of the county's areas of its kind: their mean, and the range of 95 % of them.

    No history is in it: p is the part of the areas that have as many or more (ties by half), so it says
    how far out the place stands, not that anything changed.
    """
    known = others[~np.isnan(others)]
    mean = max(float(known.mean()), 1e-9)
    low, high = np.quantile(known, [0.025, 0.975])
    above, below = (float(np.mean(known > count)), float(np.mean(known < count)))
    ties = 1 - above - below
    return Expected(
        mean=mean, lower=float(np.ceil(low)), upper=float(np.floor(high)),
        dispersion=max(float(known.var()) / mean, 1.0), p_high=above + ties / 2, p_low=below + ties / 2,
        months=window.months, window=window, basis="county",
    )  # fmt: skip


def listed(names: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
