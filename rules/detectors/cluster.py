"""Neighbouring areas that are unusual together, none of them alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from rules.baselines.share_sums import ShareSums
from rules.baselines.tails import Floats, mid_p, quantile
from rules.detectors.area_sums import Ints, listed, window_sums
from rules.detectors.choose import Hit, figures, places, topics
from rules.findings import Expected
from rules.judgement import Judgement
from rules.multiplicity import adjusted
from rules.spec import Knobs, Rule


class ClusterKnobs(Knobs):
    """months: length of the window; q: share of false ones among what rings in a month; alone: the q at
    which a single area is left to `area_rise`.

    largest: most members; most: the largest part of the common excess that one member may have;
    min_count, min_excess: of all together.
    """

    months: int = Field(default=3, ge=1)
    q: float = Field(default=0.05, gt=0, lt=0.5)
    alone: float = Field(default=0.1, gt=0, lt=0.5)
    largest: int = Field(default=6, ge=2)
    most: float = Field(default=0.75, gt=0, lt=1)
    min_count: int = Field(default=8, ge=0)
    min_excess: float = Field(default=5.0, ge=0)


def detect(rule: Rule, judged: Judgement) -> Iterator[Hit]:
    """Fires on pairs that touch, and on an area with all that touch it, counted together.

    Each is judged against its usual share of the county as if it were one area; Benjamini and Hochberg
    (1995) over all of them and all series. Areas that such a comparison finds alone, with enough of their
    own, are left to the other rules, and so is a sum that one member makes. Of clusters that overlap the
    clearest is told.
    """
    knobs = rule.parameters
    assert isinstance(knobs, ClusterKnobs)
    series = np.array(list(topics(rule, judged)), dtype=np.intp)
    chosen = np.array(list(places(rule, judged)), dtype=np.intp)
    groups = _groups(judged, chosen, knobs.largest)
    if not len(series) or not len(groups):
        return
    look = window_sums(judged, knobs.months)
    cut = np.ix_(series, chosen)
    joint = _joint(look, cut, groups)
    excess = (look.count - look.mean)[cut]
    # Six where one is usual are far out and yet too few for a rule about one place: they are not told alone.
    alone = (adjusted(look.p_high[cut]) <= knobs.alone) & (look.count[cut] >= knobs.min_count)
    alone &= excess >= knobs.min_excess
    top = np.array([excess[:, g > 0].max(axis=1) for g in groups]).T
    rings = (adjusted(joint.p) <= knobs.q) & (joint.count >= knobs.min_count)
    rings &= joint.count - joint.mean >= np.maximum(knobs.min_excess, top / knobs.most)
    rings &= alone.astype(float) @ groups.T == 0
    for i, s in enumerate(series):
        told: set[int] = set()
        for g in sorted(np.flatnonzero(rings[i]), key=lambda g: (joint.p[i, g], tuple(-groups[g]))):
            members = set(np.flatnonzero(groups[g]).tolist())
            if not members & told:
                told |= members
                first, *rest = sorted(members, key=lambda m: (-excess[i, m], judged.cube.areas[chosen[m]]))
                yield _hit(
                    judged, look, int(s), [int(chosen[m]) for m in (first, *rest)], joint.at(i, int(g))
                )


def _groups(judged: Judgement, chosen: Ints, largest: int) -> Floats:
    """Pairs that touch and neighbourhoods, each once: (groups, areas), 1 = a member."""
    codes = [judged.cube.areas[a] for a in chosen]
    at = {code: i for i, code in enumerate(codes)}
    found: dict[frozenset[int], None] = {}
    for code, i in at.items():
        near = [at[n] for n in sorted(judged.context.neighbours.get(code, ())) if n in at and n != code]
        found |= {frozenset({i, j}): None for j in near}
        if 1 < len(near) < largest:
            found[frozenset({i, *near})] = None
    groups = np.zeros((len(found), len(codes)))
    for row, members in enumerate(found):
        groups[row, list(members)] = 1.0
    return groups


class _Joint:
    """Sums of members; arrays (series, groups)."""

    def __init__(self, count: Floats, mean: Floats, taken: Floats, variance: Floats) -> None:
        self.count, self.mean, self.taken = count, mean, taken
        self.factor: Floats = np.maximum(variance / np.maximum(mean - taken, 1e-9), 1.0)
        self.p, self.low = mid_p(np.nan_to_num(count - taken), mean - taken, self.factor)

    def at(self, i: int, g: int) -> _Joint:
        """One of them, arrays (1,)."""
        cut = (slice(i, i + 1), g)
        variance = self.factor[cut] * (self.mean - self.taken)[cut]
        return _Joint(self.count[cut], self.mean[cut], self.taken[cut], variance)


def _joint(look: ShareSums, cut: tuple[Ints, ...], groups: Floats) -> _Joint:
    """Means and variances add up; the doubt about each member's share is its own."""
    variance = look.factor * (look.mean - look.taken)
    return _Joint(*(np.asarray(x[cut] @ groups.T) for x in (look.count, look.mean, look.taken, variance)))


def _hit(judged: Judgement, look: ShareSums, s: int, members: list[int], joint: _Joint) -> Hit:
    lead, *rest = members
    own = look.expected(s, lead, judged.cube.first)
    assert own is not None, "a member of a judged cluster was judged"
    taken = float(joint.taken[0])
    low, high = (float(quantile(q, joint.mean - taken, joint.factor)[0]) + taken for q in (0.025, 0.975))
    expected = Expected(
        mean=float(joint.mean[0]), lower=low, upper=high, dispersion=float(joint.factor[0]),
        p_high=float(joint.p[0]), p_low=float(joint.low[0]), months=own.months, window=own.window,
        basis="county", confidence=own.confidence, caveat=own.caveat,
    )  # fmt: skip
    areas = judged.context.areas
    told = figures(judged, look.window.months)
    names = {a: areas[judged.cube.areas[a]].name for a in members}
    parts = listed(f"{n} {told.count(n, float(look.count[s, a])):,.0f}" for a, n in names.items())
    many = told.count("areas that touch", len(members))
    note = f"The count is of {many} areas that touch, together: {parts}; none of them stands out alone"
    return Hit(
        s, lead, float(joint.p[0]), expected=expected, note=note, count=int(joint.count[0]),
        span=look.window.months, also=tuple(rest), claims=tuple(told.made),
    )  # fmt: skip
