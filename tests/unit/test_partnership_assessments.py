"""The published assessments: their figures stand in the shipped tables, and each table has its layout."""

from __future__ import annotations

import csv
from fnmatch import fnmatch
from pathlib import Path

import pytest

from jobs.folder.atlas import load_geography
from jobs.folder.calendar import load_breaks, load_targets
from jobs.folder.geography import Geography
from jobs.folder.lexicon import load_lexicon
from jobs.folder.partnership import Layout, Partnership, load_partnership

FOLDERS = Path(__file__).resolve().parents[2] / "deploy" / "partnerships"
SAMPLE = FOLDERS / "nwl" / "sample"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def nwl() -> Partnership:
    return load_partnership(FOLDERS / "nwl")


@pytest.fixture(scope="module")
def place(nwl) -> Geography:
    return load_geography(nwl)


@pytest.fixture(scope="module")
def blaby() -> Geography:
    return load_geography(load_partnership(FOLDERS / "blaby"))


def top_tables() -> dict[str, list[dict[str, str]]]:
    found = {p.name[11:14]: rows(p) for p in sorted((SAMPLE / "assessments").glob("top10_2012_*.csv"))}
    assert len(found) == 11
    return found


def code_of(place: Geography, name: str) -> str:
    (code,) = [code for text, code, use in place.names if text == name and use == "local"]
    return code


def test_implied_residents_reproduce_every_printed_rate(place):
    checked = 0
    for table in top_tables().values():
        for r in table:
            residents = place.population([code_of(place, r["lsoa_name"])], 2012)
            assert residents is not None
            assert residents.basis == "residents implied by the printed rates of the 2012 assessment"
            assert f"{1000 * int(r['count']) / residents.people:.0f}" == r["rate_per_1000"], r
            checked += 1
    assert checked == 110


def test_the_printed_order_of_table_1(place):
    table = top_tables()["t01"]
    first, last = table[0], table[-1]
    assert (first["lsoa_name"], first["count"], first["rate_per_1000"]) == ("Coalville Centre", "417", "280")
    assert (last["lsoa_name"], last["count"], last["rate_per_1000"]) == ("Ashby Holywell East", "118", "81")
    counts = [int(r["count"]) for r in table]
    assert counts == sorted(counts, reverse=True)
    assert round(100 * sum(counts) / 4931, 1) == 39.5
    assert min(table, key=lambda r: int(r["rate_per_1000"]))["lsoa_name"] == "Bardon"
    assert code_of(place, "Bardon") == "E01025922"
    assert place["E01025922"].vintage == 2001


def test_six_years_by_category():
    table = {r["category"]: r for r in rows(SAMPLE / "assessments" / "crime_by_category_fy2007_2012.csv")}
    years = [f"FY{y}" for y in range(2007, 2013)]
    sac = [int(table["Serious Acquisitive Crime"][y]) for y in years]
    assert sac == [1306, 1287, 1229, 922, 730, 896]
    assert int(table["Grand Total"]["FY2012"]) - int(table["Grand Total"]["FY2011"]) == -129
    for year in years:
        assert sum(int(r[year]) for c, r in table.items() if c != "Grand Total") == int(
            table["Grand Total"][year]
        )


def test_key_figures_of_the_stories():
    folder = SAMPLE / "assessments"
    found = {(r["measure"], r["period"]): int(r["value"]) for r in rows(folder / "key_figures_2012.csv")}
    year = "2011-10/2012-09"
    fires = [
        found[m, year]
        for m in ("deliberate_fires", "deliberate_primary_fires", "deliberate_fires_road_vehicles")
    ]
    assert fires == [102, 33, 16]
    hate = found["hate_offences", year] + found["hate_incidents", year]
    assert hate == 53
    assert sum(int(r["count"]) for r in top_tables()["t10"]) == 305  # more than the district: withheld
    county = [int(r["value"]) for r in rows(folder / "county_hate_reports.csv")]
    assert county == [1088, 1274]
    years = {
        (r["measure"], r["year"]): int(float(r["value"]))
        for r in rows(folder / "yearly_figures_2024_update.csv")
        if r["kind"] == "count"
    }
    assert (years["all_crime", "2019"], years["all_crime", "2023"]) == (6846, 8534)
    assert (years["domestic_abuse", "2019"], years["domestic_abuse", "2023"]) == (824, 1125)


def test_each_file_belongs_to_exactly_one_layout_that_fits_it(nwl):
    for name, source in nwl.sources.items():
        if not source.layouts:
            continue
        folder = nwl.sample(name)
        assert folder is not None
        used = set()
        for path in sorted(folder.glob("*.csv")):
            fitting = [x for x in source.layouts if fnmatch(path.name, x.files)]
            assert len(fitting) == 1, path.name
            used.add(fitting[0].id)
            _fits(fitting[0], rows(path))
        assert used == {x.id for x in source.layouts}


def test_a_dataset_gives_every_series_for_every_period(nwl):
    """A period that a dataset covers is zero for a series without a row: so no gaps are allowed in one."""
    for layout in nwl.source("assessments").layouts:
        if "month" not in layout.columns:
            continue
        table = rows(next((SAMPLE / "assessments").glob(layout.files)))
        kept = [r for r in table if all(r[k] == v for k, v in layout.where.items())]
        found = {(layout.categories[r[layout.columns["category"]]], r[layout.columns["month"]]) for r in kept}
        found = {(s, period) for s, period in found if s != "-"}
        series, periods = {s for s, _ in found}, {p for _, p in found}
        assert len(found) == len(series) * len(periods), layout.id


def _fits(layout: Layout, table: list[dict[str, str]]) -> None:
    header = set(table[0])
    assert {*layout.columns.values(), *layout.melt, *layout.where} <= header
    assert {"month", "date"} & {*layout.columns, *layout.constant} or layout.melt
    assert "area" in {*layout.columns, *layout.constant}
    for key, wanted in layout.where.items():
        table = [r for r in table if r[key] in ([wanted] if isinstance(wanted, str) else wanted)]
    if "category" in layout.columns:
        assert {r[layout.columns["category"]] for r in table} <= set(layout.categories)
    else:
        assert layout.constant["category"] in layout.categories


def test_series_areas_and_windows_of_the_folders_are_known(nwl, place, blaby):
    lexicon = load_lexicon()
    wanted = {s for source in nwl.sources.values() for x in source.layouts for s in x.categories.values()}
    for geography, folder in ((place, FOLDERS / "nwl"), (blaby, FOLDERS / "blaby")):
        partnership = load_partnership(folder)
        breaks, targets = load_breaks(folder / "breaks.toml"), load_targets(folder / "targets.toml")
        wanted |= {s for b in breaks for s in b.series} | {t.series for t in targets}
        wanted |= {p for p in partnership.digest.priorities if ":" not in p}
        areas = {a for b in breaks for a in b.areas} | {t.area for t in targets}
        areas |= {a for c in partnership.channels.values() for a in c.areas}
        assert areas - {"*"} <= set(geography.areas)
    assert wanted - {"*", "-"} <= set(lexicon.by_id)
