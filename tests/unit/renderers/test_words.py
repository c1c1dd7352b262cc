"""The shared formats, and the door to the templates."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError

from bot import words
from bot.renderers.words import TEMPLATES, WordingError, checked, environment, parts
from tests.unit.renderers.hostile import TEXTS


@given(st.text())
@settings(deadline=None)
def test_a_cleaned_value_is_one_line_without_invisible_characters(text):
    cleaned = words.clean(text)
    assert cleaned == words.clean(cleaned)
    assert "\n" not in cleaned
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@given(st.text(), st.integers(-3, 80))
@settings(deadline=None)
def test_a_shortened_value_keeps_its_limit_and_says_that_it_was_cut(text, length):
    short = words.shorten(text, length)
    assert len(short) <= max(length, 1)
    assert short == words.clean(text) or short.endswith("…")


@given(st.floats(0, 1e5), st.floats(0, 1e4), st.integers(0, 120_000))
@settings(deadline=None)
def test_the_printed_range_holds_exactly_the_counts_inside_the_bounds(lower, width, count):
    upper = lower + width
    assume(math.ceil(lower) <= math.floor(upper))
    low, _, high = (words.usual(lower, upper) or "").replace(",", "").partition("-")
    assert (int(low) <= count <= int(high or low)) == (lower <= count <= upper)


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (17.3, 35.8, "18-35"), (0.0, 0.4, "0"), (-1.0, 6.0, "0-6"), (2.1, 2.8, "2-3"),
        (1200.5, 1444.0, "1,201-1,444"), (float("nan"), 3.0, None), (None, 3.0, None),
        (0.0, float("inf"), None),
    ],
)  # fmt: skip
def test_usual_range(lower, upper, text):
    assert words.usual(lower, upper) == text


def test_a_percentage_stands_only_on_a_base_of_thirty():
    assert words.Change(31, 29).percent is None
    assert words.Change(33, 30).percent == "+10.0%"
    # The printed error of a source: 6,846 to 8,534 is not 19.8 % but
    assert words.Change(8534, 6846).percent == "+24.7%"
    assert words.share(10, 29) is None
    assert words.share(10, 30) == "33.3%"


def test_a_difference_below_three_standard_errors_is_usual_variation():
    assert not words.Change(4931, 5060).unusual  # z -1.8
    assert not words.Change(155, 141).unusual  # z 1.2
    assert words.Change(896, 730).unusual  # z 5.8


def test_dates_and_numbers_in_words():
    assert words.month("2022-06") == "June 2022"
    assert words.month("2021-08..2022-07") == "the year to July 2022"
    assert words.short_month("2020-04..2020-05") == "Apr 2020 to May 2020"
    assert words.day(dt.date(2022, 9, 3)) == "3 September 2022"
    assert [words.number(n) for n in (1234, 2.84, 0, 17.6)] == ["1,234", "2.8", "0", "18"]
    assert [words.rate(r) for r in (280.4, 9.27)] == ["280", "9.3"]


def test_bullet_positions_stay_on_the_track():
    bullet = words.bullet(742, 622.4, 784.8)
    assert bullet is not None
    assert 0 <= bullet.left < bullet.dot < bullet.left + bullet.width <= 100
    assert words.bullet(None, 1.0, 2.0) is None
    assert words.bullet(3, None, 2.0) is None


def test_no_template_says_a_word_that_is_never_used():
    files = [p for p in TEMPLATES.rglob("*") if p.suffix in {".j2", ".css"}]
    assert len(files) > 8
    assert {p.name: words.never_used(p.read_text(encoding="utf-8")) for p in files} == {
        p.name: () for p in files
    }


def test_a_template_with_such_a_word_cannot_be_loaded():
    assert words.never_used("a Crime  wave DUE TO offenders") == ("crime wave", "due to", "offender")
    with pytest.raises(WordingError, match="crime wave"):
        checked("a crime wave", "alert.txt.j2")


def test_no_template_switches_escaping_off():
    for path in TEMPLATES.rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text


def _render(source: str, *, html: bool = False, **values: object) -> str:
    return environment(DictLoader({"t": source}), html=html).get_template("t").render(values)


def test_an_unknown_name_a_missing_value_and_a_private_attribute_are_errors():
    with pytest.raises(UndefinedError):
        _render("{{ nothing }}")
    with pytest.raises(WordingError):
        _render("{{ x }}", x=None)
    with pytest.raises(SecurityError):
        _render("{{ x.__class__.__mro__ }}", x=1)
    with pytest.raises(SecurityError):
        _render("{{ x.append(1) }}", x=[])
    with pytest.raises(TemplateNotFound):
        parts("../pyproject.toml", {})


@pytest.mark.parametrize("text", TEXTS)
def test_a_value_is_never_read_as_a_template_a_tag_or_a_second_line(text):
    plain = _render("{{ x }}", x=text)
    assert plain == words.clean(text)
    assert "\n" not in plain
    page = _render("{{ x }}", html=True, x=text)
    assert "<" not in page
    assert _render("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(x) }}", html=True, x=text) == page


def test_parts_come_from_our_own_templates_only():
    assert TEMPLATES.name == "templates"
    assert set(parts("answer.txt.j2", _furniture())) == {"state", "pictures", "more", "audience", "next"}


def _furniture() -> dict[str, object]:
    return {
        "answer_state": "ok",
        "pictures_shown": (),
        "actions": (),
        "suggestions": (),
        "classification": "public",
    }


def test_one_thing_and_many():
    assert words.plural(1, "file") == "1 file"
    assert words.plural(0, "file") == "0 files"
    assert words.plural(1234, "series", "series") == "1,234 series"
