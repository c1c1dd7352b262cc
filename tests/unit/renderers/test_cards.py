"""Adaptive Cards: by the published schema, under the limit, and the same figures as in Slack."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.message import Action, Answer, Message, Picture, Table
from bot.renderers.cards import LIMIT, answer_card, markdown, message_card, size
from bot.renderers.slack import message_blocks
from tests.unit.renderers.every_kind import MESSAGES
from tests.unit.renderers.hostile import TEXTS
from tests.unit.renderers.test_slack import shown
from tests.wire.card_schema import problems

PICTURE = Picture("chart", "A chart", "Chart: 41 recorded (usual 9-27).", lambda: b"")


def read(value) -> list[str]:
    """Every text of a card in order; hidden ones too."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        own += [value["altText"]] if "altText" in value else []
        return own + [text for item in value.values() for text in read(item)]
    return [text for item in value for text in read(item)] if isinstance(value, list) else []


def figures(text: str) -> set[str]:
    return {figure.strip(".,") for figure in re.findall(r"\d[\d,.]*", text)}


@pytest.mark.parametrize("name", MESSAGES)
def test_every_kind_of_payload_is_a_card_with_the_figures_of_slack(name):
    message = MESSAGES[name]
    card = message_card(message)
    assert problems(card) == []
    assert size(card) < LIMIT
    *texts, signed = read(card["body"])
    assert signed == f"{message.key} · revision {message.revision}"
    for text in (*message.lines, *message.footer, *(p.alt for p in message.pictures)):
        assert text in texts
    assert card["fallbackText"] == markdown(message.summary)
    evidence = {a.value for a in message.actions}  # "why A-2022-06-03" is said instead of buttons
    slack = figures(shown(message_blocks(message).blocks) + " ".join(evidence))
    assert figures(" ".join(texts) + " ".join(evidence)) == slack


def test_the_heading_is_one_and_severity_has_a_style_beside_its_word():
    heading = message_card(MESSAGES["alert"])["body"][0]  # type: ignore[index]
    assert heading["style"] == "attention"
    assert heading["items"][0]["style"] == "heading"
    assert heading["items"][0]["text"].startswith("● Urgent")
    ended = message_card(MESSAGES["ended"])["body"][0]  # type: ignore[index]
    assert ended["style"] == "default"


def test_a_picture_needs_an_https_address_or_its_figures_are_text_behind_a_click():
    message = Message("alert:1", 1, "T", "S", pictures=(PICTURE,))
    linked = message_card(message, {"chart": "https://example.org/chart.png"})
    assert problems(linked) == []
    image = {"type": "Image", "url": "https://example.org/chart.png", "altText": PICTURE.alt}
    assert image in linked["body"]  # type: ignore[operator]
    for links in ({}, {"chart": "http://example.org/chart.png"}, {"chart": "javascript:x"}):
        card = message_card(message, links)
        assert problems(card) == []
        assert '"Image"' not in json.dumps(card)
        hidden = next(e for e in card["body"] if e.get("id") == "figures-1")  # type: ignore[attr-defined]
        assert hidden["isVisible"] is False
        assert read(hidden) == [PICTURE.alt]


def test_an_answer_is_a_card_with_its_choices():
    table = Table("Areas", (("Area", "left"), ("Count", "right")), (("Sampleton", "41"),))
    answer = Answer("Which?", ("Two.",), table, suggestions=("hotspots a", "hotspots b"), state="unknown")
    card = answer_card(answer)
    assert problems(card) == []
    texts = read(card["body"])
    assert texts[3:5] == ["Sampleton: ", "Count 41"]
    assert texts[-2:] == ["hotspots a", "hotspots b"]


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_only_text(text):
    message = Message(
        "alert:1", 1, text, text, (text,), ((text, text),), Table(text, ((text, "left"),), ((text,),)),
        (Picture("chart", text, text, bytes),), (Action("why", "Why", "A-1"),), (text,),
    )  # fmt: skip
    card = message_card(message)
    assert problems(card) == []
    for mark in ("\u202e", "\u2066", "\\u001b", "\\u0000"):
        assert mark not in json.dumps(card, ensure_ascii=False)
    for marked in (card["fallbackText"], card["body"][0]["items"][0]["text"]):  # type: ignore[index]
        assert not re.search(r"(?<!\\)[<>*\[\]`|]", str(marked))
    assert "<" not in str(card["speak"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[here](https://evil.example)", r"\[here\](https://evil.example)"),
        ("**91** ~19~ _x_ `c`", r"\*\*91\*\* \~19\~ \_x\_ \`c\`"),
        ("2022. A year", r"2022\. A year"),
        ("- no list", r"\- no list"),
        ("# no heading", r"\# no heading"),
        ("&lt;at&gt; & co", r"\&lt;at\&gt; & co"),
    ],
)
def test_marks_of_markdown_are_escaped(text, said):
    assert markdown(text) == said


@given(
    st.lists(st.text(max_size=60), max_size=5),
    st.integers(1, 400),
    st.sampled_from(["x", "漢", "word ", "😀", '"\\', "<>"]),
    st.integers(1, 6000),
)
@settings(deadline=None, max_examples=25)
def test_whatever_the_length_it_fits_and_says_how_much_is_left_out(texts, rows, letter, length):
    long = letter * length
    table = Table("T", (("A", "left"), ("B", "right")), tuple((f"row {n}", long[:60]) for n in range(rows)))
    message = Message(
        "digest:1", 1, long, long, (*texts, long, long), (("L", long),) * 12, table,
        (Picture("a", long, long[:2000], bytes),), (), (*texts, long),
    )  # fmt: skip
    card = message_card(message)
    assert size(card) < LIMIT
    assert problems(card) == []
    said = "\n".join(read(card["body"]))
    left = re.search(r"and ([\d,]+) more rows?", said)
    kept = len(re.findall(r"^row \d+: $", said, re.MULTILINE))
    assert kept + (int(left.group(1).replace(",", "")) if left else 0) == rows


@pytest.mark.parametrize(
    "broken",
    [
        {"body": [{"type": "TextBlok", "text": "x"}]},
        {"body": [{"type": "TextBlock"}]},
        {"body": [{"type": "TextBlock", "text": "x", "size": "huge"}]},
        {"body": [{"type": "TextBlock", "text": "x", "colour": "red"}]},
        {"body": [{"type": "Image", "url": "https://example.org/x.png"}]},
        {"body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun"}]}]},
        {"body": [{"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "x"}]}]},
        {"boody": []},
        {"version": "1.6"},
        {"fallbackText": ""},
        {"lang": 5},
    ],
)
def test_the_schema_check_finds_what_is_wrong(broken):
    assert problems(message_card(MESSAGES["alert"]) | broken)
