"""The shipped series: ids that everybody uses, who may see them, and what people may call them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot.grammar.typed import SEVERAL, series_names, words_of
from bot.words import never_used
from jobs.errors import UsageError
from jobs.folder.lexicon import load_lexicon
from rules.model import Classification, Polarity

LEXICON = load_lexicon()
TREE = {
    "total": {
        "serious-acquisitive": {
            "burglary": {"burglary-domestic": {}, "burglary-other": {}},
            "robbery": {},
            "vehicle-crime": {"theft-from-vehicle": {}, "theft-of-vehicle": {}},
        },
        "other-acquisitive": {
            "bicycle-theft": {}, "other-theft": {}, "shoplifting": {}, "theft-from-person": {},
        },
        "violence": {
            "violence-against-person": {
                "violence-with-injury": {}, "violence-without-injury": {}, "serious-violence": {},
            },
            "sexual-offences": {},
        },
        "criminal-damage": {}, "public-order": {}, "drugs": {}, "weapons": {}, "other-crime": {},
        "other-offences": {},
    },
    "asb": {
        "asb-personal": {}, "asb-nuisance": {}, "asb-environmental": {}, "asb-neighbours": {}, "asb-hoax": {},
    },
    "alcohol-flagged": {}, "alcohol-violence": {}, "drug-flagged": {},
    "domestic": {"domestic-incidents": {}, "domestic-offences": {}},
    "hate": {"hate-incidents": {}, "hate-offences": {}},
    "fires-deliberate": {
        "fires-primary": {"fires-primary-vehicle": {}, "fires-primary-other": {}},
        "fires-secondary": {},
    },
    "fires-accidental-dwelling": {}, "hoax-calls": {}, "rtc": {},
    "environmental": {
        "fly-tipping": {}, "litter": {}, "graffiti": {}, "fly-posting": {}, "abandoned-vehicles": {},
        "dog-fouling": {},
    },
}  # fmt: skip


def branch(parent: str | None) -> dict[str, object]:
    return {s.id: branch(s.id) for s in LEXICON if s.parent == parent}


def test_the_tree_of_series_is_the_agreed_one():
    assert branch(None) == TREE


def test_every_police_uk_type_is_counted_once():
    assert len(LEXICON.police) == 14
    assert len(set(LEXICON.police.values())) == 14
    assert LEXICON.police["Violence and sexual offences"] == "violence"
    assert "total" in LEXICON.ancestors(LEXICON.police["Theft from the person"])
    assert "total" not in LEXICON.ancestors(LEXICON.police["Anti-social behaviour"])


def test_what_police_uk_publishes_is_public():
    assert {LEXICON[s].classification for s in LEXICON.police.values()} == {Classification.PUBLIC}


def test_the_floor_goes_with_the_classification():
    floors = {Classification.PUBLIC: 0, Classification.PARTNER: 5, Classification.SENSITIVE: 10}
    assert {s.id: s.floor for s in LEXICON} == {s.id: floors[s.classification] for s in LEXICON}


def test_domestic_hate_and_sexual_are_sensitive_and_nothing_else_is():
    found = {s.id for s in LEXICON if s.classification is Classification.SENSITIVE}
    assert found == {*LEXICON.family("domestic"), *LEXICON.family("hate"), "sexual-offences"}


@pytest.mark.parametrize(
    ("series", "polarity"),
    [
        ("burglary", Polarity.BAD),
        ("domestic", Polarity.GOOD),
        ("hate-incidents", Polarity.GOOD),
        ("drugs", Polarity.ACTIVITY),
        ("weapons", Polarity.ACTIVITY),
        ("sexual-offences", Polarity.AMBIGUOUS),
        ("asb", Polarity.AMBIGUOUS),
        ("shoplifting", Polarity.AMBIGUOUS),
    ],
)
def test_polarity_is_data(series, polarity):
    assert LEXICON[series].polarity is polarity


def test_a_polarity_that_is_not_plain_gives_its_reason():
    assert [s.id for s in LEXICON if s.polarity is not Polarity.BAD and not s.note] == []


def test_harm_is_low_medium_or_high_and_no_parent_flag_outranks_burglary_of_homes():
    assert {s.harm for s in LEXICON} == {1, 2, 3}
    assert LEXICON["burglary-domestic"].harm > LEXICON["burglary"].harm > LEXICON["bicycle-theft"].harm


def test_no_two_series_claim_the_same_words():
    claims: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for s in LEXICON:
        for name in (s.id, s.title, s.noun, *s.synonyms):
            assert words_of(name), f"{s.id}: {name!r} has no word in it"
            claims[words_of(name)].add(s.id)
    assert {name: ids for name, ids in claims.items() if len(ids) > 1} == {}


def test_every_synonym_resolves_to_its_own_series():
    names = series_names(LEXICON.series)
    for s in LEXICON:
        for name in (s.id, s.title, s.noun, *s.synonyms):
            assert names[words_of(name)] == s.id
            assert names[words_of(f" The {name.upper()}. ")] == s.id


@pytest.mark.parametrize(
    ("typed", "series"),
    [
        ("tfmv", "theft-from-vehicle"),
        ("Theft from Motor Vehicle", "theft-from-vehicle"),
        ("vap", "violence-against-person"),
        ("sac", "serious-acquisitive"),
        ("asb nuisance", "asb-nuisance"),
        ("burglary dwelling", "burglary-domestic"),
        ("shop theft", "shoplifting"),
        ("bike theft", "bicycle-theft"),
        ("theft from the person", "theft-from-person"),
        ("flytip", "fly-tipping"),
        ("fly tipping", "fly-tipping"),
        ("Violence and sexual offences", "violence"),
    ],
)
def test_officers_words(typed, series):
    assert series_names(LEXICON.series)[words_of(typed)] == series


def test_words_with_several_meanings_belong_to_no_series():
    names = series_names(LEXICON.series)
    assert ("oac",) not in names
    assert [word for word in SEVERAL if (word,) in names] == []
    assert all(series in LEXICON for meant in SEVERAL.values() for series in meant)


def test_titles_and_notes_use_none_of_the_words_that_are_never_used():
    for s in LEXICON:
        assert never_used(f"{s.title}. {s.noun}. {s.note}") == ()
        assert s.title[0].isupper()
        assert not s.title.endswith(".")
        assert not s.note or s.note.endswith(".")


def test_a_lexicon_that_does_not_hang_together_is_refused(tmp_path):
    path = tmp_path / "series.toml"
    path.write_text('[police]\n"Drugs" = "drugz"\n[[series]]\nid="drugs"\ntitle="Drugs"\npolarity="bad"\n')
    with pytest.raises(UsageError, match="drugz"):
        load_lexicon(path)
