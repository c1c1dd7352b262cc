"""Events as people name them: any order, a year among the words, slips of spelling; and the grammar."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar.occasions import NoOccasion, Occasion, read_occasion, read_window
from bot.grammar.parse import parse
from bot.grammar.places import Gazetteer
from bot.grammar.query import Query
from jobs.folder.atlas import load_geography
from jobs.folder.lexicon import load_lexicon
from jobs.folder.partnership import load_partnership
from rules.model import Event, Month, Window
from tests.cli import NWL

GAZETTEER = Gazetteer(load_geography(load_partnership(NWL)))
LEXICON = load_lexicon()
FAIR, PILOT, RACE, OTHER = "Summer Fair", "Summer Fair Pilot (10,000 people)", "Moto Grand Prix", "Moto Cup"


def event(name: str, year: int, month: int = 6, area: str = "park") -> Event:
    return Event(f"{name}-{year}-{month}", name, area, (Month(year, month),), held=True, verified=True)


CALENDAR = (
    event(FAIR, 2019), event(FAIR, 2020), event(FAIR, 2021), event(PILOT, 2021, 7), event(FAIR, 2022),
    event(RACE, 2019, 8), event(RACE, 2020, 8), event(OTHER, 2021, 9),
)  # fmt: skip
YEAR_2021 = Window(Month(2021, 1), Month(2021, 12))


def found(text: str) -> Occasion:
    told = read_occasion(text, CALENDAR)
    assert isinstance(told, Occasion), told
    return told


@pytest.mark.parametrize(
    ("text", "name", "window"),
    [
        ("summer fair", FAIR, None),
        ("Summer FAIR 2021", FAIR, YEAR_2021),
        ("2021 the fair", FAIR, YEAR_2021),
        ("fair in june 2021", FAIR, Window(Month(2021, 6), Month(2021, 6))),
        ("sum fai", FAIR, None),
        ("pilot", PILOT, None),
        ("moto", RACE, None),
        ("moto 2021", OTHER, YEAR_2021),
        ("grand prix last year", RACE, None),
    ],
)
def test_words_in_any_order_with_a_time_among_them(text: str, name: str, window: Window | None) -> None:
    assert (found(text).kind, found(text).window) == ((name, "park"), window)


def test_other_events_with_the_words_are_named() -> None:
    assert found("summer").others == ((PILOT, "park"),)
    assert found("summer pilot").others == ()


@pytest.mark.parametrize(("text", "nearest"), [("sumer fare", (FAIR, PILOT)), ("xyzzy", ())])
def test_an_unknown_name_gets_the_nearest(text: str, nearest: tuple[str, ...]) -> None:
    told = read_occasion(text, CALENDAR)
    assert isinstance(told, NoOccasion)
    assert told.nearest == nearest
    assert told.asked == text


@pytest.mark.parametrize("text", ["", "2021", "in 2021", "event"])
def test_nothing_but_a_time_is_no_name(text: str) -> None:
    assert read_occasion(text, CALENDAR) is None
    assert read_window(text) == (YEAR_2021 if "2021" in text else None)


def test_a_partnership_without_a_calendar() -> None:
    assert read_occasion("fair", ()) == NoOccasion("fair", ())


@settings(deadline=None, derandomize=True)
@given(st.permutations(["summer", "fair", "2021", "the"]))
def test_the_order_does_not_matter(words: list[str]) -> None:
    assert found(" ".join(words)) == Occasion((FAIR, "park"), YEAR_2021, ((PILOT, "park"),))


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_it_reads_anything(text: str) -> None:
    told = read_occasion(text, CALENDAR)
    assert told is None or isinstance(told, (Occasion, NoOccasion))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("event download 2022", "download 2022"),
        ("2022 event download", "2022 download"),
        ("/event", ""),
        ("@Tocsin events donington park burglary", "donington park burglary"),
    ],
)
def test_an_event_is_not_taken_for_a_place_or_a_series(text: str, word: str) -> None:
    told = parse(text, GAZETTEER, LEXICON)
    assert isinstance(told, Query), told
    assert (told.verb, told.word, told.places, told.series) == ("event", word, (), None)


@pytest.mark.parametrize(
    ("text", "verb", "series", "place"),
    [
        ("issue shoplifting", "issue", "shoplifting", None),
        ("coalville issue burglary", "issue", "burglary", "town-coalville"),
        ("six questions asb", "issue", "asb", None),
        ("season theft-from-person", "season", "theft-from-person", None),
        ("seasonality of fly-tipping in the county", "season", "fly-tipping", "E10000018"),
        ("help season", "help", None, None),
        ("trend burglary season", "trend", "burglary", None),
    ],
)
def test_issue_and_season(text: str, verb: str, series: str | None, place: str | None) -> None:
    told = parse(text, GAZETTEER, LEXICON)
    if verb == "trend":  # two commands: the stronger one is read, the other word is named
        assert not isinstance(told, Query)
        return
    assert isinstance(told, Query), told
    assert (told.verb, told.series) == (verb, series)
    assert [p.code for p in told.places] == ([place] if place else [])
