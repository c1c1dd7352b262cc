"""R's package `surveillance` on the same series, where it is installed. Nothing is installed for it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.simulation.county import Floats

_CALL = """
suppressMessages(library(surveillance))
y <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE, na.strings = "nan"))
n <- ncol(y)
control <- list(range = n, b = 5, w = 1, noPeriods = 10, pastWeeksNotIncluded = 6, alpha = 0.005,
                pThresholdTrend = 0.05, weightsThreshold = 2.58, thresholdMethod = "delta",
                limit54 = c(5, 4), trend = TRUE, reweight = TRUE, powertrans = "2/3", glmWarnings = FALSE)
spent <- function() sum(proc.time()[1:2])  # of this process: others on the machine do not count
began <- spent()
upper <- apply(y, 1, function(row) {
  s <- sts(observed = matrix(row, ncol = 1), start = c(2015, 1), frequency = 12)
  tryCatch(as.numeric(upperbound(farringtonFlexible(s, control = control))), error = function(e) NA)
})
cat(spent() - began, upper, sep = "\\n")
"""


@dataclass(frozen=True)
class Bounds:
    """What R returned: an upper bound a series, NaN where it gave none."""

    upper: Floats
    per_second: float  # of processor time


def missing() -> str:
    """Why R cannot be compared here; empty when it can."""
    if shutil.which("Rscript") is None:
        return "Rscript was not found"
    asked = ["Rscript", "-e", 'if (!requireNamespace("surveillance", quietly = TRUE)) quit(status = 3)']
    done = subprocess.run(asked, capture_output=True, check=False)
    return "" if done.returncode == 0 else "R is here, its package surveillance is not"


def bounds(counts: Floats) -> Bounds:
    """Upper bounds of the last month of each row of (series, months), NaN where a month is missing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.csv"
        np.savetxt(path, counts, fmt="%.0f", delimiter=",")  # "%d" has no word for a missing month
        began = time.perf_counter()
        done = subprocess.run(
            ["Rscript", "-e", _CALL, str(path)], capture_output=True, text=True, check=True, timeout=600
        )
        taken = time.perf_counter() - began
    spent, *upper = done.stdout.split()
    values = np.array([float("nan") if text == "NA" else float(text) for text in upper])
    if len(values) != len(counts):
        raise RuntimeError(f"R answered {len(values)} series of {len(counts)} after {taken:.0f} s")
    return Bounds(values, len(counts) / float(spent))
