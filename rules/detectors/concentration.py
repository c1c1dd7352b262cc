"""More of the district's count in fewer places than the year before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field
from scipy import special

from rules.baselines.share_sums import LEVEL_DRIFT, sums
from rules.baselines.tails import Floats
from rules.detectors.area_sums import YEAR, Ints, lsoas_of, ordinary
from rules.detectors.choose import Hit, earlier, figures, places, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Window
from rules.spec import Knobs, Rule

_SEED = 20050401  # the same draws every time: a judgement can be repeated


class ConcentrationKnobs(Knobs):
    """top: how many places hold the share; alpha: one-sided p; min_count: in either year, of the whole.

    min_points: least change of the share in percentage points; draws: years simulated without a change.
    """

    top: int = Field(default=10, ge=1)
    alpha: float = Field(default=0.005, gt=0, lt=0.5)
    min_count: int = Field(default=100, ge=1)
    min_points: float = Field(default=5.0, ge=0)
    draws: int = Field(default=400, ge=100)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the top places' share of the last twelve months is far above that of the twelve before.

    The top is found anew in each year, which flatters it when counts are small: what it would gain without
    a change is simulated (parametric bootstrap, Davison and Hinkley 1997, chapter 4) from the shares of both
    years together. It must hold without the months of events too: a festival is told elsewhere.
    """
    knobs = rule.parameters
    assert isinstance(knobs, ConcentrationKnobs)
    cube, t = judged.cube, judged.index
    full = (sums(cube.counts, t, YEAR), sums(cube.counts, t - YEAR, YEAR))
    plain = (ordinary(judged, YEAR), ordinary(judged, YEAR, YEAR))
    for a in places(rule, judged):
        units = lsoas_of(judged, cube.areas[a])
        if len(units) < 2 * knobs.top:
            continue
        for s in topics(rule, judged):
            comparable = judged.since[s, units].max() <= t - 2 * YEAR + 1
            years = [_Year(year[s, units], knobs.top) for year in (*full, *plain)]
            if not comparable or any(not y.whole >= knobs.min_count for y in years):
                continue
            if 100 * (years[0].share - years[1].share) < knobs.min_points:
                continue  # before the years are simulated, which takes longest
            phi = judged.share.phi[s, units]
            told, sober = (_expected(knobs, judged, phi, *years[i : i + 2]) for i in (0, 2))
            if max(told.p_high, sober.p_high) < knobs.alpha:
                yield _hit(knobs, judged, s, a, units, years[0], years[1], told, sober.p_high)


class _Year:
    """One year's counts of the places: the sum of the top ones, and their share."""

    def __init__(self, counts: Floats, top: int) -> None:
        self.counts = counts
        self.whole = float(counts.sum())
        self.top = float(np.sort(counts)[-top:].sum())
        self.share = self.top / self.whole if self.whole else float("nan")


def _expected(knobs: ConcentrationKnobs, judged: Judgement, phi: Floats, now: _Year, then: _Year) -> Expected:
    """What the top would hold now if each place had kept its share of both years together."""
    # Sorted, so that the order in which places are listed cannot change a draw.
    shares = np.sort(now.counts + then.counts) / (now.whole + then.whole)
    spread = float(np.nanmedian(phi)) if not np.isnan(phi).all() else 1.0
    rng = np.random.default_rng(_SEED)
    gain = _drawn(rng, now.whole * shares, spread, knobs) - _drawn(rng, then.whole * shares, spread, knobs)
    mean = now.whole * (then.share + float(gain.mean()))
    sd = max(now.whole * float(gain.std()), np.sqrt(max(mean, 1.0)) * 0.1)
    z = (now.top - mean) / sd
    return Expected(
        mean=mean, lower=float(np.ceil(max(mean - 1.96 * sd, 0.0))), upper=float(np.floor(mean + 1.96 * sd)),
        dispersion=max(sd**2 / max(mean, 1e-9), 1.0), p_high=float(special.ndtr(-z)),
        p_low=float(special.ndtr(z)), months=YEAR, window=Window.ending(judged.month + -YEAR, YEAR),
        basis="here",
    )  # fmt: skip


def _drawn(rng: np.random.Generator, mean: Floats, spread: float, knobs: ConcentrationKnobs) -> Floats:
    """Shares of the top in years without a change: gamma-Poisson counts, (draws,)."""
    factor = np.maximum(spread + mean * LEVEL_DRIFT**2, 1.0 + 1e-6)
    size = np.maximum(mean, 1e-9) / (factor - 1)
    counts = rng.negative_binomial(size, 1 / factor, (knobs.draws, len(mean))).astype(float)
    top = np.sort(counts, axis=1)[:, -knobs.top :].sum(axis=1)
    shares: Floats = top / np.maximum(counts.sum(axis=1), 1.0)
    return shares


def _hit(
    knobs: ConcentrationKnobs, judged: Judgement, s: int, a: int, units: Ints,
    now: _Year, then: _Year, expected: Expected, p: float,
) -> Hit:  # fmt: skip
    codes = judged.cube.areas
    order = sorted(range(len(units)), key=lambda i: (-now.counts[i], codes[units[i]]))
    told = figures(judged, YEAR)
    best = told.count("highest areas", knobs.top)
    part, was = (
        told.share("part of the highest", y.top, y.whole, "recorded in the whole", window)
        for y, window in ((now, told.window), (then, earlier(judged, YEAR)))
    )
    note = (
        f"The count is that of the {best} highest of {told.count('areas', len(units))} areas: {part:.0f}% of "
        f"the {now.whole:,.0f} of the whole; in the twelve months before the {best} highest had "
        f"{then.top:,.0f} of {then.whole:,.0f}, {was:.0f}%"
    )
    top = tuple(int(units[i]) for i in order[: knobs.top])
    return Hit(
        s, a, p, expected=expected, note=note, count=int(now.top), span=YEAR, also=top,
        claims=tuple(told.made),
    )  # fmt: skip
