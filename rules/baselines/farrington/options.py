"""The settings of the Farrington flexible algorithm, by the names that R's `surveillance` gave them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

MONTHS = 12


class ThresholdMethod(StrEnum):
    """How the upper limit is drawn around the expected count."""

    DELTA = "delta"  # normal on the 2/3 power scale (Farrington 1996)
    NB_PLUGIN = "nbPlugin"  # negative binomial quantile at the estimated mean (Noufaily 2013)
    MUAN = "muan"  # the same at the upper confidence limit of the mean
    NB_PREDICTIVE = "nbPredictive"  # ours: negative binomial, variance widened by the mean's uncertainty


@dataclass(frozen=True, slots=True)
class FarringtonOptions:
    """One way of judging. Periods are months, also where the R name says weeks; `alpha` is one-sided.

    The defaults are Noufaily et al. (2013) carried over to months. Raises ValueError when a value is out of
    range; the message names the R option.
    """

    b: int = 5  # years back
    w: int = 1  # half-width of the reference window, months
    no_periods: int = (
        10  # levels of the seasonal factor: the reference window is one, the rest share the year
    )
    past_weeks_not_included: int = 6  # the months just before the judged one that enter no baseline
    alpha: float = 0.005
    p_threshold_trend: float = 0.05  # 1 = keep every trend, 0 = none
    weights_threshold: float = 2.58  # Anscombe residuals above it are weighted down
    threshold_method: ThresholdMethod = ThresholdMethod.DELTA
    limit54: tuple[int, int] = (5, 4)  # no verdict with fewer cases than [0] in the last [1] months
    both_tails: bool = False  # ring for unusually few as well
    min_years: int | None = None  # judge from this much history on; None = b, also the most
    like_r: bool = False  # standard errors as `surveillance` 1.20.3 computes them, not as published

    def __post_init__(self) -> None:
        free = MONTHS - 2 * self.w - 1
        rules = (
            (1 <= self.b <= 20, "b must be 1 to 20 (years)"),
            (0 <= self.w <= 5, "w must be 0 to 5 (months)"),
            (
                1 <= self.no_periods <= 1 + free,
                f"noPeriods must be 1 to {1 + free} when w is {self.w}: a period has at least one month",
            ),
            (
                0 <= self.past_weeks_not_included < MONTHS * self.b - self.w,
                "pastWeeksNotIncluded must be 0 or more and leave months to compare with",
            ),
            (0 < self.alpha < 0.5, "alpha must lie between 0 and 0.5"),
            (0 <= self.p_threshold_trend <= 1, "pThresholdTrend must be 0 to 1"),
            (
                1 <= self.weights_threshold <= 1000,
                "weightsThreshold must be 1 to 1000 (none is that far out)",
            ),
            (
                self.limit54[0] >= 0 and 1 <= self.limit54[1] <= 60,
                "limit54 must be cases,months such as 5,4",
            ),
            (self.min_years is None or 1 <= self.min_years <= 20, "minYears must be 1 to 20"),
        )
        for fits, complaint in rules:
            if not fits:
                raise ValueError(complaint)

    @property
    def history(self) -> int:
        """Months before the judged one that must lie on record."""
        return MONTHS * (self.b if self.min_years is None else min(self.b, self.min_years))

    def with_settings(self, settings: Mapping[str, str]) -> Self:
        """A copy with options given as text under their R names: `{"b": "8", "limit54": "0,4"}`.

        Raises ValueError with the names or values that are allowed.
        """
        found: dict[str, object] = {}
        for name, text in settings.items():
            if name not in _SETTINGS:
                raise ValueError(f"there is no option {name!r}; use one of: {', '.join(_SETTINGS)}")
            attribute, read, form = _SETTINGS[name]
            try:
                found[attribute] = read(text.strip())
            except (ValueError, KeyError):
                raise ValueError(f"{name} must be {form}, not {text[:40]!r}") from None
        return replace(self, **found)  # type: ignore[arg-type]  # each value comes from its own reader


def _pair(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(?:c\()?(\d{1,6})\s*,\s*(\d{1,2})\)?", text)  # R writes c(5,4)
    if match is None:
        raise ValueError(text)
    return int(match[1]), int(match[2])


def _yes_no(text: str) -> bool:
    return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]


_SETTINGS: dict[str, tuple[str, Callable[[str], object], str]] = {
    "b": ("b", int, "a whole number of years"),
    "w": ("w", int, "a whole number of months"),
    "noPeriods": ("no_periods", int, "a whole number"),
    "pastWeeksNotIncluded": ("past_weeks_not_included", int, "a whole number of months"),
    "alpha": ("alpha", float, "a number between 0 and 0.5"),
    "pThresholdTrend": ("p_threshold_trend", float, "a number from 0 to 1"),
    "weightsThreshold": ("weights_threshold", float, "a number from 1 to 1000"),
    "thresholdMethod": ("threshold_method", ThresholdMethod, f"one of {', '.join(ThresholdMethod)}"),
    "limit54": ("limit54", _pair, "cases,months such as 5,4"),
    "bothTails": ("both_tails", _yes_no, "yes or no"),
    "minYears": ("min_years", int, "a whole number of years"),
    "likeR": ("like_r", _yes_no, "yes or no"),
}

MONTH_FACTOR = FarringtonOptions(
    b=8,
    w=0,
    no_periods=12,
    past_weeks_not_included=3,
    threshold_method=ThresholdMethod.NB_PREDICTIVE,
    min_years=5,
)
"""A level for every calendar month: a festival every June makes an ordinary June, not an alarm."""
