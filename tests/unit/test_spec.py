"""Rule files: every kind of wrong file is refused with the file, the key and what would be right."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import UsageError
from jobs.folder.library import load_rule, load_rules
from rules.book import RuleError, parse_rule
from rules.examples import failures
from rules.model import AreaKind
from rules.spec import Rule

PATH = PurePath("own/rules/a-rule.toml")
GOOD = """\
id = "a-rule"
title = "A title"
why = "A reason."
owner = "the analyst"
version = 3
direction = "rise"
detector = "spike"

[scope]
levels = ["district", "msoa"]
series = ["burglary", "leaves"]

[parameters]
alpha = 0.001
min_count = 6
min_excess = 4

[route]
severity = 2

[[example]]
title = "fires"
fires = true
first = "2020-01"
area   = [USUAL, 19]
county = [REST]

[[example]]
title = "stays quiet"
fires = false
area   = [USUAL, 1]
county = [REST]
"""
USUAL = "1, 0, 1, 1, 2, 0, 1, 1, 0, 1, 2, 1, 0, 1, 1, 0, 2, 1, 0, 1, 1, 1, 0, 1, 1"
REST = (
    "80, 82, 79, 85, 81, 78, 80, 83, 77, 80, 84, 79, 81, 80, 82, 78, 80, 81, 79, 83, 80, 78, 82, 81, 80, 82"
)
GOOD = GOOD.replace("USUAL", USUAL).replace("REST", REST)
WINDOW = GOOD.replace('"spike"', '"event_window"').replace("[parameters]\n", '[parameters]\nevents = "x-*"\n')


def rule(text: str = GOOD) -> Rule:
    return parse_rule(text, PATH)


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_a_rule_as_it_is_written() -> None:
    found = rule()
    assert (found.id, found.version, found.direction, found.detector) == ("a-rule", 3, "rise", "spike")
    assert found.scope.levels == (AreaKind.DISTRICT, AreaKind.MSOA)
    assert found.scope.series == ("burglary", "leaves")
    assert found.parameters.model_dump() == {"alpha": 0.001, "q": 0.1, "min_count": 6, "min_excess": 4}
    assert found.route.severity == 2
    assert [e.fires for e in found.example] == [True, False]
    assert list(failures(found)) == []


def test_what_may_be_left_out() -> None:
    text = changed('series = ["burglary", "leaves"]\n', "")
    text = text[: text.index("[parameters]")] + text[text.index("[[example]]") :]
    found = rule(text)
    assert (found.scope.series, found.route.severity) == (("leaves",), 1)
    assert 0 < found.parameters.model_dump()["alpha"] < 0.5


AT = f'counts = {{ "drugs@neer" = {[1] * 26} }}'
WRONG = {
    # the file as such
    "no TOML": ("[scope]", "[scope", "not TOML"),
    "a key twice": ("version = 3", "version = 3\nversion = 4", "not TOML"),
    # names
    "an id that is no name": ('id = "a-rule"', 'id = "A Rule"', "id: "),
    "an id that is too short": ('id = "a-rule"', 'id = "a"', "id: "),
    "an id that is not the file's": ('id = "a-rule"', 'id = "another-rule"', "another-rule.toml"),
    "an unknown key": ("owner =", "ownr =", "owner"),
    "an unknown key in a table": ("levels =", "level = [\"msoa\"]\nlevels =", "scope.level"),
    "an unknown table": ("[route]", "[rout]", "rout"),
    "an empty title": ('title = "A title"', 'title = ""', "title"),
    "an empty reason": ('why = "A reason."', 'why = ""', "why"),
    "no owner": ('owner = "the analyst"', 'owner = ""', "owner"),
    # values
    "version 0": ("version = 3", "version = 0", "version: "),
    "a version in words": ("version = 3", 'version = "three"', "version: "),
    "no version": ("version = 3\n", "", "version: "),
    "an unknown direction": ('"rise"', '"up"', "direction: "),
    "an unknown detector": ('"spike"', '"spikes"', "detector: "),
    "a detector that is no text": ('"spike"', "7", "detector: "),
    "no detector": ('detector = "spike"\n', "", "detector: "),
    "no levels": ('["district", "msoa"]', "[]", "scope.levels: "),
    "an unknown level": ('["district", "msoa"]', '["parish"]', "scope.levels.0: "),
    "levels that are no list": ('["district", "msoa"]', '"district"', "scope.levels"),
    "no series": ('["burglary", "leaves"]', "[]", "scope.series: "),
    "series that are no list": ('["burglary", "leaves"]', '"burglary"', "scope.series: "),
    "severity 4": ("severity = 2", "severity = 4", "route.severity: "),
    # parameters
    "a p-value of nothing": ("alpha = 0.001", "alpha = 0", "parameters.alpha: "),
    "a p-value of a coin": ("alpha = 0.001", "alpha = 0.5", "parameters.alpha: "),
    "a p-value in words": ("alpha = 0.001", 'alpha = "small"', "parameters.alpha: "),
    "a p-value that is no number": ("alpha = 0.001", "alpha = nan", "parameters.alpha: "),
    "a misspelt parameter": ("alpha = 0.001", "alpa = 0.001", "parameters.alpa: "),
    "another detector's parameter": ("alpha = 0.001", "previous = 2", "parameters.previous: "),
    "a negative count": ("min_count = 6", "min_count = -1", "parameters.min_count: "),
    "a negative excess": ("min_excess = 4", "min_excess = -1", "parameters.min_excess: "),
    "an excess without end": ("min_excess = 4", "min_excess = inf", "parameters.min_excess: "),
    "parameters that are no table": ("[parameters]", "parameters = 5\n[x]", "parameters: "),
    # examples
    "no example that fires": ("fires = true", "fires = false", "example that fires"),
    "no example that stays quiet": ("fires = false", "fires = true", "stays quiet"),
    "an example of two lengths": ("0, 1, 1, 19]", "0, 1, 1, 19, 2]", "example.0: "),
    "an example of no months": ("first = \"2020-01\"", "first = \"2020-13\"", "example.0.first: "),
    "an example that starts in words": ("first = \"2020-01\"", "first = \"January\"", "example.0.first: "),
    "an event in no month": ("fires = true", "fires = true\nevent_months = [\"June\"]",
                             "example.0.event_months"),
    "fewer than no burglaries": ("0, 1, 1, 19]", "0, 1, -1, 19]", "example.0.area"),
    "half a burglary": ("0, 1, 1, 19]", "0.5, 1, 1, 19]", "example.0.area"),
    "a count nowhere": ("fires = false", f"fires = false\n{AT}", "example.1.counts"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_names_itself_the_key_and_the_fault(old: str, new: str, says: str) -> None:
    with pytest.raises(RuleError) as refusal:
        rule(changed(old, new))
    said = str(refusal.value)
    assert said.startswith(f"{PATH}: ")
    assert says in said
    assert "\n" not in said.removeprefix(f"{PATH}: not TOML")
    assert len(said) < 700


@pytest.mark.parametrize(
    ("old", "new", "known"),
    [
        ('"spike"', '"spikes"', "event_window"),
        ('["district", "msoa"]', '["parish"]', "msoa"),
        ("alpha = 0.001", "alpa = 0.001", "min_excess"),
        ('"rise"', '"up"', "fall"),
    ],
)
def test_where_there_is_a_choice_the_choices_are_named(old: str, new: str, known: str) -> None:
    with pytest.raises(RuleError, match=known):
        rule(changed(old, new))


def test_a_window_of_events_has_no_fall() -> None:
    """The detector looks for more than earlier events brought; `fall` would be the wrong word for it."""
    assert rule(WINDOW).parameters.model_dump()["events"] == "x-*"
    with pytest.raises(RuleError, match="direction"):
        rule(changed('"rise"', '"fall"', WINDOW))


@pytest.mark.parametrize("level", ["lsoa", "msoa", "ward", "district"])
def test_an_example_comes_out_at_every_level(level: str) -> None:
    """Nineteen where one is usual, and the rest of the county as ever."""
    assert list(failures(rule(changed('["district", "msoa"]', f'["{level}"]')))) == []


@given(st.text(max_size=200))
def test_any_text_at_all_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(RuleError, match=r"own/rules/a-rule\.toml: "):
        rule(text)


@given(st.sampled_from(GOOD.splitlines()), st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_a_rule_with_one_line_spoilt_is_a_rule_or_refused(line: str, text: str) -> None:
    try:
        assert rule(GOOD.replace(line, text, 1)).id == "a-rule"
    except RuleError as error:
        assert str(error).startswith(f"{PATH}: ")


# On disk


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (changed("version = 3", "version = 0").encode(), "version: "),
        (b"\xff\xfe", "cannot be read"),
        (GOOD.encode("utf-16"), "cannot be read"),
        (b"", "detector: "),
    ],
)
def test_a_file_that_is_no_rule_is_a_usage_error_that_says_what_to_do(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "a-rule.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=says) as refusal:
        load_rule(path)
    assert "a-rule.toml" in str(refusal.value)
    assert refusal.value.advice


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_rule(tmp_path / "a-rule.toml")


def test_a_folder_is_read_in_the_order_of_the_ids(tmp_path: Path) -> None:
    for name in ("b-rule", "a-rule"):
        (tmp_path / f"{name}.toml").write_text(changed('"a-rule"', f'"{name}"'), encoding="utf-8")
    (tmp_path / "README.md").write_text("not a rule", encoding="utf-8")
    assert [r.id for r in load_rules(tmp_path)] == ["a-rule", "b-rule"]
    assert load_rules(tmp_path / "none") == ()


SHIPPED = load_rules()


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda r: r.id)
def test_every_shipped_rule_proves_itself(shipped: Rule) -> None:
    """Each example is turned round and must then be found wrong: so it comes out, and it could fail to."""
    turned = [e.model_copy(update={"fires": not e.fires}) for e in shipped.example]
    said = list(failures(shipped.model_copy(update={"example": tuple(turned)})))
    assert len(said) == len(turned)
    assert all(e.title in sentence for e, sentence in zip(turned, said, strict=True))


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda r: r.id)
def test_every_shipped_rule_has_what_people_read(shipped: Rule) -> None:
    for text in (shipped.title, shipped.why, shipped.owner, *(e.title for e in shipped.example)):
        assert text.strip() == text != ""
    assert shipped.why.endswith(".")
