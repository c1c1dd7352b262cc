"""What a rule looks at, cut from the cube, with the months that may be judged and those that may explain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rules.baselines.pooled import WINDOW, Bools, Ints
from rules.baselines.tails import Floats
from rules.judgement import Judgement
from rules.model import AreaKind, Basis, Cube


@dataclass(frozen=True)
class Past:
    """A rule's series and areas, with what may be compared; arrays (series, areas, months)."""

    judged: Judgement
    s: Ints  # indices into the cube
    a: Ints
    part: Cube  # the cube of these series and areas

    @property
    def counts(self) -> Floats:
        """What was recorded; NaN where not published."""
        return self.part.counts

    @cached_property
    def exposure(self) -> dict[Basis, Floats]:
        """The season, and what the rest of the county recorded."""
        cut = np.ix_(self.s, self.a)
        return {"here": self.judged.here.exposure[cut], "county": self.judged.share.exposure[cut]}

    @cached_property
    def usable(self) -> dict[Basis, Bools]:
        """Months that may enter a baseline."""
        cut = np.ix_(self.s, self.a)
        return {basis: usable[cut] for basis, usable in self.judged.usable.items()}

    @cached_property
    def clear(self) -> dict[Basis, Bools]:
        """Months that may be judged: no event, and nothing confirmed, takes a month out of a sum."""
        context, index = self.judged.context, np.arange(self.counts.shape[2])
        plain = replace(context, events=(), confirmed=frozenset())
        since = index >= self.since[:, :, None]
        return {
            "here": plain.usable(self.part, relative=False) & since & self.lately,
            "county": plain.usable(self.part, relative=True) & since & self.lately,
        }

    @cached_property
    def since(self) -> Ints:
        """(series, areas) index of the first month comparable with the one judged."""
        return self.judged.since[np.ix_(self.s, self.a)]

    @cached_property
    def lately(self) -> Bools:
        """(series, areas, months) months at the level of today: those since a confirmed step."""
        start = self.judged.context.restarted(self.part, self.judged.month)
        index = np.arange(self.counts.shape[2])
        return np.broadcast_to(index >= (0 if start is None else start[:, :, None]), self.counts.shape)

    @cached_property
    def rows(self) -> Ints:
        """(series x areas,) where these cells are in what the judgement followed."""
        found: Ints = (self.s[:, None] * len(self.judged.cube.areas) + self.a).ravel()
        return found

    @cached_property
    def kinds(self) -> Ints:
        """(areas,) a number for each kind of area."""
        order = list(AreaKind)
        return np.array(
            [order.index(self.judged.context.areas[a].kind) for a in self.part.areas], dtype=np.intp
        )

    @cached_property
    def shared(self) -> Floats:
        """(areas,) 1 / number of places of the kind: alpha is a level's, and its places divide it."""
        counts = np.bincount(self.kinds)[self.kinds] if len(self.kinds) else np.ones(0)
        return 1.0 / counts

    @cached_property
    def mute(self) -> Bools:
        """(series, areas) where the county must have spoken: all but itself and series without a rest."""
        county = np.array([a == self.judged.context.county for a in self.part.areas], dtype=bool)
        return ~county[None, :] & ~self.judged.alone[self.s][:, None]

    def span(self, months: int) -> Bools:
        """(months,) the last so many."""
        index, t = np.arange(self.counts.shape[2]), self.judged.index
        return (index > t - months) & (index <= t)

    def before(self, months: int, reach: int = WINDOW) -> Bools:
        """(months,) the `reach` months before the last `months`."""
        index, start = np.arange(self.counts.shape[2]), self.judged.index - months + 1
        return (index < start) & (index >= start - reach)


def past(judged: Judgement, series: list[int], areas: list[int]) -> Past:
    """Cut the cube to what a rule looks at; rules that look at the same share it."""
    return judged.once(("past", tuple(series), tuple(areas)), lambda: _past(judged, series, areas))


def _past(judged: Judgement, series: list[int], areas: list[int]) -> Past:
    cube, s, a = judged.cube, np.array(series, dtype=np.intp), np.array(areas, dtype=np.intp)
    names = tuple(cube.series[i] for i in series), tuple(cube.areas[i] for i in areas)
    return Past(judged, s, a, Cube(*names, cube.first, cube.counts[np.ix_(s, a)], cube.unlocated[s]))
