"""Places that stand out: many types at once, rates per resident, and counts in fewer places."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from rules.model import Verdict
from tests.unit.detectors.side_by_side import ALL, HOME, county, level, noise, ring, years

TABLES = Path(__file__).resolve().parents[3] / "deploy/partnerships/nwl/sample/assessments"


def test_s27_coalville_centre_is_very_high_on_nine_of_eleven_tables() -> None:
    counts = {}
    for path in sorted(TABLES.glob("top10_2012_t*.csv")):
        with path.open(encoding="utf-8") as lines:
            row = next((r for r in csv.DictReader(lines) if r["lsoa_name"] == "Coalville Centre"), None)
        # Of deliberate fires it is not among the ten: fewer than the last of them.
        n, high = (int(row["count"]), row["band"] == "Very Significantly High") if row else (2, False)
        series = level(n / 6)
        series[HOME : HOME + 8] = level(n if high else 3 * n, 8)  # the towns of other districts
        series[0] = years(n, n, n)
        counts["total" if "all_crime" in path.name else path.stem[15:]] = series
    cube, context = county(counts, names={0: "Coalville Centre"})
    found = {f.area: f for f in ring("multi-theme-area", cube, context)}
    assert list(found) == ["L000"]
    assert (found["L000"].series, found["L000"].count, found["L000"].span) == ("total", 417, 12)
    assert "very significantly high in 9 of 11 types" in found["L000"].note


def test_a_large_place_that_is_above_average_in_everything_is_not_in_the_band() -> None:
    counts = {s: noise(i, np.full(ALL, 2.0))[0] for i, s in enumerate("abcdef")}
    for c in counts.values():
        c[0] = years(30, 30, 30)  # a quarter more than the others
    assert ring("multi-theme-area", *county(counts)) == ()


def test_s28_diseworth_is_extreme_per_resident_and_the_visitors_are_said() -> None:
    residents = np.full(ALL, 1418.0)
    counts = noise(28, np.full(ALL, 4.11 * 1.418 / 12))[0]
    counts[5] = years(71, 71, 71)
    cube, context = county(
        {"theft-from-vehicle": counts}, residents=residents, names={5: "Diseworth"},
        visitors={5: "airport passengers and staff"},
    )  # fmt: skip
    (found,) = ring("rate-extreme", cube, context)
    assert (found.area, found.count, found.verdict) == ("L005", 71, Verdict.MUCH_HIGHER)
    assert found.note.startswith("50.1 per 1,000 of 1,418 residents; the county's rate is 4.")
    assert found.note.endswith("airport passengers and staff are not among the residents, so the rate "
                                      "is not risk")  # fmt: skip


def test_a_high_count_among_many_residents_is_no_extreme_rate() -> None:
    residents = np.full(ALL, 1500.0)
    residents[0] = 9000
    counts = noise(2, residents / 1500)[0]
    assert ring("rate-extreme", *county({"burglary": counts}, residents=residents)) == ()


def test_where_nobody_lives_there_is_no_rate() -> None:
    residents = np.full(ALL, 1500.0)
    residents[0] = np.nan
    counts = noise(2, np.ones(ALL))[0]
    counts[0] = 50
    assert ring("rate-extreme", *county({"burglary": counts}, residents=residents)) == ()


@pytest.mark.parametrize(("points", "fires"), [(13, True), (2, False)])
def test_s31_damage_moves_into_ten_places(points: int, fires: bool) -> None:
    # 963 a year in 200 small places; ten of them take a further 13 in 100 of it.
    counts = noise(31, np.full(ALL, 963 / 200 / 12))[0]
    moved = 963 * points / 100 / 10
    for i in range(10):
        counts[i, 24:] += level(moved, 1, 12)[0]
    found = ring("concentration", *county({"criminal-damage": counts}, home=200))
    assert bool(found) is fires
    for f in found:
        assert (f.area, len(f.also), f.span) == ("ours", 10, 12)
        assert set(f.also) == {f"L{i:03}" for i in range(10)}
        assert f.count == sum(int(counts[int(c[1:]), 24:].sum()) for c in f.also)
        assert f.expected.lower <= f.expected.mean <= f.expected.upper < f.count
