"""`fires`, `asb`, `flytip` and `map` through the command line: figures bind, wording does not."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.answers.desk import Desk
from bot.pictures.easel import EASEL
from bot.pictures.maps import LADDER
from bot.words import never_used
from jobs.house import House
from jobs.store.engine import Store
from tests.acceptance import family_figures as invented
from tests.cli import NWL, Tocsin

pytestmark = pytest.mark.usefixtures("houses_stay_open")

SAMPLE = NWL / "sample"
DISTRICT = "E07000134"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tocsin: Tocsin) -> Ask:
    """An answer as JSON; `day` is the clock, `as_of` the last month that is known."""

    def asked(
        database: str, text: str, *, clearance: str = "public", as_of: str = "", partnership: Path = NWL
    ) -> dict[str, Any]:
        known = ("--as-of", as_of) if as_of else ()
        result = tocsin(
            "--as-of", "2022-09-20", "ask", text, *known, "--clearance", clearance, "--format", "json",
            database=database, partnership=partnership,
        )  # fmt: skip
        assert result.code == (4 if result.json["state"] == "refused" else 0), result.err
        return dict(result.json)

    return asked


def said(answer: dict[str, Any]) -> str:
    return " ".join(answer["lines"])


def counts(figures: list[dict[str, Any]]) -> dict[str, int | None]:
    return {f["series"]: f["count"] for f in figures}


def test_deliberate_fires_of_the_assessment_of_2012(ask: Ask, tables: str) -> None:
    answer = ask(tables, "fires nwl", as_of="2012-09")
    data = answer["data"]
    assert (data["total"], data["before"], data["window"]) == (102, None, "2011-10..2012-09")
    assert counts(data["kinds"]) == {"fires-primary": 33, "fires-primary-vehicle": 16}
    assert (data["rows"][0]["name"], data["rows"][0]["count"]) == ("Greater Appleby", 6)
    assert "too few to rank firmly" in said(answer)
    assert "invented" not in said(answer)
    assert answer["sources"] == ["assessments"]


def test_a_kind_that_a_table_has_for_no_such_area_is_no_zero(ask: Ask, tables: str) -> None:
    answer = ask(tables, "fires castle donington primary", as_of="2012-09")
    assert answer["state"] == "empty"
    assert "other areas only" in said(answer)


def test_areas_of_a_table_without_a_figure_for_the_whole(ask: Ask, tables: str) -> None:
    data = ask(tables, "fires coalville", as_of="2012-09")["data"]
    assert data["total"] is None
    inside = [r["count"] for r in data["rows"] if not r["touches"]]
    assert inside == [5, 4, 4, 3]
    asb = {r["name"]: r["columns"][data["columns"].index("asb")] for r in data["rows"]}
    assert (asb["Greenhill Centre"], asb["Snibston East"]) == (75, None), "not printed is not zero"


def fire_rows(year: str) -> list[str]:
    """Types of the district's deliberate fires of a year, straight from the files."""
    units = House(NWL, Store.at("sqlite://")).geography[DISTRICT].units
    found = []
    for path in sorted((SAMPLE / "fire").glob(f"{year}-*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found += [r["Incident type"] for r in csv.DictReader(lines) if r["LSOA code"] in units]
    return [kind for kind in found if kind.startswith("Deliberate")]


def test_fires_by_kind_from_the_invented_sample_say_that_they_are_invented(ask: Ask, told: str) -> None:
    answer = ask(told, "fires nwl 2021", clearance="partner")
    data, kinds = answer["data"], fire_rows("2021")
    assert data["total"] == len(kinds) > 50
    assert counts(data["kinds"]) == {
        "fires-primary": sum("primary" in k for k in kinds),
        "fires-primary-vehicle": sum("vehicle" in k for k in kinds),
        "fires-primary-other": sum("primary fire - other" in k for k in kinds),
        "fires-secondary": sum("secondary" in k for k in kinds),
    }
    assert "invented sample" in answer["lines"][0]
    assert any(line.startswith("Invented sample") for line in answer["footer"])
    assert answer["classification"] == "partner"
    # Beside them, each from a source of its own and none added to the fires.
    assert counts(data["beside"]) == {"asb": 796}
    assert [f["source"] for f in data["beside"]] == ["police"]


def test_partner_fires_are_told_by_whole_years_and_never_by_kind_and_place(ask: Ask, told: str) -> None:
    answer = ask(told, "fires nwl", clearance="partner")
    assert (answer["data"]["total"], answer["data"]["window"]) == (len(fire_rows("2021")), "2021-01..2021-12")
    assert "The count of the year 2020 is withheld" in answer["lines"][0]
    assert answer["data"]["before"] is None
    assert any(line.startswith("<5 is 1 to 4") for line in answer["footer"])
    vehicle = ask(told, "fires castle donington vehicle", clearance="partner")
    assert (vehicle["state"], vehicle["data"]["total"]) == ("withheld", None)
    assert {r["count"] for r in vehicle["data"]["rows"]} == {None}


def test_the_public_hears_of_no_partner_fire(ask: Ask, told: str) -> None:
    answer = ask(told, "fires nwl")
    assert (answer["data"]["source"], answer["data"]["total"]) == ("assessments", 102)
    assert "120 months ago" in said(answer)
    assert "invented" not in said(answer) + str(answer["footer"] + answer["claims"])
    assert "fires-deliberate" not in str(ask(told, "flytip ellistown")["data"])


def test_anti_social_behaviour_of_a_source_without_kinds(ask: Ask, told: str) -> None:
    answer = ask(told, "asb coalville")
    data = answer["data"]
    assert (data["total"], data["before"], data["kinds"]) == (296, 357, [])
    assert "No kinds of anti-social behaviour are given by police.uk." in answer["lines"]
    assert "-61, -17.1%, more than usual variation" in answer["lines"][0]
    assert data["touching"] == 17
    assert "Fly-tipping: no figures for these months" in said(answer)


def test_fly_tipping_names_the_neighbour_that_rose_and_its_own_age(ask: Ask, told: str) -> None:
    answer = ask(told, "flytip ellistown")
    data = answer["data"]
    assert (data["total"], data["before"], data["window"]) == (0, 0, "2020-01..2020-12")
    assert "December 2020, 21 months ago" in said(answer)
    assert data["touching"] == 6
    rows = {r["code"]: (r["name"], r["count"], r["before"]) for r in data["rows"]}
    assert rows[data["rose"][0]] == ("Markfield & Thornton 001D", 16, 2)
    for _, now, before in (rows[code] for code in data["rose"]):
        assert 2 * (math.sqrt(now) - math.sqrt(before)) >= 3
    assert {"environmental", "graffiti", "litter", "abandoned-vehicles", "asb"} == set(counts(data["beside"]))


def test_fly_tipping_of_the_district_is_what_the_file_holds(ask: Ask, told: str) -> None:
    (path,) = (SAMPLE / "flytipping").glob("*.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines) if r["lad"] == DISTRICT and r["SHEF_A_CODE"] == "A29"]
    year = {y: sum(int(r["reports"]) for r in rows if r["month"].startswith(y)) for y in ("2019", "2020")}
    data = ask(told, "flytip nwl")["data"]
    assert (data["total"], data["before"]) == (year["2020"], year["2019"]) == (137, 37)


@pytest.mark.parametrize("text", ["fires nwl", "asb nwl", "flytip ellistown"])
def test_nothing_is_said_of_why(ask: Ask, told: str, text: str) -> None:
    answer = str(ask(told, text, clearance="partner"))
    assert never_used(answer) == ()
    assert "because" not in answer


def test_a_map_is_a_complete_list(ask: Ask, told: str) -> None:
    answer = ask(told, "map violence")
    rows = answer["data"]["rows"]
    assert len(rows) == len(answer["table"]["rows"]) == 58
    assert [r["count"] for r in rows] == sorted((r["count"] for r in rows), reverse=True)
    assert sum(r["count"] for r in rows) == answer["data"]["total"]
    steps = [LADDER.index(r["band"].lower()) for r in rows]
    assert steps == sorted(steps), "by count, bands follow the order"
    assert "1. Snibston East 169" in answer["pictures"][0]["alt"]


def test_a_map_by_rate_is_banded_by_rate(ask: Ask, told: str) -> None:
    by_count, by_rate = (ask(told, f"map violence {by}") for by in ("by:count", "by:rate"))
    rows = by_rate["data"]["rows"]
    assert [r["rate"] for r in rows] == sorted((r["rate"] for r in rows), reverse=True)
    steps = [LADDER.index(r["band"].lower()) for r in rows]
    assert steps == sorted(steps)
    assert {r["code"] for r in rows} == {r["code"] for r in by_count["data"]["rows"]}
    assert {r["code"]: r["band"] for r in rows} != {r["code"]: r["band"] for r in by_count["data"]["rows"]}
    assert any("over the rates of 396 LSOAs" in line for line in by_rate["lines"])


def test_a_map_of_one_area_is_of_what_it_lies_in(ask: Ask, told: str) -> None:
    data = ask(told, "map diseworth asb")["data"]
    assert data["area_name"] == "Kegworth & Belton"
    assert "Diseworth, Belton & Gracedieu" in {r["name"] for r in data["rows"]}


def test_a_table_that_contradicts_itself_is_not_drawn(ask: Ask, tables: str) -> None:
    answer = ask(tables, "map hate nwl", as_of="2012-09")
    assert (answer["state"], answer["pictures"]) == ("withheld", [])


@pytest.mark.parametrize("form", ["text", "slack", "teams", "html"])
@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("fires nwl", "102"),
        ("asb coalville", "357"),
        ("flytip ellistown", "21 months"),
        ("map asb nwl", "58"),
    ],
)
def test_every_form_shows_it(tocsin: Tocsin, told: str, form: str, text: str, figure: str) -> None:
    result = tocsin(
        "--as-of", "2022-09-20", "ask", text, "--clearance", "partner", "--format", form, database=told
    )
    assert result.code == 0, result.err
    assert figure in " ".join(result.out.split())


@pytest.fixture
def made(tocsin: Tocsin, empty: str, tmp_path: Path) -> tuple[str, Path]:
    """The invented council and fire service."""
    folder = invented.folder_of(tmp_path / "partnership")
    invented.load(tocsin, folder, empty)
    return empty, folder


def test_kinds_neighbours_and_what_is_withheld(ask: Ask, made: tuple[str, Path]) -> None:
    database, folder = made

    def asked(text: str, clearance: str = "public") -> dict[str, Any]:
        return ask(database, text, clearance=clearance, partnership=folder)

    card = asked(f"asb {invented.CENTRE}")["data"]
    assert (card["total"], card["before"], card["source"]) == (132, 84, "council"), "never added to the other"
    assert counts(card["kinds"]) == {"asb-nuisance": 60, "asb-environmental": 72}
    assert counts(card["beside"]) == {"fly-tipping": 12}
    kind = asked(f"asb {invented.CENTRE} environmental")
    assert (kind["data"]["total"], kind["data"]["before"]) == (72, 24)
    assert "more than usual variation" in kind["lines"][0]

    near = asked(f"flytip {invented.CENTRE}")
    rows = {r["code"]: r for r in near["data"]["rows"]}
    assert near["data"]["rose"] == [invented.RISING]
    hidden = rows[invented.HIDDEN]
    assert (hidden["count"], hidden["withheld"], hidden["before"]) == (None, True, 84)
    assert "7 areas touch it, with 36 recorded in the 6 that have figures" in said(near)
    shown = asked("map fly-tipping coalville")
    assert shown["data"]["withheld"] == [invented.HIDDEN]
    assert ["", "Coalville Belvoir Road", "withheld", "-", ""] in shown["table"]["rows"]
    assert "Withheld: Coalville Belvoir Road" in shown["pictures"][0]["alt"]
    whole = asked("flytip coalville")
    assert (whole["state"], whole["data"]["total"]) == ("withheld", None)

    assert asked(f"fires {invented.CENTRE}")["state"] == "refused"
    fires = asked(f"fires {invented.CENTRE}", "partner")
    # A partner's places are told by calendar year: five months of 2021 are from the year that had any.
    assert fires["data"]["window"] == "2021-01..2021-12"
    assert (fires["data"]["total"], fires["data"]["before"], fires["classification"]) == (10, None, "partner")
    assert counts(fires["data"]["beside"]) == {"asb": 7 * 7 + 5 * 11, "fly-tipping": 12}


def test_the_picture_is_drawn(told_file: Path) -> None:
    store = Store.at(f"sqlite:///{told_file}")
    answers = [Desk(House(NWL, store)).ask(text) for text in ("map violence", "map asb coalville by:rate")]
    store.close()
    for answer in answers:
        (picture,) = answer.pictures
        drawn = picture.draw()
        assert drawn.startswith(b"\x89PNG")
        assert EASEL.draw(picture.draw) == drawn, "as another process draws it"
