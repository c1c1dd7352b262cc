"""The shipped extracts are what their READMEs say."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

from jobs.folder.atlas import load_geography
from jobs.folder.geography import Geography
from jobs.folder.partnership import Partnership, load_partnership
from rules.model import AreaKind
from rules.month import Month

FOLDERS = Path(__file__).resolve().parents[2] / "deploy" / "partnerships"
SAMPLE = FOLDERS / "nwl" / "sample"
DISTRICT = "E07000134"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def nwl() -> Partnership:
    return load_partnership(FOLDERS / "nwl")


@pytest.fixture(scope="module")
def place(nwl) -> Geography:
    return load_geography(nwl)


def test_police_zips_hold_the_published_csv():
    sums = (SAMPLE / "police" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    months = Month(2019, 12).until(Month(2022, 7))
    assert len(sums) == len(months) == 32
    for line, month in zip(sums, months, strict=True):
        expected, where = line.split("  ")
        zipped, member = where.split(":")
        assert zipped == f"{month}.zip"
        with zipfile.ZipFile(SAMPLE / "police" / zipped) as archive:
            assert archive.namelist() == [member]
            assert hashlib.sha256(archive.read(member)).hexdigest() == expected


def test_both_districts_pull_the_same_police_extracts(nwl):
    assert load_partnership(FOLDERS / "blaby").sample("police") == nwl.sample("police") == SAMPLE / "police"


def test_a_month_of_police_data_lies_in_the_reference(place):
    with zipfile.ZipFile(SAMPLE / "police" / "2022-06.zip") as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    found = list(csv.DictReader(io.StringIO(text)))
    theft = [r for r in found if r["Crime type"] == "Theft from the person"]
    assert sum(r["LSOA code"] in place[DISTRICT].units for r in found) == 887
    assert sum(r["LSOA code"] in place[DISTRICT].units for r in theft) == 37
    assert sum(r["LSOA code"] == "E01025926" for r in theft) == 28
    names = {r["LSOA name"].rsplit(" ", 1)[0] for r in found if r["LSOA code"] in place.unit_codes}
    assert names == place.district_names


def test_samples_stay_small_and_flytipping_is_unaltered():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) <= 16 * 2**20
    (line,) = (SAMPLE / "flytipping" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    expected, name = line.split()
    content = (SAMPLE / "flytipping" / name).read_bytes()
    assert len(content) < 10**6
    assert hashlib.sha256(content).hexdigest() == expected


def test_flytipping_lies_in_the_reference(nwl, place):
    (layout,) = nwl.source("flytipping").layouts
    table = [r for r in rows(next((SAMPLE / "flytipping").glob("*.csv"))) if r["lad"] in layout.where["lad"]]
    assert set(layout.where["lad"]) == {a.code for a in place.of_kind(AreaKind.DISTRICT)}
    assert {r["lsoa"] for r in table} <= set(place.base_units)
    tips = [r for r in table if layout.categories[r["SHEF_A_CODE"]] == "fly-tipping"]
    assert {r["category"] for r in tips} == {"Fly-tipping"}
    assert sum(int(r["reports"]) for r in tips if r["lad"] == DISTRICT) == 289


def test_the_invented_fires_can_be_made_again_byte_for_byte(tmp_path):
    script = SAMPLE / "fire" / "make_invented.py"
    spec = importlib.util.spec_from_file_location("make_invented", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    shipped = {p.name: p.read_bytes() for p in (SAMPLE / "fire").glob("*.csv")}
    assert len(shipped) == 32
    assert made == shipped


def test_the_invented_fires_say_so_and_have_plausible_volumes(nwl, place):
    source = nwl.source("fire")
    assert source.invented
    assert "invented" in source.title
    assert source.classification == "partner"
    (layout,) = source.layouts
    yearly: dict[str, float] = defaultdict(float)
    for path in (SAMPLE / "fire").glob("*.csv"):
        assert "invented-sample" in path.name
        for r in rows(path):
            assert r["Note"] == "INVENTED SAMPLE"
            assert r["Call date"][:7] == path.name[:7]
            assert r["LSOA code"] in place["E10000018"].units
            if r["LSOA code"] in place[DISTRICT].units:
                yearly[layout.categories[r["Incident type"]]] += 12 / 32
    deliberate = sum(yearly[s] for s in ("fires-primary-vehicle", "fires-primary-other", "fires-secondary"))
    assert 80 < deliberate < 130
    assert 5 < yearly["fires-primary-vehicle"] < 30
    assert set(yearly) == set(layout.categories.values())
