"""A month in which the whole county moves: one finding, however many places feel it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import special

from rules.baselines.pooled import SURE
from rules.baselines.tails import Floats
from rules.claims import Claimant
from rules.detectors.choose import Hit, figures, topics
from rules.detectors.years import may_name, parent_of
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import AreaKind, Window
from rules.spec import Knobs, Rule

Indices = npt.NDArray[np.intp]
_REACH = 18  # calendar months looked back over


class CountyKnobs(Knobs):
    """alpha: one-sided p; recent, fewest: months compared with, at most and at least; least: smallest change.

    most: part of the districts that must move along; alone: largest part of it that one district may make.
    """

    alpha: float = Field(default=0.01, gt=0, le=0.01)
    recent: int = Field(default=12, ge=6, le=_REACH)
    fewest: int = Field(default=8, ge=6)
    min_count: int = Field(default=100, ge=20)
    least: float = Field(default=0.1, ge=0)
    most: float = Field(default=0.7, ge=0.5, le=1)
    alone: float = Field(default=0.5, gt=0, le=1)


@dataclass(frozen=True)
class _Movement:
    """One series in the county's month."""

    series: int
    expected: Expected
    p: float
    districts: int
    of: int

    def excess(self, counts: Floats) -> float:
        """Of the county's counts, (series,): what is beyond the expected."""
        return float(counts[self.series]) - self.expected.mean


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires for the widest series that moved; those it is the sum of are named in its note.

    Most districts must have moved, none may make more than its part: else it is a district's story.
    """
    knobs, cube = rule.parameters, judged.cube
    assert isinstance(knobs, CountyKnobs)
    county = cube.areas.index(judged.context.county)
    if AreaKind.COUNTY not in rule.scope.levels:
        return
    found = {s: m for s in topics(rule, judged) if (m := _movement(rule, knobs, judged, s)) is not None}
    for s, movement in found.items():
        if not any(up in found for up in _above(judged, s)):
            told = figures(judged, 1)
            note = _words(told, judged, movement, found)
            yield Hit(s, county, movement.p, expected=movement.expected, note=note, claims=tuple(told.made))


def _movement(rule: Rule, knobs: CountyKnobs, judged: Judgement, s: int) -> _Movement | None:
    county = judged.cube.areas.index(judged.context.county)
    base = _base(knobs, judged, s, county)
    count = float(judged.counts[s, county])
    if base is None or np.isnan(count) or judged.touched[s, county]:
        return None
    rise = rule.direction == "rise"
    expected = _expected(judged, s, county, base)
    p = expected.p_high if rise else expected.p_low
    # With two years of its own the county knows its season; then the season has to agree.
    if judged.here.months[s, county] >= SURE and not np.isnan(judged.here_high[s, county]):
        p = max(p, float((judged.here_high if rise else judged.here_low)[s, county]))
    change = count / max(expected.mean, 1e-9) - 1
    large = max(count, expected.mean) >= knobs.min_count
    if p >= knobs.alpha or (change if rise else -change) < knobs.least or not large:
        return None
    parts = _parts(judged, s, base) * (1 if rise else -1)
    together = abs(count - expected.mean)
    if len(parts) < 2 or (parts > 0).mean() < knobs.most or parts.max() > knobs.alone * together:
        return None
    return _Movement(s, expected, p, int((parts > 0).sum()), len(parts))


def _base(knobs: CountyKnobs, judged: Judgement, s: int, county: int) -> Indices | None:
    """The latest usable months, without masks and after every straddle; None when they are too few."""
    cube, t = judged.cube, judged.index
    usable = judged.allowed(relative=False)[s, county] & ~np.isnan(cube.counts[s, county])
    months = np.arange(cube.counts.shape[2])
    usable &= months >= judged.since[s, county]
    found = np.flatnonzero(usable & (months < t) & (months >= t - _REACH))[-knobs.recent :]
    return found if len(found) >= knobs.fewest else None


def _days(judged: Judgement) -> Floats:
    months = [judged.cube.first + i for i in range(judged.cube.counts.shape[2])]
    return np.array([float(calendar.monthrange(m.year, m.number)[1]) for m in months])


def _expected(judged: Judgement, s: int, county: int, base: Indices) -> Expected:
    """Student's t prediction of one more log daily count (Hahn and Meeker 1991, 4.7), at least Poisson wide.

    A day's count, because February is a tenth shorter than March; t, because so few months know their own
    spread badly.
    """
    row, days = judged.cube.counts[s, county], _days(judged)
    t, n = judged.index, len(base)
    logs = np.log((row[base] + 0.5) / days[base])
    centre = float(logs.mean())
    spread = max(float(logs.var(ddof=1)), 1 / max(float(row[base].mean()), 1.0))
    error = float(np.sqrt(spread * (1 + 1 / n)))
    mean = float(np.exp(centre) * days[t])
    z = (np.log((row[t] + 0.5) / days[t]) - centre) / error
    half = float(special.stdtrit(n - 1, 0.975)) * error
    high = float(special.stdtr(n - 1, -z))
    window = Window(judged.cube.first + int(base[0]), judged.cube.first + int(base[-1]))
    doubt = ""
    if judged.here.months[s, county] < SURE:
        doubt = f"low confidence: only the {n} latest months to compare with, so the season is not taken out"
    return Expected(
        mean=mean, lower=float(np.floor(mean * np.exp(-half))), upper=float(np.ceil(mean * np.exp(half))),
        dispersion=max(mean * error**2, 1.0), p_high=high, p_low=1 - high, months=n, window=window,
        basis="here", confidence="low" if doubt else "normal", caveat=doubt,
    )  # fmt: skip


def _parts(judged: Judgement, s: int, base: Indices) -> Floats:
    """Each district's count beyond its own recent daily level; districts without any are left out."""
    areas, days = judged.context.areas, _days(judged)
    found = [i for i, code in enumerate(judged.cube.areas) if areas[code].kind is AreaKind.DISTRICT]
    rows = judged.cube.counts[s, found]
    usual = rows[:, base].sum(axis=1) / days[base].sum() * days[judged.index]
    beyond: Floats = (rows[:, judged.index] - usual)[usual > 0]
    return beyond


def _above(judged: Judgement, s: int) -> Iterator[int]:
    up = parent_of(judged, s)
    while up is not None:
        yield up
        up = parent_of(judged, up)


def _words(told: Claimant, judged: Judgement, movement: _Movement, found: dict[int, _Movement]) -> str:
    county = judged.cube.areas.index(judged.context.county)
    counts = judged.counts[:, county]
    inside = [
        m for s, m in found.items()
        if movement.series in set(_above(judged, s)) and may_name(judged, movement.series, s)
    ]  # fmt: skip
    along, of = told.count("districts that moved", movement.districts), told.count("districts", movement.of)
    text = f"{along} of {of} districts moved the same way"
    if inside:
        most = max(inside, key=lambda m: abs(m.excess(counts)))
        title = judged.context.series[judged.cube.series[most.series]].title
        own, all_ = (
            told.difference(f"{name} beyond what was expected", float(counts[m.series]), m.expected.mean)
            for name, m in ((title, most), ("the whole", movement))
        )
        text += f"; {title} alone makes {own:+,.0f} of {all_:+,.0f}"
    return text
