"""Our district among the districts of the county, by rate per resident over 12 months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from rules.baselines.tails import Floats
from rules.detectors.shares import Shift, shift
from rules.detectors.years import YEAR, Years, two_years
from rules.judgement import Judgement
from rules.model import AreaKind

FEWEST = 4  # districts: among fewer a rank says nothing
CLEAR = 1.96


@dataclass(frozen=True)
class League:
    """The districts with residents known; counts of two years, shape (districts,)."""

    names: tuple[str, ...]
    people: Floats
    now: Floats
    before: Floats
    phi: Floats  # dispersion of the monthly counts
    home: int

    def rates(self, counts: Floats) -> Floats:
        """Per 1,000 residents."""
        found: Floats = 1000 * counts / self.people
        return found

    def rank(self, counts: Floats) -> int:
        """1 = the highest rate."""
        rates = self.rates(counts)
        return 1 + int((rates > rates[self.home]).sum())

    def apart(self, counts: Floats) -> Floats:
        """z of our rate against each district's: positive where ours is higher; 0 against ourselves."""
        variance = self.phi * np.maximum(counts, 1) / self.people**2
        rate = counts / self.people
        z: Floats = (rate[self.home] - rate) / np.sqrt(variance + variance[self.home])
        return z

    def rank_range(self, counts: Floats) -> tuple[int, int]:
        """The ranks that chance allows: only districts clearly above or below count (Goldstein and
        Spiegelhalter 1996: a rank without its interval misleads)."""
        z = self.apart(counts)
        return 1 + int((z <= -CLEAR).sum()), len(counts) - int((z >= CLEAR).sum())

    def gap(self, counts: Floats) -> tuple[float, float, float]:
        """Our count as the other districts let expect it, its log's standard error, P of this or more.

        Log rates with additive over-dispersion between districts (Spiegelhalter 2005), tau squared by the
        method of moments (DerSimonian and Laird 1986) from the other districts alone; so few districts know
        their own spread badly, hence Student's t with k - 1 degrees of freedom.
        """
        y, s2 = np.log((counts + 0.5) / self.people), self.phi / (counts + 0.5)
        others = np.arange(len(counts)) != self.home
        w = 1 / s2[others]
        k = int(others.sum())
        centre = (w * y[others]).sum() / w.sum()
        q, scale = (w * (y[others] - centre) ** 2).sum(), w.sum() - (w**2).sum() / w.sum()
        tau2 = max((q - (k - 1)) / scale, 0.0)
        v = 1 / (s2[others] + tau2)
        centre = float((v * y[others]).sum() / v.sum())
        error = float(np.sqrt(s2[self.home] + tau2 + 1 / v.sum()))
        high = float(special.stdtr(k - 1, -(y[self.home] - centre) / error))
        return float(np.exp(centre) * self.people[self.home]), error, high


def league(judged: Judgement, years: Years, s: int) -> League | None:
    """The county's districts in one series; None where a month, residents or districts are missing."""
    context, cube = judged.context, judged.cube
    found = [
        i for i, code in enumerate(cube.areas)
        if context.areas[code].kind is AreaKind.DISTRICT and context.people.get(code, 0) > 0
    ]  # fmt: skip
    home = cube.areas.index(context.district)
    monthly = years.own[s, found]
    now, before = years.sums(monthly)
    if home not in found or np.isnan(now + before).any():
        return None
    # A district in which the series hardly occurs is one whose force does not publish it.
    keep = (now > 0) & (before > 0)
    if not keep[found.index(home)] or int(keep.sum()) < FEWEST:
        return None
    kept = [i for i, k in zip(found, keep, strict=True) if k]
    codes = [cube.areas[i] for i in kept]
    return League(
        tuple(context.areas[c].name for c in codes),
        np.array([context.people[c] for c in codes]),
        now[keep], before[keep], dispersion(monthly[keep]), kept.index(home),
    )  # fmt: skip


def against_county(judged: Judgement, years: Years, s: int) -> Shift:
    """How our district's share of the county moved; arrays of one element."""
    home = judged.cube.areas.index(judged.context.district)
    own = years.own[s, [home]]
    nothing = np.full_like(own, np.nan)
    return shift(years, own, own + years.rest[s, [home]], nothing, nothing)


def peer_years(judged: Judgement) -> Years | None:
    """Two years in which all districts were counted alike: months that only comparisons may use are in."""
    return two_years(judged, relative=True)


def dispersion(monthly: Floats, span: int = YEAR) -> Floats:
    """Variance / mean of the months around the mean of their `span`, at least 1; shape (districts,).

    Months are whole spans; with fewer than two a span nothing is known but Poisson. Season in it errs to
    caution.
    """
    if span < 2:
        return np.ones(len(monthly))
    runs = monthly.reshape(len(monthly), -1, span)
    mean = runs.mean(axis=2, keepdims=True)
    free = runs.shape[1] * (span - 1)
    phi: Floats = np.maximum(((runs - mean) ** 2 / np.maximum(mean, 0.1)).sum(axis=(1, 2)) / free, 1.0)
    return phi
