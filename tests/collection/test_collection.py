"""The longer real collection (48 months, two editions, other forces): `make collection COLLECTION=DIR`.

DIR holds `police/leicestershire` and its neighbours. Not part of `make test`: the collection is not shipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.test_alerts import _outbox
from tests.cli import Tocsin

COLLECTION = Path(os.environ["TOCSIN_COLLECTION"]).resolve()
POLICE = COLLECTION / "police"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('collection') / 'all.db'}"


def test_every_row_of_48_months_is_accounted_for(tocsin: Tocsin, url: str) -> None:
    result = tocsin("pull", "police", "--from", POLICE / "leicestershire", "--json", database=url)
    receipts = result.lines
    assert result.code == 0
    assert len(receipts) == 48
    assert sum(r["physical_rows"] for r in receipts) == 390_341
    assert all(r["rows_loaded"] + r["rows_quarantined"] == r["physical_rows"] for r in receipts)
    set_aside = sum(r["rows_quarantined"] for r in receipts)
    assert set_aside == 12, "ten Crime IDs stand in more than one month; each is one crime"
    print(f"48 receipts, 390,341 rows, {set_aside} set aside")


def test_the_gaps_are_gaps(tocsin: Tocsin, url: str) -> None:
    data = tocsin("ask", "data", "--format", "json", database=url).json["data"]["sources"][0]
    assert data["gaps"] == ["2014-12..2018-09", "2019-03..2019-11"]
    trend = tocsin("ask", "trend burglary nwl 2018-10..2020-01", "--format", "json", database=url).json[
        "data"
    ]
    counts = {p["month"]: p["count"] for p in trend["points"]}
    assert counts["2019-03"] is None
    assert counts["2019-11"] is None
    assert (counts["2018-10"], counts["2019-12"]) == (59, 40)


def test_hotspots_coalville_names_its_set(tocsin: Tocsin, url: str) -> None:
    answer = tocsin("ask", "hotspots coalville", "--as-of", "2022-07", "--format", "json", database=url).json
    assert len(answer["data"]["areas"]) == 14
    assert "town, 14 LSOAs" in " ".join(answer["lines"])


def test_the_published_counts_by_type(tocsin: Tocsin, url: str) -> None:
    def count(series: str, month: str) -> int:
        text = f"trend {series} nwl {month}..{month}"
        points = tocsin("ask", text, "--format", "json", database=url).json["data"]["points"]
        return int(points[-1]["count"])

    assert count("theft-from-person", "2022-06") == 37
    assert count("theft-from-person", "2014-06") == 13
    assert count("asb", "2020-04") == 138
    assert count("violence", "2022-03") == 372


def test_the_later_edition_replaces_and_rings_nothing(tocsin: Tocsin, url: str) -> None:
    assert tocsin("evaluate", database=url).code == 0
    before = _outbox(url)
    assert before
    result = tocsin(
        "pull", "police", "--from", POLICE / "leicestershire-later-edition", "--json", database=url
    )
    assert [(r["edition"], r["changes"]) for r in result.lines] == [(2, 0)] * 7
    again = tocsin("evaluate", "--json", database=url)
    assert [line for line in again.lines if line["kind"] == "alert"] == []
    assert _outbox(url) == before


def test_other_forces_are_refused_or_left_alone(tocsin: Tocsin, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    transport = tocsin(
        "pull", "police", "--from", POLICE / "awkward" / "2018-10-btp.zip", "--json", database=url
    )
    assert transport.code in {2, 3}
    many = tocsin("pull", "police", "--from", POLICE / "multi-force" / "2018-12.zip", "--json", database=url)
    assert many.code == 0
    assert [(r["outcome"], r["physical_rows"]) for r in many.lines] == [("accept", 8380)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("2012-04-avon-and-somerset-street.excerpt.csv", "old-police-header"),
        ("2012-08-avon-and-somerset-outcomes.excerpt.csv", "not-street-crime"),
        ("2018-01-avon-and-somerset-outcomes.excerpt.csv", "not-street-crime"),
        ("2024-01-leicestershire-stop-and-search.excerpt.csv", "not-street-crime"),
    ],
)
def test_awkward_files_are_recognised(tocsin: Tocsin, tmp_path: Path, name: str, reason: str) -> None:
    url = f"sqlite:///{tmp_path / 'awkward.db'}"
    result = tocsin("pull", "police", "--from", POLICE / "awkward" / name, "--json", database=url)
    assert result.code == 3
    assert [r["reason"] for r in result.lines] == [reason]
