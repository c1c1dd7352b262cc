"""Several kinds of disorder rise in the same small place and quarter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import Field
from scipy import special

from rules.baselines.tails import Floats
from rules.claims import Claimant
from rules.detectors.choose import Hit, figures, places
from rules.detectors.exact import fisher_mid_p
from rules.detectors.years import may_name
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Window
from rules.spec import Knobs, Rule


class CoRiseKnobs(Knobs):
    """alpha: of all together; each: of every one that counts; least: how many must rise.

    min_count: of each; months: how long a quarter is; base: months before it that make the usual share.
    """

    alpha: float = Field(default=0.0005, gt=0, le=0.01)
    each: float = Field(default=0.1, gt=0, lt=0.5)
    least: int = Field(default=2, ge=2)
    min_count: int = Field(default=3, ge=1)
    months: int = Field(default=3, ge=1, le=6)
    base: int = Field(default=12, ge=12, le=36)


@dataclass(frozen=True)
class _Part:
    """One series of one place: the quarter against its share of the county before."""

    series: int
    count: float
    mean: float
    p: float


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where at least `least` of the rule's series rise together against the county.

    Each series: is its quarter a larger part of the county's quarter than it was of the county's months
    before (exact, `exact.fisher_mid_p`)? The county brings the season and any movement that all share. The
    p-values are combined by Fisher's method (Fisher 1932) as chi-square with 2k degrees of freedom. The hit
    carries the series that the rule names first; the note names them all.
    """
    knobs, start = rule.parameters, judged.index + 1
    assert isinstance(knobs, CoRiseKnobs)
    assert rule.direction == "rise", "falling together is no pattern anybody asked for"
    if start < knobs.months + knobs.base:
        return
    context, cube = judged.context, judged.cube
    usable = judged.allowed(relative=True, calendar=False)
    usable = usable & (np.arange(cube.counts.shape[2]) >= judged.since[:, :, None])
    own = np.where(usable, cube.counts, np.nan)[:, :, start - knobs.months - knobs.base : start]
    county = cube.areas.index(context.county)
    wanted = [cube.series.index(n) for n in rule.scope.series if n in cube.series]
    for a in places(rule, judged):
        parts = (_part(knobs, own[s, a], own[s, county], s) for s in wanted)
        found = [part for part in parts if part is not None]
        rising = [part for part in found if part.p < knobs.each and part.count >= knobs.min_count]
        if len(rising) >= knobs.least:
            # Those that stayed as they were count too: choosing the smallest p's would flatter them.
            p = _together([part.p for part in found])
            if p < knobs.alpha:
                yield _hit(knobs, judged, a, rising, p)


def _part(knobs: CoRiseKnobs, own: Floats, county: Floats, s: int) -> _Part | None:
    quarter, whole = (float(x[-knobs.months :].sum()) for x in (own, county))
    before, whole_before = (float(x[: -knobs.months].sum()) for x in (own, county))
    if math.isnan(quarter + before + whole + whole_before) or not (whole > quarter and whole_before > before):
        return None
    p = fisher_mid_p(quarter, whole, before, whole_before)
    return _Part(s, quarter, (before + 0.5) * (whole - quarter) / (whole_before - before), p)


def _together(chances: list[float]) -> float:
    """Fisher's combination: P(chi-square with 2k degrees of freedom >= -2 sum of ln p)."""
    return float(special.gammaincc(len(chances), -sum(math.log(max(p, 1e-300)) for p in chances)))


def _hit(knobs: CoRiseKnobs, judged: Judgement, a: int, rising: list[_Part], p: float) -> Hit:
    first = rising[0]
    rising = [r for r in rising if may_name(judged, first.series, r.series)]
    told = figures(judged, knobs.months)
    parts = ", ".join(
        _words(told, judged.context.series[judged.cube.series[r.series]].title, r) for r in rising
    )
    sd = math.sqrt(first.mean * (1 + first.mean / max(first.mean * knobs.base / knobs.months, 1)))
    expected = Expected(
        mean=first.mean, lower=max(math.floor(first.mean - 1.96 * sd), 0),
        upper=math.ceil(first.mean + 1.96 * sd), dispersion=max(sd * sd / first.mean, 1.0),
        p_high=p, p_low=1 - p, months=knobs.base,
        window=Window.ending(judged.month + -knobs.months, knobs.base), basis="county",
    )  # fmt: skip
    note = f"rose together in {knobs.months} months, against the county: {parts}"
    return Hit(
        first.series, a, p, expected=expected, note=note, count=int(first.count), span=knobs.months,
        claims=tuple(told.made),
    )  # fmt: skip


def _words(told: Claimant, title: str, part: _Part) -> str:
    mean = told.modelled(f"{title}: expected", part.mean, "its share of the county in the months before")
    return f"{title} {told.count(title, part.count):,.0f} ({mean:.1f} expected)"
