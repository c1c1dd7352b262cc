"""The Farrington flexible algorithm, the standard of public health surveillance, on monthly counts.

A quasi-Poisson regression with a seasonal factor and, where warranted, a trend says what is expected;
past outliers are weighted down; a threshold method draws the usual range. Written from the papers.
"""

from rules.baselines.farrington.algorithm import farrington
from rules.baselines.farrington.options import MONTH_FACTOR, FarringtonOptions, ThresholdMethod
from rules.baselines.farrington.result import FarringtonResult, Reason

__all__ = [
    "MONTH_FACTOR",
    "FarringtonOptions",
    "FarringtonResult",
    "Reason",
    "ThresholdMethod",
    "farrington",
]
