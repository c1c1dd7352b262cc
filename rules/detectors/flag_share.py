"""Records that carry a flag, as a share of all crime or of violence."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rules.detectors.choose import Hit
from rules.detectors.share_shift import ShareKnobs, share_hits
from rules.detectors.years import pairs, two_years
from rules.judgement import Judgement
from rules.spec import Rule


class FlagKnobs(ShareKnobs):
    """of: flag series -> the series it is a share of; the rest as for a child's share of its parent."""

    of: dict[str, str] = Field(min_length=1)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the flagged share moved over 12 months.

    A flag that counts more than its base (incidents beside crimes) is no share: nothing is said then.
    """
    knobs, years = rule.parameters, two_years(judged)
    assert isinstance(knobs, FlagKnobs)
    if years is None:
        return
    for s, whole in pairs(judged, knobs.of):
        if judged.cube.series[s] in rule.scope.series:
            yield from share_hits(rule, knobs, judged, years, s, whole)
