"""`issue`, `season`, `event` on the shipped sample through the command line: figures bind, not wording."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli import Tocsin

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("houses_stay_open")]

QUESTIONS = (
    "Over time:",
    "Against other crimes:",
    "Targets:",
    "Highest areas",
    "Communities:",
    "Other districts:",
)
FORMATS = ("text", "json", "slack", "teams", "html")


def ask(tocsin: Tocsin, database: str, *words: str, clearance: str = "public") -> dict[str, Any]:
    result = tocsin("ask", *words, "--clearance", clearance, "--format", "json", database=database)
    assert result.code == (4 if result.json["state"] == "refused" else 0), result.err
    return dict(result.json)


def told_at(answer: dict[str, Any], series: str) -> dict[str, Any]:
    return dict(next(s for s in answer["data"]["series"] if s["series"] == series))


def test_the_six_questions_in_order(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "issue shoplifting")
    assert all(line.startswith(q) for line, q in zip(answer["lines"], QUESTIONS, strict=False))
    data = answer["data"]
    assert (data["over_time"]["count"], data["over_time"]["before"]) == (226, 215)
    assert "within usual variation" in answer["lines"][0]
    among = data["among"]
    assert (among["own"], among["whole"], among["rank"], among["kinds"]) == (226, 1286, 2, 4)
    assert data["targets"] == []
    by_count = [(r["name"], r["count"]) for r in data["highest"]["by_count"]]
    assert by_count == [("Kegworth North", 51), ("Coalville Centre", 47), ("Coalville Stephenson Way", 30)]
    by_rate = [(r["name"], round(r["rate"])) for r in data["highest"]["by_rate"]]
    assert by_rate == [("Coalville Centre", 26), ("Kegworth North", 25), ("Coalville Stephenson Way", 16)]
    assert (data["districts"]["rank"], data["districts"]["districts"]) == (6, 7)
    assert data["districts"]["count"] == 226


def test_communities_add_up_to_the_district(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "issue shoplifting")
    counts = [c["count"] for c in answer["data"]["communities"]]
    assert counts == [2, 58, 56, 78, 32, 147, 79]
    assert sum(counts[:5]) == sum(counts[5:]) == 226
    said = next(line for line in answer["lines"] if line.startswith("Communities:"))
    assert "58" in said
    assert "areas, not of the people" in said
    assert "0.6" not in said, "two of them are no rate to speak of"


def test_a_break_in_the_years_is_named(tocsin: Tocsin, told: str) -> None:
    assert any("Pandemic" in line for line in ask(tocsin, told, "issue burglary coalville")["lines"])


def test_the_printed_year_answers_as_of_then(tocsin: Tocsin, tables: str) -> None:
    answer = ask(tocsin, tables, "issue total", "--as-of", "2012-09")
    data = answer["data"]
    assert (data["over_time"]["count"], data["over_time"]["before"]) == (4931, 5060)
    assert [r["count"] for r in data["highest"]["by_count"]] == [417, 241, 219]
    assert round(data["highest"]["by_rate"][0]["rate"]) == 280
    assert any(line.startswith("Communities: not known") for line in answer["lines"])
    assert [(t["standing"], t["count"]) for t in data["targets"]] == [("not known", None)] * 2


def test_a_target_that_was_met(tocsin: Tocsin, tables: str) -> None:
    (target,) = ask(tocsin, tables, "issue hate county")["data"]["targets"]
    assert (target["count"], target["goal"], target["standing"]) == (1274, 1197, "met")


def test_partner_figures_are_not_there_for_the_public(tocsin: Tocsin, told: str) -> None:
    for words in ("issue hoax-calls", "season hoax-calls"):
        public, nobody = ask(tocsin, told, words), ask(tocsin, told, words.replace("hoax-calls", "asb-hoax"))
        assert public["state"] == nobody["state"] == "refused"
        assert ask(tocsin, told, words, clearance="partner")["state"] != "refused"


def test_a_season_needs_three_years(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "season theft-from-person")
    assert answer["state"] == "no-history"
    assert answer["data"]["peaks"] is None
    said = " ".join(answer["lines"])
    assert "June 2022: 37 recorded" in said
    assert "Download Festival" in said
    assert "the figures show no reason" in said
    june = answer["data"]["months"][5]
    assert (june["number"], june["seen"], june["lowest"], june["highest"]) == (6, 3, 2, 37)


def test_a_season_with_years_behind_it(tocsin: Tocsin, told: str) -> None:
    data = ask(tocsin, told, "season fly-tipping county")["data"]
    assert (data["peaks"], data["lows"], data["years"]) == ([3], [12], 11)
    assert (round(data["index"][2]), round(data["index"][11])) == (130, 66)
    assert ask(tocsin, told, "season fly-tipping")["data"]["peaks"] == []


@pytest.mark.parametrize("words", ["event download 2022", "2022 event festival", "event download"])
def test_the_festival_of_2022(tocsin: Tocsin, told: str, words: str) -> None:
    answer = ask(tocsin, told, words)
    data = answer["data"]
    assert (data["event"].split("@")[0], data["window"]) == ("download-2022", "2022-06")
    theft = told_at(answer, "theft-from-person")
    assert (theft["count"], theft["district"]) == (29, 37)
    assert (theft["largest"], theft["largest_count"]) == ("E01025926", 28)
    assert theft["moved"]
    assert theft["upper"] < 5
    assert theft["earlier"] == {}
    assert theft["cancelled"] == {"2020-06": 0, "2021-06": 0}
    assert answer["data"]["series"][0]["series"] == "theft-from-person"
    assert "37" in answer["lines"][0]
    assert any("10 to 12 June 2022" in line for line in answer["lines"])


def test_the_public_hears_nothing_of_partner_series_at_an_event(tocsin: Tocsin, told: str) -> None:
    def named(clearance: str) -> set[str]:
        answer = ask(tocsin, told, "event download 2022", clearance=clearance)
        return {s["source"] for s in answer["data"]["series"]}

    assert named("public") == {"police"}
    assert named("partner") == {"police", "fire"}


def test_a_festival_called_off_is_none(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "event download 2021")
    assert answer["state"] == "empty"
    assert answer["data"]["held"] is False
    assert "called off (4 to 6 June 2021)" in answer["lines"][0]
    assert "event download pilot" in answer["suggestions"]


def test_a_quiet_event_is_said_to_be_quiet(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "event pilot")
    assert not any(s["moved"] for s in answer["data"]["series"])
    assert answer["lines"][0].startswith("No series at Donington Park was much higher")


@pytest.mark.parametrize(
    ("words", "state", "part"),
    [
        ("event", "ok", "25 events of 5 names"),
        ("event 2019", "ok", "3 events"),
        ("event 2017 download", "empty", "no figures of June 2017"),
        ("event download 1999", "empty", "no Download Festival in the year 1999"),
        ("event downlod", "unknown", "Nearest: Download Festival"),
        ("event xyzzy", "unknown", "Known events: Download Festival"),
        ("event 2001", "empty", "No event in the year 2001"),
    ],
)
def test_events_without_figures_or_name(tocsin: Tocsin, told: str, words: str, state: str, part: str) -> None:
    answer = ask(tocsin, told, words)
    assert answer["state"] == state
    assert part in " ".join(answer["lines"])
    assert state == "ok" or answer["suggestions"]


def test_nothing_is_known_after_the_month_asked_as_of(tocsin: Tocsin, told: str) -> None:
    answer = ask(tocsin, told, "event download 2022", "--as-of", "2022-05")
    assert answer["state"] == "empty"
    assert "37" not in " ".join(answer["lines"])


@pytest.mark.parametrize(
    "words", ["issue theft-from-person", "season fly-tipping county", "event download 2022"]
)
def test_every_renderer_shows_it(tocsin: Tocsin, told: str, words: str) -> None:
    first = ask(tocsin, told, words)["lines"][0].split(":")[0]
    for form in FORMATS:
        result = tocsin("ask", words, "--format", form, database=told)
        assert result.code == 0, result.err
        assert first.split(" is ")[0] in " ".join(result.out.split()), form
