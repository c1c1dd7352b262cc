"""Block Kit: everything said, nothing that Slack would refuse, and nothing of the data read as markup."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.message import VALUE, Action, Answer, Message, Picture, Table
from bot.renderers.sheet import told_rows
from bot.renderers.slack import answer_blocks, message_blocks, message_text
from bot.renderers.slack_limits import TOTAL, total, validate
from bot.renderers.slack_text import mrkdwn, plain
from tests.unit.renderers.every_kind import MESSAGES
from tests.unit.renderers.hostile import TEXTS
from tests.wire.slack import File, SlackStandIn
from tests.wire.slack_checks import refusals

FILE = "F00000001"
PICTURE = Picture("chart", "A chart", "Chart: 41 recorded (usual 9-27).", lambda: b"\x89PNG")


def wrong(blocks) -> list[str]:
    """By the bot's own checks and by the stand-in's."""
    far = SlackStandIn(files={FILE: File(FILE, "x.png", 4, "", b"\x89PNG", complete=True)})
    return validate(blocks) + refusals(blocks, far)


def shown(blocks) -> str:
    """All that can be read, entities undone."""
    items = blocks.values() if isinstance(blocks, dict) else blocks
    texts = [shown(i) for i in items if isinstance(i, (dict, list))]
    if isinstance(blocks, dict):
        texts += [blocks[name] for name in ("text", "alt_text") if isinstance(blocks.get(name), str)]
    return "\n".join(filter(None, texts)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("name", MESSAGES)
def test_every_kind_of_payload_fits_and_says_all_that_it_holds(name):
    message = MESSAGES[name]
    for files in ({}, {p.name: FILE for p in message.pictures}):
        drawn = message_blocks(message, files)
        assert wrong(drawn.blocks) == []
        said = shown(drawn.blocks)
        for text in (message.title, *message.lines, *message.footer, *(p.alt for p in message.pictures)):
            assert text in said
        for label, value in message.fields:
            assert label in said
            assert value in said
        assert drawn.text
        assert json.dumps(drawn.blocks, ensure_ascii=False).count('"type": "image"') == len(files)


def test_the_fallback_text_is_the_summary_and_buttons_carry_ids_only():
    message = MESSAGES["alert"]
    drawn = message_blocks(message)
    assert drawn.text == message.summary
    buttons = [b for block in drawn.blocks if block["type"] == "actions" for b in block["elements"]]  # type: ignore[attr-defined]
    assert buttons[0]["action_id"] == "alert:acknowledge"
    assert {b["value"] for b in buttons} == {"A-2022-06-03"}
    assert [b["action_id"].partition(":")[2] for b in buttons] == [a.id for a in message.actions]
    sent = message_blocks(replace(message, key="alert:A-2022-06-03", revision=7))
    assert json.dumps(sent.blocks).count('"A-2022-06-03@7"') == len(buttons), "and what was looked at"


def test_a_picture_that_could_not_go_up_is_told_in_words():
    message = Message("alert:1", 1, "Title", "Summary", pictures=(PICTURE,))
    assert [b["type"] for b in message_blocks(message, {"chart": FILE}).blocks] == ["header", "image"]
    without = message_blocks(message)
    assert [b["type"] for b in without.blocks] == ["header", "context"]
    assert PICTURE.alt in shown(without.blocks)


def test_rows_read_on_a_phone_as_lines_that_begin_with_their_name():
    table = Table(
        "Areas", (("No.", "right"), ("Area", "left"), ("Count", "right")), (("1", "Sample & Co", "41"),)
    )
    said = shown(answer_blocks(Answer("T", ("L",), table)).blocks)
    assert "*Areas*\n*1 Sample & Co*: Count 41" in said


def test_a_question_that_was_not_understood_offers_its_choices_as_buttons():
    answer = Answer(
        "Which one?", ("There are two.",), suggestions=("hotspots a", "hotspots b"), state="unknown"
    )
    drawn = answer_blocks(answer)
    assert wrong(drawn.blocks) == []
    (row,) = [b["elements"] for b in drawn.blocks if b["type"] == "actions"]
    assert [(b["action_id"], b["value"]) for b in row] == [("ask:1", "hotspots a"), ("ask:2", "hotspots b")]  # type: ignore[attr-defined]
    assert "hotspots b" in drawn.text, "a notification and a screen reader are told too"


def test_an_answer_says_its_state_its_audience_and_what_to_try():
    answer = Answer(
        "Hate", ("Withheld.",), suggestions=("define VAP",), state="withheld", footer=("Source: x.",)
    )
    said = shown(answer_blocks(answer).blocks)
    assert "(withheld)" in said
    assert "Source: x." in said
    assert "define VAP" in said


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_only_text(text):
    table = Table(text, ((text, "left"),), ((text,),))
    message = Message(
        "alert:1", 1, text, text, (text,), ((text, text),), table,
        (Picture("chart", text, text, bytes),), (Action("why", text, "A-1"),), (text,),
    )  # fmt: skip
    drawn = message_blocks(message, {"chart": FILE})
    assert wrong(drawn.blocks) == []
    everything = json.dumps([drawn.blocks, drawn.text, message_text(message)], ensure_ascii=False)
    for mark in ("<!", "<@", "<http", "\u202e", "\u2066", "\\u001b", "\\u0007", "\\u0000"):
        assert mark not in everything


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("*91* ~19~ `x`", "∗91∗ ∼19∼ ˋxˋ"),
        ("_soft_ other_theft _", "ˍsoftˍ other_theft ˍ"),
        ("1\u202e9", "19"),
    ],
)
def test_marks_of_mrkdwn_are_drawn_by_their_twins(text, said):
    assert mrkdwn(text) == said
    assert "<" not in plain(text)


@given(
    st.lists(st.text(max_size=60), max_size=5),
    st.integers(1, 400),
    st.sampled_from(["x", "&", "word ", "😀", "_*", "<>"]),
    st.integers(1, 6000),
)
@settings(deadline=None, max_examples=20)
def test_whatever_the_length_it_fits_and_says_how_much_is_left_out(texts, rows, letter, length):
    long = letter * length
    table = Table(
        "T", (("A", "left"), ("B", "right")), tuple((f"{n} {long[:80]}", str(n)) for n in range(rows))
    )
    message = Message(
        "digest:1", 1, long, long, (*texts, long, long), (("L", long),) * 12, table,
        (Picture("a", long, long[:2000] or "-", bytes), Picture("b", long, "b", bytes)),
        tuple(Action(f"a{n}", f"{n}{long}", "A-1") for n in range(30)), (*texts, long) * 3,
    )  # fmt: skip
    drawn = message_blocks(message, {"a": FILE})
    assert wrong(drawn.blocks) == []
    assert total(drawn.blocks) <= TOTAL
    assert 0 < len(drawn.text) <= 4000
    assert 0 < len(message_text(message)) <= 4000
    said = shown(drawn.blocks)
    kept = len(re.findall(r"^\*\d+\b", said, re.MULTILINE))
    left = re.search(r"and ([\d,]+) more rows?", said)
    assert kept + (int(left.group(1).replace(",", "")) if left else 0) == rows


def test_a_title_that_is_cut_stands_whole_below():
    title = "Theft " * 40
    drawn = message_blocks(Message("alert:1", 1, title, "s"))
    assert title.strip() in shown(drawn.blocks[1])


GOOD = message_blocks(
    Message("alert:1", 1, "T", "S", ("L",), (("A", "B"),), actions=(Action("why", "Why", "A-1"),),
            pictures=(PICTURE,), footer=("F",)),
    {"chart": FILE},
).blocks  # fmt: skip
SPOILT: dict[str, tuple[int, dict[str, object]]] = {
    "an unknown block": (0, {"type": "data_table", "rows": []}),
    "a typo in a type": (1, {"type": "sektion", "text": {"type": "mrkdwn", "text": "x"}}),
    "a header in mrkdwn": (0, {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    "a long header": (0, {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}),
    "a long section": (1, {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}),
    "an empty text": (1, {"type": "section", "text": {"type": "mrkdwn", "text": ""}}),
    "a bare section": (1, {"type": "section"}),
    "eleven fields": (2, {"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}),
    "a long field": (2, {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}),
    "no alt text": (3, {"type": "image", "slack_file": {"id": FILE}}),
    "a long alt text": (3, {"type": "image", "slack_file": {"id": FILE}, "alt_text": "x" * 2001}),
    "an image of nothing": (3, {"type": "image", "alt_text": "x"}),
    "an image in the clear": (3, {"type": "image", "alt_text": "x", "image_url": "http://example.org/x.png"}),
    "eleven notes": (5, {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}),
    "an unknown property": (0, {"type": "divider", "colour": "red"}),
    "no buttons": (4, {"type": "actions", "elements": []}),
    "an unknown element": (4, {"type": "actions", "elements": [{"type": "knob", "action_id": "a"}]}),
}


def button(**changes: object) -> dict[str, object]:
    good: dict[str, object] = {
        "type": "button",
        "text": {"type": "plain_text", "text": "x"},
        "action_id": "a",
        "value": "v",
    }
    return {k: v for k, v in (good | changes).items() if v is not None}


BUTTONS = {
    "a long label": [button(text={"type": "plain_text", "text": "x" * 76})],
    "no value": [button(value=None)],
    "no action id": [button(action_id="")],
    "the same action id twice": [button(), button()],
    "26 buttons": [button(action_id=f"a{n}") for n in range(26)],
    "a link": [button(url="https://example.org")],
}
SPOILT |= {name: (4, {"type": "actions", "elements": row}) for name, row in BUTTONS.items()}


@pytest.mark.parametrize("name", SPOILT)
def test_what_slack_refuses_is_refused_by_us_and_by_the_stand_in(name):
    assert wrong(GOOD) == []
    blocks = copy.deepcopy(GOOD)
    at, block = SPOILT[name]
    blocks[at] = block
    far = SlackStandIn(files={FILE: File(FILE, "x.png", 4, "", b"\x89PNG", complete=True)})
    assert validate(blocks), "our own checks"
    assert refusals(blocks, far), "the stand-in's"


def test_too_many_too_long_and_twice_the_same_id():
    divider = {"type": "divider"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}
    named = divider | {"block_id": "b"}
    for blocks in ([divider] * 51, [section] * 5, [named, named]):
        assert validate(blocks)
        assert refusals(blocks, SlackStandIn())
    assert validate([]), "no blocks at all"


def test_a_column_of_values_of_its_rows_is_drawn_without_its_heading():
    table = Table("the evidence", (("What", "left"), (VALUE, "left")), (("expected", "3.1"), ("count", "51")))
    assert told_rows(table) == [("expected", "3.1"), ("count", "51")]
