"""The algorithm: a baseline for every judged month, all fitted at once, then the verdicts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from rules.baselines.farrington import history
from rules.baselines.farrington.bounds import limits, probabilities
from rules.baselines.farrington.design import Design, Flags, Floats
from rules.baselines.farrington.glm import Fit, fit
from rules.baselines.farrington.options import MONTHS, FarringtonOptions
from rules.baselines.farrington.result import FarringtonResult, Reason

_CELLS = 28_000  # baseline months fitted at once: the arrays of a step stay in the processor's cache
_TREND_YEARS = 3  # Farrington (1996): no trend from less


def farrington(
    counts: Floats,
    options: FarringtonOptions | None = None,
    judge: int | slice = 1,
    usable: Flags | None = None,
) -> FarringtonResult:
    """Judge monthly counts by the Farrington flexible algorithm, each series by itself.

    Noufaily et al. (2013), Statistics in Medicine 32:1206; Farrington et al. (1996), JRSS A 159:547.

    counts: (N, T), consecutive months, NaN = missing. judge: the last so many months, or a slice of the T.
    usable: (N, T), False where a month may be judged but enters no baseline (a break, a past alert).
    Which calendar month comes first does not matter: seasons are counted back from the judged month.
    Raises ValueError for counts that are negative or infinite, or shapes that do not fit.
    """
    options = options or FarringtonOptions()
    if counts.ndim != 2 or (usable is not None and usable.shape != counts.shape):
        raise ValueError(f"counts must be (series, months) and usable of the same shape, not {counts.shape}")
    months = counts.shape[1]
    chosen = slice(max(months - judge, 0), months) if isinstance(judge, int) else judge
    judged = np.arange(months)[chosen]
    result = FarringtonResult.blank(len(counts), len(judged))
    if not judged.size:
        return result
    design = Design.of(options).reaching(int(judged.max()))
    size = max(1, _CELLS // (len(judged) * len(design.offsets)))
    for start in range(0, len(counts), size):
        part = slice(start, start + size)
        block = np.asarray(counts[part], dtype=np.float64)
        if np.any(block < 0) or np.any(np.isinf(block)):
            raise ValueError("counts must be finite and not negative; NaN stands for a missing month")
        base = block if usable is None else np.where(usable[part], block, np.nan)
        baseline = design.windows(base, judged)
        fitted = history.enough(block, judged, ~np.isnan(baseline), design, options)
        if not fitted.any():
            continue
        current = block[:, judged].reshape(-1)[fitted]
        reason = history.recent(block, judged, options)[fitted]
        values = _judge(baseline[fitted], current, reason, design, options)
        result.put(part, fitted, values)
    return result


def _judge(
    baseline: Floats,
    current: Floats,
    reason: npt.NDArray[np.int8],
    design: Design,
    options: FarringtonOptions,
) -> dict[str, npt.NDArray[np.generic]]:
    """All figures of M judged months with baselines (M, n)."""
    found, trend = _model(baseline, design, options)
    mean, variance, dispersion = found.mean, found.variance, found.dispersion
    lower, upper = limits(mean, variance, dispersion, options)
    p, p_low = probabilities(current, mean, variance, dispersion, options)
    room = upper > mean
    score = np.where(room, (current - mean) / np.where(room, upper - mean, 1.0), np.nan)
    sure = reason == Reason.OK
    alarm = np.where(sure & (current > upper), 1, 0)
    if options.both_tails:
        # A fall needs no recent cases: that there are none may be the news.
        alarm[(reason != Reason.MISSING) & (current < lower)] = -1
    return {
        "expected": mean,
        "lower": lower,
        "upper": np.where(sure, upper, np.nan),
        "trend": trend,
        "trend_coefficient": np.where(trend, found.slope, np.nan),
        "dispersion": dispersion,
        "standard_error": np.sqrt(variance),
        "p": p,
        "p_low": p_low,
        "score": score,
        "alarm": alarm,
        "downweighted": found.downweighted,
        "reason": reason,
    }


def _model(baseline: Floats, design: Design, options: FarringtonOptions) -> tuple[Fit, Flags]:
    """The fit with a trend where one is warranted, without elsewhere; and which rows have it.

    Farrington (1996): the trend is significant, the baseline reaches back three years, and the prediction
    does not exceed the largest count of the baseline.
    """
    present = ~np.isnan(baseline)
    counts, usable = np.where(present, baseline, 0.0), present.astype(np.float64)
    if options.p_threshold_trend == 0 or options.b < _TREND_YEARS:
        return fit(counts, usable, design, options, trend=False), np.zeros(len(counts), np.bool_)
    found = fit(counts, usable, design, options, trend=True)
    significance = 2 * special.stdtr(found.degrees, -np.abs(found.slope) / np.sqrt(found.slope_variance))
    reach = design.offsets[present.argmax(axis=1)]
    trend: Flags = (
        np.isfinite(found.slope_variance)
        & (significance <= options.p_threshold_trend)
        & (reach >= MONTHS * _TREND_YEARS)
        & (found.mean <= counts.max(axis=1))
    )
    if not trend.all():
        found.put(~trend, fit(counts[~trend], usable[~trend], design, options, trend=False))
    return found, trend
