"""Extracts through the command line: receipts, editions, revisions, held months."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.test_alerts import _outbox
from tests.cli import NWL, Result, Tocsin

POLICE = NWL / "sample" / "police"


def _months(folder: Path, *months: str) -> Path:
    """A folder with copies of some shipped months."""
    folder.mkdir()
    for month in months:
        (folder / f"{month}.zip").write_bytes((POLICE / f"{month}.zip").read_bytes())
    return folder


def _edited(month: str, folder: Path, change: object) -> Path:
    """A shipped month with its rows changed by `change(list of lines) -> list of lines`."""
    assert callable(change)
    with zipfile.ZipFile(POLICE / f"{month}.zip") as archive:
        (name,) = archive.namelist()
        lines = archive.read(name).decode().splitlines(keepends=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "".join([lines[0], *change(lines[1:])]))
    folder.mkdir(exist_ok=True)
    path = folder / f"{month}.zip"
    path.write_bytes(out.getvalue())
    return path


def _total(result: Result, key: str) -> int:
    return sum(int(str(line[key])) for line in result.lines)


def test_every_row_is_accounted_for_and_loading_again_is_a_no_op(
    tocsin: Tocsin, empty: str, tmp_path: Path
) -> None:
    folder = _months(tmp_path / "in", "2022-05", "2022-06", "2022-07")
    first = tocsin("pull", "police", "--from", folder, "--json", database=empty)
    assert first.code == 0, first.err
    assert [line["month"] for line in first.lines] == ["2022-05", "2022-06", "2022-07"]
    assert _total(first, "physical_rows") == 10332 + 9980 + 10056
    assert _total(first, "rows_loaded") + _total(first, "rows_quarantined") == 30368
    again = tocsin("pull", "police", "--from", folder, "--json", database=empty)
    assert {line["outcome"] for line in again.lines} == {"unchanged"}
    found = tocsin("ask", "hotspots nwl theft-from-person 2022-06", "--format", "json", database=empty).json
    assert found["data"]["total"] == 37


def test_a_later_edition_replaces_its_month_and_an_earlier_one_never_comes_back(
    tocsin: Tocsin, empty: str, tmp_path: Path
) -> None:
    tocsin("pull", "police", "--from", _months(tmp_path / "in", "2022-06"), database=empty)
    later = _edited("2022-06", tmp_path / "later", lambda rows: list(reversed(rows)))
    (receipt,) = tocsin("pull", "police", "--from", later, "--json", database=empty).lines
    assert (receipt["edition"], receipt["outcome"], receipt["changes"]) == (2, "accept", 0)
    (old,) = tocsin("pull", "police", "--from", tmp_path / "in", "--json", database=empty).lines
    assert (old["outcome"], old["edition"]) == ("unchanged", 1)
    assert "later edition" in str(old["reason"])
    data = tocsin("ask", "data", "--format", "json", database=empty).json["data"]
    assert data["sources"][0]["edition"] == 2


@pytest.mark.slow
def test_an_edition_with_the_same_counts_is_silent(tocsin: Tocsin, told_copy: str, tmp_path: Path) -> None:
    before = _outbox(told_copy)
    later = _edited("2022-06", tmp_path / "later", lambda rows: list(reversed(rows)))
    tocsin("pull", "police", "--from", later, database=told_copy)
    judged = tocsin("evaluate", "--json", database=told_copy)
    assert [line for line in judged.lines if line["kind"] == "alert"] == []
    assert _outbox(told_copy) == before


@pytest.mark.slow
def test_a_revised_month_edits_only_what_changed(tocsin: Tocsin, told_copy: str, tmp_path: Path) -> None:
    def without_three_thefts(rows: list[str]) -> list[str]:
        theft = [i for i, r in enumerate(rows) if "E01025926" in r and "Theft from the person" in r]
        return [r for i, r in enumerate(rows) if i not in theft[:3]]

    before = dict(_outbox(told_copy))
    path = _edited("2022-06", tmp_path / "later", without_three_thefts)
    (receipt,) = tocsin("pull", "police", "--from", path, "--json", database=told_copy).lines
    assert receipt["changes"] == 1
    tocsin("evaluate", database=told_copy)
    after = dict(_outbox(told_copy))
    assert before.keys() == after.keys(), "a revision posts nothing new"
    assert len([k for k in before if before[k] != after[k]]) >= 1
    alerts = tocsin("alerts", "all", "--json", database=told_copy).json["data"]["alerts"]
    counts = {(a["series"], a["area"], a["month"]): a["count"] for a in alerts}
    assert counts["theft-from-person", "E07000134", "2022-06"] == 34


def test_a_thin_month_waits_for_a_yes_and_never_reads_as_a_fall(
    tocsin: Tocsin, empty: str, tmp_path: Path
) -> None:
    folder = _months(tmp_path / "in", "2022-03", "2022-04", "2022-05")
    tocsin("pull", "police", "--from", folder, database=empty)
    thin = _edited("2022-06", tmp_path / "thin", lambda rows: rows[:900])
    held = tocsin("pull", "police", "--from", thin, "--json", database=empty)
    assert held.code == 3
    (receipt,) = held.lines
    assert receipt["outcome"] == "hold"
    assert f"tocsin extracts accept {receipt['extract']}" in str(receipt["advice"])
    data = tocsin("ask", "data", "--format", "json", database=empty).json["data"]
    assert data["sources"][0]["last_month"] == "2022-05"
    assert tocsin("extracts", "accept", str(receipt["extract"]), database=empty).code == 0
    data = tocsin("ask", "data", "--format", "json", database=empty).json["data"]
    assert data["sources"][0]["last_month"] == "2022-06"


def test_months_between_are_gaps_not_zeros(tocsin: Tocsin, empty: str, tmp_path: Path) -> None:
    folder = _months(tmp_path / "in", "2019-12", "2020-01", "2020-05", "2020-06")
    tocsin("pull", "police", "--from", folder, database=empty)
    data = tocsin("ask", "data", "--format", "json", database=empty).json["data"]
    assert data["sources"][0]["gaps"] == ["2020-02..2020-04"]
    trend = tocsin("ask", "trend total nwl 2019-12..2020-06", "--format", "json", database=empty).json["data"]
    counts = {p["month"]: p["count"] for p in trend["points"]}
    assert [counts[m] for m in ("2020-02", "2020-03", "2020-04")] == [None, None, None]
    assert counts["2020-05"] == 637 - 115  # recorded crime does not count ASB


def test_a_crime_that_appears_in_two_months_is_one_crime(tocsin: Tocsin, empty: str, tmp_path: Path) -> None:
    tocsin("pull", "police", "--from", _months(tmp_path / "in", "2022-05"), database=empty)
    with zipfile.ZipFile(POLICE / "2022-05.zip") as archive:
        rows = archive.read(archive.namelist()[0]).decode().splitlines(keepends=True)[1:]
    burglary = next(r for r in rows if "Burglary" in r and "North West Leicestershire" in r)
    moved = burglary.replace(",2022-05,", ",2022-06,", 1)
    path = _edited("2022-06", tmp_path / "next", lambda own: [*own, moved])
    (receipt,) = tocsin("pull", "police", "--from", path, "--json", database=empty).lines
    assert (receipt["rows_quarantined"], receipt["reason"]) == (1, "duplicate-id")
    (row,) = tocsin("quarantine", "list", "--json", database=empty).lines
    assert row["text"] == moved.strip()
    assert "2022-05" in str(row["detail"])
    trend = tocsin("ask", "trend burglary nwl 2022-05..2022-06", "--format", "json", database=empty).json[
        "data"
    ]
    assert [p["count"] for p in trend["points"]] == [25, 34]
