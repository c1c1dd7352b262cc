"""Series-months judged a second on one core, against R's `surveillance` in the same run; and a whole country.

Every measurement is a process of its own with one thread, in turns: R, ours, R, ours. Rates are a second of
processor time, so that neighbours on the machine weigh less. R judges the last month of the golden series
(tests/data/detection), ours the same series many times over; the engine's model needs a county around its
series, so it judges invented ones.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jobs.sources.series_file import read_series
from rules.baselines.auto import predict_auto
from rules.baselines.farrington import FarringtonOptions, ThresholdMethod, farrington
from rules.baselines.pooled import Prediction, predict_share
from tests.benchmarks.process import ONE_THREAD, Cost, measure
from tests.benchmarks.simulation import peer_r

Floats = npt.NDArray[np.float64]

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "detection" / "series.csv"
COPIES = 100  # of the golden series: a fraction of a second
TYPES, LSOAS = 14, 35_672  # police.uk's types; England and Wales 2021
HISTORY = 60
FASTEST, TIMES_R, COUNTRY_SECONDS, COUNTRY_MB = 20_000, 200, 60, 2_000  # the goals of performance
SETS = {
    "delta bound": FarringtonOptions(),
    "negative binomial": FarringtonOptions(threshold_method=ThresholdMethod.NB_PLUGIN),
    "month factor, muan": FarringtonOptions(
        w=0, no_periods=12, past_weeks_not_included=3, alpha=0.01, p_threshold_trend=1,
        threshold_method=ThresholdMethod.MUAN, limit54=(0, 4),
    ),
}  # fmt: skip
HERE, COUNTY, BOTH = (
    "auto: own level and season",
    "share of the county",
    "both: a month as the engine judges it",
)


def main(rounds: int) -> None:
    """Medians of some rounds, then England and Wales once by each model."""
    golden = read_series(GOLDEN).counts
    why = peer_r.missing()
    theirs, ours = [], []
    for _ in range(rounds):
        if not why:
            theirs.append(peer_r.bounds(golden).per_second)
        ours.append(json.loads(_alone("rates").output))
    peer = statistics.median(theirs) if theirs else float("nan")
    about = f"R is not compared: {why}" if why else f"R's farringtonFlexible: {peer:,.0f} a second"
    print(f"detection: one core, median of {rounds}. {about}")
    for name in ours[0]:
        _say(name, statistics.median(run[name] for run in ours), peer)
    for name in ("country-farrington", "country"):
        _say_country(_alone(name))


def rates() -> dict[str, float]:
    """Series-months a second of every model, in this process."""
    golden = np.tile(read_series(GOLDEN).counts, (COPIES, 1))
    found = {}
    for name, options in SETS.items():
        farrington(golden[:1000], options)  # whatever is loaded on first use
        taken = _seconds(partial(farrington, golden, options))
        found[f"Farrington flexible, {name}"] = len(golden) / taken
    here, county = _verdicts(_invented(LSOAS // 10))
    series = TYPES * (LSOAS // 10)
    return found | {HERE: series / here, COUNTY: series / county, BOTH: series / (here + county)}


def country() -> dict[str, float | str]:
    """All of England and Wales, judged here and against the county."""
    counts = _invented(LSOAS)
    return _clocked("judged here and against the county", lambda: _verdicts(counts))


def country_farrington() -> dict[str, float | str]:
    """The same by the published algorithm."""
    counts = _invented(LSOAS).reshape(TYPES * LSOAS, -1)
    return _clocked("Farrington flexible", lambda: farrington(counts))


def _invented(lsoas: int) -> Floats:
    """Poisson counts (types, lsoas, months) with the sparse means of small areas."""
    rng = np.random.default_rng(2026)
    return rng.poisson(rng.gamma(0.7, 1.5, (TYPES, lsoas, 1)), (TYPES, lsoas, HISTORY + 1)).astype(np.float64)


def _verdicts(counts: Floats) -> tuple[float, float]:
    """Seconds of each verdict on the last month, tail probabilities included."""
    whole, usable = counts.sum(axis=1), np.ones(counts.shape, dtype=np.bool_)
    alike, t = np.zeros(counts.shape[1], dtype=np.intp), counts.shape[2] - 1

    def judged(prediction: Prediction) -> None:
        prediction.tails(counts[:, :, t])

    here = _seconds(lambda: judged(predict_auto(counts, whole, usable, alike, t, 0)))
    return here, _seconds(lambda: judged(predict_share(counts, whole, usable, alike, t)))


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _clocked(by: str, work: Callable[[], object]) -> dict[str, float | str]:
    """By the clock on the wall as well."""
    began = time.perf_counter()
    core = _seconds(work)
    return {"by": by, "core": core, "seconds": time.perf_counter() - began}


def _alone(stage: str) -> Cost:
    return measure([sys.executable, "-m", "tests.benchmarks.detection", stage], **ONE_THREAD)


def _say(name: str, rate: float, peer: float) -> None:
    met = rate >= FASTEST and not rate < TIMES_R * peer  # without R there is nothing to be slower than
    ratio = "" if np.isnan(peer) else f"  {rate / peer:5,.0f} x R"
    goals = f">= {FASTEST:,}" + ("" if np.isnan(peer) else f" and {TIMES_R} x R")
    print(f"{name:48} {rate:8,.0f} a second{ratio}   goal {goals}: {'met' if met else 'missed'}")


def _say_country(cost: Cost) -> None:
    told = json.loads(cost.output)
    met = told["seconds"] < COUNTRY_SECONDS and cost.megabytes < COUNTRY_MB
    print(
        f"{TYPES * LSOAS:,} series of {HISTORY} months, {told['by']}: {told['seconds']:.1f} s "
        f"({told['core']:.1f} s of one core), peak {cost.megabytes:,.0f} MB   "
        f"goal < {COUNTRY_SECONDS} s, < {COUNTRY_MB:,} MB: {'met' if met else 'missed'}"
    )


STAGES = {"rates": rates, "country": country, "country-farrington": country_farrington}

if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]]()))
