"""Place names as people type them: one area, a choice, or the nearest names; never the wrong place."""

from __future__ import annotations

import string
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar.places import Chooser, Gazetteer, Nowhere
from bot.grammar.query import Place
from bot.grammar.typed import has_postcode, words_of
from jobs.folder.atlas import load_geography
from jobs.folder.partnership import load_partnership
from tests.unit.small_geography import DISTRICT, OTHER, small_geography

SMALL = Gazetteer(small_geography())
FOLDERS = Path(__file__).resolve().parents[2] / "deploy" / "partnerships"


@cache
def shipped(folder: str) -> Gazetteer:
    return Gazetteer(load_geography(load_partnership(FOLDERS / folder)))


def code(text: str, gazetteer: Gazetteer = SMALL) -> str | None:
    found = gazetteer.find(text)
    return found.code if isinstance(found, Place) else None


def place(text: str) -> Place:
    found = SMALL.find(text)
    assert isinstance(found, Place), found
    return found


def nearest(text: str) -> tuple[str, ...]:
    found = SMALL.find(text)
    assert isinstance(found, Nowhere), found
    return found.nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("coalville", "town-coalville"),
        ("COALVILLE ", "town-coalville"),
        ("coalville town", "town-coalville"),
        ("coalville ward", "ward03-coalville"),
        ("former ward coalville", "ward03-coalville"),
        ("coalville msoa", "E02000001"),
        ("msoa coalville", "E02000001"),
        ("coalville fire station", "station-coalville"),
        ("coalville centre", "E01000001"),
        ("coalville central", "E01000001"),
        ("coalville center", "E01000001"),
        ("greenhill", "E05000001"),  # the ward of today before the one to 2015
        ("greenhill former ward", "ward03-greenhill"),
        ("agar nook", "E02000002"),
        ("castle donington", "town-castle-donington"),
        ("castle donnington", "town-castle-donington"),
        ("donnington", "town-castle-donington"),
        ("castle donington west and donington park", "E01000007"),
        ("Castle Donnington West & Donnington Park", "E01000007"),
        ("donington park", "site-donington-park"),
        ("hemington", "E01000008"),
        ("hemmington", "E01000008"),
        ("Diseworth Belton and Gracedieu", "E01000010"),
        ("Diseworth, Belton, Grace Dieu", "E01000010"),
        ("grace dieu", "E01000010"),
        ("ashby hollywell east", "E01000013"),
        ("ashby", "town-ashby"),
        ("ashby de la zouch", "town-ashby"),
        ("hugglescote st johns", "E05000002"),
        ("hugglescote saint john's", "E05000002"),
        ("ellistown", "E02000004"),
        ("the county", "E10000018"),
        ("district", DISTRICT),
        ("nwl", DISTRICT),
        ("NW leics", DISTRICT),
        ("blaby", "E05000020"),
        ("blaby district", OTHER),
        ("E01000001", "E01000001"),
        ("e01000001", "E01000001"),
        ("town-coalville", "town-coalville"),
    ],
)
def test_a_name_resolves(typed, meant):
    assert code(typed) == meant


def test_the_other_meanings_of_a_name_travel_along():
    found = SMALL.find("coalville")
    assert isinstance(found, Place)
    lsoas = {"E01000001", "E01000002", "E01000003", "E01000004"}
    assert set(found.others) == {"E02000001", "ward03-coalville", *lsoas}
    assert found.others[:2] == ("E02000001", "ward03-coalville")  # likeliest first
    assert set(place("coalville ward").others) == {"town-coalville", "E02000001", *lsoas}


@pytest.mark.parametrize(
    ("typed", "how"),
    [("coalville", "exact"), ("nwl", "alias"), ("donnington", "spelling"), ("hemmington", "spelling")],
)
def test_it_says_how_it_was_read(typed, how):
    assert place(typed).how == how


@pytest.mark.parametrize(
    ("typed", "kind"), [("coalville lsoa", "lsoa"), ("wigston", "msoa"), ("ashby holywell", "lsoa")]
)
def test_two_of_the_same_kind_are_a_choice_and_each_choice_resolves(typed, kind):
    found = SMALL.find(typed)
    assert isinstance(found, Chooser)
    assert len(found.choices) >= 2
    codes = [place(choice).code for choice in found.choices]
    assert {str(SMALL.geography[c].kind) for c in codes} == {kind}
    assert len(set(codes)) == len(codes)


def test_the_partnerships_own_district_comes_before_a_ward_of_its_name():
    assert code("blaby", Gazetteer(small_geography(OTHER))) == OTHER


def test_a_kind_that_the_name_does_not_have_is_said_with_what_there_is():
    found = SMALL.find("bardon msoa")
    assert isinstance(found, Nowhere)
    assert [code(near) for near in found.nearest] == ["E01000012"]


def test_an_lsoa_of_2021_is_answered_from_the_unit_that_carries_its_counts():
    assert code("E01000091") == "E01000009"


@pytest.mark.parametrize(
    "typed",
    [
        "barton",  # one letter from Bardon, and another village
        "greenhill south east",
        "coalville west",
        "ashby holywell north",
        "castle donington north west & hemington",
        "north",
        "centre",
        "North West Leicestershire 001D",
        "atlantis",
        "LE67",
        "x" * 100_000,
        "",
        "&",
    ],
)
def test_a_place_that_is_not_there_is_never_taken_for_a_neighbour(typed):
    found = SMALL.find(typed)
    assert isinstance(found, Nowhere)
    assert len(found.nearest) == 3
    assert len(found.asked) <= 100


def test_unknown_names_offer_the_nearest():
    assert "Bardon" in nearest("barton")
    assert "Greenhill North East" in nearest("greenhill south east")


@pytest.mark.parametrize("typed", ["LE67 3QA", "le673qa", "near LE67-3QA please", "sw1a  1aa"])
def test_a_postcode_is_neither_repeated_nor_compared(typed):
    assert SMALL.find(typed) == Nowhere("", ())


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_it_never_raises_and_never_repeats_a_postcode(text):
    found = SMALL.find(text)
    assert not has_postcode(found.asked)
    assert len(found.asked) <= 100


names = st.sampled_from([a.name for a in SMALL.geography.areas.values() if len(a.name) >= 7])


@settings(deadline=None, derandomize=True)
@given(names, st.data())
def test_a_slip_never_leads_to_another_place(name, data):
    """One letter doubled, dropped or exchanged: the same place, a choice, or none; never somewhere else."""
    meant = SMALL.find(name)
    at = data.draw(st.integers(1, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slips = (
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at + 1 :],
    )
    slip = data.draw(st.sampled_from(slips))
    found = SMALL.find(slip)
    if isinstance(found, Place) and isinstance(meant, Place):
        exact = words_of(slip) in SMALL.names.hits
        assert exact or found.code == meant.code


@pytest.mark.parametrize("folder", ["nwl", "blaby"])
def test_every_area_of_the_shipped_partnerships_can_be_typed(folder):
    gazetteer = shipped(folder)
    for area in gazetteer.geography.areas.values():
        assert code(gazetteer.typing(area.code), gazetteer) == gazetteer.geography.base(area.code)


@pytest.mark.parametrize("folder", ["nwl", "blaby"])
def test_every_listed_name_leads_to_its_area_or_names_it_among_the_others(folder):
    gazetteer = shipped(folder)
    for name, target, _ in gazetteer.geography.names:
        found = gazetteer.find(name)
        assert isinstance(found, Place), name
        assert gazetteer.geography.base(target) in (found.code, *found.others), name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Castle Donnington", "town-castle-donington"),
        ("Hemmington", "E01025925"),
        ("Ashby Hollywell East", "E01025917"),
        ("Grace Dieu", "E01025923"),
        ("Coalville Central", "E01025930"),
        ("ibstock central", "E01025943"),
        ("coalville", "town-coalville"),
        ("the airport", "site-east-midlands-airport"),
    ],
)
def test_spellings_of_the_sources(typed, meant):
    assert code(typed, shipped("nwl")) == meant
