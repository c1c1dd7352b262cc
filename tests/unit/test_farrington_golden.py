"""The Farrington flexible algorithm against R, all rows of all three option sets."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jobs.sources.series_file import read_series
from rules.baselines.farrington import FarringtonOptions, farrington

DATA = Path(__file__).resolve().parents[1] / "data" / "detection"
LAST = 12
SETS: dict[str, dict[str, str]] = {
    "S1": {"thresholdMethod": "delta"},
    "S2": {"thresholdMethod": "nbPlugin"},
    "S3": {
        "w": "0",
        "noPeriods": "12",
        "pastWeeksNotIncluded": "3",
        "alpha": "0.01",
        "pThresholdTrend": "1",
        "thresholdMethod": "muan",
        "limit54": "0,4",
    },
}
COMPARED = {"S1": 2167, "S2": 2167, "S3": 2034}  # of 2,400; the others have an expected count below 1e-4


@lru_cache
def golden() -> pd.DataFrame:
    return pd.read_csv(DATA / "farrington_flexible_R.csv.gz")


def rows_of(name: str) -> pd.DataFrame:
    table = golden()
    return table[table["option_set"] == name].reset_index(drop=True)


@lru_cache
def ours(name: str, *changes: tuple[str, str]) -> dict[str, np.ndarray]:
    table = read_series(DATA / "series.csv")
    wanted = rows_of(name)
    assert list(dict.fromkeys(wanted["series_id"])) == list(table.ids)
    options = FarringtonOptions().with_settings(SETS[name] | dict(changes))
    found = farrington(table.counts, options, judge=LAST)
    return {f.name: getattr(found, f.name).astype(float).reshape(-1) for f in fields(found)}


def compared(name: str, expected: str = "p_expected") -> tuple[pd.DataFrame, np.ndarray]:
    rows = rows_of(name)
    return rows, (rows[expected] >= 1e-4).to_numpy()


def worst(found: np.ndarray, wanted: pd.Series, rows: np.ndarray) -> float:
    """Largest relative error; where one side is empty the other must be."""
    a, b = found[rows], wanted.to_numpy(dtype=float)[rows]
    assert np.array_equal(np.isnan(a), np.isnan(b))
    return float(np.nanmax(np.abs(a - b) / np.abs(b)))


@pytest.mark.parametrize("name", SETS)
def test_every_comparable_row_is_compared(name):
    rows, chosen = compared(name)
    assert len(rows) == 2400
    assert chosen.sum() == COMPARED[name]


@pytest.mark.parametrize("name", SETS)
def test_expected_counts_and_their_errors(name):
    rows, chosen = compared(name)
    found = ours(name)
    assert worst(found["expected"], rows["p_expected"], chosen) < 1e-4
    assert worst(found["dispersion"], rows["p_phi"], chosen) < 5e-4
    assert worst(found["standard_error"], rows["p_se_eta"], chosen) < 1e-3


@pytest.mark.parametrize("name", SETS)
def test_decisions_are_equal(name):
    rows, chosen = compared(name)
    found = ours(name)
    for ours_, theirs in (("trend", "p_trend"), ("alarm", "p_alarm"), ("downweighted", "p_n_downweighted")):
        differ = found[ours_] != rows[theirs].fillna(0).to_numpy()  # an alarm that R could not decide is none
        assert not differ[chosen].any(), rows[chosen & differ][["series_id", "month"]]
    trends = found["trend"][chosen]
    assert trends.sum() > 100, "the sets exercise the trend"


@pytest.mark.parametrize("name", SETS)
def test_trend_coefficients(name):
    rows, chosen = compared(name)
    a, b = ours(name)["trend_coefficient"][chosen], rows["p_trend_coef"].to_numpy()[chosen]
    np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-8, equal_nan=True)


def test_delta_bound():
    rows, chosen = compared("S1")
    assert worst(ours("S1")["upper"], rows["p_upper"], chosen) < 1e-3


@pytest.mark.parametrize("name", ["S2", "S3"])
def test_negative_binomial_bounds_are_equal(name):
    rows, chosen = compared(name)
    a, b = ours(name)["upper"][chosen], rows["p_upper"].to_numpy()[chosen]
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", SETS)
def test_tail_probabilities_and_scores(name):
    rows, chosen = compared(name)
    found = ours(name)
    np.testing.assert_allclose(found["p"][chosen], rows["p_pvalue"].to_numpy()[chosen], rtol=3e-3)
    scores, wanted = found["score"][chosen], rows["p_score"].to_numpy()[chosen]
    room = np.isfinite(scores)  # R divides by zero or less where the limit lies below the expected count
    assert (~room).sum() <= 2
    np.testing.assert_allclose(scores[room], wanted[room], rtol=3e-3, atol=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_no_alarm_where_rows_are_not_compared(name):
    rows, chosen = compared(name)
    assert not ours(name)["alarm"][~chosen].any()
    assert not rows["p_alarm"][~chosen].any()


@pytest.mark.parametrize(
    "change",
    [
        ("b", "4"),
        ("w", "2"),
        ("noPeriods", "8"),
        ("pastWeeksNotIncluded", "5"),
        ("weightsThreshold", "2.5"),
        ("pThresholdTrend", "0.04"),
        ("alpha", "0.006"),
    ],
)
def test_the_comparison_notices_any_other_setting(change):
    """If this passes with another algorithm, the tests above prove nothing."""
    ours_ = ours("S1", ("noPeriods", "8"), change) if change[0] == "w" else ours("S1", change)
    rows, chosen = compared("S1")
    a, b = ours_["upper"][chosen], rows["p_upper"].to_numpy()[chosen]
    assert np.nanmax(np.abs(a - b) / b) > 1e-3


@pytest.mark.parametrize("name", SETS)
def test_like_r_reproduces_what_the_package_returns(name):
    rows, chosen = compared(name, "r_expected")
    found = ours(name, ("likeR", "yes"))
    for ours_, theirs in (("trend", "r_trend"), ("alarm", "r_alarm")):
        assert np.array_equal(found[ours_][chosen], rows[theirs].to_numpy()[chosen])
    assert worst(found["expected"], rows["r_expected"], chosen) < 1e-4
    if name == "S2":
        assert worst(found["upper"], rows["r_upper"], chosen) == 0


def test_the_published_standard_error_matters():
    rows, chosen = compared("S1", "r_expected")
    changed = ours("S1")["trend"] != rows["r_trend"].to_numpy()
    assert changed[chosen].mean() > 0.3
