"""The rules that are compared: given a view, which counts of the judged month would ring."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rules.baselines.auto import predict_auto
from rules.baselines.farrington import MONTH_FACTOR, FarringtonOptions, Reason, farrington
from rules.baselines.pooled import Prediction, predict_share
from tests.benchmarks.simulation.county import Floats
from tests.benchmarks.simulation.view import View

ALPHA = 0.005  # one-sided
Alarm = Callable[[Floats], Floats]  # counts of the judged month -> 1 rings, 0 does not, NaN not judged
Method = Callable[[View], Alarm]


def here(view: View) -> Alarm:
    """`auto`: the pooled model, from five usable years on with the month factor."""
    return _from(_here(view))


def share(view: View) -> Alarm:
    """The share of the rest of the county in that very month."""
    return _from(_share(view))


def both(view: View) -> Alarm:
    """What the spike rule asks: unusual here and against the county."""
    first, second = _here(view), _share(view)

    def alarm(count: Floats) -> Floats:
        return _rings(np.maximum(first.tails(count)[0], second.tails(count)[0]))

    return alarm


def _here(view: View) -> Prediction:
    return predict_auto(view.counts, view.rest, view.usable, view.alike, view.t, view.phase, view.events)


def _share(view: View) -> Prediction:
    whole = view.rest + view.counts.sum(axis=1)
    return predict_share(view.counts, whole, view.usable, view.alike, view.t, view.events)


def _from(prediction: Prediction) -> Alarm:
    return lambda count: _rings(prediction.tails(count)[0])


def _rings(p: Floats) -> Floats:
    return np.where(np.isnan(p), np.nan, p < ALPHA)


def _above(limit: Floats) -> Alarm:
    return lambda count: np.where(np.isnan(limit), np.nan, count > limit)


def last_year(view: View) -> Alarm:
    """More than 20 % above the same month last year."""
    return _above(1.2 * view.counts[:, :, -13])


def two_deviations(view: View) -> Alarm:
    """More than the mean and two standard deviations of the last 12 months."""
    year = view.counts[:, :, -13:-1]
    return _above(year.mean(axis=2) + 2 * year.std(axis=2, ddof=1))


def poisson_z(view: View) -> Alarm:
    """(count - mean) / sqrt(mean) of the last 12 months at 3 or more."""
    mean = view.counts[:, :, -13:-1].mean(axis=2)
    limit = mean + 3 * np.sqrt(mean)
    return lambda count: ((count >= limit) & (count > 0)).astype(float)


def ears(lag: int) -> Method:
    """EARS C1 (lag 0) or C2 (lag 2): mean and three standard deviations of seven months."""

    def method(view: View) -> Alarm:
        last = view.t - lag
        base = view.counts[:, :, last - 7 : last]
        return _above(base.mean(axis=2) + 3 * base.std(axis=2, ddof=1))

    return method


def flexible(options: FarringtonOptions) -> Method:
    """Farrington flexible, each series by itself; not judged below the years it asks for."""

    def method(view: View) -> Alarm:
        shape = view.counts.shape

        def alarm(count: Floats) -> Floats:
            rows = view.with_last(count).reshape(-1, shape[2])
            found = farrington(rows, options, judge=1, usable=view.usable.reshape(rows.shape))
            alarms = np.where(found.reason == Reason.NOT_ENOUGH_HISTORY, np.nan, found.alarm > 0)
            return alarms.reshape(shape[:2])

        return alarm

    return method


OURS: dict[str, Method] = {
    "**auto** (here)": here,
    "share of the county": share,
    "both, as the spike rule asks": both,
}
IN_USE: dict[str, Method] = {
    "+20 % on the same month last year": last_year,
    "mean + 2 SD of 12 months": two_deviations,
    "Poisson z >= 3 on the 12-month mean": poisson_z,
    "EARS C1": ears(0),
    "EARS C2": ears(2),
}
FARRINGTON: dict[str, Method] = {
    "Farrington flexible, R's window": flexible(FarringtonOptions()),
    "Farrington, month factor, NB predictive": flexible(MONTH_FACTOR),
}
