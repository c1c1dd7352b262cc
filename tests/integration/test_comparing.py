"""Comparisons where a figure is withheld, closed, or counted on both sides; on both databases."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import cached_property
from typing import Any

import pytest

from bot.answers.desk import Desk
from bot.message import Answer
from bot.renderers.json import answer_json
from bot.renderers.text import answer_text
from jobs.attention.clearance import Readers
from jobs.counting.feeds import feeds
from jobs.figures.peers import district_of, peers_of, rank_districts
from jobs.figures.promises import promises_of
from jobs.folder.geography import Geography, Population
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Store
from rules.model import Area, AreaKind, Classification, Month, Window
from rules.targets import Target
from tests.integration import small_county as small
from tests.integration.small_county import COUNTY, DISTRICT, HOME_UNITS, OTHER, OTHER_UNITS, SmallHouse, put

PUBLIC, PARTNER = Classification.PUBLIC, Classification.PARTNER
EVERYBODY = Readers(PUBLIC)
YEAR = Window(Month(2021, 8), Month(2022, 7))
MONTHS = small.months("2021-08", 12)
A, B = HOME_UNITS[:2]
C = OTHER_UNITS[0]
PROMISE = Target(
    "down", "Burglary down a tenth", "burglary", DISTRICT, 200.0, None, 10, None, "decrease", YEAR, "a plan"
)
MORE = ("E07000991", "E07000992")  # two districts of one LSOA each, so that there are four


class PeopledHouse(SmallHouse):
    """A thousand residents in every LSOA, four districts, one target."""

    @cached_property
    def geography(self) -> Geography:
        """The last two LSOAs of the other district are districts of their own."""
        place = small.place()
        own = {
            code: Area(code, f"District {unit}", AreaKind.DISTRICT, frozenset({unit}), 2011, COUNTY)
            for code, unit in zip(MORE, (HOME_UNITS[-1], OTHER_UNITS[1]), strict=True)
        }
        people: dict[str, tuple[Population, ...]] = {
            u.code: (Population(1000.0, 2021, "residents, invented"),) for u in place.units
        }
        return replace(place, areas=place.areas | own, populations=people)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """One promise."""
        return (PROMISE,)


def peopled(store: Store, *sources: SourceSettings) -> PeopledHouse:
    """A house of them."""
    made = small.house(store, *sources)
    return PeopledHouse(**{f.name: getattr(made, f.name) for f in fields(made) if f.init})


def house(store: Store, cells: small.Cells, classification: str = "public") -> PeopledHouse:
    """The year in one monthly source."""
    made = peopled(store, small.source("open", classification=classification))
    with store.write() as connection:
        put(connection, "open", cells, covers=MONTHS)
    return made


def ask(made: SmallHouse, text: str, clearance: Classification = PUBLIC) -> Answer:
    return Desk(made).ask(text, clearance=clearance)


def areas_of(found: Answer) -> list[dict[str, Any]]:
    sides: Any = found.data["areas"]
    return list(sides)


def cells(**counts: int | None) -> dict[tuple[str, str, str], int | None]:
    """One count a month of burglary by LSOA."""
    codes = {"a": A, "b": B, "c": C}
    return {("burglary", codes[name], m): n for name, n in counts.items() for m in MONTHS}


def test_the_larger_is_taken_without_the_smaller(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=5))
    found = ask(made, f"compare burglary {A} vs nwl")
    one, other = areas_of(found)
    assert (one["count"], one["people"]) == (120, 1000)
    assert (other["count"], other["people"], other["without"]) == (60, 14000, A)
    assert found.data["verdict"] == "higher"
    assert found.data["ratio"] == pytest.approx(28)


def test_areas_that_overlap_have_no_ratio(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=5))
    found = ask(made, "compare burglary town-coalville vs E02000002")
    assert found.state == "ok"
    assert found.data["shared"] == 0, "the MSOA lies in the town, which is taken without it"
    twice = ask(made, "compare burglary E02000001 vs ward03-coalville")
    assert (twice.data["shared"], twice.data["ratio"]) == (3, None)
    assert "share 3 LSOAs" in " ".join(twice.lines)


def test_none_recorded_is_no_ratio_and_no_crash(store: Store) -> None:
    made = house(store, cells(a=0, b=0, c=4))
    nothing = ask(made, f"compare burglary {A} vs {B}")
    assert "None recorded in either" in " ".join(nothing.lines)
    one_sided = ask(made, f"compare burglary {C} vs {A}")
    assert one_sided.data["verdict"] == "higher"
    assert "none recorded in" in " ".join(one_sided.lines)
    assert one_sided.data["upper"] is None
    assert "Infinity" not in json.dumps(answer_json(one_sided))


def test_what_is_withheld_stays_withheld(store: Store) -> None:
    made = house(store, cells(a=None, b=7, c=9))
    for text in (f"compare burglary {A} vs {B}", "compare burglary nwl vs blaby", "peers burglary", "target"):
        found = ask(made, text)
        assert found.state == "withheld", text
        assert "withheld" in answer_text(found)
        assert not any(c.value == 0 for c in found.claims if c.unit in {"count", "per_1000"})
    halves = ask(made, f"compare burglary {A} 2021-09 vs 2022-01")
    assert halves.state == "withheld"


def test_a_small_remainder_of_a_partners_counts_is_withheld(store: Store) -> None:
    """District less LSOA is 3: under the floor of 5, whoever subtracts."""
    rows = {("burglary", A, "2022-07"): 20, ("burglary", B, "2022-07"): 3, ("burglary", C, "2022-07"): 30}
    made = house(store, rows, "partner")
    found = ask(made, f"compare burglary {A} vs nwl 2022-07", PARTNER)
    assert found.state == "withheld"
    assert found.data["ratio"] is None
    assert ask(made, f"compare burglary {A} vs nwl 2022-07").state == "refused"


def test_a_closed_source_is_as_if_it_were_not_there(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=5), "partner")
    bare = peopled(store)
    for text in (
        "compare burglary nwl vs blaby",
        "peers burglary",
        "target burglary",
        "compare burglary 2021-09 vs 2022-01",
    ):
        closed, nothing = ask(made, text), ask(bare, text)
        assert (closed.lines, closed.state, closed.claims) == (
            nothing.lines,
            nothing.state,
            nothing.claims,
        ), text
        told = ask(made, text, PARTNER)
        assert told.sources == ("open",), text
        assert told.lines != nothing.lines, text


def test_peers_without_the_bot(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=8))
    with store.read() as connection:
        table = peers_of(connection, made, "burglary", Month(2022, 7), EVERYBODY)
        assert table is not None
        assert [(p.code, p.count, p.rank) for p in table.peers if p.count] == [
            (OTHER, 96, 1),
            (DISTRICT, 180, 2),
        ]
        assert table.own is not None
        assert table.own.rate == pytest.approx(12)
        assert peers_of(connection, made, "burglary", Month(2022, 6), EVERYBODY) is None, "no whole year"
        assert peers_of(connection, made, "robbery", Month(2022, 7), EVERYBODY) is None


def test_another_district_is_asked_about_as_ours_is(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=8))
    place = made.geography
    assert [d.code for code in (A, C, OTHER) if (d := district_of(made, place[code]))] == [
        DISTRICT,
        OTHER,
        OTHER,
    ]
    with store.read() as connection:
        (feed,) = feeds(connection, made, "burglary", None)
        table = rank_districts(connection, made, feed, YEAR, "burglary", OTHER)
    assert table.own is not None
    assert (table.own.code, table.own.count, table.own.rank) == (OTHER, 96, 1)
    found = ask(made, f"issue burglary {C}").data["districts"]
    assert isinstance(found, dict)
    assert (found["district"], found["rank"], found["count"]) == (OTHER, 1, 96)


def test_an_areas_targets_are_its_own_and_those_of_what_holds_it(store: Store) -> None:
    made = house(store, cells(a=10, b=5, c=8))
    with store.read() as connection:
        for code, many in ((DISTRICT, 1), (A, 1), (OTHER, 0), (COUNTY, 0)):
            found = promises_of(connection, made, None, EVERYBODY, "burglary", made.geography[code])
            assert [p.target.id for p in found] == ["down"] * many, code


def test_issue_says_withheld_where_a_district_or_a_target_is(store: Store) -> None:
    made = house(store, cells(a=None, b=7, c=9))
    said = answer_text(ask(made, f"issue burglary {B}"))
    assert "the figure of" in said
    assert "withheld or not known" in said
    assert "A count of Burglary in those months is withheld" in said


def test_a_target_without_the_bot(store: Store) -> None:
    """190 against a goal of 180 at the end; half-way, 90 of 180 are on the way, and nothing is sure."""
    made = house(store, cells(a=10, b=5) | {("burglary", A, "2022-07"): 20})
    with store.read() as connection:
        (found,) = promises_of(connection, made, None, EVERYBODY)
        assert (found.standing, found.count, found.goal, found.projection) == ("not met", 190, 180, None)
        (half,) = promises_of(connection, made, Month(2022, 1), EVERYBODY)
        assert (half.standing, half.count) == ("open", 90)
        assert half.projection is not None
        assert half.projection.mean == pytest.approx(180, rel=0.02)
        assert half.projection.lower < 180 < half.projection.upper
        (early,) = promises_of(connection, made, Month(2021, 7), EVERYBODY)
        assert early.standing == "not known"
