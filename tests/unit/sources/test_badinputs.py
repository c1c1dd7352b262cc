"""Every broken or hostile file comes out as the manifest says."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import tracemalloc

import pytest

from jobs.errors import Rejected
from jobs.sources.archive import open_path
from jobs.sources.readers import read, wanted
from tests.unit.sources.world import BAD, FIRE, FLYTIPPING, context, counts_of, police

SOURCES = {"police": police(), "fire": FIRE, "flytipping": FLYTIPPING}
MANIFEST = list(csv.DictReader(io.StringIO((BAD / "manifest.csv").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("row", MANIFEST, ids=lambda r: r["file"])
def test_the_manifest(row: dict[str, str]) -> None:
    assert hashlib.sha256((BAD / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    source = SOURCES[row["source"]]
    given = context(source, row["load_month"], dt.date.fromisoformat(row["as_of"]))
    (opened,) = open_path(BAD / row["file"], wanted(source))
    try:
        if opened.rejected is not None:
            raise opened.rejected
        assert opened.raw is not None
        reading = read(opened.raw, given)
        outcome = "quarantine-rows" if reading.bad else "accept"
        rows = (reading.physical_rows, reading.rows_loaded, len(reading.bad))
        reasons = {b.reason for b in reading.bad} or {""}
    except Rejected as error:
        outcome, rows, reasons = "reject-file", (error.physical_rows, 0, 0), {error.reason}
        assert row["file"] in str(error), "the message names the file"
        assert error.advice
    expected = tuple(int(row[k]) for k in ("physical_rows", "rows_loaded", "rows_quarantined"))
    assert (outcome, rows, reasons) == (row["expected"], expected, {row["reason_code"]})


def test_quarantined_rows_are_kept_verbatim_with_their_line() -> None:
    path = BAD / "d_two_rows_other_month.csv"
    (opened,) = open_path(path)
    assert opened.raw is not None
    lines = path.read_text(encoding="utf-8").split("\n")
    bad = read(opened.raw, context(police(), "2025-03")).bad
    assert [b.text for b in bad] == [lines[b.line - 1].rstrip("\r") for b in bad]
    assert all("2025-02" in b.detail for b in bad)


def test_identical_rows_without_an_id_all_count() -> None:
    (opened,) = open_path(BAD / "e_duplicates.csv")
    assert opened.raw is not None
    reading = read(opened.raw, context(police(), "2025-03"))
    assert reading.incidents is not None
    asb = reading.incidents[reading.incidents["crime_key"].isna()]
    assert len(asb) > len(asb.drop(columns="line").drop_duplicates())


def test_hostile_text_stays_the_text_it_was() -> None:
    (opened,) = open_path(BAD / "f_injection.csv")
    assert opened.raw is not None
    incidents = read(opened.raw, context(police(), "2025-03")).incidents
    assert incidents is not None
    assert {"=1+1", "{{ config }}", "<!here> <https://evil.example|sign in>"} <= set(incidents["street"])


def test_what_is_no_count_is_missing_and_never_a_number() -> None:
    fire, flytips = (BAD / n for n in ("j_fire_counts.csv", "k_flytipping_suppressed.csv"))
    (opened,) = open_path(fire)
    assert opened.raw is not None
    assert counts_of(read(opened.raw, context(FIRE))) == {
        ("fires-secondary", "station-coalville", 202503, 1): 4,
        ("fires-secondary", "station-ashby", 202503, 1): None,
        ("fires-secondary", "station-moira", 202503, 1): None,
        ("fires-secondary", "station-donington", 202503, 1): 0,
    }
    (opened,) = open_path(flytips)
    assert opened.raw is not None
    reading = read(opened.raw, context(FLYTIPPING))
    assert counts_of(reading) == {("fly-tipping", "E05010109", 202503, 1): 1021}
    assert reading.notes == ("1 of the counts are sums with a part missing, so they are minima",)


def test_a_bomb_costs_no_memory() -> None:
    tracemalloc.start()
    (opened,) = open_path(BAD / "i_bomb.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert opened.rejected is not None
    assert opened.content == (BAD / "i_bomb.zip").read_bytes(), "the raw file is kept"
    assert peak < 4 * 1024 * 1024
