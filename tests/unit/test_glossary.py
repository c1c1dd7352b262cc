"""The glossary, and `define`, which reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import define
from bot.grammar.query import Query
from bot.grammar.typed import has_postcode
from bot.words import never_used
from jobs.errors import UsageError
from jobs.folder.glossary import load_glossary
from jobs.folder.lexicon import load_lexicon

GLOSSARY, LEXICON = load_glossary(), load_lexicon()
WANTED = (
    "ASB", "VAP", "AWLSI", "AWI", "SAC", "OAC", "TFMV", "TOMV", "NTE", "LSOA", "MSOA", "MSG", "CSP", "JAG",
    "PCC", "PSA", "MARAC", "IDVA", "HIMP", "IMD", "OGL", "baseline", "exceedance", "edition", "quarantine",
    "polarity", "freshness", "silence", "band", "funnel", "p-value",
)  # fmt: skip
PHRASES = (
    "usual range",
    "verdict words",
    "rate per 1,000",
    "visitor area",
    "recorded crime",
    "low confidence",
)


@pytest.mark.parametrize("term", [*WANTED, *PHRASES])
def test_the_terms_of_the_field_are_explained(term):
    (first, *_) = GLOSSARY.lookup(term)
    assert first.says


def test_oac_has_two_meanings_and_both_are_given():
    assert [t.stands_for for t in GLOSSARY.lookup("OAC")] == [
        "other acquisitive crime",
        "output area classification",
    ]


@pytest.mark.parametrize("typed", ["tfmv", "TFMV", " Tfmv ", "theft from motor vehicle"])
def test_case_and_the_long_form_do_not_matter(typed):
    found = GLOSSARY.lookup(typed)
    assert [t.term for t in found] == ["TFMV"]


@pytest.mark.parametrize(("typed", "term"), [("LSOAs", "LSOA"), ("rate-per-1000", "Rate per 1,000")])
def test_plurals_and_punctuation_do_not_matter(typed, term):
    assert GLOSSARY.lookup(typed)[0].term == term


@pytest.mark.parametrize(
    ("typed", "near"), [("TFMW", "TFMV"), ("usual rang", "Usual range"), ("basline", "Baseline")]
)
def test_a_near_miss_is_offered(typed, near):
    assert GLOSSARY.lookup(typed) == ()
    assert GLOSSARY.nearest(typed)[0] == near


def test_no_term_means_two_things_unsaid():
    twice = {t.term for t in GLOSSARY.terms if len(GLOSSARY.lookup(t.term)) > 1}
    assert twice == {"OAC"}


def test_it_is_written_in_short_sentences_without_words_that_are_never_used():
    for term in GLOSSARY.terms:
        assert never_used(f"{term.term} {term.stands_for} {term.says}") == (), term.term
        longest = max(len(sentence.split()) for sentence in re.split(r"[.:;] ", term.says))
        assert longest <= 28, f"{term.term}: a sentence of {longest} words"


def test_a_glossary_with_a_broken_reference_is_refused(tmp_path):
    path = tmp_path / "glossary.toml"
    path.write_text('[[terms]]\nterm = "A"\nsays = "B."\nsee = ["nothing"]\n')
    with pytest.raises(UsageError, match="nothing"):
        load_glossary(path)
    path.write_text('[[terms]]\nterm = "A"\n')
    with pytest.raises(UsageError, match="says"):
        load_glossary(path)
    with pytest.raises(UsageError, match="cannot be read"):
        load_glossary(tmp_path / "none.toml")


def ask(word: str):
    return define.answer(Query("define", word=word), GLOSSARY, LEXICON)


def test_define_gives_every_meaning_numbered():
    said = ask("oac")
    assert said.state == "ok"
    assert said.lines[0].startswith("1. OAC: other acquisitive crime.")
    assert said.lines[1].startswith("2. OAC: output area classification.")


def test_define_says_which_series_a_term_is():
    said = ask("TFMV")
    assert said.data["series"] == "theft-from-vehicle"
    assert "theft from motor vehicle" in said.lines[0]
    assert "trend theft-from-vehicle" in said.suggestions


def test_define_explains_a_series_with_its_polarity_and_who_sees_it():
    text = " ".join(ask("hate").lines)
    assert "the alarm is a fall" in text
    assert "Sensitive" in text
    assert "Hate incidents; Hate offences" in text


def test_define_offers_the_nearest_terms():
    said = ask("usual rang")
    assert said.state == "unknown"
    assert said.suggestions[0] == "define Usual range"


def test_define_alone_lists_the_terms():
    said = ask("")
    assert "Usual range" in said.lines[1]
    assert len(said.data["terms"]) > 50


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_define_answers_anything(word):
    said = ask(word)
    assert said.title
    assert all(said.lines)
    if said.state == "unknown":
        assert not set("<>*_~`|@\u202e") & set("".join((*said.lines, *said.suggestions)))


def test_define_never_repeats_a_postcode():
    said = ask("LE67 3QA")
    assert not has_postcode(" ".join((*said.lines, *said.suggestions, str(said.data))))
