"""Methods of `tocsin detect`: the house's models, and the published one, on anybody's monthly series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jobs.errors import UsageError
from rules.baselines.auto import predict_auto
from rules.baselines.farrington import MONTH_FACTOR, FarringtonOptions, Reason, farrington
from rules.baselines.pooled import Prediction, predict_here
from rules.baselines.tails import quantile

if TYPE_CHECKING:
    from jobs.sources.series_file import SeriesTable
    from rules.model import Counts


@dataclass(frozen=True)
class Detected:
    """What a method says of the last K months: arrays (N, K), NaN where unknown; reasons as text."""

    expected: Counts
    lower: Counts
    upper: Counts
    trend: Counts  # 1 the model has a trend, 0 it has none
    dispersion: Counts
    p: Counts  # of the tail that matters: this many or more, or, for a fall, this many or fewer
    score: Counts
    alarm: Counts  # 1 rise, -1 fall, 0 neither
    reason: list[list[str]]


Settings = Mapping[str, str]
Method = Callable[["SeriesTable", "SeriesTable", int, Settings], Detected]
"""The series, the pool that the season is borrowed from, how many months to judge, options as text."""


def _published(base: FarringtonOptions) -> Method:
    def judge(table: SeriesTable, _: SeriesTable, last: int, settings: Settings) -> Detected:
        try:
            options = base.with_settings(settings)
        except ValueError as error:
            raise UsageError(str(error), "see `tocsin detect --help`") from None
        found = farrington(table.counts, options, judge=last)
        return Detected(
            expected=found.expected, lower=found.lower, upper=found.upper,
            trend=np.where(np.isfinite(found.expected), found.trend, np.nan), dispersion=found.dispersion,
            p=np.where(found.alarm < 0, found.p_low, found.p), score=found.score,
            alarm=found.alarm.astype(np.float64),
            reason=[[Reason(code).code for code in row] for row in found.reason.tolist()],
        )  # fmt: skip

    return judge


def _house(predict: Callable[..., Prediction]) -> Method:
    def judge(table: SeriesTable, pool: SeriesTable, last: int, settings: Settings) -> Detected:
        alpha, falls = _own_settings(settings)
        months = table.counts.shape[1]
        season = _season_of(pool, table)
        each = [
            _month(predict, table, season, t, alpha=alpha, falls=falls)
            for t in range(months - last, months)
        ]  # fmt: skip
        figures = {name: np.stack([m[name] for m in each], axis=1) for name in each[0]}
        missing = np.isnan(table.counts[:, months - last :])
        unknown = np.isnan(figures["expected"])
        reason = np.where(
            missing, Reason.MISSING.code, np.where(unknown, Reason.NOT_ENOUGH_HISTORY.code, "ok")
        )
        return Detected(**figures, reason=reason.tolist())

    return judge


def _month(
    predict: Callable[..., Prediction],
    table: SeriesTable,
    season: Counts,
    t: int,
    *,
    alpha: float,
    falls: bool,
) -> dict[str, Counts]:
    """One month of every series, as the rules judge it: arrays (N,)."""
    counts = table.counts[None]
    usable, alike = ~np.isnan(counts), np.zeros(counts.shape[1], dtype=np.intp)
    found = predict(counts, season[None], usable, alike, t, table.first.number - 1)
    high, low = (tail[0] for tail in found.tails(counts[:, :, t]))
    mean, factor, count = found.mean[0], found.factor[0], counts[0, :, t]
    upper = quantile(1 - alpha, mean, factor)
    fell = falls & (low < alpha)
    score = np.where(upper > mean, (count - mean) / np.where(upper > mean, upper - mean, 1.0), np.nan)
    return {
        "expected": mean, "lower": quantile(alpha, mean, factor), "upper": upper,
        "trend": np.where(np.isnan(mean), np.nan, 0.0), "dispersion": found.phi[0],
        "p": np.where(fell, low, high), "score": score,
        "alarm": np.where(high < alpha, 1.0, np.where(fell, -1.0, 0.0)),
    }  # fmt: skip


def _season_of(pool: SeriesTable, table: SeriesTable) -> Counts:
    """(months of the table,) what the pool recorded; a series without a month counts as its usual share."""
    known = ~np.isnan(pool.counts)
    usual = np.where(known, pool.counts, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    there = (known * usual[:, None]).sum(axis=0)
    recorded = np.where(known, pool.counts, 0.0).sum(axis=0)
    whole = np.where(there > 0, recorded * usual.sum() / np.where(there > 0, there, 1.0), np.nan)
    found = np.full(table.counts.shape[1], np.nan)
    shift = pool.first - table.first
    for t, value in enumerate(whole.tolist()):
        if 0 <= t + shift < len(found):
            found[t + shift] = value
    return found


def _own_settings(settings: Settings) -> tuple[float, bool]:
    """alpha and bothTails, with the names that `farrington` gives them."""
    if wrong := set(settings) - {"alpha", "bothTails"}:
        told = ", ".join(sorted(wrong))
        raise UsageError(
            f"this method has no option {told}", "it has alpha and bothTails; farrington has more"
        )
    try:
        options = FarringtonOptions().with_settings(settings)
    except ValueError as error:
        raise UsageError(str(error), "see `tocsin detect --help`") from None
    return options.alpha, options.both_tails


METHODS: dict[str, Method] = {
    "auto": _house(predict_auto),
    "pooled": _house(predict_here),
    "farrington": _published(FarringtonOptions()),
    "month-factor": _published(MONTH_FACTOR),
}
