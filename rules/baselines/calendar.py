"""A row's own calendar months along a log-linear trend: what the rolling sums are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled.prediction import Bools
from rules.baselines.tails import Floats

LEAST = 1e-9
_HALF = 0.5  # of an event: a row of zeros is expected to stay near zero, not at zero
_DRAWN = 4.0  # events by which a calendar month is drawn to the row's level: quiet rows show no season
_STEEPEST = 0.1  # log units a month; beyond it the estimate runs away
_NEWTON = 6  # steps; the likelihood of one slope is concave and nearly quadratic


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar months of a baseline, (rows, 12) unless said otherwise."""

    events: Floats  # a month, at time 0, drawn to the row's level
    weight: Floats  # months behind it, those after time 0 counting for what they grew to
    drawn: Floats  # (rows, 1): the same, of the row's level
    centre: Floats  # of time
    spread: Floats
    level: Floats  # (rows,)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Months before the sum, time counted from their middle; calendar months counted from the sum's last."""

    counts: Floats  # (rows, months)
    known: Bools
    time: Floats  # (months,)
    member: Floats  # (months, 12)

    def months(self, slope: Floats) -> Calendar:
        """What each calendar month holds when the level grows by `slope`."""
        growth = np.where(self.known, np.exp(slope[:, None] * self.time), 0.0)
        weight = growth @ self.member
        some = np.maximum(weight, LEAST)
        centre = (growth * self.time) @ self.member / some
        spread = np.maximum((growth * self.time**2) @ self.member / some - centre**2, 0.0)
        events = (self.counts * self.known) @ self.member
        level = (events.sum(axis=1) + _HALF) / np.maximum(weight.sum(axis=1), LEAST)
        drawn = (_DRAWN / level)[:, None]
        return Calendar((events + _DRAWN) / (weight + drawn), weight, drawn, centre, spread, level)

    def slope(self) -> tuple[Floats, Floats]:
        """The best log-linear slope with a level for each calendar month, and the information about it."""
        slope = np.zeros(len(self.counts))
        for _ in range(_NEWTON):
            months = self.months(slope)
            expected = months.events * months.weight
            pull = (self.counts * self.known) @ self.time - (expected * months.centre).sum(axis=1)
            information = (expected * months.spread).sum(axis=1)
            slope = np.clip(slope + pull / np.maximum(information, LEAST), -_STEEPEST, _STEEPEST)
        return slope, information
