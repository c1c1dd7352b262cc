"""Fewer reports of what the partnership wants reported: there the fall is the alarm."""

from __future__ import annotations

from collections.abc import Iterator

from rules.detectors.choose import Hit, topics
from rules.detectors.sustained import SustainedKnobs, moved
from rules.judgement import Judgement
from rules.model import Polarity
from rules.spec import Rule


class ReportingKnobs(SustainedKnobs):
    """As for sustained falls; only series whose polarity is `good` are looked at."""


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """A sustained fall in the series of the rule that are good to have more of."""
    known, names = judged.context.series, judged.cube.series
    series = [s for s in topics(rule, judged) if known[names[s]].polarity is Polarity.GOOD]
    yield from moved(rule, judged, series)
