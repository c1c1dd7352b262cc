"""One month far from usual, here and against the county."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from pydantic import Field

from rules.baselines.pooled import Ints
from rules.baselines.tails import Floats, cdf, sf, surprise
from rules.detectors.choose import Hit, families
from rules.judgement import Judgement
from rules.multiplicity import rings
from rules.spec import Knobs, Rule


class SpikeKnobs(Knobs):
    """alpha: one-sided p that both verdicts must stay under; least count and least excess that matter.

    q: share of false ones among what rings in the month, within a level of places and of series (the sums
    of others and those that are none). A place with so little that the least count would itself be a
    surprise adds next to nothing to that share: see `multiplicity.rings`.
    """

    alpha: float = Field(default=0.001, gt=0, lt=0.5)
    q: float = Field(default=0.1, gt=0, lt=0.5)
    min_count: int = Field(default=5, ge=0)
    min_excess: float = Field(default=3.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires where the count is unusual against the county, and here too wherever that can be judged.

    The county itself has no county to be compared with: there the own history decides.
    """
    knobs, rise = rule.parameters, rule.direction == "rise"
    assert isinstance(knobs, SpikeKnobs)
    joint, least = _joint(judged, rise=rise), _least(knobs, judged, rise=rise)
    reached = (judged.counts >= least) if rise else (judged.counts <= least)
    may = (joint < knobs.alpha) & reached
    for cut in families(rule, judged):
        if may[cut].any():
            part = _Part(judged, cut, joint[cut], least[cut])
            rung = rings(joint[cut], may[cut], partial(_in_vain, part, rise=rise), knobs.q)
            for i, j in np.argwhere(rung):
                s, a = int(cut[0][i, 0]), int(cut[1][0, j])
                yield Hit(s, a, float(joint[s, a]))


def _joint(judged: Judgement, *, rise: bool) -> Floats:
    """(series, areas) the larger p of the verdicts that could be given; NaN where none may be."""
    here = judged.here_high if rise else judged.here_low
    share = judged.share_high if rise else judged.share_low
    joint: Floats = np.fmax(here, share)  # NaN gives way
    # Where the county could speak but does not, a county-wide movement cannot be told from a local one.
    is_county = np.arange(joint.shape[1]) == judged.cube.areas.index(judged.context.county)
    mute = np.isnan(share) & ~is_county[None, :] & ~judged.alone[:, None]
    return np.where(mute, np.nan, joint)


def _least(knobs: SpikeKnobs, judged: Judgement, *, rise: bool) -> Floats:
    """(series, areas) the smallest count that matters; of a fall the largest, and -1 where none does."""
    mean = np.where(np.isnan(judged.here.mean), judged.share.mean, judged.here.mean)
    if rise:
        return np.ceil(np.maximum(mean + knobs.min_excess, knobs.min_count))
    return np.where(mean >= knobs.min_count, np.floor(mean - knobs.min_excess), -1.0)


@dataclass(frozen=True)
class _Part:
    """A family of looks: cut from the cube, with what each of them must reach."""

    judged: Judgement
    cut: tuple[Ints, Ints]
    joint: Floats
    least: Floats


def _in_vain(part: _Part, t: float, *, rise: bool) -> float:
    """How many of the looks would ring with a p of at most `t` if nothing changed.

    Exact, from the predictions: P of the first count that is both that surprising and large enough. Where
    two predictions speak the larger of their probabilities, though both would have to agree.
    """
    each = []
    for prediction in (part.judged.here, part.judged.share):
        mean, factor = prediction.mean[part.cut], prediction.factor[part.cut]
        edge = surprise(t, mean, factor, high=rise)
        if rise:
            each.append(sf(np.maximum(edge, part.least) - 1, mean, factor))
        else:
            each.append(cdf(np.minimum(edge, part.least), mean, factor))
    return float(np.where(np.isnan(part.joint), 0.0, np.fmax(*each)).sum())
