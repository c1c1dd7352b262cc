"""Answers and messages in the terminal."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.message import Answer, Picture, Table
from bot.renderers.text import answer_text, message_text, print_answer, print_message, table_text
from bot.views.alerts import alert_message
from rules.model import Classification
from tests.unit.facts_samples import alert
from tests.unit.renderers.hostile import TEXTS

TABLE = Table(
    "Recorded crime by area (made up)",
    (("No.", "right"), ("Area", "left"), ("Recorded", "right"), ("Band", "left")),
    (("1", "Sampleton Centre", "1,431", "very significantly high"), ("2", "Madeup", "98", "above average")),
)
ANSWER = Answer(
    title="High-crime areas",
    lines=("Sampleton Centre has most: 1,431.",),
    table=TABLE,
    suggestions=("hotspots sampleton by:rate", "map total"),
    footer=("Source: police.uk.",),
)


def _lines(text: str) -> str:
    return " ".join(text.split())


def test_everything_an_answer_says_is_printed_in_order():
    text = answer_text(ANSWER, 80)
    order = ["High-crime areas", "has most", "by area (made up)", "98", "Source: police.uk.", "Try: hotspots"]
    places = [text.index(piece) for piece in order]
    assert places == sorted(places)
    assert "\x1b" not in text


@given(st.integers(18, 140))
@settings(deadline=None)
def test_no_figure_is_cut_and_no_line_is_too_wide(width):
    text = answer_text(ANSWER, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert {"1,431", "98"} <= set(re.findall(r"[\d,]+", text))


def test_a_narrow_screen_gets_rows_as_sentences():
    assert "· 1 Sampleton Centre: Recorded 1,431 · Band very significantly high" in _lines(
        table_text(TABLE, 30)
    )
    assert "No.  Area" in table_text(TABLE, 80)


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_only_text(text):
    answer = Answer(
        text, (text,), Table(text, ((text, "left"),), ((text,),)), suggestions=(text,), footer=(text,)
    )
    out = io.StringIO()
    print_answer(Console(file=out, width=200, force_terminal=False), answer)
    assert "\x1b" not in out.getvalue()
    assert "\x07" not in out.getvalue()
    assert "\u202e" not in out.getvalue()
    if text.startswith("[bold"):
        assert out.getvalue().count("[bold red]loud[/]") == 7
    assert not re.search(r"^# Forged", out.getvalue(), re.MULTILINE)


def test_on_a_terminal_severity_has_a_colour_beside_its_word():
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, color_system="standard", legacy_windows=False)
    print_message(console, alert_message(alert()))
    assert "\x1b[1;31m● Urgent: Theft from the person" in out.getvalue()


def test_a_message_has_fields_and_says_where_the_evidence_is():
    text = _lines(message_text(alert_message(alert()), 70))
    assert "Last 12 months: 212, 165 in the 12 before" in text
    assert f"Evidence and chart: why {alert().id}" in text


def test_a_refused_or_guarded_answer_says_so():
    def draw() -> bytes:
        raise AssertionError("a terminal draws no pictures")

    answer = Answer(
        "Hate offences", ("Withheld.",), pictures=(Picture("p", "t", "Chart: words.", draw),),
        classification=Classification.SENSITIVE, state="withheld",
    )  # fmt: skip
    text = answer_text(answer)
    assert text.startswith("Hate offences (withheld)")
    assert "Chart: words." in text
    assert "Sensitive data" in text


@pytest.mark.parametrize("title", ["Not understood", "No such alert", "Not in this version"])
def test_what_is_not_known_says_so_once(title: str):
    assert answer_text(Answer(title, ("Try again.",), state="unknown")).splitlines()[0] == title
