"""The highest, or lowest, month or twelve months on record, where that is also beyond the usual range."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.past import Past, past
from rules.baselines.tails import Floats
from rules.baselines.windows import Compared, compare
from rules.detectors.choose import Hit, figures, places, topics
from rules.detectors.steady import steady
from rules.detectors.sustained import Span
from rules.judgement import Judgement
from rules.spec import Knobs, Rule


class RecordKnobs(Knobs):
    """months: the sums that can set a record; history: earlier usable months that there must be.

    alpha: p that the sum must stay under as well; min_count: of the larger of recorded and expected.
    """

    months: tuple[Span, ...] = Field(default=(1, 12), min_length=1)
    history: int = Field(default=24, ge=12)
    alpha: float = Field(default=0.002, gt=0, lt=0.5)
    min_count: int = Field(default=20, ge=0)
    min_change: float = Field(default=0.2, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """A record that the usual range does not explain; the clearer of the sums for each series and place."""
    knobs, sign = rule.parameters, 1 if rule.direction == "rise" else -1
    assert isinstance(knobs, RecordKnobs)
    old = past(judged, list(topics(rule, judged)), list(places(rule, judged)))
    best: dict[tuple[int, int], tuple[float, int, Compared, int]] = {}
    for months in knobs.months:
        if judged.index < months:
            continue
        both = compare(old, months)
        p = both.joint(rule.direction)
        extreme, earlier = _extreme(old, months, sign)
        found = (
            (p < knobs.alpha * old.shared)
            & (sign * both.count > extreme)
            & (_history(old) >= knobs.history)
            & (np.fmax(both.count, both.mean) >= knobs.min_count)
            & (sign * (both.count - both.mean) >= knobs.min_change * both.mean)
        )
        if months > 1 and found.any():
            found &= steady(old, both, months, rule.direction)
        if months == 1:  # a month with an event at the place is judged against earlier events, elsewhere
            found &= ~(old.clear["county"] & ~old.usable["county"])[:, :, judged.index]
        for s, a in np.argwhere(found):
            if p[s, a] < best.get((s, a), (1.0,))[0]:
                best[s, a] = (float(p[s, a]), months, both, int(earlier[s, a]) + 1)
    word = "highest" if sign > 0 else "lowest"
    for (s, a), (p_, months, both, n) in sorted(best.items()):
        what = "months" if months == 1 else f"sums of {months} months"
        told = figures(judged, months)
        many = told.count("sums on record", n)
        yield Hit(
            int(old.s[s]), int(old.a[a]), p_, expected=both.expected(s, a),
            count=int(both.count[s, a]), span=months, note=f"the {word} of {many} {what} on record",
            claims=tuple(told.made),
        )  # fmt: skip


def _history(old: Past) -> Floats:
    """(series, areas) months before this one that were published and are comparable with it."""
    known = ~np.isnan(old.counts) & old.usable["county"]
    months: Floats = known[:, :, : old.judged.index].sum(axis=2).astype(float)
    return months


def _extreme(old: Past, months: int, sign: int) -> tuple[Floats, Floats]:
    """(series, areas) the furthest earlier sum, times `sign`, and how many earlier sums there are.

    "On record" is what was published since the last break, pandemic and events included: a month that
    enters no baseline can still hold the record.
    """
    t = old.judged.index
    index = np.arange(old.counts.shape[2])
    since = old.since[:, :, None]
    counts = np.where(index >= since, old.counts, np.nan)[:, :, :t]
    if counts.shape[2] < months:
        none = np.zeros(counts.shape[:2])
        return np.full_like(none, np.inf), none
    sums = np.lib.stride_tricks.sliding_window_view(counts, months, axis=2).sum(axis=3) * sign
    known = ~np.isnan(sums)
    return np.where(known, sums, -np.inf).max(axis=2), known.sum(axis=2).astype(float)
