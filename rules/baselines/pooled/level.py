"""The level of a row followed month by month: a Poisson-gamma filter with a slope.

West and Harrison's discounted model of counts, with the discount set by how much a level wanders: a busy
row forgets quickly, a quiet one remembers everything, a gap widens the doubt. Rows are independent, a month
is a dozen array operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled.prediction import Bools
from rules.baselines.pooled.trace import Trace
from rules.baselines.tails import Floats

JUMP = 0.2  # two months running far out on one side are a new level: it is taken to have moved by about this
OUTLIER = 2.58  # a month further out than so many deviations is weighted down (Noufaily et al. 2013)
_ANEW = 1.0  # log standard deviation of a level of which nothing is known but that it is another
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Pace:
    """How restless a level is taken to be: standard deviations in log units."""

    wander: float  # of its change from month to month
    unseen: float  # in a month that was not published or is masked: gaps hide changes of recording
    slope: float  # of a slope that lasts, a month


MONTHLY = Pace(0.025, 0.05, 0.0025)


@dataclass(frozen=True, slots=True)
class Months:
    """What the filter reads, oldest month first; the last month is predicted and not used."""

    counts: Floats  # (months, rows), 0 where not published
    exposure: Floats  # (months, rows): expected count = rate x exposure
    used: Bools  # (months, rows)
    event: Bools | None  # (months, rows): months to compare an event with; never `used`
    noise: Floats | None  # (months, rows): variance of log exposure over phi, where it is itself a count
    blur: Floats  # (rows,): variance of the log season around the row's own
    anew: Bools | None = None  # (months, rows): months that begin a new level


@dataclass(slots=True)
class Level:
    """What is known of each row when a month begins; arrays (rows,)."""

    rate: Floats
    variance: Floats  # of log rate
    slope: Floats
    both: Floats  # covariance of log rate and slope
    slope_variance: Floats
    squares: Floats  # squared innovations over their mean, less what the doubt of the level explains: ~ phi
    freedom: Floats  # the weight that went into them, in degrees of freedom
    surprise: Floats  # in the judged calendar month of earlier years: relative innovation x precision
    precision: Floats
    at_events: Floats  # recorded in earlier event months
    ordinary: Floats  # and what ordinary months would have been
    events: Floats
    far: Floats  # 1 or -1 after a month far above or below, else 0

    @classmethod
    def begin(cls, start: Floats, phi: Floats, slope: float = MONTHLY.slope) -> Level:
        """A first guess of the rate that weighs half an event: a row of zeros stays near zero, not at it."""
        zeros = [np.zeros_like(start) for _ in range(10)]
        return cls(start.copy(), 2 * phi, zeros[0], zeros[1], np.full_like(start, slope**2), *zeros[2:])

    def forget(self, anew: Bools, slope: float) -> None:
        """Where a new level begins nothing is known of it but that it is somewhere about the old one."""
        self.variance = np.where(anew, _ANEW**2, self.variance)
        self.slope = np.where(anew, 0.0, self.slope)
        self.both = np.where(anew, 0.0, self.both)
        self.slope_variance = np.where(anew, slope**2, self.slope_variance)


def follow(
    months: Months, phi: Floats, start: Floats, pace: Pace = MONTHLY, trace: Trace | None = None
) -> Level:
    """The level at the beginning of the last month, given dispersions and first guesses (rows,).

    Into `trace` goes what was known at the beginning of every month.
    """
    level = Level.begin(start, phi, pace.slope)
    last = len(months.counts) - 1
    peaked = _peaked(phi)  # the same every month, unless the exposure is itself a count
    for k in range(last + 1):
        if months.anew is not None and months.anew[k].any():
            level.forget(months.anew[k], pace.slope)
        if trace is not None:
            trace.note(k, level)
        if k == last:
            break
        mean = np.maximum(level.rate * months.exposure[k], _LEAST)
        if months.event is not None:
            _note_event(level, months.counts[k], mean, months.event[k])
        own = phi
        if months.noise is not None:
            own = phi * (1 + mean * months.noise[k])
            peaked = _peaked(own)
        _learn(level, months, k, mean, own, peaked, trace, same_month=(last - k) % 12 == 0)
        _pass(level, np.where(months.used[k], pace.wander**2, pace.unseen**2))
    return level


def _peaked(own: Floats) -> Floats:
    """What a distribution of this dispersion adds to the doubt about it, times its mean."""
    found: Floats = 3 * (own - 1) + 0.5 / own
    return found


def _pass(level: Level, wandered: Floats) -> None:
    """A month goes by."""
    level.rate *= 1 + level.slope
    level.variance += 2 * level.both + level.slope_variance + wandered
    level.both += level.slope_variance


def _learn(
    level: Level, months: Months, k: int, mean: Floats, own: Floats, peaked: Floats, trace: Trace | None,
    *, same_month: bool,
) -> None:  # fmt: skip
    """Take in month `k`, whose dispersion around the row's own season is `own`.

    Most of a judgement's time is spent here, so no product is made twice, and large arrays are written over.
    """
    used = months.used[k]
    error = np.where(used, months.counts[k] - mean, 0.0)
    around = own + mean * months.blur
    doubt = mean * level.variance
    factor = around + doubt
    spread = mean * factor
    square = error**2 / spread
    limit = _limit(error, factor, spread)
    beyond = square > limit
    far = np.where(beyond, np.sign(error), 0.0)
    moved = far * level.far > 0
    level.far = np.where(used, far, level.far)
    weight = np.minimum(1.0, limit / np.maximum(square, _LEAST))

    # An innovation says little about phi where the level is in doubt or the distribution is peaked.
    trust = used * (own / factor) ** 2
    trust /= 1 + peaked / mean
    level.freedom += trust
    square = np.minimum(square, limit, out=square)
    square *= factor
    square -= factor - own
    level.squares += np.multiply(trust, square, out=square)
    if same_month or trace is not None:
        say = np.where(used, weight * mean / (own + doubt), 0.0)
        _note_surprise(level, trace, k, say * error / mean, say, same_month=same_month)

    if moved.any():
        level.variance += np.where(moved, JUMP**2, 0.0)
        weight[moved] = 1.0
        doubt = mean * level.variance
    around /= weight
    around += doubt
    gain = np.divide(1, around, out=around)
    information = np.where(used, mean * gain, 0.0)
    level.rate *= 1 + level.variance * error * gain
    level.slope += level.both * error * gain
    level.slope_variance -= level.both**2 * information
    level.both -= level.both * level.variance * information
    level.variance -= level.variance**2 * information


def _limit(error: Floats, factor: Floats, spread: Floats) -> Floats:
    """The squared error, in variances, beyond which a month is an outlier; writes over `spread`."""
    # A skewed count is far above its mean more often: Cornish and Fisher's term moves the limit outwards.
    skew = 2 * factor
    skew -= 1
    skew /= np.sqrt(spread, out=spread)
    skew *= OUTLIER**2 - 1
    skew /= 6
    found: Floats = (OUTLIER + np.where(error > 0, skew, 0.0)) ** 2
    return found


def _note_surprise(
    level: Level, trace: Trace | None, k: int, surprise: Floats, say: Floats, *, same_month: bool
) -> None:
    if trace is not None:
        trace.surprise[k], trace.precision[k] = surprise, say
    if same_month:
        level.surprise += surprise
        level.precision += say


def _note_event(level: Level, counts: Floats, mean: Floats, event: Bools) -> None:
    level.at_events += np.where(event, counts, 0.0)
    level.ordinary += np.where(event, mean, 0.0)
    level.events += event
