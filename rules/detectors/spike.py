"""One month far from usual, here and against the county."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.tails import Floats
from rules.detectors.choose import Hit, levels, topics
from rules.judgement import Judgement
from rules.multiplicity import discoveries
from rules.spec import Knobs, Rule


class SpikeKnobs(Knobs):
    """alpha: one-sided p that both verdicts must stay under; least count and least excess that matter.

    q: share of false ones among what rings, over all series and places of a level in the month.
    """

    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    q: float = Field(default=0.1, gt=0, lt=0.5)
    min_count: int = Field(default=5, ge=0)
    min_excess: float = Field(default=3.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the count is unusual against the county, and here too wherever that can be judged.

    The county itself has no county to be compared with: there the own history decides.
    """
    knobs = rule.parameters
    assert isinstance(knobs, SpikeKnobs)
    rise = rule.direction == "rise"
    here = judged.here_high if rise else judged.here_low
    share = judged.share_high if rise else judged.share_low
    joint: Floats = np.fmax(here, share)  # NaN gives way: the larger p of those that could be judged
    # Where the county could speak but does not, a county-wide movement cannot be told from a local one.
    is_county = np.arange(joint.shape[1]) == judged.cube.areas.index(judged.context.county)
    mute = np.isnan(share) & ~is_county[None, :] & ~judged.alone[:, None]
    joint = np.where(mute, np.nan, joint)
    mean = np.where(np.isnan(judged.here.mean), judged.share.mean, judged.here.mean)
    excess = (judged.counts - mean) if rise else (mean - judged.counts)
    enough = (judged.counts if rise else mean) >= knobs.min_count
    series = np.array(list(topics(rule, judged)), dtype=np.intp)
    for level in levels(rule, judged):
        cut = np.ix_(series, level)
        rings = (joint[cut] < knobs.alpha) & discoveries(joint[cut], knobs.q)
        rings &= (excess[cut] >= knobs.min_excess) & enough[cut]
        for i, j in np.argwhere(rings):
            s, a = int(series[i]), int(level[j])
            yield Hit(s, a, float(joint[s, a]))
