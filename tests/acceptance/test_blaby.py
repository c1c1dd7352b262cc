"""A second district in the same county, from data alone: no code knows a district."""

from __future__ import annotations

from tests.cli import ROOT, Tocsin

BLABY = ROOT / "deploy" / "partnerships" / "blaby"
MONTHS = ROOT / "deploy" / "partnerships" / "nwl" / "sample" / "police"


def test_the_same_extracts_answer_for_another_district(tocsin: Tocsin, empty: str) -> None:
    for month in ("2022-06", "2022-07"):
        path = MONTHS / f"{month}.zip"
        done = tocsin("pull", "police", "--from", path, database=empty, partnership=BLABY)
        assert done.code == 0, done.err
    answer = tocsin(
        "ask", "hotspots blaby 2022-06..2022-07", "--format", "json", database=empty, partnership=BLABY
    ).json
    data = answer["data"]
    assert data["area"] == "E07000129"
    assert data["total"] > 500
    assert len(data["rows"]) == 10
    fosse = tocsin("ask", "area fosse park", database=empty, partnership=BLABY)
    assert fosse.code == 0
    assert "Fosse Park" in fosse.out
