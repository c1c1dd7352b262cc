"""Commands: text in, Query out, or one sentence and what to try instead."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import help as help_page
from bot.answers import unknown
from bot.grammar.parse import LONGEST, parse
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Query, Rank
from bot.grammar.suggest import examples
from bot.grammar.typed import has_postcode
from bot.grammar.verbs import BUILT, BY_NAME, VERBS
from jobs.folder.lexicon import load_lexicon
from rules.model import Classification
from rules.month import Month, Window
from tests.unit.small_geography import COUNTY, DISTRICT, small_geography

GAZETTEER, LEXICON = Gazetteer(small_geography()), load_lexicon()
TOWN = "town-coalville"


def ask(text: str) -> Query | Misunderstood:
    return parse(text, GAZETTEER, LEXICON)


def understood(text: str) -> Query:
    found = ask(text)
    assert isinstance(found, Query), found
    return found


def misheard(text: str) -> Misunderstood:
    found = ask(text)
    assert isinstance(found, Misunderstood), found
    return found


def window(text: str) -> Window:
    first, _, last = text.partition("..")
    return Window(Month.parse(first), Month.parse(last))


@pytest.mark.parametrize(
    ("text", "verb", "places", "wanted"),
    [
        ("trend sac nwl 6y", "trend", [DISTRICT], {"series": "serious-acquisitive", "months": 72}),
        ("hotspots nwl burglary by:rate top:5", "hotspots", [DISTRICT], {"by": Rank.RATE, "top": 5}),
        ("hotspots nwl burglary by rate top 5", "hotspots", [DISTRICT], {"by": Rank.RATE, "top": 5}),
        ("trend vehicle-crime nwl 24m", "trend", [DISTRICT], {"series": "vehicle-crime", "months": 24}),
        ("hotspots coalville year to sep 2012", "hotspots", [TOWN], {"window": window("2011-10..2012-09")}),
        ("hotspots nwl hate 2012", "hotspots", [DISTRICT], {"window": window("2012-01..2012-12")}),
        ("trend total 2019..2023", "trend", [], {"series": "total", "window": window("2019-01..2023-12")}),
        ("alerts open coalville", "alerts", [TOWN], {"word": "open"}),
        ("alerts", "alerts", [], {"word": ""}),
        ("alerts mine coalville", "alerts", [TOWN], {"word": "mine"}),
        ("why A-2022-06-03", "why", [], {"word": "A-2022-06-03"}),
        ("why a-2022-06-03 share", "why", [], {"word": "A-2022-06-03", "share": True}),
        ("A-2022-06-03", "why", [], {"word": "A-2022-06-03"}),
        ("define TFMV", "define", [], {"word": "TFMV"}),
        ("define usual range", "define", [], {"word": "usual range"}),
        ("what is VAP?", "define", [], {"word": "VAP"}),
        ("compare burglary nwl vs county", "compare", [DISTRICT, COUNTY], {"series": "burglary"}),
        ("compare burglary county v nwl", "compare", [COUNTY, DISTRICT], {"series": "burglary"}),
        ("compare nwl 12m against county", "compare", [DISTRICT, COUNTY], {"months": 12, "base": None}),
        (
            "compare asb nuisance 2010 vs 2012", "compare", [],
            {
                "series": "asb-nuisance",
                "base": window("2010-01..2010-12"),
                "window": window("2012-01..2012-12"),
            },
        ),
        (
            "2022-06 v 2021-06 compare coalville", "compare", [TOWN],
            {"series": None, "base": window("2021-06..2021-06"), "window": window("2022-06..2022-06")},
        ),
        ("peers", "peers", [], {"series": None}),
        ("peers burglary 12m", "peers", [], {"series": "burglary", "months": 12}),
        ("target asb", "target", [], {"series": "asb"}),
        ("targets", "target", [], {"series": None}),
        ("reports hate", "reports", [], {"series": "hate"}),
        ("hate reports county", "reports", [COUNTY], {"series": "hate"}),
        ("hotspots", "hotspots", [], {}),
        ("hot spots in the county for shop theft", "hotspots", [COUNTY], {"series": "shoplifting"}),
        ("coalville hotspots", "hotspots", [TOWN], {}),
        ("coalville", "area", [TOWN], {}),
        ("area castle donnington", "area", ["town-castle-donington"], {}),
        ("Castle Donington West & Donington Park", "area", ["E01000007"], {}),
        ("hotspots area coalville share", "hotspots", [TOWN], {"share": True}),
        ("hotspots coalville fire station asb", "hotspots", ["station-coalville"], {"series": "asb"}),
        ("trend asb coalville", "trend", [TOWN], {"series": "asb"}),
        ("trend domestic burglary nwl", "trend", [DISTRICT], {"series": "burglary-domestic"}),
        ("trend crime nwl", "trend", [DISTRICT], {"series": None}),
        ("data", "data", [], {}),
        ("sources", "sources", [], {}),
        ("help", "help", [], {"word": ""}),
        ("help hotspots", "help", [], {"word": "hotspots"}),
        ("", "help", [], {}),
        ("?", "help", [], {}),
    ],
)  # fmt: skip
def test_a_command_is_understood(text, verb, places, wanted):
    found = understood(text)
    assert found.verb == verb
    assert [p.code for p in found.places] == places
    assert {key: getattr(found, key) for key in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "/tocsin hotspots coalville",
        "/hotspots coalville",
        "@Tocsin hotspots coalville",
        "<at>Tocsin</at> hotspots coalville",
        "<@U012ABC> hotspots coalville",
        "<@U012ABC|tocsin>: hotspots coalville",
        "tocsin, hotspots coalville",
        "  HOTSPOTS   Coalville. ",
        "hotspots *coalville*",
        "hotspots \u202ecoalville\u200b",
        "ｈｏｔｓｐｏｔｓ coalville",
    ],
)
def test_it_is_the_same_command_however_it_is_addressed(text):
    found = understood(text)
    assert (found.verb, [p.code for p in found.places]) == ("hotspots", [TOWN])


def test_slack_escapes_are_read_as_what_was_typed():
    found = understood("area castle donington west &amp; donington park")
    assert found.places[0].code == "E01000007"


def test_what_was_typed_and_what_else_it_means_travel_along():
    (place,) = understood("hotspots Castle Donnington burglary").places
    assert (place.code, place.asked, place.how) == ("town-castle-donington", "Castle Donnington", "spelling")
    assert "E02000003" in place.others


def test_the_reader_and_the_month_known_travel_along():
    found = parse("area nwl", GAZETTEER, LEXICON, as_of=Month(2022, 6), clearance=Classification.PARTNER)
    assert isinstance(found, Query)
    assert (found.as_of, found.clearance) == (Month(2022, 6), Classification.PARTNER)
    assert understood("area nwl").clearance is Classification.PUBLIC


phrases = st.tuples(
    st.sampled_from(["hotspots", "hot spots"]),
    st.sampled_from(["coalville", "castle donnington", "agar nook", "E01000001", "coalville ward", "nwl"]),
    st.sampled_from(["burglary", "asb nuisance", "theft from the person", "tfmv", "fires"]),
    st.sampled_from(["12m", "2012", "june 2022", "year to sep 2012", "fy 2021/22", "2019..2023"]),
    st.sampled_from(["by:rate", "by count"]),
    st.sampled_from(["top:5", "top 7"]),
    st.sampled_from(["share", "in"]),
)


@settings(deadline=None, derandomize=True)
@given(phrases, st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(words, rng):
    shuffled = list(words)
    rng.shuffle(shuffled)
    assert understood(" ".join(shuffled)) == understood(" ".join(words))


def test_every_order_of_one_command():
    found = {repr(ask(" ".join(p))) for p in itertools.permutations(["trend", "sac", "nwl", "6y"])}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "part", "suggestion"),
    [
        ("hotpsots coalville", "hotpsots", "hotspots coalville"),
        ("trnd sac nwl", "trnd", "trend serious-acquisitive nwl"),
        ("trend burglry nwl", "burglry", "trend burglary nwl"),
        ("area atlantis hill", "no place called “atlantis hill”", None),
        ("hotspots atlantis", "Nearest places:", None),
        ("trend burglary narnia", "Nearest places:", None),
        ("hotspots nwl buglary", "buglary", "hotspots burglary nwl"),
        ("hotspots LE67", "LE67", None),
        ("trend oac nwl", "more than one meaning", "trend other-acquisitive nwl"),
        ("trend arson", "more than one meaning", "trend fires-deliberate"),
        ("trend nwl 2022/06", "2022-06", "trend nwl 2022-06"),
        ("trend nwl june", "june", "trend nwl 12m"),
        ("wigston", "several areas", "area wigston town"),
        ("hotspots burglary coalville lsoa", "several areas", "hotspots burglary coalville centre"),
        ("area bardon msoa", "There is no “bardon msoa”", "area bardon"),
        ("hotspots coalville agar nook", "one place", "hotspots agar nook"),
        ("trend burglary drugs nwl", "one series", "trend drugs nwl"),
        ("trend nwl 12m 24m", "one period", None),
        ("hotspots by:rate by:count", "one by:", None),
        ("hotspots top:5 top:6", "one top:", None),
        ("hotspots top:0", "1 to 50", None),
        ("hotspots top:51", "1 to 50", None),
        ("hotspots top:many", "1 to 50", None),
        ("hotspots by:moon", "count or rate", None),
        ("trend nwl by:rate", "takes no by:", "trend vehicle-crime nwl 24m"),
        ("data coalville", "takes no place", "data"),
        ("area", "needs a place", "area coalville"),
        ("compare", "two places or two periods", "compare burglary nwl vs county"),
        ("compare burglary nwl", "two places", "compare burglary nwl vs leicestershire"),
        ("compare burglary county", "two places", None),
        ("compare burglary nwl vs nwl", "two places", None),
        ("compare asb 2012", "two places or two periods", "compare asb 2011-01..2011-12 vs 2012-01..2012-12"),
        ("compare asb 2010 to 2012", "two places or two periods", None),
        ("compare burglary nwl vs county 2021 vs 2022", "not both", None),
        ("compare burglary nwl 2020 vs 2021 vs 2022", "two periods", None),
        ("compare burglary nwl 12m vs 2021", "Name both periods", None),
        ("compare burglary 2021 vs 2022-06", "equally long", None),
        ("compare burglary 2020-01..2020-06 vs 2020-06..2020-11", "share months", None),
        (
            "compare burglary robbery 2020 vs 2021",
            "one series",
            "compare robbery 2020-01..2020-12 vs 2021-01..2021-12",
        ),
        ("compare burglary nwl coalville county", "two places", None),
        ("compare nwl vs county by:rate", "takes no by:", None),
        ("peers coalville", "takes no place", "peers total"),
        ("target asb 2012", "takes no period", "target asb"),
        ("why 3", "A-2022-06-03", "alerts open"),
        ("burglary coalville", "Which command", "trend burglary coalville"),
        ("burglary nwl vs county", "Which command", "compare burglary nwl vs county"),
        ("hotspots trend coalville", "One command at a time", None),
        ("issue shoplifting coalville 12m", "takes no period", "issue shoplifting"),
        ("season burglary asb", "one series", "season asb"),
        ("asb burglary coalville", "asb takes no series", "asb coalville"),
        ("fires atlantis", "no place called “atlantis”", "fires"),
        ("were there any fires in coalville", "were there any", "fires coalville"),
        ("were there vehicle fires in coalville", "were there", "trend fires-primary-vehicle coalville"),
        ("accidental fires", "Which command", "trend fires-accidental-dwelling"),
        ("fires primary wigston", "several areas", "fires primary wigston town"),
    ],
)
def test_what_is_wrong_is_named_and_something_offered(text, part, suggestion):
    found = misheard(text)
    assert part in found.message
    assert found.suggestions
    assert suggestion is None or suggestion in found.suggestions
    assert unknown.answer(found).state == "unknown"
    assert unknown.answer(found).lines == (found.message,)


def test_a_text_beyond_the_cap_is_refused_before_a_word_is_read(monkeypatch):
    assert isinstance(ask("hotspots coalville" + " " * 5_000), Query)
    monkeypatch.setattr("bot.grammar.parse.tidy", None)  # whoever reads on fails here
    found = ask("hotspots " + "x" * 5_000_000)
    assert isinstance(found, Misunderstood)
    assert str(LONGEST) in found.message
    assert "xxx" not in found.message


def test_the_unknown_word_is_repeated_without_markup_or_control():
    found = misheard("trend <!channel>\u202e*`~|@here ")
    said = found.message + " ".join(found.suggestions)
    assert not set("<>*`~|@\u202e") & set(said)
    assert len(misheard("trend " + "qwertzuiop" * 20).message) < 250


postcodes = st.from_regex(r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ -]{0,2}[0-9][A-Za-z]{2}", fullmatch=True)


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from(["", "hotspots ", "area ", "define ", "why ", "help ", "silence x "]),
    postcodes,
    st.sampled_from(["", " burglary", "?"]),
)
def test_a_postcode_is_never_repeated(before, postcode, after):
    found = misheard(before + postcode + after)
    text = " ".join((found.message, *found.suggestions))
    assert not has_postcode(text)
    assert postcode.casefold() not in text.casefold()


WORDS = [
    *BY_NAME, *(s for series in LEXICON for s in (series.id, *series.synonyms)),
    *(area.name for area in GAZETTEER.geography.areas.values()), "nwl", "ward", "msoa", "vs", "in", "the",
    "by:rate", "by:x", "top:5", "top:99", "top", "12m", "2012", "2022-06", "june", "year", "to", "..", "of",
    "share", "open", "xyzzy", "burglry", "hotpsots", "LE67", "A-2022-06-03", "&", "1", "<@U1>", "last",
    "month", "0m", "-", "/",
]  # fmt: skip
commands = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=8).map(" ".join)


@settings(deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=400), commands))
def test_it_never_raises_and_always_answers(text):
    found = ask(text)
    if isinstance(found, Query):
        assert found.verb in BY_NAME
        assert len(found.word) <= 60
        assert all(len(p.asked) <= 100 for p in found.places)
    else:
        assert found.message
        assert len(found.message) < 1000
        assert found.suggestions


@settings(deadline=None, derandomize=True)
@given(commands)
def test_every_suggestion_can_be_typed(text):
    found = ask(text)
    if isinstance(found, Misunderstood):
        for suggestion in found.suggestions:
            assert isinstance(ask(suggestion), Query), suggestion


def test_any_words_in_any_order_are_understood_or_refused_in_words():
    rng = random.Random(2022)
    for _ in range(3_000):
        found = ask(" ".join(rng.choices(WORDS, k=rng.randint(1, 6))))
        assert isinstance(found, Query) or found.message


def test_the_examples_of_every_command_are_understood_as_that_command():
    for verb in VERBS:
        for text in examples([verb], GAZETTEER):
            assert isinstance(ask(text), Query), text
        for example in verb.examples:
            assert understood(example.format(place="coalville", district="nwl")).verb == verb.name


@pytest.mark.parametrize(
    ("text", "verb", "places", "series"),
    [
        ("fires", "fires", 0, "fires-deliberate"),
        ("fire nwl", "fires", 1, "fires-deliberate"),
        ("fires castle donington primary", "fires", 1, "fires-primary"),
        ("fires castle donington vehicle 6m", "fires", 1, "fires-primary-vehicle"),
        ("primary fires ibstock", "fires", 1, "fires-primary"),
        ("non vehicle fires nwl", "fires", 1, "fires-primary-other"),
        ("fires primary and secondary", "fires", 0, "fires-deliberate"),
        ("deliberate fires coalville", "fires", 1, "fires-deliberate"),
        ("fires ibstock 2019", "fires", 1, "fires-deliberate"),
        ("how many fires in coalville last month", "fires", 1, "fires-deliberate"),
        ("coalville fire station", "area", 1, None),
        ("fires coalville fire station", "fires", 1, "fires-deliberate"),
        ("asb", "asb", 0, "asb"),
        ("asb coalville", "asb", 1, "asb"),
        ("asb incidents coalville", "asb", 1, "asb"),
        ("anti-social behaviour coalville", "asb", 1, "asb"),
        ("asb coalville environmental", "asb", 1, "asb-environmental"),
        ("asb nuisance nwl", "asb", 1, "asb-nuisance"),
        ("flytip ellistown", "flytip", 1, "fly-tipping"),
        ("fly-tipping ellistown", "flytip", 1, "fly-tipping"),
        ("fly tipping incidents ellistown", "flytip", 1, "fly-tipping"),
        ("trend asb", "trend", 0, "asb"),
        ("hotspots fires", "hotspots", 0, "fires-deliberate"),
        ("asb coalville trend", "trend", 1, "asb"),
        ("map", "map", 0, None),
        ("map asb coalville", "map", 1, "asb"),
        ("asb map coalville", "map", 1, "asb"),
        ("fires nwl map by:rate", "map", 1, "fires-deliberate"),
        ("map of violence in coalville", "map", 1, "violence"),
    ],
)
def test_a_family_is_a_command_where_no_other_takes_it_as_a_series(text, verb, places, series):
    found = understood(text)
    assert (found.verb, len(found.places), found.series) == (verb, places, series)


def test_a_family_answers_to_names_of_its_own_series_and_its_words_are_kinds_of_it():
    for verb in VERBS:
        if verb.family:
            assert set(verb.kinds) < set(LEXICON.family(verb.family))
            for name in (verb.name, *verb.aliases):
                assert understood(name).series == verb.family, name
            for word, kind in zip(verb.words, verb.kinds, strict=True):
                assert understood(f"{verb.name} {word} 12m nwl").series == kind


def test_a_command_of_a_later_version_is_named_as_such():
    for verb in VERBS:
        if not verb.built:
            found = misheard(verb.name)
            assert f"“{verb.name}”" in found.message
            assert "not in this version" in found.message
    said = unknown.answer(misheard("pack burglary"))
    assert said.state == "unknown"
    assert "not in this version" in said.lines[0]
    assert said.suggestions
    assert not any(s.startswith("pack") for s in said.suggestions)


def test_no_two_commands_answer_to_the_same_word():
    names = [name for verb in VERBS for name in (verb.name, *verb.aliases)]
    assert len(names) == len(set(names))


def help_on(topic: str):
    return help_page.answer(Query("help", word=topic), GAZETTEER, LEXICON)


def test_help_teaches_every_command_with_an_example_that_works():
    said = help_on("")
    for verb in BUILT:
        (example,) = examples([verb], GAZETTEER)
        assert any(line.startswith(f"{example}: ") for line in said.lines)
    later = said.lines[-1]
    assert all(verb.name in later for verb in VERBS if not verb.built)


@pytest.mark.parametrize("verb", BUILT, ids=lambda v: v.name)
def test_help_on_one_command_shows_how_it_is_written(verb):
    said = help_on(verb.name.upper())
    assert said.state == "ok" if verb.name != "help" else said.title
    assert verb.name == "help" or any(verb.usage in line for line in said.lines)


def test_help_series_lists_every_series_under_its_basket():
    said = help_on("series")
    assert {row[1] for row in said.table.rows} == {s.id for s in LEXICON}
    assert set(said.data["baskets"]["hate"]) == {"hate", "hate-incidents", "hate-offences"}


@pytest.mark.parametrize("topic", ["places", "periods", "issue", "burglary", "xyzzy", "LE67 3QA"])
def test_help_has_an_answer_for_anything(topic):
    said = help_on(topic)
    assert said.lines
    assert said.suggestions
    assert not has_postcode(" ".join((*said.lines, *said.suggestions)))
    assert all(isinstance(ask(s), Query) for s in said.suggestions)
