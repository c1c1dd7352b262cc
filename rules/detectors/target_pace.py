"""The year so far against the pace that a target needs."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.claims import Claimant
from rules.detectors.choose import Hit, figures
from rules.detectors.promises import Progress, progress
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class PaceKnobs(Knobs):
    """alpha: of the chance of this count on pace and of that to meet the target; from_month: earliest."""

    alpha: float = Field(default=0.005, gt=0, le=0.01)
    from_month: int = Field(default=3, ge=1)
    min_count: int = Field(default=30, ge=5)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires when a target is unlikely to be met: a `rise` rule for targets to fall, a `fall` rule for others.

    Twice unlikely: the count so far is beyond what chance allows on the needed pace, and the projected end of
    the window (gamma-Poisson, with the season of the baseline year) has next to no chance of meeting it.
    """
    knobs = rule.parameters
    assert isinstance(knobs, PaceKnobs)
    rise = rule.direction == "rise"
    for p in progress(rule, judged):
        wrong_way = (p.target.direction == "decrease") == rise
        if not wrong_way or p.months < knobs.from_month or max(p.count, p.goal) < knobs.min_count:
            continue
        expected = p.on_pace(p.goal, float("inf"))
        _, _, _, under = p.projected()
        met = under if rise else 1 - under
        chance = expected.p_high if rise else expected.p_low
        if chance < knobs.alpha and met < knobs.alpha:
            told = figures(judged, p.months)
            yield Hit(
                p.series, p.area, chance, expected=expected, note=_words(told, p), count=int(p.count),
                span=p.months, claims=tuple(told.made),
            )  # fmt: skip


def _words(told: Claimant, p: Progress) -> str:
    count, goal = told.count("so far", p.count), told.count("target", p.goal, p.target.window)
    if p.months == p.target.window.months:
        return f"{p.target.title}: {count:,.0f} at the end, the target was {goal:,.0f}"
    need = told.modelled(
        "needed by now", p.goal * p.elapsed, "the baseline's season", p.target.baseline_window
    )
    mean, low, high = (
        told.modelled(name, value, "count so far carried on")
        for name, value in zip(("projection", "lower end", "upper end"), p.projected()[:3], strict=True)
    )
    return (
        f"{p.target.title}: {count:,.0f} so far where the target needs {need:,.0f}; at this pace {mean:,.0f} "
        f"({low:,.0f} to {high:,.0f}) by {p.target.window.last.words}, the target is {goal:,.0f}"
    )
