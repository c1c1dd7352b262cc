"""Guards: what a true count may be misread as. A guard adds a caveat to a finding, or takes it away.

The other guards of the catalogue stand where they act: series breaks in `context`, visitors in `rate_extreme`
and beside every alert of a visitor area, the alarm budget in `multiplicity.weight`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rules.areas import moved
from rules.baselines.tails import Floats, mid_p
from rules.findings import Finding
from rules.judgement import Judgement
from rules.model import Direction, Window

YEAR, EARLIER = 12, 4  # months of a year; how many years before the last one are looked at
_PEAK = 0.2  # by how much the year before must have stood out, as a share of the years before it
_LEAST, _TIMES = 0.05, 2.0  # an unusual share without a place, or set aside; so many times the other's
_PLAIN = 0.01  # p from which on a count is "within the usual range"

RETURN: dict[Direction, str] = {
    "fall": "The year before was unusually high: part of this fall is a return to what was usual",
    "rise": "The year before was unusually low: part of this rise is a return to what was usual",
}
PLACELESS: dict[Direction, str] = {
    "fall": "More records than usual came without a place in these months: they are counted in no area, "
    "and some of this fall may be theirs",
    "rise": "More records than now came without a place in earlier months: they are counted in no area, "
    "and some of this rise may be theirs",
}  # fmt: skip
ASIDE_NOW = (
    "A notable part of this source's rows for these months was set aside: they are counted nowhere, "
    "and the true count may be higher"
)
ASIDE_BEFORE = (
    "A notable part of this source's rows for the months before was set aside: they are counted nowhere, "
    "and what is usual may be more than is said here"
)


def guarded(judged: Judgement, finding: Finding) -> Finding | None:
    """The finding with its caveats; None where records without a place make all of it."""
    before = finding.expected.window
    if before is None or before.last >= _span(finding).first:
        # It says where a place stands, not that anything changed.
        return _with(finding, ASIDE_NOW if _aside(judged, _span(finding)) else "")
    without = _without_a_place(judged, finding)
    if without is None:
        return None
    return _with(
        finding, without, RETURN[finding.direction] if _returning(judged, finding) else "",
        ASIDE_NOW if _aside(judged, _span(finding)) else "",
        # The county's own months lost rows of the same files.
        ASIDE_BEFORE if finding.expected.basis == "here" and _aside(judged, before) else "",
    )  # fmt: skip


def _with(finding: Finding, *caveats: str) -> Finding:
    return replace(finding, caveats=(*finding.caveats, *(c for c in caveats if c)))


def _aside(judged: Judgement, window: Window) -> bool:
    """Whether as many of the source's rows were set aside in a month, on average, as matter."""
    known = judged.context.aside
    return sum(known.get(window.first + i, 0.0) for i in range(window.months)) >= _LEAST * window.months


def _span(finding: Finding) -> Window:
    return Window.ending(finding.month, finding.span)


def _returning(judged: Judgement, finding: Finding) -> bool:
    """Whether a fall comes right after a year above all years before it (a rise after one below them).

    Years of twelve months, counted back from the months of the finding, so that no season is in it. Two
    years before that one are needed. What fell from a peak would have fallen anyway: regression to the mean.
    """
    years = _years_before(judged, finding)
    if len(years) < 3 or finding.also:
        return False
    last, earlier = years[0], years[1:]
    usual = sum(earlier) / len(earlier)
    high = finding.direction == "fall"
    beyond = last > max(earlier) if high else last < min(earlier)
    return beyond and moved(last, usual) and abs(last - usual) >= _PEAK * usual


def _years_before(judged: Judgement, finding: Finding) -> list[float]:
    """Sums of the years before the finding's months, newest first, while a whole year may be compared."""
    cube, context = judged.cube, judged.context
    s, a = cube.series.index(finding.series), cube.areas.index(finding.area)
    # Without the calendar: every year has its festival.
    usable = judged.allowed(relative=False, calendar=False)[s, a]
    start = int(judged.since[s, a])
    restarts = context.restarted(cube, finding.month)
    start = max(start, int(restarts[s, a]) if restarts is not None else 0)
    row = np.where(usable & (np.arange(len(usable)) >= start), cube.counts[s, a], np.nan)
    end, found = judged.index - finding.span + 1, list[float]()
    while end >= YEAR and len(found) <= EARLIER and not np.isnan(row[end - YEAR : end]).any():
        found.append(float(row[end - YEAR : end].sum()))
        end -= YEAR
    return found


def _without_a_place(judged: Judgement, finding: Finding) -> str | None:
    """Records without a place: None = they make the movement, text = they may be part of it, or nothing.

    A comparison with the county is left alone: it lost the same records in the same months. Else the
    expected count is taken times how much more, or less, of the source's records had a place.
    """
    expected, window = finding.expected, finding.expected.window
    if expected.basis == "county" or window is None:
        return ""
    now, then = _missing(judged, finding.series, _span(finding)), _missing(judged, finding.series, window)
    lost, usual = (now, then) if finding.direction == "fall" else (then, now)
    if not lost >= max(_LEAST, _TIMES * usual):
        return ""
    mean, factor = np.array([expected.mean * (1 - now) / (1 - then)]), np.array([expected.dispersion])
    high, low = mid_p(np.array([float(finding.count)]), mean, factor)
    p = low if finding.direction == "fall" else high
    return None if float(p[0]) >= _PLAIN else PLACELESS[finding.direction]


def _missing(judged: Judgement, series: str, window: Window) -> float:
    """Share of the source's records of a series that had no place, over the months that were published."""
    cube = judged.cube
    s, county = cube.series.index(series), cube.areas.index(judged.context.county)
    # A baseline of a plan may lie before the first month of the cube: then nothing is known to be missing.
    months = slice(max(window.first - cube.first, 0), max(window.last - cube.first + 1, 0))
    placed: Floats = cube.counts[s, county, months]
    none: Floats = cube.unlocated[s, months]
    known = ~np.isnan(placed) & ~np.isnan(none)
    whole = float((placed + none)[known].sum())
    return float(none[known].sum()) / whole if whole else 0.0
