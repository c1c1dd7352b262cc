"""The shipped folders load: the county, the places in it, the registers of time."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from jobs.folder.atlas import load_geography
from jobs.folder.calendar import load_breaks, load_events, load_targets
from jobs.folder.geography import Geography
from jobs.folder.lexicon import REFERENCE
from jobs.folder.partnership import load_partnership
from rules.model import AreaKind
from rules.month import Month

FOLDERS = Path(__file__).resolve().parents[2] / "deploy" / "partnerships"
COUNTY = REFERENCE / "E10000018"
DISTRICT, SECOND = "E07000134", "E07000129"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def place() -> Geography:
    return load_geography(load_partnership(FOLDERS / "nwl"))


@pytest.fixture(scope="module")
def blaby() -> Geography:
    return load_geography(load_partnership(FOLDERS / "blaby"))


def test_the_county_is_its_seven_districts(place, blaby):
    for geography in (place, blaby):
        assert len(geography["E10000018"].units) == len(geography.base_units) == 396
        districts = list(geography.of_kind(AreaKind.DISTRICT))
        assert len(districts) == 7
        assert sum(len(d.units) for d in districts) == 396
        assert "Leicester" not in {d.name for d in districts}
    assert len(place[DISTRICT].units) == 58
    assert len(blaby[SECOND].units) == 60


@pytest.mark.parametrize(("vintage", "expected"), [(2001, 57), (2011, 58), (2021, 60)])
def test_units_of_the_district_by_census(place, vintage, expected):
    assert sum(u.district == DISTRICT and u.vintage == vintage for u in place.units) == expected


def test_msoas_partition_the_county_and_have_corrected_names(place):
    msoas = list(place.of_kind(AreaKind.MSOA))
    assert len(msoas) == 83
    assert sum(len(m.units) for m in msoas) == 396
    assert all(m.units <= place[m.parent or ""].units for m in msoas)
    assert place["E02005404"].name == "Donisthorpe & Blackfordby"
    assert place["E02005405"].name == "Agar Nook"


def test_later_splits_are_carried_by_the_older_unit(place):
    assert {place.base(c) for c in ("E01035098", "E01035099", "E01025925")} == {"E01025925"}
    assert {place.base(c) for c in ("E01035100", "E01035101")} == {"E01025917"}
    ends = {place.base(u.code) for u in place.units if u.vintage == 2021}
    assert ends == set(place.base_units)  # nothing of 2021 falls beside the county


def test_every_base_unit_has_every_estimate_and_a_boundary(place):
    for unit in place.base_units:
        assert {p.year for p in place.populations[unit]} >= {2017, 2019, 2020, 2021}
    shapes = json.loads((COUNTY / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    assert sorted(s["properties"]["code"] for s in shapes) == list(place.base_units)
    assert {tuple(s["properties"]) for s in shapes} == {("code",)}


def test_census_residents_of_the_district(place):
    of_2021 = [u.code for u in place.units if u.vintage == 2021 and u.district == DISTRICT]
    census = "usual residents, Census 2021"
    assert sum(p.people for u in of_2021 for p in place.populations[u] if p.basis == census) == 104_704
    assert sum(
        p.people for u in place[DISTRICT].units for p in place.populations[u] if p.basis == census
    ) == (104_704)


def test_former_wards_partition_the_district(place):
    former = [a for a in place.of_kind(AreaKind.WARD) if a.code.startswith("ward03-")]
    assert len(former) == 20
    assert sum(len(a.units) for a in former) == 58
    assert frozenset().union(*(a.units for a in former)) == place[DISTRICT].units


def test_current_wards_leave_out_only_the_unit_that_was_split_between_two(place):
    current = [a for a in place.of_kind(AreaKind.WARD) if a.code.startswith("E05")]
    assert len(current) == 36
    covered = Counter(u for a in current for u in a.units)
    assert set(covered.values()) == {1}
    assert place[DISTRICT].units - set(covered) == {"E01025925"}


def test_the_town_of_coalville(place):
    town = place["town-coalville"]
    former = [f"ward03-{w}" for w in ("coalville", "greenhill", "snibston", "bardon")]
    assert town.units == frozenset().union(*(place[w].units for w in former)) | {"E01025937"}
    assert "E01025930" in town.units


def test_places_say_where_their_units_come_from_and_who_visits(place, blaby):
    for geography in (place, blaby):
        for area in geography.of_kind(AreaKind.TOWN, AreaKind.WARD, AreaKind.SITE, AreaKind.STATION):
            assert area.note, area.code
            assert area.parent == geography.district
        assert all(a.visitor for a in geography.of_kind(AreaKind.SITE))
    assert place["site-donington-park"].units == {"E01025926", "E01025924", "E01025925"}
    assert place["E01025930"].visitor
    assert place["E01025930"].name == "Coalville Centre"
    assert not place["station-coalville"].units
    assert blaby["site-fosse-park"].visitor == "shopping visitors"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("Castle Donnington", "town-castle-donington"),
        ("Hemmington", "E01025925"),
        ("Ashby Hollywell East", "E01025917"),
        ("Grace Dieu", "E01025923"),
        ("Central Coalville", "E01025930"),
        ("Ellistown", "E01025939"),
        ("nwl", DISTRICT),
        ("county", "E10000018"),
        ("Hugglescote", "ward03-hugglescote"),
    ],
)
def test_names_people_use(place, asked, code):
    assert {c for name, c, _ in place.names if name.casefold() == asked.casefold()} == {code}


def test_coalville_is_several_things(place):
    called = {a.code for a in place.areas.values() if a.name == "Coalville"}
    called |= {c for name, c, _ in place.names if name == "Coalville"}
    assert called == {"town-coalville", "E02005406", "ward03-coalville"}


def test_local_names_are_34_and_state_their_confidence():
    local = [r for r in rows(FOLDERS / "nwl" / "names.csv") if r["use"] == "local"]
    assert len(local) == len({r["code"] for r in local}) == 34
    assert all(re.search(r"confidence [ABC]\b", r["source"]) for r in local)


def test_breaks_stop_the_comparisons_that_must_not_be_made():
    breaks = {b.id: b for b in load_breaks(FOLDERS / "nwl" / "breaks.toml")}
    assert breaks["asb-2011"].first == Month(2011, 4)
    assert breaks["asb-2011"].touches("asb-nuisance", DISTRICT)
    assert not breaks["asb-2011"].touches("total", DISTRICT)
    pandemic = breaks["pandemic-2020"]
    assert (pandemic.mask, str(pandemic.first), str(pandemic.last)) == ("relative-only", "2020-03", "2021-06")
    assert not any(b.touches("total", DISTRICT) for b in breaks.values() if b.mask == "straddle")
    moved = breaks["donington-snap-point-2022"]
    assert moved.touches("total", "E01025926")
    assert not moved.touches("total", "site-donington-park")


def test_the_second_district_and_new_folders_start_with_the_county_register():
    county = load_breaks(COUNTY / "breaks.toml")
    assert load_breaks(FOLDERS / "blaby" / "breaks.toml") == county
    assert load_breaks(FOLDERS / "nwl" / "breaks.toml")[: len(county)] == county


def test_hate_reporting_target_is_a_rise_and_met():
    targets = {t.id: t for t in load_targets(FOLDERS / "nwl" / "targets.toml")}
    hate = targets["hate-reporting"]
    assert hate.direction == "increase"
    goal = hate.goal()
    assert goal == pytest.approx(1196.8)
    assert goal is not None
    assert goal < 1274
    plan = {t.series: (t.percent, t.direction) for t in targets.values() if t.id.startswith("policing-plan")}
    assert plan == {
        "total": (5, "decrease"),
        "asb": (10, "decrease"),
        "burglary-domestic": (8, "decrease"),
        "burglary-other": (5, "decrease"),
    }


def test_events_of_the_circuit(place):
    events = load_events(FOLDERS / "nwl" / "events.ics", place)
    assert len(events) == 25
    assert sum(e.verified for e in events) == 15
    assert {e.uid.split("@")[0] for e in events if not e.held} == {"download-2020", "download-2021"}
    assert {e.area for e in events} == {"site-donington-park"}
    by_uid = {e.uid.split("@")[0]: e for e in events}
    assert by_uid["download-2022"].months == (Month(2022, 6),)
    assert by_uid["worldsbk-2023"].months == (Month(2023, 6), Month(2023, 7))
    assert by_uid["download-pilot-2021"].held
    assert all(e.verified or "general knowledge" in e.source for e in events)
