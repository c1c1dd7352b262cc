"""A part's share of its whole in two years, here and against the rest of the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.tails import Floats
from rules.detectors.years import YEAR, Years

ENOUGH = 30  # product.md: no percentage on a base under 30


@dataclass(frozen=True)
class Shift:
    """How a share moved, arrays of shape (areas,); NaN where it cannot be said."""

    part: Floats  # the part and the whole in the later year, and in the earlier
    whole: Floats
    part_before: Floats
    whole_before: Floats
    z: Floats  # of the share's own change
    apart: Floats  # z of the change beyond the county's; NaN where the county cannot speak
    mean: Floats  # the part to be expected had the share stayed
    sd: Floats  # its standard deviation, which is of both years

    @property
    def joint(self) -> Floats:
        """The smaller of both z, towards zero: a share that moves everywhere is nobody's own."""
        sign = np.sign(self.z)
        both: Floats = sign * np.maximum(np.fmin(sign * self.z, sign * self.apart), 0.0)
        return both

    @property
    def points(self) -> Floats:
        """By how many percentage points the share moved."""
        now, before = np.maximum(self.whole, 1), np.maximum(self.whole_before, 1)
        moved: Floats = 100 * (self.part / now - self.part_before / before)
        return moved


def shift(years: Years, part: Floats, whole: Floats, part_rest: Floats, whole_rest: Floats) -> Shift:
    """Two-proportion z with the variance inflated by the months' over-dispersion.

    All arrays (areas, 24). Pooled-variance z of two proportions (Fleiss 1981, 2.3) times 1 / sqrt(phi), phi
    being Pearson's chi-square of the 24 monthly shares around the two years' over its 22 degrees of freedom,
    at least 1 (McCullagh and Nelder 1989, 4.5). The comparison with the county is a difference of the two log
    odds ratios, a half added to each cell (Haldane 1956): a factor that everybody shares drops out of it.
    """
    c1, c0 = years.sums(part)
    n1, n0 = years.sums(whole)
    c1, c0 = (np.where((c <= n) & (n >= ENOUGH), c, np.nan) for c, n in ((c1, n1), (c0, n0)))
    phi = _dispersion(part, whole, c1 / np.maximum(n1, 1), c0 / np.maximum(n0, 1))
    pooled = (c1 + c0) / np.maximum(n1 + n0, 1)
    variance = phi * pooled * (1 - pooled) * (1 / np.maximum(n1, 1) + 1 / np.maximum(n0, 1))
    known = variance > 0
    sd = np.sqrt(np.where(known, variance, np.nan))
    z = (c1 / np.maximum(n1, 1) - c0 / np.maximum(n0, 1)) / sd
    r1, r0 = years.sums(part_rest)
    m1, m0 = years.sums(whole_rest)
    rest_phi = _dispersion(part_rest, whole_rest, r1 / np.maximum(m1, 1), r0 / np.maximum(m0, 1))
    (here, own), (there, other) = _log_odds_ratio(c1, n1, c0, n0), _log_odds_ratio(r1, m1, r0, m0)
    apart = (here - there) / np.sqrt(phi * own + rest_phi * other)
    apart = np.where((np.fmin(m1, m0) >= ENOUGH) & (r1 + r0 > 0), apart, np.nan)
    return Shift(c1, n1, c0, n0, z, apart, n1 * c0 / np.maximum(n0, 1), n1 * sd)


def _log_odds_ratio(c1: Floats, n1: Floats, c0: Floats, n0: Floats) -> tuple[Floats, Floats]:
    """The log odds ratio of the later to the earlier year, and its variance under binomial counts."""
    cells = [np.maximum(x, 0) + 0.5 for x in (c1, n1 - c1, c0, n0 - c0)]
    ratio = np.log(cells[0] / cells[1]) - np.log(cells[2] / cells[3])
    variance: Floats = sum((1 / x for x in cells), np.zeros_like(c1))
    return ratio, variance


def _dispersion(part: Floats, whole: Floats, now: Floats, before: Floats) -> Floats:
    share = np.where(np.arange(2 * YEAR) >= YEAR, now[:, None], before[:, None])
    variance = whole * share * (1 - share)
    squares = np.where(variance > 0, (part - whole * share) ** 2 / np.where(variance > 0, variance, 1), 0.0)
    phi: Floats = np.maximum(np.nan_to_num(squares).sum(axis=1) / (2 * YEAR - 2), 1.0)
    return phi
