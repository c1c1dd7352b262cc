"""Areas and periods side by side, peers, targets, reports: figures bind, wording does not."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli import NWL, Tocsin

pytestmark = pytest.mark.usefixtures("houses_stay_open")

YEARS = "2024-06"  # every table of the assessments is known by then
FORMATS = ("text", "json", "slack", "teams", "html")


def ask(
    tocsin: Tocsin, database: str, text: str, *, as_of: str = YEARS, code: int = 0, partnership: Path = NWL
) -> dict[str, Any]:
    result = tocsin(
        "ask", text, "--as-of", as_of, "--format", "json", database=database, partnership=partnership
    )
    assert result.code == code, (result.out, result.err)
    return dict(result.json)


def test_reports_of_hate_reach_their_target(tocsin: Tocsin, tables: str) -> None:
    """S19: a document prints +15 %, divided by the wrong value."""
    answer = ask(tocsin, tables, "reports hate")
    assert [p["count"] for p in answer["data"]["periods"]] == [1088, 1274]
    percent = next(c for c in answer["claims"] if c["unit"] == "percent")
    assert (percent["numerator"], percent["denominator"], round(percent["value"], 1)) == (1274, 1088, 17.1)
    (target,) = answer["data"]["targets"]
    assert (target["standing"], target["goal"], target["count"]) == ("met", 1197, 1274)
    said = " ".join(answer["lines"])
    assert "+17.1%" in said
    assert "More reports are wanted" in said
    assert "a fall is the alarm" in said


def test_all_series_of_which_reports_are_wanted(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "reports")
    found = {s["series"]: s for s in answer["data"]["series"]}
    assert found["hate"]["change"] == 186
    assert [p["count"] for p in found["domestic"]["periods"]] == [824, 1125]
    assert ask(tocsin, tables, "reports burglary")["state"] == "unknown"


@pytest.mark.parametrize("series", ["asb nuisance", "asb", "asb personal"])
def test_nothing_is_compared_across_the_break_of_april_2011(tocsin: Tocsin, tables: str, series: str) -> None:
    """The same answer with figures and without."""
    answer = ask(tocsin, tables, f"compare {series} 2010 vs 2012", code=4)
    assert (answer["state"], answer["data"]["broken"]) == ("refused", "asb-2011")
    assert "April 2011" in " ".join(answer["lines"])
    assert answer["claims"] == []


@pytest.mark.parametrize(
    ("text", "old", "new", "percent", "verdict"),
    [
        ("compare total 2011 vs 2012", 5060, 4931, -2.5, "within usual variation"),
        ("compare total nwl 2023 vs 2019", 6846, 8534, 24.7, "more than usual variation"),
        ("2011 vs 2012 compare sac", 730, 896, 22.7, "more than usual variation"),
        ("compare serious violence 2011 vs 2012", 13, 20, None, "within usual variation"),
    ],
)
def test_two_periods(
    tocsin: Tocsin, tables: str, text: str, old: int, new: int, percent: float | None, verdict: str
) -> None:
    answer = ask(tocsin, tables, text)
    data = answer["data"]
    assert (data["before"], data["count"], data["change"]) == (old, new, new - old)
    assert data["verdict"] == verdict
    assert verdict in answer["lines"][0]
    found = [round(c["value"], 1) for c in answer["claims"] if c["unit"] == "percent"]
    assert found == ([] if percent is None else [percent])
    assert ("%" in answer["lines"][0]) == (percent is not None)


def test_every_target_of_the_shipped_tables(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "target")
    found = {t["id"]: t for t in answer["data"]["targets"]}
    assert {t["standing"] for t in found.values()} == {"met", "not known"}
    assert found["hate-reporting"]["standing"] == "met"
    assert found["strategy-2008-total"]["why"] == "no baseline"
    assert found["policing-plan-2012-asb"]["why"] == "no figures"
    assert ask(tocsin, tables, "target asb")["state"] == "empty"
    assert ask(tocsin, tables, "target drugs")["data"] == {}


def test_two_areas_by_the_same_months(tocsin: Tocsin, told_copy: str) -> None:
    answer = ask(tocsin, told_copy, "compare burglary nwl vs county", as_of="2022-07")
    one, other = answer["data"]["areas"]
    assert (one["count"], other["count"]) == (343, 2293)
    assert other["without"] == one["area"]
    assert one["count"] + other["count"] == 2636, "nothing is counted on both sides, and nothing is lost"
    rates = [side["count"] / side["people"] for side in (one, other)]
    assert answer["data"]["ratio"] == pytest.approx(rates[0] / rates[1])
    assert answer["data"]["lower"] < answer["data"]["ratio"] < answer["data"]["upper"] < 1
    assert answer["data"]["verdict"] == "lower"
    turned = ask(tocsin, told_copy, "compare county vs nwl burglary", as_of="2022-07")["data"]
    assert turned["verdict"] == "higher"
    assert turned["ratio"] == pytest.approx(1 / answer["data"]["ratio"])
    visited = ask(tocsin, told_copy, "compare theft-from-person donington park vs nwl", as_of="2022-07")
    assert visited["lines"][0].startswith("Donington Park: 29 recorded")
    assert "not risk" in " ".join(visited["lines"])


def test_the_district_among_the_countys_districts(tocsin: Tocsin, told_copy: str) -> None:
    data = ask(tocsin, told_copy, "peers total", as_of="2022-07")["data"]
    rows = {r["name"]: r for r in data["rows"]}
    assert len(rows) == 7
    own = rows["North West Leicestershire"]
    assert (own["rank"], own["count"], own["stands"]) == (2, 7865, "within the limits")
    assert rows["Charnwood"]["rank"] == 1
    assert [r["rate"] for r in data["rows"]] == sorted((r["rate"] for r in data["rows"]), reverse=True)
    low, high = data["ranks"]
    assert low <= 2 <= high
    county = ask(tocsin, told_copy, "compare total nwl vs county", as_of="2022-07")["data"]["areas"]
    assert sum(r["count"] for r in data["rows"]) == sum(side["count"] for side in county)


PROMISE = """
[[targets]]
id = "{id}"
title = "{id}"
series = "total"
area = "E07000134"
baseline_window = "2021-01..2021-12"
percent = {percent}
direction = "{direction}"
window = "2022-01..{last}"
source = "invented for a test"
"""


def test_targets_that_are_running(tocsin: Tocsin, told_copy: str, tmp_path: Path) -> None:
    """6,960 in 2021 and 4,844 in the first seven months of 2022, when 3,939 of 2021 were in."""
    folder = tmp_path / "promising"
    shutil.copytree(NWL, folder, ignore=shutil.ignore_patterns("sample"))
    told = [
        ("down", 5, "decrease", "2022-12"), ("up", 5, "increase", "2022-12"),
        ("close", 23, "increase", "2022-12"), ("late", 5, "increase", "2023-12"),
        ("reached", 1, "increase", "2022-07"),
    ]  # fmt: skip
    text = "".join(PROMISE.format(id=i, percent=p, direction=d, last=m) for i, p, d, m in told)
    (folder / "breaks.toml").write_text("")
    (folder / "targets.toml").write_text(text.replace("2022-01..2023-12", "2022-08..2023-07"))
    answer = ask(tocsin, told_copy, "target", as_of="2022-07", partnership=folder)
    found = {t["id"]: t for t in answer["data"]["targets"]}
    assert {i: t["standing"] for i, t in found.items()} == {
        "down": "off course", "up": "on course", "close": "open", "late": "not begun", "reached": "not met",
    }  # fmt: skip
    down = found["down"]
    assert (down["count"], down["baseline"], down["so_far"]) == (4844, 6960, "2022-01..2022-07")
    assert down["goal"] == 6612
    mean, low, high = down["projection"]
    assert low < mean < high
    assert low > down["goal"]
    assert "off course" in " ".join(answer["lines"])


@pytest.mark.parametrize("form", FORMATS)
def test_every_renderer_draws_them(tocsin: Tocsin, tables: str, form: str) -> None:
    for text, part in (
        ("compare total 2011 vs 2012", "4,931"), ("target hate", "1,197"), ("reports hate", "1,274"),
        ("peers total", "other areas only"),
    ):  # fmt: skip
        result = tocsin("ask", text, "--as-of", YEARS, "--format", form, database=tables)
        assert result.code == 0
        assert part in " ".join(result.out.split())
