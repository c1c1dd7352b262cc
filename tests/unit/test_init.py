"""`tocsin init`: a new folder from the county's look-ups, by options or by questions."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commands.init import command
from jobs.errors import UsageError
from jobs.folder.atlas import load_geography
from jobs.folder.calendar import load_breaks, load_events, load_targets
from jobs.folder.lexicon import REFERENCE
from jobs.folder.newfolder import Plan, counties, districts, usual_force, write_folder
from jobs.folder.partnership import load_partnership
from rules.model import AreaKind

COUNTY = "E10000018"
SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "partnerships" / "nwl"


def run(*words: str, answers: str = "") -> Result:
    return CliRunner().invoke(command, words, input=answers)


def refusal(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    return f"{result.exception} {result.exception.advice}"


def test_what_is_known_of_the_county():
    assert counties() == {COUNTY: "Leicestershire"}
    assert len(districts(COUNTY)) == 7
    assert usual_force(COUNTY) == "leicestershire"


@pytest.mark.parametrize("district", sorted(districts(COUNTY)))
def test_a_folder_for_any_district_loads(tmp_path, district):
    folder = tmp_path / "new"
    result = run(str(folder), "--district", district, "--yes")
    assert result.exit_code == 0, result.output
    assert f"{folder} is ready" in result.output
    made = load_partnership(folder)
    geography = load_geography(made)
    assert (made.district, made.county, made.reference) == (district, COUNTY, COUNTY)
    assert made.name == f"{districts(COUNTY)[district]} Community Safety Partnership"
    assert made.source("police").forces == ("leicestershire",)
    wards = list(geography.of_kind(AreaKind.WARD))
    assert wards
    assert all(w.units <= geography[district].units and w.note for w in wards)
    assert load_breaks(folder / "breaks.toml") == load_breaks(REFERENCE / COUNTY / "breaks.toml")
    assert load_targets(folder / "targets.toml") == ()
    assert load_events(folder / "events.ics", geography) == ()


def test_its_wards_are_those_of_the_shipped_folder(tmp_path):
    shipped = load_geography(load_partnership(SHIPPED))
    made = load_geography(write_folder(Plan(tmp_path / "new", COUNTY, shipped.district, "New", None)))
    expected = {a.code: (a.name, a.units) for a in shipped.of_kind(AreaKind.WARD) if a.code.startswith("E05")}
    assert {a.code: (a.name, a.units) for a in made.of_kind(AreaKind.WARD)} == expected


def test_parts_of_a_name_are_names_too(tmp_path):
    run(str(tmp_path / "new"), "--district", "Harborough", "--yes")
    with (tmp_path / "new" / "names.csv").open(encoding="utf-8", newline="") as lines:
        names = {(r["name"], r["code"]) for r in csv.DictReader(lines)}
    assert {("Lutterworth", "E02005376"), ("Claybrooke", "E02005372"), ("district", "E07000131")} <= names
    assert ("Dunton Bassett, Claybrooke & Swinford", "E02005372") in names


def test_by_questions_with_defaults(tmp_path):
    folder = tmp_path / "new"
    result = run(str(folder), answers="Melton\n\ny\n\n")
    assert result.exit_code == 0, result.output
    assert "Melton (E07000133)" in result.output
    made = load_partnership(folder)
    assert made.name == "Melton Community Safety Partnership"
    assert made.source("police").forces == ("leicestershire",)


def test_by_questions_with_own_answers(tmp_path):
    folder = tmp_path / "new"
    result = run(str(folder), answers='E07000133\nSafer "Melton" \\ Vale é\nn\n')
    assert result.exit_code == 0, result.output
    made = load_partnership(folder)
    assert made.name == 'Safer "Melton" \\ Vale é'
    assert made.id == "safer-melton-vale"
    assert made.sources == {}


def test_another_force(tmp_path):
    folder = tmp_path / "new"
    run(str(folder), "--district", "Melton", "--force", "lincolnshire", "--yes")
    assert load_partnership(folder).source("police").forces == ("lincolnshire",)


def test_an_empty_folder_may_exist(tmp_path):
    assert run(str(tmp_path), "--district", "melton", "--yes", "--no-police").exit_code == 0


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    mine = tmp_path / "partnership.toml"
    mine.write_text("mine", encoding="utf-8")
    assert "is not empty" in refusal(str(tmp_path), "--district", "Melton", "--yes")
    with pytest.raises(UsageError, match="is not empty"):
        write_folder(Plan(tmp_path, COUNTY, "E07000133", "New"))
    assert [p.name for p in tmp_path.iterdir()] == ["partnership.toml"]
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--district", "Atlantis"], "no district called 'Atlantis'"),
        ([], "give --district"),
        (["--county", "E99", "--district", "Melton"], "no county called 'E99'"),
        (["--district", "Melton", "--name", "\x07"], "not a name"),
        (["--district", "Melton", "--name", "..."], "not a name"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path, words, says):
    assert says in refusal(str(tmp_path / "new"), "--yes", *words)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("reference", "district", "says"),
    [("nowhere", "E07000133", "look-ups"), (COUNTY, "E06000016", "no district")],
)
def test_a_plan_that_does_not_fit_the_look_ups(tmp_path, reference, district, says):
    with pytest.raises(UsageError, match=says):
        write_folder(Plan(tmp_path / "new", reference, district, "New"))
