"""An event month at the event's own place, against earlier events and against ordinary months."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import numpy as np
from pydantic import Field

from rules.baselines.tails import mid_p, quantile
from rules.detectors.choose import Hit, figures, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import Event, Month, Window
from rules.spec import Knobs, Rule


class EventKnobs(Knobs):
    """events: which ones, by uid pattern; previous: how many earlier ones make an ordinary one."""

    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    min_count: int = Field(default=5, ge=0)
    min_excess: float = Field(default=3.0, ge=0)
    events: str = "*"
    previous: int = Field(default=2, ge=1)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires when an event month exceeds what earlier event months (or else ordinary months) predict.

    The whole set of the site's LSOAs is counted together: the publisher's anchor points move between
    them. Cancelled events are no earlier events.
    """
    context, cube, knobs = judged.context, judged.cube, rule.parameters
    assert isinstance(knobs, EventKnobs)
    told: set[str] = set()  # two events of a month at one place are one count, told once
    for event in context.events:
        if event.area in told or not (
            event.held and judged.month in event.months and event.area in cube.areas
        ):
            continue
        if not fnmatchcase(event.uid, knobs.events):
            continue
        told.add(event.area)
        a = cube.areas.index(event.area)
        earlier = _earlier(knobs, judged, event)
        for s in topics(rule, judged):
            hit = _judge(knobs, judged, s, a, event, earlier)
            if hit is not None:
                yield hit


def _earlier(knobs: EventKnobs, judged: Judgement, event: Event) -> list[int]:
    """Months (indices) of earlier held events of this kind at this site, where they were published."""
    months: set[Month] = set()
    for other in judged.context.events:
        if other.held and other.area == event.area and fnmatchcase(other.uid, knobs.events):
            months.update(m for m in other.months if judged.cube.first <= m < judged.month)
    return sorted(m - judged.cube.first for m in months)


def _judge(
    knobs: EventKnobs, judged: Judgement, s: int, a: int, event: Event, earlier: list[int]
) -> Hit | None:
    count = judged.counts[s, a]
    past = judged.cube.counts[s, a, earlier] if earlier else np.array([])
    past = past[~np.isnan(past)]
    told = figures(judged, 1)
    held = told.count("earlier events", len(past))
    if len(past) < knobs.previous:
        own = judged.expected(s, a, "here") or judged.expected(s, a, "county")
        if own is None or np.isnan(count):
            return None
        expected, note = own, f"compared with ordinary months: {held} earlier events are in the data"
        if _knows_event(judged, own, s, a):
            note = f"compared with ordinary months and what earlier events added: {held} are in the data"
    else:
        expected = from_events(judged, float(count), past, earlier)
        note = f"compared with {held} earlier events"
    excess = count - expected.mean
    if expected.p_high >= knobs.alpha or count < knobs.min_count or excess < knobs.min_excess:
        return None
    return Hit(s, a, expected.p_high, event.uid, expected, note, claims=tuple(told.made))


def _knows_event(judged: Judgement, own: Expected, s: int, a: int) -> bool:
    """Whether what is expected has earlier events of the same name in it."""
    prediction, t = judged.here if own.basis == "here" else judged.share, judged.index
    return bool(prediction.exposure[s, a, t] > prediction.plain[s, a, t])


def from_events(
    judged: Judgement, count: float, past: np.ndarray[tuple[int], np.dtype[np.float64]], earlier: list[int]
) -> Expected:
    """What counts at earlier events let expect: their mean, widened by its own error and their differences.

    `past` are the counts known, at least one; `earlier` the months (indices into the cube) that they lie in.
    """
    n = len(past)
    mean = max(float(past.mean()), 0.5)
    spread = max(float(past.var(ddof=1)) / mean if n > 1 else 1.0, 1.0)
    factor = spread * (1 + 1 / n)
    m, f = np.array([mean]), np.array([factor])
    high, low = mid_p(np.array([count]), m, f)
    window = Window(judged.cube.first + earlier[0], judged.cube.first + earlier[-1])
    return Expected(
        mean=mean, lower=float(quantile(0.025, m, f)[0]), upper=float(quantile(0.975, m, f)[0]),
        dispersion=factor, p_high=float(high[0]), p_low=float(low[0]), months=n, window=window,
        basis="here", confidence="low" if n < 5 else "normal",
        caveat=f"low confidence: only {n} earlier events" if n < 5 else "",
    )  # fmt: skip
