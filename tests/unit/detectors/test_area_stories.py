"""Places that rise: the published stories ring, and what did not change stays quiet."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from rules.areas import Bands
from rules.model import Event
from tests.unit.detectors.side_by_side import ALL, HOME, LAST, RULES, county, level, noise, ring, years

TABLES = Path(__file__).resolve().parents[3] / "deploy/partnerships/nwl/sample/assessments"


def table(name: str) -> list[dict[str, str]]:
    with next(TABLES.glob(f"top10_2012_{name}_*.csv")).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_s5_the_six_top_areas_of_serious_acquisitive_crime_come_into_the_band() -> None:
    rows = table("t03")
    counts = level(6)
    counts[HOME : HOME + 33] = level(48, 33)  # other districts have their town centres
    for i, row in enumerate(rows):
        counts[i] = years(12, 12, int(row["count"]))
    cut = Bands.over(counts[:, 24:].sum(axis=1)).cuts[-1]
    assert 33 < cut <= 35  # the window that the printed table leaves open (BANDS: t03)
    names = {i: row["lsoa_name"] for i, row in enumerate(rows)}
    cube, context = county({"serious-acquisitive": counts}, names=names)
    found = ring("area-hotspot-band", cube, context)
    printed = {r["lsoa_name"] for r in rows if r["band"] == "Very Significantly High"}
    assert {context.areas[f.area].name for f in found} == printed
    assert len(printed) == 6
    top = next(f for f in found if f.area == "L000")
    assert (top.count, top.span, context.areas[top.area].name) == (40, 12, "Diseworth, Belton & Gracedieu")
    assert "in the twelve months before, with 12, it was not" in top.note


def test_s18_a_village_with_a_notable_recent_increase() -> None:
    counts = noise(18, np.full(ALL, 1.0))[0]
    counts[7] = years(14, 15, 40)
    found = ring("area-rise", *county({"domestic": counts}, names={7: "Measham Centre"}))
    assert [(f.area, f.count, f.span) for f in found] == [("L007", 40, 12)]


def test_s32_the_second_district_is_only_another_district() -> None:
    counts = noise(32, np.full(ALL, 0.8))[0]
    counts[3], counts[4] = years(9, 9, 30), years(8, 9, 28)
    names = {3: "Thorpe Astley South & Meridian Business Park", 4: "Braunstone Town Henley Crescent"}
    found = ring("area-rise", *county({"burglary": counts}, home=60, names=names))
    assert {f.area for f in found} == {"L003", "L004"}


def test_s30_greater_appleby_enters_the_top_ten_from_far_below() -> None:
    counts = np.concatenate([level(n, 1) for n in np.resize([1, 1, 2, 3, 4, 5, 6, 8, 10], ALL)])
    counts[:HOME] = np.concatenate([level(n, 1) for n in np.resize([1, 2, 3, 4, 5, 6], HOME)])
    counts[20] = years(1, 0, 9)  # 5.15 per 1,000 of some 1,700 residents; the county has 2.72
    found = ring("area-new-entrant", *county({"burglary": counts}, names={20: "Greater Appleby"}))
    assert [(f.area, f.count) for f in found] == [("L020", 9)]
    assert found[0].note == (
        "By count it is now number 1 of 58 areas of the district; in the twelve months before, with 0, "
        "it was number 58"
    )


def test_s29_two_areas_that_touch_are_one_cluster() -> None:
    # 11.38 and 9.27 per 1,000 where 2.72 are usual: in a quarter of 1,500 residents 4 and 4 where 1 is.
    counts = noise(29, np.full(ALL, 0.35))[0]
    counts[30], counts[31] = years(4, 4, 4), years(4, 4, 4)
    counts[30, 33:], counts[31, 33:] = [2, 1, 2], [1, 2, 1]
    names = {30: "Greenhill Centre", 31: "Coalville Castle Rock"}
    cube, context = county({"burglary": counts}, names=names)
    assert ring("area-rise", cube, context) == ()
    (found,) = ring("adjacent-cluster", cube, context)
    assert (found.area, found.also, found.count, found.span) == ("L030", ("L031",), 9, 3)
    assert "Greenhill Centre 5 and Coalville Castle Rock 4; none of them stands out alone" in found.note


@pytest.mark.parametrize(("old", "new"), [(141, 155), (13, 20), (506, 493)])
def test_what_did_not_change_stays_quiet(old: int, new: int) -> None:
    counts = noise(5, np.full(ALL, old / 12))[0]
    counts[0] = years(old, old, new)
    cube, context = county({"drugs": counts})
    for rule in ("area-rise", "area-hotspot-band", "area-new-entrant"):
        assert not any(f.area == "L000" for f in ring(rule, cube, context)), rule


@pytest.mark.parametrize("rule", RULES)
def test_a_rise_that_the_whole_county_shares_is_no_areas_news(rule: str) -> None:
    counts = noise(6, np.linspace(0.5, 2.0, ALL))
    counts[:, :, 24:] *= 3
    assert ring(rule, *county({"burglary": counts[0]})) == ()


def test_a_festival_is_not_told_again_for_a_year() -> None:
    counts = noise(7, np.full(ALL, 0.3))[0]
    counts[0, 32] = 37  # June 2012
    event = Event("download-2012", "Download", "site", (LAST + -3,), held=True, verified=True)
    quiet, loud = county({"theft-from-person": counts}, events=[event]), county({"theft-from-person": counts})
    for rule in ("area-rise", "area-hotspot-band", "area-new-entrant", "rate-extreme"):
        assert ring(rule, *quiet) == (), rule
    assert [f.area for f in ring("area-rise", *loud)] == ["L000"]
    assert [f.area for f in ring("rate-extreme", *loud)] == ["L000"]


def test_what_happened_beside_a_festival_still_rings() -> None:
    counts = noise(8, np.full(ALL, 0.5))[0]
    counts[0] = years(6, 6, 30)
    counts[0, 32] = 37
    event = Event("download-2012", "Download", "site", (LAST + -3,), held=True, verified=True)
    (found,) = ring("area-rise", *county({"theft": counts}, events=[event]))
    assert found.count == int(counts[0, 24:].sum())  # printed whole, the festival included ...
    assert found.count - found.expected.mean < 30  # ... and of the festival no excess
