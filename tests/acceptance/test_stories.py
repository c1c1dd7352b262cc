"""The stories that the published assessments tell: figures bind, wording does not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli import Tocsin

pytestmark = pytest.mark.usefixtures("houses_stay_open")

TOP_TEN = [
    ("Coalville Centre", 417, 280),
    ("Castle Donington West & Donington Park", 241, 155),
    ("Snibston East", 219, 148),
    ("Diseworth, Belton & Gracedieu", 208, 154),
    ("Castle Donington North East & Hemington", 206, 113),
    ("Greenhill Centre", 161, 113),
    ("Bardon", 130, 58),
    ("Ashby Castle North", 128, 102),
    ("Measham Centre", 120, 76),
    ("Ashby Holywell East", 118, 81),
]


def ask(tocsin: Tocsin, database: str, text: str, as_of: str = "2012-09") -> dict[str, Any]:
    result = tocsin("ask", text, "--as-of", as_of, "--format", "json", database=database)
    assert result.code == 0, result.err
    return dict(result.json)


def test_hotspots_coalville(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "hotspots coalville")
    first = answer["data"]["rows"][0]
    assert (first["name"], first["count"], round(first["rate"])) == ("Coalville Centre", 417, 280)
    assert first["band"] == "Very Significantly High"
    assert answer["data"]["window"] == "2011-10..2012-09"
    assert "E01025930" in answer["data"]["areas"]


def test_hotspots_of_the_district_in_the_printed_order(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "hotspots nwl")
    rows = [(r["name"], r["count"], round(r["rate"])) for r in answer["data"]["rows"]]
    assert rows == TOP_TEN
    share = next(c for c in answer["claims"] if c["unit"] == "share")
    assert (share["numerator"], share["denominator"], round(share["value"], 1)) == (1948, 4931, 39.5)


def test_by_rate_bardon_is_last_of_the_ten(tocsin: Tocsin, tables: str) -> None:
    rows = ask(tocsin, tables, "hotspots nwl by:rate")["data"]["rows"]
    assert (rows[-1]["name"], round(rows[-1]["rate"])) == ("Bardon", 58)
    assert len(rows) == 10


def test_the_printed_order_holds_in_the_text_people_read(tocsin: Tocsin, tables: str) -> None:
    out = tocsin("ask", "hotspots nwl", "--as-of", "2012-09", database=tables).out
    ranks = re.findall(r"^ ?(\d+)  (\w+)", out, re.MULTILINE)
    assert ranks == [(str(i), name.split()[0].strip(",")) for i, (name, _, _) in enumerate(TOP_TEN, 1)]
    assert "1,948 of 4,931 (39.5%)" in " ".join(out.split())


def test_deliberate_fires_are_too_few_to_rank_firmly(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "hotspots nwl fires-deliberate")
    assert (answer["data"]["rows"][0]["name"], answer["data"]["rows"][0]["count"]) == ("Greater Appleby", 6)
    assert any("too few to rank firmly" in line for line in answer["lines"])
    assert answer["data"]["total"] == 102


def test_serious_acquisitive_crime_rises_after_four_falls(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "trend sac nwl 6y")
    assert [p["count"] for p in answer["data"]["periods"]] == [1306, 1287, 1229, 922, 730, 896]
    assert "first rise after four falls" in answer["lines"][0]


def test_a_small_change_is_within_usual_variation(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "trend total nwl")
    assert answer["data"]["change"] == -129
    assert "within usual variation" in answer["lines"][0]
    assert "fell" not in answer["lines"][0]


def test_the_change_is_divided_by_the_old_value(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "trend total 2019..2023", as_of="2024-06")
    percent = next(c for c in answer["claims"] if c["unit"] == "percent")
    assert (percent["numerator"], percent["denominator"]) == (8534, 6846)
    assert round(percent["value"], 1) == 24.7
    assert "+24.7%" in answer["lines"][0]


def test_an_impossible_table_is_withheld(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "hotspots nwl hate 2012")
    assert answer["state"] == "withheld"
    assert answer["data"]["rows"] == [] if "rows" in answer["data"] else True
    said = " ".join(answer["lines"])
    assert "305" in said
    assert "53" in said


@pytest.mark.parametrize("spelling", ["castle donnington", "Castle Donington", "donnington park"])
def test_a_place_resolves_in_spite_of_the_spelling(tocsin: Tocsin, tables: str, spelling: str) -> None:
    answer = ask(tocsin, tables, f"area {spelling}")
    assert "Donington" in answer["data"]["area_name"]
    assert answer["state"] in {"ok", "empty"}


def test_every_claim_can_be_recomputed(tocsin: Tocsin, tables: str) -> None:
    for text in ("hotspots nwl", "trend sac nwl 6y", "trend total nwl"):
        for claim in ask(tocsin, tables, text)["claims"]:
            n, d = claim["numerator"], claim["denominator"] or 0
            again = dict.fromkeys(("count", "rank", "modelled"), n) | {"difference": n - d}
            if d:
                again |= {"per_1000": 1000 * n / d, "share": 100 * n / d, "ratio": n / d}
                again |= {"percent": 100 * (n - d) / d, "z": 2 * (n**0.5 - d**0.5)}
            assert claim["value"] == pytest.approx(again[claim["unit"]])
            # What is no count of months has none: how many LSOAs, how far a spread reaches.
            assert claim["window"] or claim["unit"] not in {"per_1000", "percent", "z"}
