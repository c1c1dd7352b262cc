"""A rise after years of falls, or a fall after years of rises, on sums of twelve months."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from pydantic import Field

from rules.baselines.past import Past, past
from rules.baselines.pooled import Bools
from rules.baselines.tails import Floats, mid_p, quantile
from rules.claims import Claimant
from rules.detectors.choose import Hit, figures, places, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Basis, Direction, Window
from rules.spec import Knobs, Rule

_DRIFT = 0.05  # levels wander by this much from year to year without any news in it


class TurnKnobs(Knobs):
    """years: yearly changes the other way before the turn; reach: how many years the turn may take.

    z: least 2(sqrt new - sqrt old), both for the turn and for what went before: 3 is about 2.1 standard
    deviations of a difference of two Poisson counts (see rules.claims.UNUSUAL_Z); alpha: one-sided p.
    """

    years: int = Field(default=2, ge=1, le=6)
    reach: int = Field(default=2, ge=1, le=3)
    z: float = Field(default=3.0, gt=0)
    alpha: float = Field(default=0.005, gt=0, lt=0.5)
    min_count: int = Field(default=50, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """The latest turn that is clear, for each series and place.

    z = 2(sqrt new - sqrt old) is the variance-stabilised difference (Freeman and Tukey 1950, Ann. Math.
    Statist. 21); when nothing changes its variance is twice the dispersion, so that the p-value beside it
    decides. The county's own turn is taken out by the share of the county in the same months.
    """
    knobs = rule.parameters
    assert isinstance(knobs, TurnKnobs)
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    done: set[tuple[int, int]] = set()
    for reach in range(1, knobs.reach + 1):
        years = [_year(old, i) for i in range(reach + knobs.years + 1)]
        if judged.index < 12 * len(years) - 1:
            return
        found, p = _turned(knobs, old, years, reach, rule.direction)
        for s, a in np.argwhere(found):
            if (s, a) in done:
                continue
            done.add((s, a))
            told = figures(judged, 12)
            row = _whole_run(old, [float(y[s, a]) for y in years], int(s), int(a))
            note = _note(told, row, judged, len(row) - 1 - reach, reach)
            yield Hit(
                int(old.s[s]), int(old.a[a]), float(p[s, a]), expected=_expected(old, s, a, reach),
                count=int(years[0][s, a]), span=12, note=note, claims=tuple(told.made),
            )  # fmt: skip


def _window(old: Past, back: int) -> Bools:
    """(months,) the twelve months that ended `back` years before the month judged."""
    index, last = np.arange(old.counts.shape[2]), old.judged.index - 12 * back
    found: Bools = (index > last - 12) & (index <= last)
    return found


def _year(old: Past, back: int, basis: Basis = "county") -> Floats:
    """(series, areas) its sum; NaN where a month is missing, masked, or before a break."""
    now = _window(old, back)
    known = old.clear[basis] & ~np.isnan(old.counts)
    return np.where(known[:, :, now].all(axis=2), np.nan_to_num(old.counts)[:, :, now].sum(axis=2), np.nan)


def _turned(
    knobs: TurnKnobs, old: Past, years: list[Floats], reach: int, direction: Direction
) -> tuple[Bools, Floats]:
    sign = 1 if direction == "rise" else -1
    steps = [sign * (newer - older) for newer, older in pairwise(years)]
    root = [2 * np.sqrt(y) for y in years]
    p = _both(old, reach, direction)
    found: Bools = (
        np.all([s > 0 for s in steps[:reach]], axis=0)
        & np.all([s < 0 for s in steps[reach:]], axis=0)
        & (sign * (root[0] - root[reach]) >= knobs.z)
        & (sign * (root[reach] - root[-1]) <= -knobs.z)
        & (np.fmax(years[0], years[reach]) >= knobs.min_count)
        & (p < knobs.alpha * old.shared)
    )
    return found, p


def _both(old: Past, reach: int, direction: Direction) -> Floats:
    """The larger p of the two comparisons; NaN where the county should have spoken and did not."""
    side = 0 if direction == "rise" else 1
    here, county = (_tails(old, reach, basis)[side] for basis in _BASES)
    found: Floats = np.where(old.mute & np.isnan(county), np.nan, np.fmax(here, county))
    return found


_BASES: tuple[Basis, Basis] = ("here", "county")


def _tails(old: Past, reach: int, basis: Basis) -> tuple[Floats, Floats]:
    mean, factor = _predicted(old, reach, basis)
    return mid_p(_year(old, 0, basis), mean, factor)


def _predicted(old: Past, reach: int, basis: Basis) -> tuple[Floats, Floats]:
    """The year of the turn, carried to now: mean and variance / mean of the new year's sum."""
    before, phi = _year(old, reach, basis), _dispersion(old, reach)
    if basis == "here":
        return np.maximum(before, 0.5), 2 * phi + np.maximum(before, 0.5) * _DRIFT**2
    rest = old.exposure["county"]
    now, then = rest[:, :, _window(old, 0)].sum(axis=2), rest[:, :, _window(old, reach)].sum(axis=2)
    now, then = (np.where(r > 0, r, np.nan) for r in (now, then))
    mean = np.maximum(before, 0.5) * now / then
    return mean, phi * (1 + now / then) + mean * (1 / now + 1 / then + _DRIFT**2)


def _dispersion(old: Past, reach: int) -> Floats:
    """Pearson's, of the months around their own year's level and the borrowed season; at least 1."""
    squares, freedom = np.zeros(old.counts.shape[:2]), 0
    season = old.exposure["here"]
    for back in range(reach + 1):
        now = _window(old, back)
        months, shape = old.counts[:, :, now], season[:, :, now]
        fitted = np.maximum(months.sum(axis=2) / shape.sum(axis=2), 0.1)[:, :, None] * shape
        squares = squares + ((months - fitted) ** 2 / fitted).sum(axis=2)
        freedom += 11
    found: Floats = np.maximum(squares / freedom, 1.0)
    return found


def _expected(old: Past, s: int, a: int, reach: int) -> Expected:
    basis: Basis = "county" if np.isnan(_tails(old, reach, "here")[0][s, a]) else "here"
    mean, factor = (x[s, a : a + 1] for x in _predicted(old, reach, basis))
    high, low = (float(x[s, a]) for x in _tails(old, reach, basis))
    return Expected(
        mean=float(mean[0]), lower=float(quantile(0.025, mean, factor)[0]),
        upper=float(quantile(0.975, mean, factor)[0]), dispersion=float(factor[0]),
        p_high=high, p_low=low, months=12,
        window=Window.ending(old.judged.month + -12 * reach, 12), basis=basis,
    )  # fmt: skip


def _whole_run(old: Past, years: list[float], s: int, a: int) -> list[float]:
    """The years, newest first, and those before them as far as they went the same way: "after four falls"."""
    found = list(years)
    while old.judged.index >= 12 * (len(found) + 1) - 1:
        before = float(_year(old, len(found))[s, a])
        if not (found[-1] - before) * (found[-2] - found[-1]) > 0:  # a year that is not known ends it too
            break
        found.append(before)
    return found


def _note(told: Claimant, years: list[float], judged: Judgement, before: int, reach: int) -> str:
    windows = [Window.ending(judged.month + -12 * back, 12) for back in range(len(years))]
    counts = [told.count("the year", y, w) for y, w in zip(years, windows, strict=True)]
    row = ", ".join(f"{c:,.0f}" for c in reversed(counts))
    turn = "a turn" if reach == 1 else f"a turn of {told.count('years of the turn', reach)} years"
    away = told.count("years the other way", before)
    return f"years ending with this month, oldest first: {row}; {turn} after {away} years the other way"
