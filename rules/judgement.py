"""A month judged everywhere at once: the two predictions, computed once and shared by the detectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from rules.baselines.auto import predict_auto
from rules.baselines.pooled import STALE as STALE_MONTHS
from rules.baselines.pooled import SURE, Bools, Followed, Ints, Prediction, follow_rows, predict_share
from rules.baselines.tails import Floats, quantile
from rules.context import Context
from rules.findings import Expected
from rules.model import AreaKind, Basis, Cube, Direction, Month, Verdict, Window

T = TypeVar("T")


@dataclass(frozen=True)
class Judgement:
    """One month of a cube with what was expected of it; arrays have shape (series, areas)."""

    cube: Cube
    context: Context
    month: Month
    here: Prediction
    share: Prediction
    counts: Floats
    here_high: Floats  # mid-p tails
    here_low: Floats
    share_high: Floats
    share_low: Floats
    alone: Bools  # (series,): the source says nothing about the rest of the county
    usable: Mapping[Basis, Bools]  # (series, areas, months): what may enter a baseline
    alike: Ints  # (areas,): a number for each kind of area

    @property
    def index(self) -> int:
        """Where the month stands in the cube."""
        return self.month - self.cube.first

    @cached_property
    def _made(self) -> dict[Hashable, object]:
        return {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made for the first rule that asks: many look at the same sums and places.

        The value follows from the judgement and the key, which says what it is; callers do not change it.
        """
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]  # what this key was made with

    def allowed(self, *, relative: bool, calendar: bool = True) -> Bools:
        """`Context.usable` of the cube, (series, areas, months); `calendar` False: with months of events."""
        context = self.context if calendar else replace(self.context, events=())
        return self.once(
            ("allowed", relative, calendar), lambda: _fixed(context.usable(self.cube, relative=relative))
        )

    @cached_property
    def since(self) -> Ints:
        """`Context.since` of the cube and the month: (series, areas)."""
        return _fixed(self.context.since(self.cube, self.month))

    @cached_property
    def touched(self) -> Bools:
        """`Context.touched` of the cube and the month: (series, areas)."""
        return _fixed(self.context.touched(self.cube, self.month))

    @cached_property
    def followed(self) -> Mapping[Basis, Followed]:
        """Both baselines followed month by month, for sums; made when the first detector asks."""
        phase, restarts = self.cube.first.number - 1, self.context.restarted(self.cube, self.month)
        bases: tuple[tuple[Basis, Prediction], ...] = (("here", self.here), ("county", self.share))
        return {
            basis: follow_rows(
                self.cube.counts, self.usable[basis], prediction, self.alike, self.index, phase, restarts,
                share=basis == "county",
            )
            for basis, prediction in bases
        }  # fmt: skip

    def expected(self, s: int, a: int, basis: Basis) -> Expected | None:
        """What one of the two baselines said; None where it said nothing."""
        prediction, high, low = (
            (self.here, self.here_high, self.here_low)
            if basis == "here"
            else (self.share, self.share_high, self.share_low)
        )
        mean = float(prediction.mean[s, a])
        if math.isnan(mean) or math.isnan(float(high[s, a])):
            return None
        one = prediction.mean[s, a : a + 1], prediction.factor[s, a : a + 1]
        months = int(prediction.months[s, a])
        last = self.cube.first + int(prediction.last[s, a])
        caveat = self._doubt(months, last)
        return Expected(
            mean=mean, lower=float(quantile(0.025, *one)[0]), upper=float(quantile(0.975, *one)[0]),
            dispersion=float(prediction.factor[s, a]), p_high=float(high[s, a]), p_low=float(low[s, a]),
            months=months, window=Window(self.cube.first + int(prediction.first[s, a]), last),
            basis=basis, confidence="low" if caveat else "normal", caveat=caveat,
        )  # fmt: skip

    def _doubt(self, months: int, last: Month) -> str:
        if months < SURE:
            return f"low confidence: only {months} usable months of history"
        if self.month - last > STALE_MONTHS:
            return f"low confidence: the history ends in {last.words}"
        return ""


A = TypeVar("A", Bools, Ints)


def _fixed(values: A) -> A:
    """Shared by all who ask: nobody writes into it."""
    values.flags.writeable = False
    return values


def judge(cube: Cube, context: Context, month: Month) -> Judgement:
    """Both predictions for every series and area of the cube; the month must lie inside it."""
    t = month - cube.first
    home = cube.areas.index(context.district)
    county = cube.areas.index(context.county)
    kinds = list(AreaKind)
    alike: Ints = np.array([kinds.index(context.areas[a].kind) for a in cube.areas], dtype=np.intp)
    comparable = np.arange(cube.counts.shape[2]) >= context.since(cube, month)[:, :, None]
    mine = context.usable(cube, relative=False) & comparable
    shared = context.usable(cube, relative=True) & comparable
    whole = cube.counts[:, county]
    # The season comes from the county without the district: its festival must not become everybody's June.
    rest = whole - cube.counts[:, home]
    events, restarts = context.happened(cube, month), context.restarted(cube, month)
    here = predict_auto(cube.counts, rest, mine, alike, t, cube.first.number - 1, events, restarts)
    # A month inside a mask (the pandemic) is not judged against the area's own past.
    here = replace(here, mean=np.where(context.touched(cube, month), np.nan, here.mean))
    share = predict_share(cube.counts, whole, shared, alike, t, events, restarts)
    counts = cube.counts[:, :, t]
    here_high, here_low = here.tails(counts)
    share_high, share_low = share.tails(counts)
    share_high[:, county] = share_low[:, county] = np.nan
    return Judgement(
        cube, context, month, here, share, counts, here_high, here_low, share_high, share_low,
        alone=np.nansum(rest, axis=1) <= 0, usable={"here": mine, "county": shared}, alike=alike,
    )  # fmt: skip


def verdict(expected: Expected, direction: Direction) -> Verdict:
    """The verbal scale: p < .01 higher (lower), p < .001 much higher (lower)."""
    p = expected.p_high if direction == "rise" else expected.p_low
    strong = Verdict.MUCH_HIGHER if direction == "rise" else Verdict.MUCH_LOWER
    plain = Verdict.HIGHER if direction == "rise" else Verdict.LOWER
    return strong if p < 0.001 else plain if p < 0.01 else Verdict.USUAL
